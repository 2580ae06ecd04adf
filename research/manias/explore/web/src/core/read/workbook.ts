/** The cells of an .xlsx workbook, as they are shown. */
import { dayOf, floatText, general, InputError, list, repr, say, strip, type Cell } from "./basics";
import { FORMATS, type Grid } from "./grid";

interface Entry {
  method: number;
  start: number;
  size: number;
}

const LARGEST = 200_000_000;

function entries(data: Uint8Array): Map<string, Entry> {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let end = data.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end -= 1;
  if (end < 0) throw new Error("broken");
  const found = new Map<string, Entry>();
  let at = view.getUint32(end + 16, true);
  for (let k = view.getUint16(end + 10, true); k > 0; k--) {
    if (view.getUint32(at, true) !== 0x02014b50) throw new Error("broken");
    const name = new TextDecoder().decode(data.subarray(at + 46, at + 46 + view.getUint16(at + 28, true)));
    const header = view.getUint32(at + 42, true);
    const start = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
    found.set(name, { method: view.getUint16(at + 10, true), start, size: view.getUint32(at + 20, true) });
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return found;
}

async function inflate(data: Uint8Array, entry: Entry): Promise<string> {
  const part = data.slice(entry.start, entry.start + entry.size);
  if (entry.method === 0) return new TextDecoder().decode(part);
  if (entry.method !== 8) throw new Error(`compression ${entry.method}`);
  const reader = new Blob([part]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
    if (text.length > LARGEST) throw new Error("too large once unpacked");
  }
}

const ENTITIES: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
const unescape = (text: string): string =>
  text
    .replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (all, hex: string, dec: string, name: string) =>
      hex ? String.fromCodePoint(parseInt(hex, 16)) : dec ? String.fromCodePoint(Number(dec)) : (ENTITIES[name] ?? all),
    )
    .replace(/_x([0-9A-F]{4})_/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));

function attribute(tag: string, name: string): string | null {
  const found = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(tag);
  return found ? unescape(found[1]!) : null;
}

const tags = (xml: string, name: string): string[] => [...xml.matchAll(new RegExp(`<(?:\\w+:)?${name}(\\s[^>]*?)?/?>`, "g"))].map((m) => m[1] ?? "");
const texts = (xml: string): string =>
  [...xml.replace(/<(?:\w+:)?rPh[\s>][\s\S]*?<\/(?:\w+:)?rPh>/g, "").matchAll(/<(?:\w+:)?t(?:\s[^>]*)?>([\s\S]*?)<\/(?:\w+:)?t>/g)].map((m) => unescape(m[1]!)).join("");

const BUILT_IN: Record<number, string> = { 9: "0%", 10: "0.00%", 14: "mm-dd-yy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "m/d/yy h:mm", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0" };

/** Whether a number format shows a date. */
function isDateFormat(format: string): boolean {
  const first = format.split(";")[0]!;
  return /[dmhysDMHYS]/.test(first.replace(/\[(?!hh?\]|mm?\]|ss?\])[^\]]*\]|"[^"]*"|\\.|_./gi, ""));
}

interface Book {
  strings: string[];
  formats: string[];
  is1904: boolean;
}

function formatsOf(xml: string): string[] {
  const own = new Map(tags(xml, "numFmt").map((t) => [Number(attribute(t, "numFmtId")), attribute(t, "formatCode") ?? ""]));
  const cells = /<(?:\w+:)?cellXfs[\s>][\s\S]*?<\/(?:\w+:)?cellXfs>/.exec(xml)?.[0] ?? "";
  return tags(cells, "xf").map((t) => {
    const id = Number(attribute(t, "numFmtId") ?? 0);
    return own.get(id) ?? BUILT_IN[id] ?? "General";
  });
}

function column(reference: string): number {
  return [...reference.replace(/\d+$/, "")].reduce((n, c) => 26 * n + c.charCodeAt(0) - 64, 0) - 1;
}

function cellOf(tag: string, body: string, book: Book): Cell {
  const type = attribute(tag, "t") ?? "n";
  if (type === "inlineStr") return typed(texts(body));
  const raw = /<(?:\w+:)?v(?:\s[^>]*)?>([\s\S]*?)<\/(?:\w+:)?v>/.exec(body)?.[1];
  if (raw === undefined) return null;
  const value = unescape(raw);
  if (type === "s") return typed(book.strings[Number(value)] ?? "");
  if (type === "str" || type === "e") return typed(value);
  if (type === "b") return value === "1" ? "True" : "False";
  if (type === "d") return dateText(value);
  const number = Number(value);
  const format = book.formats[Number(attribute(tag, "s") ?? 0)] ?? "General";
  if (format.includes("%")) return `${general(100 * number, 15)}%`;
  if (isDateFormat(format)) {
    const base = book.is1904 ? dayOf(1904, 1, 1)! : dayOf(1899, 12, 30)!;
    if (number >= 1) return { day: base + number + (!book.is1904 && number < 60 ? 1 : 0) };
  }
  return Number.isFinite(number) ? number : floatText(number);
}

