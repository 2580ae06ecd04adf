/** Cut a grid of cells into header, labels of periods and columns; turn wide tables upright. */
import {
  BLANK, casefold, cellText, few, list, say, type Part, type Said, general, InputError, isNumber, isText, NoTableError, pairs, repr, reprList, SHOWN, splitBlank, strip, unique, yearOf,
  type Cell,
} from "./basics";
import { isDate, monthNumber, NAMES, quarterNumber, readings } from "./forms";
import { SEPARATORS, type Grid } from "./grid";
import { LabelError, mixture, readLabels, serialHint } from "./labels";
import { isMissing, looksNumeric } from "./numbers";

/** A grid cut into header, labels of periods and columns, wide ones turned upright. */
export interface Table {
  grid: Grid;
  name: string;
  labels: Cell[];
  columns: Map<string, Cell[]>;
  rows: number[];
  skipped: number[];
  isWide: boolean;
  notes: Part[];
}

type Row = Cell[];
type PartKind = "M" | "Q";
const PARTS: Record<PartKind, Set<string>> = {
  M: new Set(["month", "months", "mo", "mon", "mth", "period", "monat", "mois", "mes"]),
  Q: new Set(["quarter", "quarters", "qtr", "quartal", "trimestre", "period"]),
};
const NAMED_PARTS = new Set([...PARTS.M, ...PARTS.Q]);
const NUMBER: Record<PartKind, (c: Cell) => number | null> = { M: monthNumber, Q: quarterNumber };
const WORD: Record<PartKind, Said> = { M: say`months`, Q: say`quarters` };

export const headingKey = (cell: Cell): string => (cell === null ? "" : splitBlank(casefold(cellText(cell))).join("_"));
const text = (c: Cell): string => strip(cellText(c));
export const hasNumber = (row: Row, but: number): boolean => row.some((c, j) => j !== but && !isMissing(c) && looksNumeric(c));
const isFiscal = (heading: string): boolean => headingKey(heading).split("_").some((w) => w === "fiscal" || w === "fy" || w === "financial");

export function heading(grid: Grid, head: number | null, j: number): string {
  const cell = head === null ? null : grid.rows[head]![j]!;
  return cell === null ? `column ${j + 1}` : text(cell);
}

export function where(table: Table, column: string, at: number): Said {
  return table.isWide
    ? say`${table.grid.file}, ${column}, column ${cellText(table.labels[at]!)}`
    : say`${table.grid.file}, row ${table.rows[at]!}, column ${column}`;
}

export function only(table: Table, keep: number[]): Table {
  const take = <T>(list: T[]): T[] => keep.map((i) => list[i]!);
  return { ...table, labels: take(table.labels), rows: take(table.rows), columns: new Map([...table.columns].map(([k, v]) => [k, take(v)])) };
}

/** Only the rows with a text in a column. */
export function pickRows(table: Table, asked: string): Table {
  const at = asked.indexOf("=");
  const name = strip(at < 0 ? asked : asked.slice(0, at));
  const value = at < 0 ? "" : strip(asked.slice(at + 1));
  const column = table.columns.get(name);
  if (at < 0 || !column) throw new InputError(say`--where ${repr(asked)}: expected COLUMN=VALUE, a column among ${list([...table.columns.keys()])}`);
  const cells = column.map((c) => (c === null ? "" : text(c)));
  const keep = cells.flatMap((c, i) => (c === value ? [i] : []));
  if (!keep.length) throw new InputError(say`--where ${repr(asked)}: expected a value among ${few(unique(cells))}`);
  return only(table, keep);
}

/** Find header, labels of periods, columns and notes among the rows of a grid. */
export function cut(given: Grid, dateColumn: string | null): Table {
  const grid = filledDown(withoutEmpty(given));
  if (dateColumn === null) {
    for (const part of [stacked, crossedDown, wide, crossed]) {
      const table = part(grid);
      if (table) return table;
    }
  }
  const [start, stop, at, head] = frameOf(grid, dateColumn);
  return long(grid, start, stop, at, head);
}

function withoutEmpty(grid: Grid): Grid {
  const width = Math.max(...grid.rows.map((r) => r.length));
  const rows = grid.rows.map((r) => [...r, ...Array<Cell>(width - r.length).fill(null)]);
  const keep = Array.from({ length: width }, (_, j) => j).filter((j) => rows.some((r) => r[j] !== null));
  return { ...grid, rows: rows.map((r) => keep.map((j) => r[j]!)) };
}

