/** Read a table that a user brings, say how it was understood, and refuse what is ambiguous (manias.read). */
import { casefold, cellText, few, list, say, Said, type Part, general, InputError, labelText, NoTableError, pairs, repr, SHOWN, thousands, type Cell, type Label, type LabelFreq } from "./basics";
import { BESIDE, checkKinds, decimalMark, flagNote, numbersOf, numericColumns, offerUnit, refuseTwice, unitOf } from "./columns";
import { cut, only, pickRows, where, type Table } from "./cut";
import { isEstimate, isMarked, readings } from "./forms";
import { isZip, refuseBytes, SEPARATORS, textGrid, type Grid } from "./grid";
import { LabelError, mixture, periodOfDay, placeDays, readLabels, type Column, type DayOrder, type Kind } from "./labels";
import type { Mark } from "./numbers";
import { workbookGrids } from "./workbook";
import { inChinese } from "./zh";

export { InputError, setWords, type Words } from "./basics";
export { Said, say, type Part } from "./said";
export { hasChinese } from "./zh";

export interface Options {
  column?: string | null;
  dateColumn?: string | null;
  dates?: DayOrder | null;
  decimal?: Mark | null;
  frequency?: "A" | "Q" | "M" | null;
  sheet?: string | null;
  unit?: string | null;
  where?: string | null;
}

/** How a table was understood. */
export interface Reading {
  file: string;
  separator: string | null;
  decimal: Mark;
  dateColumn: string;
  frequency: Kind;
  /** Ascending. */
  index: Label[];
  columns: Map<string, number[]>;
  /** Place of each row in the file's order. */
  order: number[];
  rows: number[];
  isWide: boolean;
  unit: string | null;
  skippedRows: number[];
  notes: Part[];
}

const WORDS: Record<Kind, Said> = { A: say`years`, Q: say`quarters`, M: say`months`, W: say`weeks`, D: say`days` };
const ONE: Record<Kind, Said> = { A: say`year`, Q: say`quarter`, M: say`month`, W: say`week`, D: say`day` };

/** Read the bytes of a file, or of what was pasted. */
export async function readTable(name: string, data: Uint8Array, options: Options = {}): Promise<Reading> {
  const sheet = options.sheet ?? null;
  const grid = isZip(data) ? oneSheet(await workbookGrids(name, data, sheet)) : plainGrid(name, data, sheet);
  try {
    let table = cut(grid, options.dateColumn ?? null);
    if (options.where) table = pickRows(table, options.where);
    return understand(table, options);
  } catch (error) {
    const others = grid.notes.find((n) => String(n).includes("--sheet picks"));
    if (error instanceof InputError && others) throw new InputError(say`${error.said} (${others})`);
    throw error;
  }
}

function plainGrid(name: string, data: Uint8Array, sheet: string | null): Grid {
  refuseBytes(name, data);
  if (sheet !== null) throw new InputError(say`--sheet ${repr(sheet)}: ${name} is no workbook`);
  return textGrid(name, data);
}

/** The sheet to read: the one asked for, the first, or the only one that is a table. */
function oneSheet(grids: Grid[]): Grid {
  let grid = grids[0]!;
  const names = grids.map((g) => g.sheet);
  let note = grids.length > 1 ? say`sheet ${repr(grid.sheet)} of ${list(names)} (--sheet picks another)` : say`sheet ${repr(grid.sheet)}`;
  if (grids.length > 1 && !holdsTable(grid)) {
    const tables = grids.slice(1).filter(holdsTable);
    if (tables.length > 1) {
      throw new InputError(say`${grid.file}: no dates and numbers in sheet ${repr(grid.sheet)}, but in ${few(tables.map((g) => g.sheet))}; expected --sheet ${repr(tables[0]!.sheet)} or another`);
    }
    if (tables.length) {
      grid = tables[0]!;
      note = say`sheet ${repr(grid.sheet)}, the only one of ${list(names)} with dates and numbers (--sheet picks another)`;
    }
  }
  if (grid.unsaved) {
    throw new InputError(say`${grid.file}, sheet ${repr(grid.sheet)}, cell ${grid.unsaved}: a formula without a saved value; expected a workbook that was opened and saved`);
  }
  return { ...grid, notes: [...grid.notes, note] };
}

