/** Labels of periods and days as people write them, read a column at a time. */
import { general, InputError, list, say, type Part, type Said, isNumber, isText, isoDay, labelText, pairs, partsOf, plainDigits, repr, strip, yearOf, type Cell, type Label } from "./basics";
import { cellText } from "./basics";
import { FIRST_YEAR, fromSerial, isMarked, readings, type Readings } from "./forms";

export type Kind = "A" | "Q" | "M" | "W" | "D";
export type DayOrder = "dmy" | "mdy";

export interface Column {
  kind: Kind;
  values: Label[];
  notes: Part[];
}

/** A label that cannot be read; `at` is its place in the column, or null. */
export class LabelError extends Error {
  constructor(
    readonly said: Part,
    readonly at: number | null = null,
    readonly isDates = false,
  ) {
    super(String(said));
  }
}

const shown = (cell: Cell): string => (isNumber(cell) ? general(cell) : repr(cellText(cell)));
const reprCell = (cell: Cell): string => (isText(cell) ? repr(cell) : isNumber(cell) ? cellText(cell) : `datetime.datetime(${cellText(cell)})`);

/** Read a column of labels, all in the one way that fits all. */
export function readLabels(cells: Cell[], order: DayOrder | null = null, frequency: string | null = null): Column {
  const ways = cells.map(readings);
  const common = new Set([...(ways[0] ?? new Map()).keys()].filter((k) => ways.every((w) => w.has(k))));
  if (!common.size) refuseOdd(cells, ways);
  const by = new Map([...common].map((kind) => [kind, ways.map((w) => w.get(kind)!)]));
  const notes = labelNotes(cells, by);
  const first = cells[0]!;
  const take = (kind: string): Label[] => by.get(kind)!;
  if ((common.has("dmy") || common.has("mdy")) && !common.has("D")) return slashed(cells, by, order, notes);
  if (common.has("D")) return { kind: "D", values: take("D"), notes };
  if (common.has("fiscal") && (!common.has("M") || cells.length > 1)) {
    notes.push(say`${reprCell(first)} is a fiscal year, placed in the calendar year it begins in`);
    return { kind: "A", values: take("fiscal"), notes };
  }
  if (common.has("FY")) {
    notes.push(say`${reprCell(first)} is a fiscal year, placed in the year it is named for`);
    return { kind: "A", values: take("FY"), notes };
  }
  refuseKnown(cells, common);
  if (common.has("M") && 2 * ways.filter((w) => w.has("fiscal")).length > ways.length && ways.length > 2) {
    const at = ways.findIndex((w) => !w.has("fiscal"));
    throw new LabelError(say`${shown(cells[at]!)} among labels such as ${shown(first)}, fiscal years or months; expected one of them throughout`, at);
  }
  if (common.has("M") && common.has("part")) return quartersOrMonths(cells, by, frequency, notes);
  for (const kind of ["A", "Q", "M"] as const) if (common.has(kind)) return { kind, values: take(kind), notes };
  if (common.has("W")) {
    notes.push(say`${shown(first)} is a week of ISO 8601, dated by its Sunday`);
    return { kind: "W", values: take("W"), notes };
  }
  if (Object.keys(POINTED).some((k) => common.has(k))) return pointed(cells, by, frequency, notes);
  notes.push(say`${shown(first)} is a spreadsheet's number for ${isoDay(take("serial")[0]!.n)}`);
  return { kind: "D", values: take("serial"), notes };
}

type By = Map<string, Label[]>;

function labelNotes(cells: Cell[], by: By): Part[] {
  const notes: Part[] = [];
  const marked = cells.filter(isMarked);
  if (marked.length) notes.push(say`marks left off ${list(marked.slice(0, 3).map(reprCell))}`);
  if (cells.some(isShort)) {
    const values = [...by.values()][0]!.map(yearOf);
    notes.push(say`two-digit years read as ${Math.min(...values)} to ${Math.max(...values)}`);
  }
  return notes;
}

const KNOWN: Record<string, Said> = {
  H: say`a half-year; expected years, quarters or months (two halves make a year)`,
  FYQ: say`a quarter of a fiscal year; expected calendar quarters, or the day on which each ends`,
  week: say`a week counted from 1 January or one of ISO 8601; expected 2015-W03, or days`,
};

function refuseKnown(cells: Cell[], common: Set<string>): void {
  if (["A", "Q", "M"].some((k) => common.has(k))) return;
  for (const [kind, text] of Object.entries(KNOWN)) {
    if (common.has(kind)) throw new LabelError(say`${shown(cells[0]!)} is ${text}`, 0, true);
  }
}

function isOne(periods: Label[]): boolean {
  const sorted = periods.map((p) => p.n).sort((a, b) => a - b);
  const steps = new Set(pairs(sorted).map(([a, b]) => b - a));
  return steps.size === 1 && steps.has(1);
}