/** Runs of rows in which a column holds dates or blanks, first and past the last. */
function runs(grid: Grid, at: number): [number, number][] {
  const found: [number, number][] = [];
  let start = -1;
  let last = -1;
  grid.rows.forEach((row, i) => {
    const cell = row[at]!;
    if (isDate(cell)) {
      if (start < 0) start = i;
      last = i;
    } else if (cell !== null && start >= 0) {
      found.push([start, last + 1]);
      start = -1;
    }
  });
  if (start >= 0) found.push([start, last + 1]);
  return found;
}

type Frame = [start: number, stop: number, at: number, head: number | null];

function frameOf(grid: Grid, dateColumn: string | null): Frame {
  const rows = grid.rows;
  const longest = new Map<number, [number, number]>();
  for (let j = 0; j < rows[0]!.length; j++) {
    for (const run of runs(grid, j)) {
      const best = longest.get(j);
      if (!best || run[1] - run[0] > best[1] - best[0]) longest.set(j, run);
    }
  }
  const named = namedColumn(grid, longest, dateColumn);
  if (named) {
    const [j, head] = named;
    let start = head + 1;
    while (start < rows.length && rows[start]![j] === null && !hasNumber(rows[start]!, j)) start += 1;
    const run = longest.get(j);
    if (!run) {
      if (start >= rows.length) throw new NoTableError(say`${grid.file}: a header without rows; expected at least 2 rows`);
      refuseLabel(grid, start, j, heading(grid, head, j), true);
    }
    for (let i = start; i < run[0]; i++) if (hasNumber(rows[i]!, j)) refuseLabel(grid, i, j, heading(grid, head, j));
    return [run[0], run[1], j, head];
  }
  const good = new Map([...longest].filter(([j, run]) => isDates(grid, j, run)));
  const worded = [...good.keys()].filter((j) => !isWholeCell(rows[good.get(j)![0]]![j]!));
  let chosen = worded.length ? worded : [...good.keys()];
  if (!chosen.length) refuseDates(grid);
  const size = (j: number): number => good.get(j)![1] - good.get(j)![0];
  const most = Math.max(...chosen.map(size));
  chosen = chosen.filter((j) => 2 * size(j) > most);
  if (chosen.length > 1) {
    const head = good.get(chosen[0]!)![0] - 1;
    const names = head >= 0 ? chosen.map((j) => cellText(rows[head]![j]!)) : [];
    throw new InputError(say`${grid.file}: dates in columns ${list(names)}; expected one, --date-column picks it`);
  }
  const j = chosen[0]!;
  if (!worded.includes(j)) checkYears(grid, j, good.get(j)![0]);
  return [...good.get(j)!, j, null];
}

function checkYears(grid: Grid, j: number, start: number): void {
  const above = grid.rows.slice(0, start).map((r) => r[j]!).filter((c) => c !== null);
  if (!above.length || headingKey(grid.rows[0]![0]!) === "title") return;
  if (grid.rows[start - 1]![j] !== null) {
    throw new InputError(
      say`${grid.file}, row ${grid.numbers[start]!}, column ${cellText(above[above.length - 1]!)}: ${repr(cellText(grid.rows[start]![j]!))} may be a year or a number; expected a heading such as date or year, or --date-column`,
    );
  }
}