function holdsTable(grid: Grid): boolean {
  try {
    cut(grid, null);
  } catch (error) {
    if (error instanceof NoTableError) return grid.unsaved !== "";
    if (!(error instanceof InputError)) throw error;
  }
  return true;
}

function understand(given: Table, options: Options): Reading {
  const frequency = options.frequency ?? null;
  const [table, labels] = labelsOf(withoutMarkedEnd(given), options.dates ?? null, frequency);
  const notes: Part[] = [...labels.notes];
  const [unit, columns] = unitOf(table, options.unit ?? null);
  checkKinds(table);
  const column = options.column ?? null;
  let [numeric, left] = numericColumns(columns, column);
  const every = numeric;
  if (column !== null) {
    const kept = askedColumn(column, numeric);
    left = kept.length === numeric.length ? [] : left;
    numeric = kept;
  }
  if (!numeric.length) {
    throw new InputError(say`${table.grid.file}: no numbers under ${columns.size ? few([...columns.keys()]) : say`any heading`}; expected a column of dates and one of numbers`);
  }
  if (left.length) notes.push(say`left out ${few(left)}`);
  const mark = options.decimal ?? decimalMark(table, numeric, every);
  const flags = new Map<string, number>();
  const numbers = new Map(numeric.map((name) => [name, numbersOf(table, name, mark, notes, flags)]));
  if (flags.size) notes.push(flagNote(flags));
  const placed = inOrder(table, labels, notes, frequency === "M");
  if (unit === null) offerUnit(table, numeric, notes);
  return finish(table, numbers, placed, { mark, unit, frequency, notes });
}

interface Placed {
  index: Label[];
  kind: Kind;
  order: number[];
}

function finish(
  table: Table,
  numbers: Map<string, number[]>,
  placed: Placed,
  { mark, unit, frequency, notes }: { mark: Mark; unit: string | null; frequency: string | null; notes: Part[] },
): Reading {
  let { index, kind } = placed;
  let columns = new Map([...numbers].map(([name, values]) => [name, placed.order.map((i) => values[i]!)]));
  let rows = placed.order.map((i) => table.rows[i]!);
  let places: number[] = new Array<number>(placed.order.length);
  placed.order.forEach((from, to) => {
    places[from] = to;
  });
  if (frequency !== null && frequency !== kind) {
    const isDays = kind === "D" || kind === "W";
    if (!isDays || frequency !== "M") {
      throw new InputError(say`--frequency ${frequency}: ${table.grid.file} holds ${WORDS[kind]}; expected ${isDays ? say`M (the last of each month) or none` : kind}`);
    }
    const keep = new Map<number, number>();
    index.forEach((label, i) => {
      if ([...columns.values()].some((v) => !Number.isNaN(v[i]!))) keep.set(periodOfDay(label.n, "M").n, i);
    });
    const at = [...keep.values()];
    const isDown = places.length > 1 && places[0]! > places[places.length - 1]!;
    index = [...keep.keys()].map((n) => ({ f: "M", n }));
    columns = new Map([...columns].map(([name, v]) => [name, at.map((i) => v[i]!)]));
    rows = at.map((i) => rows[i]!);
    places = at.map((_, i) => i);
    if (isDown) places.reverse();
    notes.push(say`of the ${WORDS[kind]} the last of each month, ${rows.length ? thousands(rows.length) : "[]"}`);
    kind = "M";
  }
  if (![...columns.values()].some((v) => v.some((x) => !Number.isNaN(x)))) {
    throw new InputError(say`${table.grid.file}: every number is missing; expected some`);
  }
  tellGaps(index, kind, notes);
  return {
    file: table.grid.file,
    separator: table.grid.separator,
    decimal: mark,
    dateColumn: table.name,
    frequency: kind,
    index,
    columns,
    order: places,
    rows,
    isWide: table.isWide,
    unit,
    skippedRows: table.skipped,
    notes: [...table.notes, ...notes],
  };
}