/** What 2010:1 means in a column where no number passes four. */
function quartersOrMonths(cells: Cell[], by: By, frequency: string | null, notes: Part[]): Column {
  const isPadded = !cells.some((c) => /:|[-/]\p{Nd}$/u.test(strip(cellText(c))));
  const quarters = by.get("part")!;
  const overYears = new Set(quarters.map(yearOf)).size > 1 && new Set(quarters.map((q) => q.n % 4)).size > 1;
  const follows = cells.length > 4 && isOne(quarters);
  let kind: "Q" | "M";
  if (frequency === "Q" || frequency === "M") kind = frequency;
  else if (isPadded && !overYears) kind = "M";
  else if (follows && !isPadded) {
    kind = "Q";
    notes = [...notes, say`${shown(cells[0]!)} is a quarter, for no number passes 4`];
  } else throw new LabelError(say`${shown(cells[0]!)} is a quarter or a month; expected --frequency Q or --frequency M`, 0, true);
  return { kind, values: by.get(kind === "Q" ? "part" : "M")!, notes };
}

const POINTED: Record<string, ["Q" | "M", Said]> = {
  point: ["M", say`a month, year and month with a point between`],
  dotm: ["M", say`a month, year and number of the month with a point between`],
  dotq: ["Q", say`a quarter, year and number of the quarter with a point between`],
  decm: ["M", say`a month, its beginning as a part of the year`],
  decq: ["Q", say`a quarter, its beginning as a part of the year`],
};

/** Years with digits after a point: the one way in which no period is left out. */
function pointed(cells: Cell[], by: By, frequency: string | null, notes: Part[]): Column {
  const distinct = new Map<string, string>();
  for (const [kind, [step]] of Object.entries(POINTED)) {
    const values = by.get(kind);
    if (values && isOne(values) && (frequency === null || frequency === "A" || frequency === step)) {
      distinct.set(values.map((v) => v.f + v.n).join(), kind);
    }
  }
  if (distinct.size > 1) throw new LabelError(say`${shown(cells[0]!)} is a quarter or a month; expected --frequency Q or --frequency M`, 0, true);
  const kind = [...distinct.values()][0];
  if (kind === undefined) throw new LabelError(say`${shown(cells[0]!)}; expected months or quarters without a gap, or dates as YYYY-MM or YYYYQn`, 0);
  const example = cells.find((c) => shown(c).includes(".")) ?? cells[0]!;
  notes.push(say`${shown(example)} is ${POINTED[kind]![1]}`);
  return { kind: POINTED[kind]![0], values: by.get(kind)!, notes };
}

function isShort(cell: Cell): boolean {
  if (!isText(cell) || /\p{Nd}{4}/u.test(cell) || !readings(cell).size) return false;
  return !/^\p{Nd}{5}(?:\.\p{Nd}+)?$/u.test(strip(cell));
}

function slashed(cells: Cell[], by: By, order: DayOrder | null, notes: Part[]): Column {
  const d = by.get("dmy");
  const m = by.get("mdy");
  if (order === null && d && m) {
    const at = d.findIndex((a, i) => a.n !== m[i]!.n);
    if (at >= 0) {
      throw new LabelError(say`${reprCell(cells[at]!)} is ${isoDay(d[at]!.n)} or ${isoDay(m[at]!.n)}; expected --dates dmy or --dates mdy`, at, true);
    }
  }
  const kind = order ?? (d ? "dmy" : "mdy");
  const values = by.get(kind);
  if (!values) {
    const at = cells.findIndex((c) => !readings(c).has(kind));
    throw new LabelError(say`${reprCell(cells[at]!)} is no day as --dates ${kind} reads it`, at);
  }
  return { kind: "D", values, notes: [...notes, kind === "dmy" ? say`in ${reprCell(cells[0]!)} the day stands first` : say`in ${reprCell(cells[0]!)} the month stands first`] };
}

/** Places of years, quarters and months where one column holds several of them. */
export function mixture(cells: Cell[]): Map<"A" | "Q" | "M", number[]> {
  const places = new Map<"A" | "Q" | "M", number[]>();
  for (const [i, cell] of cells.entries()) {
    const ways = readings(cell);
    const kinds = (["A", "Q", "M"] as const).filter((k) => ways.has(k));
    if (kinds.length !== 1) return new Map();
    const mine = places.get(kinds[0]!) ?? [];
    mine.push(i);
    places.set(kinds[0]!, mine);
  }
  return places.size > 1 && [...places.values()].every((p) => p.length > 1) ? places : new Map();
}