/** Column and row of a heading that says dates, or that the user names. */
function namedColumn(grid: Grid, longest: Map<number, [number, number]>, dateColumn: string | null): [number, number] | null {
  const twice = (i: number, name: string): never => {
    throw new InputError(say`${grid.file}, row ${grid.numbers[i]!}: column ${repr(name)} stands twice; expected it once`);
  };
  if (dateColumn !== null) {
    for (const [i, row] of grid.rows.entries()) {
      const places = row.flatMap((c, j) => (isText(c) && casefold(strip(c)) === casefold(dateColumn) ? [j] : []));
      if (places.length > 1) twice(i, dateColumn);
      if (places.length) return [places[0]!, i];
    }
    const first = grid.rows[0]!.filter((c) => c !== null).map(cellText);
    throw new InputError(say`--date-column ${repr(dateColumn)}: expected one of ${list(first)}`);
  }
  const found: [number, number][] = [];
  grid.rows.slice(0, 200).forEach((row, i) => {
    row.forEach((cell, j) => {
      if (!isText(cell)) return;
      if (!NAMES.has(headingKey(cell)) && !saysDate(cell)) return;
      if (!row.some((c, k) => k !== j && (isDate(c) || looksNumeric(c)))) found.push([j, i]);
    });
  });
  const below = found.filter(([j, i]) => longest.has(j) && longest.get(j)![0] > i);
  if (!below.length) return !longest.size && found.length ? found[0]! : null;
  const at = below[0]![1];
  let same = below.filter(([, i]) => i === at).map(([j]) => j);
  if (same.length > 1) {
    const keys = new Map(same.map((j) => [j, headingKey(grid.rows[at]![j]!)]));
    const every = [...keys.values()];
    const double = every.find((k) => every.filter((o) => o === k).length > 1);
    if (double !== undefined) twice(at, double);
    const exact = same.filter((j) => ["date", "observation_date"].includes(keys.get(j)!));
    if (exact.length !== 1) {
      throw new InputError(say`${grid.file}, row ${grid.numbers[at]!}: dates in columns ${list(same.map((j) => cellText(grid.rows[at]![j]!)))}; expected one, --date-column picks it`);
    }
    same = exact;
  }
  return [same[0]!, at];
}

const BLANKS = new RegExp(`(?:${BLANK}|_)+`);

function saysDate(cell: string): boolean {
  const parts = casefold(strip(cell)).split(BLANKS);
  return parts.length > 1 && parts.length < 4 && [parts[0], parts[parts.length - 1]].some((w) => w === "date" || w === "period");
}

const isWholeCell = (cell: Cell): boolean => isNumber(cell) || (isText(cell) && /^\s*\p{Nd}{1,5}(?:\.\p{Nd}+)?\s*$/u.test(cell));

function ascends(values: number[]): boolean {
  const steps = pairs(values).map(([a, b]) => a < b);
  return steps.every(Boolean) || !steps.some(Boolean);
}

/** Whether a run of cells without a telling heading is a column of dates. */
function isDates(grid: Grid, j: number, run: [number, number]): boolean {
  const cells = grid.rows.slice(...run).map((r) => r[j]!).filter((c) => c !== null);
  if (cells.length < 2) return false;
  let column;
  try {
    column = readLabels(cells, readings(cells[0]!).has("mdy") ? null : "dmy");
  } catch (error) {
    if (!(error instanceof LabelError)) throw error;
    return error.isDates || mixture(cells).size > 0 || readings(cells[0]!).has("dmy");
  }
  const values = column.values.map((v) => v.n);
  if (!isWholeCell(cells[0]!)) return true;
  if (column.kind === "A") return ascends(values) && pairs(values).every(([a, b]) => Math.abs(b - a) === 1);
  return ascends(values);
}

function refuseLabel(grid: Grid, i: number, j: number, name: string, noTable = false): never {
  const cell = grid.rows[i]![j]!;
  const said = cell === null || cell === "" ? "" : cellText(cell);
  const message = say`${grid.file}, row ${grid.numbers[i]!}, column ${name}: ${repr(said)}; expected a date, such as 1999, 1999Q4, 1999-12 or 1999-12-31${serialHint(cell)}`;
  throw noTable ? new NoTableError(message) : new InputError(message);
}

function refuseDates(grid: Grid): never {
  for (const [i, row] of grid.rows.entries()) {
    if (!hasNumber(row, -1)) continue;
    const shown = row.slice(0, SHOWN);
    const hint = shown.map(serialHint).find(Boolean) ?? "";
    const cells = shown.filter((c) => c !== null).map(cellText);
    throw new NoTableError(say`${grid.file}, row ${grid.numbers[i]!}: ${reprList(cells)}; expected a date, such as 1999, 1999Q4, 1999-12 or 1999-12-31, in some column${hint}`);
  }
  throw new NoTableError(say`${grid.file}: no numbers; expected a column of dates and one of numbers`);
}

