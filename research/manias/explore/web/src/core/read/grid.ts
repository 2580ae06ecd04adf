/** Rows of cells from a file as people have it: text of any usual kind, or a workbook. */
import { casefold, InputError, say, type Part, splitBlank, strip, thousands, type Cell } from "./basics";

export const SEPARATORS: Record<string, Part> = { ",": say`comma`, ";": say`semicolon`, "\t": say`tab`, "|": say`bar`, " ": say`blanks` };
export const FORMATS = say`CSV or an .xlsx workbook`;
const LARGEST = 100_000_000;

/** The rows of a file, none of them blank. */
export interface Grid {
  file: string;
  rows: Cell[][];
  numbers: number[];
  separator: string | null;
  notes: Part[];
  widths: number[];
  sheet: string;
  unsaved: string;
}

const MAGIC: [string, Part][] = [
  ["%PDF", say`a PDF`],
  ["\xd0\xcf\x11\xe0", say`an old Excel workbook (.xls)`],
  ["\x1f\x8b", say`a compressed file (gzip; R's .rds is one)`],
  ["BZh", say`a compressed file (bzip2)`],
  ["\xfd7zXZ", say`a compressed file (xz)`],
  ["(\xb5/\xfd", say`a compressed file (zstd)`],
  ["PAR1", say`a Parquet file`],
  ["ARROW1", say`an Arrow file (Feather)`],
  ["FEA1", say`a Feather file`],
  ["\x89HDF", say`an HDF5 file`],
  ["SQLite format 3", say`an SQLite database`],
  ["<stata_dta>", say`a Stata file (.dta)`],
  ["$FL2", say`an SPSS file (.sav)`],
  ["\x89PNG", say`a picture`],
  ["\xff\xd8\xff", say`a picture`],
  ["{\\rtf", say`rich text (RTF)`],
];
const startsWith = (data: Uint8Array, mark: string): boolean => [...mark].every((c, i) => data[i] === c.charCodeAt(0));

/** What bytes are that no table is read from; empty where they may be one. */
export function foreignKind(data: Uint8Array): Part {
  return MAGIC.find(([mark]) => startsWith(data, mark))?.[1] ?? "";
}
export const isZip = (data: Uint8Array): boolean => startsWith(data, "PK\x03\x04");