function dateText(value: string): Cell {
  const found = /^(\d{4})-(\d\d)-(\d\d)/.exec(value);
  const day = found ? dayOf(Number(found[1]), Number(found[2]), Number(found[3])) : null;
  return day === null ? typed(value) : { day };
}

const typed = (text: string): Cell => (strip(text) === "" ? null : text);

function sheetGrid(name: string, title: string, xml: string, book: Book): Grid {
  const rows: Cell[][] = [];
  const numbers: number[] = [];
  let unsaved = "";
  let width = 0;
  let last = 0;
  for (const found of xml.matchAll(/<(?:\w+:)?row(\s[^>]*?)?(?:\/>|>([\s\S]*?)<\/(?:\w+:)?row>)/g)) {
    const number = Number(attribute(found[1] ?? "", "r") ?? last + 1);
    last = number;
    const row: Cell[] = [];
    let at = -1;
    for (const one of (found[2] ?? "").matchAll(/<(?:\w+:)?c(\s[^>]*?)?(?:\/>|>([\s\S]*?)<\/(?:\w+:)?c>)/g)) {
      const reference = attribute(one[1] ?? "", "r");
      at = reference ? column(reference) : at + 1;
      const cell = cellOf(one[1] ?? "", one[2] ?? "", book);
      if (cell === null && /<(?:\w+:)?f[\s>/]/.test(one[2] ?? "")) unsaved ||= reference ?? "";
      while (row.length < at) row.push(null);
      row[at] = cell;
    }
    width = Math.max(width, row.length);
    if (row.some((c) => c !== null)) {
      rows.push(row);
      numbers.push(number);
    }
  }
  for (const row of rows) while (row.length < width) row.push(null);
  return { file: name, rows, numbers, separator: null, notes: [], widths: [], sheet: title, unsaved };
}

/** The sheets of a workbook that hold something, the one that is asked for alone. */
export async function workbookGrids(name: string, data: Uint8Array, sheet: string | null): Promise<Grid[]> {
  let files: Map<string, Entry>;
  try {
    files = entries(data);
  } catch {
    throw new InputError(say`${name}: a broken .zip or .xlsx file; expected ${FORMATS}`);
  }
  if (!files.has("xl/workbook.xml")) {
    const other = [["xl/workbook.bin", say`a binary Excel workbook (.xlsb)`], ["word/document.xml", say`a Word document`], ["ppt/presentation.xml", say`a PowerPoint file`], ["Index/Document.iwa", say`a Numbers document`]].find(([f]) => files.has(String(f)));
    const isOpen = files.has("mimetype") && (await inflate(data, files.get("mimetype")!)).includes("opendocument");
    const kind = isOpen ? say`an OpenDocument file (.ods)` : (other?.[1] ?? say`a .zip archive of ${files.size ? list([...files.keys()].slice(0, 4)) : say`nothing`}; unpack it first`);
    throw new InputError(say`${name}: ${kind}; expected ${FORMATS}`);
  }
  const load = async (path: string): Promise<string> => {
    const entry = files.get(path);
    return entry ? inflate(data, entry) : "";
  };
  try {
    const workbook = await load("xl/workbook.xml");
    const targets = new Map(tags(await load("xl/_rels/workbook.xml.rels"), "Relationship").map((t) => [attribute(t, "Id"), attribute(t, "Target") ?? ""]));
    const strings = [...(await load("xl/sharedStrings.xml")).matchAll(/<(?:\w+:)?si(?:\s[^>]*)?>([\s\S]*?)<\/(?:\w+:)?si>|<(?:\w+:)?si\s*\/>/g)].map((m) => texts(m[1] ?? ""));
    const book: Book = { strings, formats: formatsOf(await load("xl/styles.xml")), is1904: tags(workbook, "workbookPr").some((t) => ["1", "true"].includes(attribute(t, "date1904") ?? "")) };
    const all = tags(workbook, "sheet").map((t) => ({ title: attribute(t, "name") ?? "", target: targets.get(attribute(t, "r:id")) ?? "", shown: (attribute(t, "state") ?? "visible") === "visible" }));
    const names = all.map((s) => s.title);
    if (sheet !== null && !names.includes(sheet)) throw new InputError(say`--sheet ${repr(sheet)}: expected one of ${list(names)}`);
    const visible = all.filter((s) => s.shown);
    const chosen = sheet === null ? (visible.length ? visible : all) : all.filter((s) => s.title === sheet);
    if (!chosen.length) throw new InputError(say`${name}: a workbook without sheets; expected one`);
    const grids: Grid[] = [];
    for (const one of chosen) {
      const path = one.target.startsWith("/") ? one.target.slice(1) : `xl/${one.target}`;
      grids.push(sheetGrid(name, one.title, await load(path), book));
    }
    const filled = grids.filter((g) => g.rows.length);
    if (!filled.length) throw new InputError(say`${name}, sheet ${repr(chosen[0]!.title)}: empty; expected a header and rows`);
    return filled;
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(say`${name}: no workbook that can be read (${error instanceof Error ? error.message : String(error)})`);
  }
}