function long(grid: Grid, start: number, stop: number, at: number, head: number | null): Table {
  const rows = grid.rows;
  const others = rows[0]!.map((_, j) => j).filter((j) => j !== at);
  const above = Array.from({ length: start }, (_, i) => i);
  const told = (i: number): string => rows[i]!.filter((c) => c !== null).map(cellText).join(", ");
  if (!above.length) throw new InputError(say`${grid.file}, row ${grid.numbers[0]!}: ${repr(told(0))} are data; expected a header first, such as date,value`);
  const early = above.find((i) => i < (head ?? 0) && isDate(rows[i]![at]!) && hasNumber(rows[i]!, at));
  if (early !== undefined) {
    throw new InputError(say`${grid.file}, row ${grid.numbers[early]!}: ${repr(told(early))} are data above the header in row ${grid.numbers[head ?? 0]!}; expected the header first`);
  }
  const [names, used] = namesOf(grid, above, others, start, stop, head);
  let name = heading(grid, head, at);
  if (head === null) {
    const i = [...used].reverse().find((k) => rows[k]![at] !== null);
    name = i === undefined ? `column ${at + 1}` : text(rows[i]![at]!);
  }
  checkWidth(grid, start, stop, others, names);
  const inside = Array.from({ length: stop - start }, (_, k) => start + k);
  const data = inside.filter((i) => rows[i]![at] !== null);
  for (const i of inside) if (rows[i]![at] === null && hasNumber(rows[i]!, at)) refuseLabel(grid, i, at, name);
  for (let i = stop; i < rows.length; i++) {
    if (others.some((j) => !isMissing(rows[i]![j]!) && looksNumeric(rows[i]![j]!))) {
      const cell = rows[i]![at]!;
      const like = rows[data[data.length - 1]!]![at]!;
      throw new InputError(say`${grid.file}, row ${grid.numbers[i]!}, column ${name}: ${repr(cell === null ? "" : cellText(cell))}; expected a date like ${repr(cellText(like))}${serialHint(cell)}`);
    }
  }
  if (stop > start && data.length < 2) throw new InputError(say`${grid.file}: ${data.length} row(s) of data; expected at least 2`);
  const seen = new Set([...data, ...used]);
  const columns = new Map<string, Cell[]>();
  for (const j of others) {
    if (data.some((i) => rows[i]![j] !== null)) columns.set(names.get(j)!, data.map((i) => rows[i]![j]!));
  }
  return withParts({
    grid,
    name,
    labels: data.map((i) => rows[i]![at]!),
    columns,
    rows: data.map((i) => grid.numbers[i]!),
    skipped: rows.flatMap((_, i) => (seen.has(i) ? [] : [grid.numbers[i]!])),
    isWide: false,
    notes: grid.notes,
  });
}

/** A name for each column, and the rows of the header that gave them. */
function namesOf(grid: Grid, above: number[], others: number[], start: number, stop: number, head: number | null): [Map<number, string>, number[]] {
  const rows = grid.rows;
  const full = others.filter((j) => rows.slice(start, stop).some((r) => r[j] !== null));
  const told = (i: number): string[] => full.filter((j) => rows[i]![j] !== null).map((j) => text(rows[i]![j]!));
  const titled = above.find((i) => headingKey(rows[i]![0]!) === "title" && told(i).length > 0);
  let best: number | null = null;
  if (head !== null && told(head).length === full.length) best = head;
  else if (titled !== undefined && head === null) best = titled;
  else {
    let most = -1;
    for (const i of above) {
      const n = new Set(told(i)).size;
      if (told(i).length && n >= most) {
        most = n;
        best = i;
      }
    }
  }
  const used = head === null ? [] : [head];
  if (best === null) {
    const shown = rows[start]!.filter((c) => c !== null).map(cellText).join(", ");
    throw new InputError(say`${grid.file}, row ${grid.numbers[start]!}: ${repr(shown)} with no heading of numbers; expected a column of dates and one of numbers under a header`);
  }
  used.push(best);
  const names = new Map<number, string>();
  for (const j of others) {
    const cell = rows[best]![j]!;
    names.set(j, cell === null ? `column ${j + 1}` : splitBlank(cellText(cell)).join(" "));
  }
  if (new Set(full.map((j) => names.get(j))).size < full.length) {
    for (const i of above) {
      if (i === best || told(i).length !== full.length) continue;
      const joined = new Map(full.map((j) => [j, `${names.get(j)} ${text(rows[i]![j]!)}`]));
      if (new Set(joined.values()).size === full.length) {
        for (const [j, n] of joined) names.set(j, n);
        used.push(i);
        break;
      }
    }
  }
  const listed = full.map((j) => names.get(j)!);
  const twice = listed.find((n) => listed.filter((o) => o === n).length > 1);
  if (twice !== undefined) throw new InputError(say`${grid.file}, row ${grid.numbers[best]!}: column ${repr(twice)} stands twice; expected it once`);
  return [names, unique(used).sort((a, b) => a - b)];
}