export function textKind(text: string): Part {
  const start = casefold(text.trimStart().slice(0, 200));
  if (/^(?:<\?xml|<message|<workbook)/.test(start)) return "XML";
  if (start.startsWith("<")) return say`a web page`;
  return start.startsWith("{") || /^\[\s*[{[\]]/.test(start) ? "JSON" : "";
}

function decode(name: string, data: Uint8Array): [string, Part] {
  const as = (label: string, from = 0): string => new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(data.subarray(from));
  const marked: [string, string, string, number][] = [
    ["\xef\xbb\xbf", "utf-8", "utf-8-sig", 3],
    ["\xff\xfe", "utf-16le", "utf-16", 2],
    ["\xfe\xff", "utf-16be", "utf-16", 2],
  ];
  if (startsWith(data, "\xff\xfe\0\0") || startsWith(data, "\0\0\xfe\xff")) throw new InputError(say`${name}: UTF-32; expected CSV in UTF-8`);
  for (const [mark, label, said, length] of marked) {
    if (!startsWith(data, mark)) continue;
    try {
      return [as(label, length), ""];
    } catch {
      throw new InputError(say`${name}: bytes that are not ${said}; expected CSV in UTF-8`);
    }
  }
  const head = data.subarray(0, 4000);
  const zeros = (from: number, step: number): number => {
    let n = 0;
    for (let i = from; i < head.length; i += step) if (head[i] === 0) n += 1;
    return n;
  };
  if (zeros(0, 1) > Math.floor(head.length / 4)) {
    try {
      return [as(zeros(1, 2) > zeros(0, 2) ? "utf-16le" : "utf-16be"), say`read as UTF-16`];
    } catch {
      throw new InputError(say`${name}: no text; expected ${FORMATS}`);
    }
  }
  const at = data.indexOf(0);
  if (at >= 0) throw new InputError(say`${name}: byte ${at + 1} is NUL, which no text has; expected ${FORMATS}`);
  try {
    return [as("utf-8"), ""];
  } catch {
    const odd = data.findIndex((b) => [0x81, 0x8d, 0x8f, 0x90, 0x9d].includes(b));
    if (odd >= 0) throw new InputError(say`${name}: byte ${odd} is neither UTF-8 nor Windows-1252; expected CSV saved as UTF-8`);
    return [as("windows-1252"), say`not UTF-8, read as Windows-1252`];
  }
}

/** Refuse bytes that are too many, none, or of another kind of file. */
export function refuseBytes(name: string, data: Uint8Array): void {
  if (data.length > LARGEST) throw new InputError(say`${name}: more than ${thousands(LARGEST)} bytes; expected fewer`);
  if (!data.some((b) => ![9, 10, 11, 12, 13, 32].includes(b))) throw new InputError(say`${name}: empty; expected a header and rows`);
  const foreign = foreignKind(data);
  if (foreign) throw new InputError(say`${name}: ${foreign}; expected ${FORMATS}`);
}

/** Bytes of a text file as rows of cells. */
export function textGrid(name: string, data: Uint8Array): Grid {
  const [text, note] = decode(name, data);
  if (text.includes("\0")) throw new InputError(say`${name}: no text (NUL characters); expected ${FORMATS}`);
  if (!strip(text)) throw new InputError(say`${name}: empty; expected a header and rows`);
  const kind = textKind(text);
  if (kind) throw new InputError(say`${name}: ${kind}; expected ${FORMATS}`);
  const mark = separator(text);
  let rows = mark === " " ? blankCut(text) : parseCsv(text, mark);
  if (mark === " " || mark === "\t") rows = withCorner(rows);
  const kept = rows.map((row, i) => ({ row, n: i + 1 })).filter(({ row }) => row.some((c) => c !== "") && strip(row.join("")) !== "");
  const width = Math.max(...kept.map(({ row }) => row.length));
  return {
    file: name,
    rows: kept.map(({ row }) => Array.from({ length: width }, (_, j): Cell => (row[j] !== undefined && strip(row[j]) !== "" ? row[j] : null))),
    numbers: kept.map(({ n }) => n),
    separator: mark,
    notes: note ? [note] : [],
    widths: kept.map(({ row }) => row.length),
    sheet: "",
    unsaved: "",
  };
}

/** CSV as Python's reader takes it apart. */
export function parseCsv(text: string, mark: string, skipBlank = false): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = "";
  let isOpen = false;
  let inQuotes = false;
  let begun = false;
  const end = (): void => {
    row.push(field);
    field = "";
    isOpen = false;
  };
  const close = (): void => {
    if (begun) end();
    rows.push(row);
    row = [];
    begun = false;
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (inQuotes) {
      if (c === '"') {
        if (text[i + 1] === '"') {
          field += '"';
          i += 1;
        } else inQuotes = false;
      } else field += c;
    } else if (c === "\n" || c === "\r") {
      if (c === "\r" && text[i + 1] === "\n") i += 1;
      close();
    } else if (c === '"' && !isOpen) {
      begun = isOpen = inQuotes = true;
    } else if (c === " " && skipBlank && !isOpen) {
      begun = true;
    } else if (c === mark) {
      begun = true;
      end();
    } else {
      begun = isOpen = true;
      field += c;
    }
  }
  if (begun || row.length) close();
  return rows;
}

const LINES = /\r\n|[\n\r\v\f\u001c-\u001e\u0085\u2028\u2029]/;

function mostCommon(rows: string[][]): [number, number] {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
  let best: [number, number] = [1, 0];
  let first = true;
  for (const [width, n] of counts) {
    if (first || Number(width > 1) > Number(best[0] > 1) || (width > 1 === best[0] > 1 && n > best[1])) best = [width, n];
    first = false;
  }
  return best;
}

/** Rows of a text whose cells stand apart by blanks; a line of other words is one cell. */
function blankCut(text: string): string[][] {
  const lines = text.split(LINES).map(strip);
  if (lines[lines.length - 1] === "" && /[\n\r\v\f]$/.test(text)) lines.pop();
  const cuts = [(line: string): string[] => line.split(/\t| {2,}/), (line: string): string[] => parseCsv(line, " ", true)[0] ?? []];
  for (const cut of cuts) {
    const rows = lines.map((line) => (line ? cut(line) : []));
    const filled = rows.flatMap((r, i) => (r.length ? [i] : []));
    const [width, n] = mostCommon(filled.map((i) => rows[i]!));
    if (width < 2 || n < 2 || 5 * n < 3 * filled.length) continue;
    const first = filled.find((i) => rows[i]!.length === width)!;
    const above = Math.max(...filled.filter((i) => i < first), -1);
    const head = above < 0 ? first : above;
    return rows.map((row, i) => (!row.length || row.length === width || (i === head && row.length === width - 1) ? row : [lines[i]!]));
  }
  return lines.map((line) => (line ? [line] : []));
}

/** R's tables: a header that is one cell short has none over the names of the rows. */
function withCorner(rows: string[][]): string[][] {
  const filled = rows.flatMap((r, i) => (r.some((c) => strip(c)) ? [i] : []));
  const width = Math.max(...rows.map((r) => r.length));
  const first = filled.find((i) => rows[i]!.length === width);
  if (first === undefined) return rows;
  const above = Math.max(...filled.filter((i) => i < first), -1);
  const head = above < 0 ? first : above;
  return rows[head]!.length !== width - 1 ? rows : rows.map((r, i) => (i === head ? ["", ...r] : r));
}

/** The mark that cuts most rows into the same number of cells, two or more. */
function separator(text: string): string {
  let sample = text.slice(0, 200_000);
  if (text.length > sample.length) sample = sample.slice(0, Math.max(sample.lastIndexOf("\n"), sample.lastIndexOf("\r")));
  let best = ",";
  let most = 0;
  let count = 0;
  for (const mark of [";", "\t", "|", ","]) {
    const rows = parseCsv(sample, mark).filter((r) => r.some((c) => c !== ""));
    const [usual, n] = mostCommon(rows);
    if (usual > 1 && n > most) {
      best = mark;
      most = n;
      count = rows.length;
    }
  }
  if (most && (most === count || best === "\t")) return best;
  const header = blankCut(sample).find((r) => r.length > 1);
  return header && !(most && header.some((c) => c.includes(best))) ? " " : best;
}

export { splitBlank };