/** The column asked for, and those that may stand beside it. */
function askedColumn(column: string, numeric: string[]): string[] {
  const exact = numeric.filter((c) => c === column);
  const names = exact.length ? exact : numeric.filter((c) => casefold(c) === casefold(column));
  if (!names.length) throw new InputError(say`--column ${repr(column)}: expected one of ${list(numeric)}`);
  return [names[0]!, ...numeric.filter((c) => BESIDE.includes(casefold(c)) && c !== names[0])];
}

const reprCell = (c: Cell): string => repr(cellText(c));

/** Leave out last periods with a mark, which most often are forecasts, and say so. */
function withoutMarkedEnd(table: Table): Table {
  const marked = table.labels.map(isMarked);
  if (table.labels.every(isEstimate)) {
    throw new InputError(say`${table.grid.file}, column ${table.name}: ${reprCell(table.labels[0]!)} and all others are marked as estimates; expected some that are not (take the mark away to have them read)`);
  }
  const n = marked.length;
  if ((!marked[0] && !marked[n - 1]) || marked.every(Boolean)) return table;
  let to = n;
  while (marked[to - 1]) to -= 1;
  let from = 0;
  if (marked[0] && isDescending(table.labels)) while (marked[from]) from += 1;
  if (from === 0 && to === n) return table;
  const left = table.labels.filter((_, i) => i < from || i >= to);
  const cells = list(left.slice(0, SHOWN).map(reprCell));
  const keep = Array.from({ length: to - from }, (_, i) => from + i);
  return { ...only(table, keep), notes: [...table.notes, say`${cells} left out, for the mark (take it away to have it read)`] };
}

function isDescending(cells: Cell[]): boolean {
  const [first, last] = [cells[0]!, cells[cells.length - 1]!].map((c) => [...readings(c).values()][0]);
  return first !== undefined && last !== undefined && first.f === last.f && first.n > last.n;
}

function labelsOf(table: Table, dates: DayOrder | null, frequency: string | null): [Table, Column] {
  try {
    return [table, readLabels(table.labels, dates, frequency)];
  } catch (error) {
    if (!(error instanceof LabelError)) throw error;
    const kinds = mixture(table.labels);
    if (kinds.size && frequency === null) {
      const said = list([...kinds.keys()].map((k) => WORDS[k]));
      throw new InputError(say`${table.grid.file}, column ${table.name}: ${said} in one column; expected --frequency ${list([...kinds.keys()], " or ")}`);
    }
    const mine = kinds.get(frequency as "A");
    if (kinds.size && !mine) {
      throw new InputError(say`--frequency ${String(frequency)}: ${table.grid.file} holds ${list([...kinds.keys()].map((k) => WORDS[k]))}; expected ${list([...kinds.keys()], " or ")}`);
    }
    if (mine) {
      const chosen = only(table, mine);
      const left = [...kinds].reduce((n, [k, v]) => n + (k === frequency ? 0 : v.length), 0);
      const column = readLabels(chosen.labels, dates);
      return [chosen, { ...column, notes: [...column.notes, say`${left} rows of other frequencies left out`] }];
    }
    const place = error.at === null ? say`${table.grid.file}, column ${table.name}` : where(table, table.name, error.at);
    throw new InputError(say`${place}: ${error.said}`);
  }
}