/** Refuse cells to the right of the last heading: marks inside numbers, most likely. */
function checkWidth(grid: Grid, start: number, stop: number, others: number[], names: Map<number, string>): void {
  const rows = grid.rows;
  checkEnds(grid, start, stop, others);
  const nameless = others.filter((j) => names.get(j) === `column ${j + 1}` && j > Math.min(...others));
  const last = Math.max(...nameless);
  if (!nameless.length || last !== rows[0]!.length - 1 || grid.separator === null) return;
  for (let i = start; i < stop; i++) {
    if (rows[i]![last] === null) continue;
    const cells = rows[i]!.filter((c) => c !== null).length;
    const headed = others.length + 1 - nameless.length;
    throw new InputError(say`${grid.file}, row ${grid.numbers[i]!}: ${cells} cells under ${headed} headings; a ${SEPARATORS[grid.separator]!} inside a number (of decimals or thousands) must stand in quotes, or the cells be separated by another mark`);
  }
}

function checkEnds(grid: Grid, start: number, stop: number, others: number[]): void {
  if (!grid.widths.length || start === 0 || others.length < 2 || stop <= start) return;
  const head = Math.max(...grid.widths.slice(0, start));
  const isLonger = grid.widths.slice(start, stop).every((w) => w === head + 1);
  if (!isLonger || grid.rows[0]!.length !== head) return;
  const digits = others.slice(-2).every((j) => grid.rows.slice(start, stop).every((r) => /^\p{Nd}+$/u.test(r[j] === null ? "" : cellText(r[j]!))));
  if (digits) {
    throw new InputError(say`${grid.file}, row ${grid.numbers[start]!}: ${head + 1} cells under ${head} headings, the last blank; a ${SEPARATORS[grid.separator ?? ","]!} inside a number must stand in quotes, and a blank last cell have its ${SEPARATORS[grid.separator ?? ","]!} in the header too`);
  }
}

const DAYS = new Set(["day", "dy", "dd", "tag", "jour", "dia", "mday"]);
const WEEKLY = say`weeks by number; expected 2015-W03 (ISO 8601), or the day on which each ends`;
const HALFLY = say`half-years; expected years, quarters or months`;
const NO_PARTS: Record<string, Said> = { half: HALFLY, semester: HALFLY, week: WEEKLY, wk: WEEKLY };
const SUMS: Record<PartKind, RegExp> = { M: /^M?13$/, Q: /^Q?0?5$/ };
const simple = (c: Cell): string => (isNumber(c) ? general(c) : c === null ? "" : text(c));

/** Put a column of years and one of months or quarters together, and of days if there is. */
function withParts(table: Table): Table {
  const fiscal = isFiscal(table.name) || table.labels.every((c) => readings(c).has("FY"));
  for (const name of table.columns.keys()) {
    const key = headingKey(name).replace(/^fiscal_/, "");
    if (NAMED_PARTS.has(key) && (fiscal || isFiscal(name))) {
      throw new InputError(say`${table.grid.file}: ${table.name} and ${name} name parts of fiscal years; expected calendar ${`${key}s`}, or the day on which each ends`);
    }
  }
  if (!table.labels.every((c) => readings(c).has("A"))) return table;
  for (const kind of ["M", "Q"] as const) {
    for (const [name, cells] of table.columns) {
      if (!PARTS[kind].has(headingKey(name))) continue;
      const parts = cells.map(NUMBER[kind]);
      if (parts.some((p, i) => p === null && !SUMS[kind].test(simple(cells[i]!).toUpperCase()))) continue;
      return joined(table, kind, name, parts);
    }
  }
  const labels = table.labels.map((c) => (isText(c) ? c : cellText(c)));
  if (new Set(labels).size < labels.length) {
    for (const name of table.columns.keys()) {
      const said = NO_PARTS[headingKey(name)];
      if (said) throw new InputError(say`${table.grid.file}: ${table.name} and ${name} name ${said}`);
    }
  }
  return table;
}

const partLabel = (kind: PartKind, year: number, n: number): string => (kind === "M" ? `${year}M${String(n).padStart(2, "0")}` : `${year}Q${n}`);
const yearIn = (cell: Cell): number => yearOf(readings(cell).get("A")!);