function refuseOdd(cells: Cell[], ways: Readings[]): never {
  const counts = new Map<string, number>();
  for (const way of ways) for (const kind of way.keys()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  let usual: string | null = null;
  for (const [kind, n] of counts) if (usual === null || n > counts.get(usual)!) usual = kind;
  const has = (w: Readings): boolean => usual !== null && w.has(usual);
  const at = ways.findIndex((w) => !has(w));
  const like = cells.find((_, i) => has(ways[i]!));
  const expected = like === undefined ? say`a date, such as 1999, 1999Q4, 1999-12 or 1999-12-31` : say`a date like ${shown(like)}`;
  throw new LabelError(say`${shown(cells[at]!)}; expected ${expected}${serialHint(cells[at]!)}`, at);
}

/** Words on the day that a spreadsheet would mean by a number that is no year. */
export function serialHint(cell: Cell): Part {
  const text = isNumber(cell) ? cell.toFixed(0) : plainDigits(strip(cellText(cell)));
  if (/^1[0-5]\d\d$/.test(text)) return say` (years from ${FIRST_YEAR} on)`;
  const n = Number(text);
  if (/^\d{4,5}$/.test(text) && !(n >= FIRST_YEAR && n <= 2100) && n > 59) return say` (a spreadsheet's number for ${isoDay(fromSerial(n))}?)`;
  return "";
}

const STEPS: [Kind, number, number][] = [["D", 1, 5], ["W", 6, 8], ["M", 25, 35], ["Q", 85, 97], ["A", 357, 373]];

function median(sorted: number[]): number {
  const k = sorted.length >> 1;
  return sorted.length % 2 ? sorted[k]! : (sorted[k - 1]! + sorted[k]!) / 2;
}

/** Letter of the step that most days keep; empty where there is none. */
export function frequencyOf(days: number[]): Kind | "" {
  const steps = pairs(days).map(([a, b]) => b - a).sort((a, b) => a - b);
  if (!steps.length) return "D";
  const middle = median(steps);
  for (const [kind, low, high] of STEPS) {
    if (middle >= low && middle <= high && steps.filter((s) => s >= low && s <= high).length / steps.length >= 0.5) return kind;
  }
  return "";
}

function refuseIrregular(days: number[]): never {
  const steps = pairs(days).map(([a, b]) => b - a).sort((a, b) => a - b);
  const low = steps[0]!;
  const high = steps[steps.length - 1]!;
  const apart = low === high ? say`${low} days` : say`${low} to ${high} days`;
  if (steps.filter((s) => s >= 178 && s <= 187).length / steps.length > 0.5) {
    throw new LabelError(say`days ${apart} apart, half-years; expected one a year, a quarter or a month`);
  }
  const option = median(steps) <= 31 ? say`, or --frequency M for the last of each month` : "";
  throw new LabelError(say`days ${apart} apart, irregular; expected one a year, a quarter, a month or a week, or each working day${option}`);
}

const monthOf = (day: number): number => {
  const p = partsOf(day);
  return 12 * p.year + p.month - 1;
};

export function periodOfDay(day: number, f: "Y" | "Q" | "M"): Label {
  const m = monthOf(day);
  return { f, n: f === "M" ? m : Math.floor(m / (f === "Q" ? 3 : 12)) };
}

const startOf = (p: Label): number => {
  const months = p.f === "Y" ? 12 * p.n : p.f === "Q" ? 3 * p.n : p.n;
  return Date.UTC(Math.floor(months / 12), months % 12, 1) / 86_400_000;
};

/** Days that are one a month, a quarter or a year as periods; weeks and days as days. */
export function placeDays(days: number[], keep: boolean): { index: Label[]; kind: Kind; note: Part } {
  const plain = days.map((n): Label => ({ f: "D", n }));
  let frequency = frequencyOf(days);
  const months = days.map((d) => periodOfDay(d, "M"));
  if (frequency === "M" && new Set(months.map((m) => m.n)).size < months.length) frequency = "";
  if (frequency === "") {
    if (!keep) refuseIrregular(days);
    return { index: plain, kind: "D", note: "" };
  }
  if (frequency === "D" || frequency === "W") return { index: plain, kind: frequency, note: "" };
  if (frequency === "M") return { index: months, kind: "M", note: "" };
  const begins = days.every((d) => partsOf(d).date === 1);
  const half = frequency === "Q" ? 45 : 182;
  const f = frequency === "Q" ? "Q" : "Y";
  const periods = days.map((d) => periodOfDay(begins ? d + half : d - half, f));
  const isQuarter = frequency === "Q";
  if (new Set(periods.map((p) => p.n)).size < periods.length) {
    throw new LabelError(
      isQuarter
        ? say`two of the days fall into one quarter; expected the first or the last days of quarters, or quarters by name, such as 2010Q1`
        : say`two of the days fall into one year; expected the first or the last days of years, or years by name, such as 2010`,
    );
  }
  const edge = (p: Label): number => (begins ? startOf(p) : startOf({ f: p.f, n: p.n + 1 }) - 1);
  if (periods.every((p, i) => edge(p) === days[i])) return { index: periods, kind: frequency, note: "" };
  const note = isQuarter
    ? begins
      ? say`days that begin quarters, each placed in the calendar quarter that holds most of it`
      : say`days that end quarters, each placed in the calendar quarter that holds most of it`
    : begins
      ? say`days that begin years, each placed in the calendar year that holds most of it`
      : say`days that end years, each placed in the calendar year that holds most of it`;
  return { index: periods, kind: frequency, note };
}

export { InputError, labelText };