function inOrder(table: Table, labels: Column, notes: Part[], keep: boolean): Placed {
  const values = labels.values;
  const order = values.map((_, i) => i).sort((a, b) => values[a]!.n - values[b]!.n || a - b);
  for (const [a, b] of pairs(order)) if (values[a]!.n === values[b]!.n) refuseTwice(table, a, b);
  if (order.some((from, to) => from !== to)) {
    const isDown = order.every((from, to) => from === order.length - 1 - to);
    notes.push(isDown ? say`newest first, sorted` : say`out of order, sorted`);
  }
  const ascending = order.map((i) => values[i]!);
  if (labels.kind !== "D") {
    const f: Record<Kind, LabelFreq> = { A: "Y", Q: "Q", M: "M", W: "D", D: "D" };
    return { index: ascending.map((v) => ({ f: f[labels.kind], n: v.n })), kind: labels.kind, order };
  }
  try {
    const { index, kind, note } = placeDays(ascending.map((v) => v.n), keep);
    if (note) notes.push(note);
    return { index, kind, order };
  } catch (error) {
    if (error instanceof LabelError) throw new InputError(say`${table.grid.file}, column ${table.name}: ${error.said}`);
    throw error;
  }
}

function tellGaps(index: Label[], kind: Kind, notes: Part[]): void {
  const isPeriod = index[0]!.f !== "D";
  const pause = kind === "D" ? 10 : 20;
  const gaps = pairs(index)
    .filter(([a, b]) => b.n - a.n > (isPeriod ? 1 : pause))
    .map(([a, b]) => [labelText({ f: a.f, n: a.n + 1 }), labelText({ f: b.f, n: b.n - 1 })] as const);
  if (!gaps.length) return;
  notes.push(say`no row for ${few(gaps.map(([a, b]) => (a === b ? a : say`${a} to ${b}`)))}`);
}

// ---- what is said of a reading, and its one series

const known = (r: Reading, i: number): boolean => [...r.columns.values()].some((v) => !Number.isNaN(v[i]!));

function ends(r: Reading): { n: number; missing: number; first: string; last: string } {
  const at = r.index.flatMap((_, i) => (known(r, i) ? [i] : []));
  const missing = [...r.columns.values()].reduce((n, v) => n + v.filter(Number.isNaN).length, 0);
  return { n: at.length, missing, first: labelText(r.index[at[0]!]!), last: labelText(r.index[at[at.length - 1]!]!) };
}

/** One line on what was read. */
export function lineOf(r: Reading): Said {
  const parts: Part[] = [];
  const { n, missing, first, last } = ends(r);
  if (r.separator !== null) parts.push(SEPARATORS[r.separator]!);
  parts.push(r.decimal === "." ? say`decimal point` : say`decimal comma`);
  parts.push(say`${thousands(n)} ${n === 1 ? ONE[r.frequency] : WORDS[r.frequency]} ${first} to ${last} by ${repr(r.dateColumn)}`);
  const names = few([...r.columns.keys()].map(repr));
  parts.push(r.columns.size > 1 ? say`columns ${names}` : say`column ${names}`);
  parts.push(r.unit ? say`unit ${r.unit}` : say`unit not given (--unit)`);
  if (missing) parts.push(say`${thousands(missing)} missing`);
  const rows = few(r.skippedRows.map(String));
  if (r.skippedRows.length) parts.push(r.skippedRows.length > 1 ? say`rows ${rows} skipped` : say`row ${rows} skipped`);
  return say`read ${r.file}: ${list([list(parts), ...r.notes], "; ")}`;
}

/** What `manias read --json` prints. */
export function toDict(r: Reading): Record<string, unknown> {
  const { n, missing, first, last } = ends(r);
  return {
    file: r.file,
    separator: r.separator,
    decimal: r.decimal,
    date_column: r.dateColumn,
    columns: [...r.columns.keys()],
    frequency: r.frequency,
    first,
    last,
    n,
    missing,
    skipped_rows: r.skippedRows,
    unit: r.unit,
    notes: r.notes.map(String),
    values: Object.fromEntries([...r.columns].map(([name, v]) => [name, r.order.map((i) => (Number.isNaN(v[i]!) ? null : v[i]!))])),
  };
}