/** Labels of year and part; rows of the whole year left out, and told. */
function joined(table: Table, kind: PartKind, name: string, parts: (number | null)[]): Table {
  const keep = parts.flatMap((p, i) => (p === null ? [] : [i]));
  let notes = table.notes;
  if (keep.length < parts.length) {
    const whole = table.columns.get(name)![parts.indexOf(null)]!;
    notes = [...notes, say`${parts.length - keep.length} rows of ${name} ${repr(cellText(whole))}, the year as a whole, left out`];
  }
  const days = [...table.columns.keys()].find((n) => DAYS.has(headingKey(n)));
  const used = [name];
  let labels = keep.map((i) => partLabel(kind, yearIn(table.labels[i]!), parts[i]!));
  if (kind === "M" && days !== undefined) {
    used.push(days);
    const cells = table.columns.get(days)!;
    labels = labels.map((label, k) => `${label.replace("M", "-")}-${simple(cells[keep[k]!]!).padStart(2, "0")}`);
  }
  const columns = new Map([...table.columns].filter(([k]) => !used.includes(k)));
  return { ...only({ ...table, columns, notes }, keep), name: [table.name, ...used].join(", "), labels };
}

const YEARLY = new Set(["year", "years", "yr", "jahr", "année", "annee", "anno", "calendar_year"]);

/** A year that stands once, before its months or quarters, put beside each of them. */
function filledDown(grid: Grid): Grid {
  for (const [i, row] of grid.rows.slice(0, 50).entries()) {
    const keys = row.map(headingKey);
    const at = keys.findIndex((k) => YEARLY.has(k));
    const part = keys.findIndex((k) => NAMED_PARTS.has(k));
    if (at < 0 || part < 0) continue;
    const rows = [...grid.rows];
    let year: Cell = null;
    let filled = 0;
    for (let k = i + 1; k < rows.length; k++) {
      const mine = rows[k]!;
      year = mine[at] ?? year;
      if (mine[at] === null && (monthNumber(mine[part]!) || quarterNumber(mine[part]!)) && readings(year).has("A")) {
        rows[k] = mine.map((c, j) => (j === at ? year : c));
        filled += 1;
      }
    }
    if (!filled) return grid;
    return { ...grid, rows, notes: [...grid.notes, say`blank under ${cellText(row[at]!)} is the year above, ${filled} rows`] };
  }
  return grid;
}

// ---- periods in columns

function wide(grid: Grid): Table | null {
  for (const [i, row] of grid.rows.slice(0, 50).entries()) {
    const dated = row.flatMap((c, j) => (isDate(c) ? [j] : []));
    const isData = isDate(row[0]!) && hasNumber(row, 0);
    const follows = dated.every((j, k) => j === dated[0]! + k);
    if (dated.length < 2 || dated[0] === 0 || !follows || !isRun(row, dated)) {
      if (isData) return null;
      continue;
    }
    const body = filledBelow(grid, i + 1, dated);
    if (!body.length) return null;
    if (body.length > 1 && body.every((k) => monthNumber(grid.rows[k]![0]!))) return null;
    return upright(grid, i, dated, body);
  }
  return null;
}

function isRun(row: Row, places: number[]): boolean {
  let values;
  try {
    values = readLabels(places.map((j) => row[j]!)).values;
  } catch (error) {
    if (!(error instanceof LabelError)) throw error;
    return error.isDates;
  }
  if (values.length === 2 && values[0]!.f !== "D") return Math.abs(values[1]!.n - values[0]!.n) === 1;
  return ascends(values.map((v) => v.n));
}

const filledAt = (row: Row, places: Iterable<number>): boolean => [...places].some((j) => looksNumeric(row[j]!) && !isMissing(row[j]!));
const filledBelow = (grid: Grid, from: number, places: number[]): number[] => grid.rows.flatMap((r, k) => (k >= from && filledAt(r, places) ? [k] : []));

function upright(grid: Grid, i: number, dated: number[], body: number[]): Table {
  const rows = grid.rows;
  const leading = Array.from({ length: dated[0]! }, (_, j) => j);
  let names: string[] = [];
  for (const j of leading) {
    const found = body.filter((k) => rows[k]![j] !== null).map((k) => text(rows[k]![j]!));
    if (found.length === body.length && new Set(found).size === found.length) {
      names = found;
      break;
    }
  }
  if (!names.length) {
    names = body.map((k) => leading.filter((j) => rows[k]![j] !== null).map((j) => text(rows[k]![j]!)).join(" ") || `row ${grid.numbers[k]!}`);
  }
  const twice = names.find((n) => names.filter((o) => o === n).length > 1);
  if (twice !== undefined) throw new InputError(say`${grid.file}: ${repr(twice)} stands in two rows; expected it once`);
  const used = new Set([i, ...body]);
  const beside = rows[i]!.flatMap((c, j) => (j > dated[0]! && !dated.includes(j) && c !== null ? [text(c)] : []));
  return {
    grid,
    name: `row ${grid.numbers[i]!}`,
    labels: dated.map((j) => rows[i]![j]!),
    columns: new Map(names.map((name, n) => [name, dated.map((j) => rows[body[n]!]![j]!)])),
    rows: dated.map((j) => j + 1),
    skipped: rows.flatMap((_, k) => (used.has(k) ? [] : [grid.numbers[k]!])),
    isWide: true,
    notes: [...grid.notes, say`periods stand in columns`, ...(beside.length ? [say`left out columns ${few(beside)}`] : [])],
  };
}

/** Number of the month or quarter that a cell names in words or letters. */
function namedPart(cell: Cell, number: (c: Cell) => number | null): number | null {
  return !isText(cell) || /^\p{Nd}+$/u.test(strip(cell)) ? null : number(cell);
}

/** A table under two rows of headings, years over quarters or months. */
function stacked(grid: Grid): Table | null {
  for (const [i, [above, row]] of pairs(grid.rows.slice(0, 50)).entries()) {
    const years = above.flatMap((c, j) => (j && readings(c).has("A") ? [j] : []));
    const fiscal = above.flatMap((c, j) => (j && (readings(c).has("FY") || readings(c).has("fiscal")) ? [j] : []));
    if (!years.length && !fiscal.length) continue;
    for (const kind of ["M", "Q"] as const) {
      const parts = new Map(row.flatMap((c, j): [number, number][] => {
        const n = namedPart(c, NUMBER[kind]);
        return n ? [[j, n]] : [];
      }));
      const first = (years.length ? years : fiscal)[0]!;
      if (parts.size < 3 || Math.min(...parts.keys()) < first) continue;
      const body = filledBelow(grid, i + 2, [...parts.keys()]);
      if (!body.length || body.some((k) => readings(grid.rows[k]![0]!).has("A"))) continue;
      if (fiscal.length || [...above.slice(0, first), ...row.slice(0, first)].some((c) => c !== null && isFiscal(cellText(c)))) {
        throw new InputError(say`${grid.file}, row ${grid.numbers[i]!}: ${WORD[kind]} of fiscal years; expected calendar ${WORD[kind]}, or the day on which each ends`);
      }
      const labels = [...row];
      for (const [j, n] of parts) labels[j] = partLabel(kind, yearIn(above[Math.max(...years.filter((y) => y <= j))]!), n);
      if (!isRun(labels, [...parts.keys()])) continue;
      const rows = grid.rows.map((r, k) => (k === i + 1 ? labels : r));
      const table = upright({ ...grid, rows }, i + 1, [...parts.keys()], body);
      return { ...table, grid, skipped: table.skipped.filter((n) => n !== grid.numbers[i]) };
    }
  }
  return null;
}

const COUNT: Record<PartKind, number> = { M: 12, Q: 4 };

/** A table of years by months or quarters, put into one column. */
function crossed(grid: Grid): Table | null {
  for (const [i, row] of grid.rows.slice(0, 50).entries()) {
    for (const kind of ["M", "Q"] as const) {
      const cells = row.map((c) => namedPart(c, NUMBER[kind]));
      const places = cells.flatMap((n, j) => (n ? [j] : []));
      if (places.length < 3 || places.includes(0)) continue;
      const below = grid.rows.slice(i + 1).map((r) => readings(r[0]!));
      const body = below.flatMap((w, k) => (w.has("A") ? [i + 1 + k] : []));
      const others = below.some((w) => w.has("FY") || w.has("fiscal"));
      if (!body.length && !others) continue;
      if (others || isFiscal(row[0] === null ? "" : cellText(row[0]!)) || !isAll(places.map((j) => cells[j]!), COUNT[kind])) {
        refuseParts(grid, i, kind, "columns", row[places[0]!]!, row[places[places.length - 1]!]!);
      }
      const at = body.flatMap((k) => places.map((j): [number, number] => [k, j]));
      const labels = at.map(([k, j]) => partLabel(kind, yearIn(grid.rows[k]![0]!), cells[j]!));
      const left = row.filter((c, j) => j > 0 && !places.includes(j) && c !== null);
      return crossing(grid, i, kind, at, labels, new Set([i, ...body]), left, "columns");
    }
  }
  return null;
}