export interface OwnSeries {
  name: string;
  /** Column that it was taken from. */
  column: string;
  periods: Label[];
  values: number[];
  unit: string;
  beside: Map<string, number[]>;
}

const whereOf = (r: Reading, column: string, i: number): Said =>
  r.isWide ? say`${r.file}, ${column}, column ${labelText(r.index[i]!)}` : say`${r.file}, row ${r.rows[i]!}, column ${column}`;

/** The one series of the table, with the columns beside it (Reading.series). */
export function seriesOf(r: Reading): OwnSeries {
  if (r.frequency === "D" || r.frequency === "W") {
    throw new InputError(say`${r.file}: ${WORDS[r.frequency]}; expected one date a month, a quarter or a year (--frequency M takes the last day of each month)`);
  }
  const names = [...r.columns.keys()];
  const isBeside = (n: string): boolean => BESIDE.includes(casefold(n));
  let mine = names.filter((n) => !isBeside(n));
  const named = mine.filter((n) => casefold(n) === "value");
  if (mine.length > 1 && named.length) mine = named;
  if (!mine.length && names.length === 1) mine = names;
  if (mine.length !== 1) throw new InputError(say`${r.file}: columns ${list(mine.length ? mine : names)}; expected one, --column picks it`);
  const name = mine[0]!;
  const all = r.columns.get(name)!;
  const at = all.flatMap((v, i) => (Number.isNaN(v) ? [] : [i]));
  if (at.length < 2) throw new InputError(say`${r.file}: ${at.length} number(s); expected at least 2`);
  const stem = r.file.includes(".") ? r.file.replace(/^.*\//, "").replace(/\.[^.]*$/, "") : r.file;
  return {
    name: stem,
    column: name,
    periods: at.map((i) => r.index[i]!),
    values: at.map((i) => all[i]!),
    unit: r.unit || "as given",
    beside: new Map(names.filter((n) => isBeside(n) && n !== name).map((n) => [casefold(n), at.map((i) => r.columns.get(n)![i]!)])),
  };
}

/** Refuse a value, or one of a column beside it, that is not above nought (Series.positive). */
export function refuseNotPositive(r: Reading): void {
  const one = seriesOf(r);
  const named = (key: string): string => [...r.columns.keys()].find((n) => n !== one.column && casefold(n) === key)!;
  const columns: [string, number[]][] = [[one.column, one.values], ...[...one.beside].map(([key, values]): [string, number[]] => [named(key), values])];
  for (const [column, values] of columns) {
    const k = values.findIndex((value) => value <= 0);
    if (k < 0) continue;
    const i = r.index.findIndex((l) => l.n === one.periods[k]!.n);
    throw new InputError(say`${whereOf(r, column, i)}: ${general(values[k]!)}; expected more than 0`);
  }
}

/** Read and tell everything at once, or the one line of what is wrong. */
export async function readAll(name: string, bytes: number[], options: Options = {}): Promise<unknown> {
  try {
    const r = await readTable(name, Uint8Array.from(bytes), options);
    return { dict: toDict(r), line: String(lineOf(r)) };
  } catch (error) {
    if (error instanceof InputError) return { refused: error.message };
    throw error;
  }
}

/** The same for the one series of a file. */
export async function seriesAll(name: string, bytes: number[], options: Options = {}): Promise<unknown> {
  try {
    const found = seriesOf(await readTable(name, Uint8Array.from(bytes), options));
    return { ...found, periods: found.periods.map(labelText), beside: found.beside };
  } catch (error) {
    if (error instanceof InputError) return { refused: error.message };
    throw error;
  }
}

/** What is told of a file in Chinese. */
export async function chineseAll(name: string, bytes: number[], options: Options = {}): Promise<string> {
  try {
    return inChinese(lineOf(await readTable(name, Uint8Array.from(bytes), options)));
  } catch (error) {
    if (error instanceof InputError) return inChinese(error.said);
    throw error;
  }
}