function isAll(numbers: (number | null)[], count: number): boolean {
  const up = Array.from({ length: count }, (_, k) => k + 1).join();
  return numbers.join() === up || [...numbers].reverse().join() === up;
}

function refuseParts(grid: Grid, i: number, kind: PartKind, side: "columns" | "rows", first: Cell, last: Cell): never {
  const at = say`${grid.file}, row ${grid.numbers[i]!}`;
  throw new InputError(
    side === "columns"
      ? say`${at}: ${WORD[kind]} in columns, but not those of calendar years in their order; expected ${cellText(first)} to ${cellText(last)} put into one column of dates`
      : say`${at}: ${WORD[kind]} in rows, but not those of calendar years in their order; expected ${cellText(first)} to ${cellText(last)} put into one column of dates`,
  );
}

const HALF = /^(?:[HS]-?[12]|[12][HS]|(?:first|second|1st|2nd) half)$/iu;

/** A table of months or quarters by years, put into one column. */
function crossedDown(grid: Grid): Table | null {
  for (const [i, row] of grid.rows.slice(0, 50).entries()) {
    const ways = row.map(readings);
    const dated = ways.flatMap((w, j) => (j && ["A", "FY", "fiscal"].some((k) => w.has(k)) ? [j] : []));
    if (!dated.length || ways[0]!.size) continue;
    const below = filledBelow(grid, i + 1, dated);
    const halves = below.filter((k) => HALF.test(grid.rows[k]![0] === null ? "" : text(grid.rows[k]![0]!)));
    if (halves.length > 1) throw new InputError(say`${grid.file}, row ${grid.numbers[halves[0]!]!}: half-years in rows; expected years, quarters or months`);
    for (const kind of ["M", "Q"] as const) {
      const number = NUMBER[kind];
      if (number(row[0]!)) continue;
      const isNamed = PARTS[kind].has(headingKey(row[0]!));
      const parts = new Map(below.flatMap((k): [number, number][] => {
        const n = isNamed ? number(grid.rows[k]![0]!) : namedPart(grid.rows[k]![0]!, number);
        return n ? [[k, n]] : [];
      }));
      if (parts.size < (isNamed ? 2 : 3)) continue;
      const keys = [...parts.keys()];
      if (!dated.every((j) => ways[j]!.has("A")) || !isAll([...parts.values()], COUNT[kind])) {
        refuseParts(grid, i, kind, "rows", grid.rows[keys[0]!]![0]!, grid.rows[keys[keys.length - 1]!]![0]!);
      }
      const at = dated.flatMap((j) => keys.map((k): [number, number] => [k, j]));
      const labels = at.map(([k, j]) => partLabel(kind, yearOf(ways[j]!.get("A")!), parts.get(k)!));
      const left = below.filter((k) => !parts.has(k)).map((k) => grid.rows[k]![0]!);
      return crossing(grid, i, kind, at, labels, new Set([i, ...below]), left, "rows");
    }
  }
  return null;
}

/** One column from the cells at pairs of row and column. */
function crossing(grid: Grid, i: number, kind: PartKind, at: [number, number][], labels: string[], used: Set<number>, left: Cell[], side: "columns" | "rows"): Table {
  const values = at.map(([k, j]) => grid.rows[k]![j]!);
  const numbers = at.map(([k]) => grid.numbers[k]!);
  while (values.length && values[values.length - 1] === null) {
    labels.pop();
    values.pop();
    numbers.pop();
  }
  const notes = [...grid.notes, side === "columns" ? say`${WORD[kind]} stand in columns` : say`${WORD[kind]} stand in rows`];
  if (left.length) notes.push(say`left out ${list(left.map(cellText))}`);
  return {
    grid,
    name: heading(grid, i, 0),
    labels,
    columns: new Map([["value", values]]),
    rows: numbers,
    skipped: grid.rows.flatMap((_, k) => (used.has(k) ? [] : [grid.numbers[k]!])),
    isWide: false,
    notes,
  };
}
