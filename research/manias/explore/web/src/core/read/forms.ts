/** How one cell may be read as the label of a period or a day, in every way that people use. */
import { BLANK, casefold, dayOf, general, isDay, isNumber, isText, plainDigits, splitBlank, strip, words, type Cell, type Label } from "./basics";

export type Readings = ReadonlyMap<string, Label>;

export const FIRST_YEAR = 1600;
const isYear = (year: number): boolean => year >= FIRST_YEAR && year <= 2100;
const isSerial = (n: number): boolean => n >= 20000 && n <= 80000;

export const NAMES = new Set([
  "date", "dates", "d", "ds", "when", "day", "datum", "jour", "fecha", "data", "tag", "time", "timestamp", "datetime",
  "period", "periode", "période", "year", "years", "yr", "jahr", "annee", "année", "anno", "jaar", "fiscal_year", "fy",
  "calendar_year", "financial_year", "month", "months", "monat", "mois", "quarter", "quarters", "quartal", "trimestre",
  "qtr", "week", "observation_date", "time_period", "date_time", "yyyymm", "yyyymmdd", "month_end", "quarter_end",
  "year_end", "period_end", "year_ending", "quarter_ending", "period_ending", "fiscal_quarter",
]);

const whole = (text: string, flags = "iu"): RegExp => new RegExp(`^(?:${text})$`, flags);
const ESTIMATE = "(?<=\\p{Nd}) ?(?:[EF]|est\\.?)";
const MARKS = new RegExp(`(?:\\s*(?:[*†‡§¹²³]+|\\((?:p|e|r|f|prov\\.?|est\\.?)\\)|\\[\\p{Nd}+\\])|${ESTIMATE}|(?<=\\p{Nd}) ?[PR])$`, "iu");
const FORECAST = new RegExp(`(?:${ESTIMATE}|\\s*\\((?:e|f|est\\.?)\\))$`, "iu");
const TWICE = whole("(.+?)\\s*\\[(?:YR)?(.+)\\]", "u");
const TIME = "(?:[ T]+\\d{1,2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?(?: ?[AP]M)?(?: ?(?:Z|UTC|[+-]\\d{2}:?\\d{2}))?)?";
const Y2 = "(?<y>\\d{4}|\\d{2})";
const QUARTERS = [
  "(?<y>\\d{4})[-/: ]*[QKT]0?(?<n>[1-4])",
  `[QKT](?<n>[1-4])[-/ ']*${Y2}`,
  `(?<n>[1-4])[QKT][-/ ']*${Y2}`,
  "(?<y>\\d{4})[-/: ]*(?<n>[1-4])[QT]",
  "(?<y>\\d{2})Q(?<n>[1-4])",
  "(?<n>[1-4])\\. ?(?:QUARTAL|KWARTAAL|KVARTAL),? ?(?<y>\\d{4})",
  "(?<y>\\d{4})[-/: ]*(?:QTR|QUARTER)\\.? ?(?<n>[1-4])",
  "(?:QTR|QUARTER)\\.? ?(?<n>[1-4])[,]?[-/ ]*(?<y>\\d{4})",
  "(?<n>[1-4])(?:ST|ND|RD|TH) (?:QTR|QUARTER),? ?(?<y>\\d{4})",
].map((p) => whole(p));
const HALVES = [
  "(?<y>\\d{4})[-/: ]*[HSB](?<n>[12])",
  `[HS](?<n>[12])[-/ ']*(?:FY ?)?${Y2}`,
  `(?<n>[12])[HS][-/ ']*(?:FY ?)?${Y2}`,
  `FY ?${Y2}[-/ ]*H(?<n>[12])`,
].map((p) => whole(p));
const OF_FISCAL = [
  `FY ?'?${Y2}(?:[-/]\\d{2})?[-/ ]*Q(?<n>[1-4])`,
  `F?Q(?<n>[1-4])[-/ ]*FY ?'?${Y2}(?:[-/]\\d{2})?`,
  `(?<n>[1-4])Q[-/ ]*FY ?'?${Y2}(?:[-/]\\d{2})?`,
  `FQ(?<n>[1-4])[-/ ]*${Y2}`,
].map((p) => whole(p));
const MONTHS = [
  "(?<y>\\d{4})[-/:](?<n>0?[1-9]|1[0-2])",
  "(?<y>\\d{4})[-: ]?M(?<n>0?[1-9]|1[0-2])",
  "(?<n>0?[1-9]|1[0-2])[-/.](?<y>\\d{4})",
  "(?<y>\\d{4})(?<n>0[1-9]|1[0-2])",
].map((p) => whole(p));
const WEEKS = [whole("(?<y>\\d{4})(?:-?W|-w| W)(?<n>\\d{1,2})", "u"), whole("W(?<n>\\d{1,2})[- ](?<y>\\d{4})", "u")];
const STATA_WEEK = /^\d{4}w\d{1,2}$/;
const YEAR = /^\d{4}(?:\.0+)?$/;
const SERIAL = /^\d{5}(?:\.\d+)?$/;
const WEEKDAY = /^(\d{4})-?W(\d{2})-?([1-7])$/;
const PART = /^(\d{4})(?:[-/:]0?|0)([1-4])$/;
const POINT = /^(\d{4})\.(\d+)$/;
const ISO = whole(`(\\d{4})([-/.])(\\d{1,2})\\2(\\d{1,2})${TIME}`);
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/;
const SLASHED = whole(`(\\d{1,2})([-/.])(\\d{1,2})\\2(\\d{4}|\\d{2})${TIME}`);
const FISCAL = whole("(?:FY ?)?(\\d{4})(?: ?[-/] ?)?(\\d{4}|\\d{2})");
const SHORT_FISCAL = whole("FY ?'?(\\d{2}) ?[-/] ?'?(\\d{2})");
const NAMED_FISCAL = whole("(?:FY|FISCAL(?: YEAR)?) ?'?(\\d{4}|\\d{2})|(\\d{4}) ?FY");
const EAST = /^(\d{4})[年년](?:(?:第?([1-4一二三四])(?:季度|四半期|季|분기))|(?:(\d{1,2})[月월](?:(\d{1,2})[日일])?)|([上下])半年)?$/u;
const NO_LABEL = /^(?:[+-]?\p{Nd}{0,3}(?:[.,]\p{Nd}{0,3})?|[+-]?(?:\p{Nd}{4}|\p{Nd}{6,})[.,]\p{Nd}{1,2}|\p{Nd}{7}|\p{Nd}{9,})$/u;
const STUCK = /(?<=\p{L})(?=\p{Nd})|(?<=\p{Nd})(?=\p{L})(?!(?:st|nd|rd|th)(?![\p{L}\p{N}_]))/gu;
const CLOCK = new RegExp(`(?:${TIME}|:\\d\\d:\\d\\d(?::\\d\\d)?)$`, "iu");
const APART = new RegExp(`(?:${BLANK}|[.,/'-])+`);
const WEEKDAYS = new Set(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "wed", "thu", "fri", "sat", "sun"]);

const NONE: Readings = new Map();
const cache = new Map<string, Readings>();

export const isDate = (cell: Cell): boolean => readings(cell).size > 0;

/** Every way in which one cell may be read. */
export function readings(cell: Cell): Readings {
  if (cell === null) return NONE;
  if (isDay(cell)) return new Map([["D", { f: "D", n: Math.floor(cell.day) }]]);
  if (isNumber(cell)) return cached(Number.isInteger(cell) ? cell.toFixed(0) : general(cell, 10));
  return cached(cell);
}

function cached(cell: string): Readings {
  const kept = cache.get(cell);
  if (kept) return kept;
  const made = read(cell);
  if (cache.size > 200_000) cache.clear();
  cache.set(cell, made);
  return made;
}

function read(cell: string): Readings {
  const iso = /^(\d{4})-(\d\d)-(\d\d)$/.exec(cell);
  if (iso) {
    const day = dayOf(Number(iso[1]), Number(iso[2]), Number(iso[3]));
    if (day !== null) return isYear(Number(iso[1])) ? new Map([["D", { f: "D", n: day }]]) : NONE;
  }
  if (NO_LABEL.test(cell) && !/^\p{Nd}{4}\.\p{Nd}+$/u.test(cell)) return NONE;
  const text = plain(cell);
  if (!/\p{Nd}/u.test(text) || [...text].length > 40) return NONE;
  const found = new Map<string, Label>();
  for (const [kind, value] of ways(text)) if (!found.has(kind)) found.set(kind, value);
  return found;
}

/** Whether a label carries a mark, such as the star of 2025*. */
export function isMarked(cell: Cell): boolean {
  if (!isText(cell) || /\p{Nd}$/u.test(cell)) return false;
  return MARKS.test(cell) && isDate(cell);
}

export const isEstimate = (cell: Cell): boolean => isMarked(cell) && FORECAST.test(strip(cell as string));

function plain(cell: string): string {
  let text = splitBlank(plainDigits(cell).replaceAll("–", "-")).join(" ");
  text = text.replace(MARKS, "").replace(/(?<=\d) ?A$/, "");
  const twice = TWICE.exec(text);
  if (twice && twice[1] === twice[2]) text = twice[1]!;
  const east = EAST.exec(text.replaceAll(" ", ""));
  if (east) {
    const [, year, quarter, month, day, half] = east;
    if (day) return `${year}-${month!.padStart(2, "0")}-${day.padStart(2, "0")}`;
    const q = quarter ? String("一二三四".indexOf(quarter) + 1 || quarter) : "";
    return year + (q ? `Q${q}` : month ? `M${month}` : half === "上" ? "H1" : half === "下" ? "H2" : "");
  }
  return text;
}

const year = (n: number): Label => ({ f: "Y", n });
const quarter = (y: number, q: number): Label => ({ f: "Q", n: 4 * y + q - 1 });
const month = (y: number, m: number): Label => ({ f: "M", n: 12 * y + m - 1 });

function* ofDay(kind: string, y: number, m: number, d: number): Generator<[string, Label]> {
  const day = isYear(y) ? dayOf(y, m, d) : null;
  if (day !== null) yield [kind, { f: "D", n: day }];
}

/** Two digits name the last year that ends in them and is at most next year. */
function full(digits: string): number {
  if (digits.length === 4) return Number(digits);
  const now = new Date().getFullYear();
  const found = 100 * Math.floor(now / 100) + Number(digits);
  return found <= now + 1 ? found : found - 100;
}

function* ways(text: string): Generator<[string, Label]> {
  if (YEAR.test(text) && isYear(Number(text.slice(0, 4)))) yield ["A", year(Number(text.slice(0, 4)))];
  yield* fiscalWays(text);
  for (const [kind, patterns] of [["Q", QUARTERS], ["H", HALVES], ["FYQ", OF_FISCAL]] as const) {
    for (const pattern of patterns) {
      const found = pattern.exec(text);
      if (!found) continue;
      const y = full(found.groups!["y"]!);
      const n = Number(found.groups!["n"]);
      if (isYear(y)) yield [kind, quarter(y, kind === "H" ? 2 * n - 1 : n)];
    }
  }
  for (const pattern of MONTHS) {
    const found = pattern.exec(text);
    if (found && isYear(Number(found.groups!["y"]))) yield ["M", month(Number(found.groups!["y"]), Number(found.groups!["n"]))];
  }
  const part = PART.exec(text);
  if (part && isYear(Number(part[1]))) yield ["part", quarter(Number(part[1]), Number(part[2]))];
  yield* points(text);
  yield* weeks(text);
  let found = ISO.exec(text);
  if (found) yield* ofDay("D", Number(found[1]), Number(found[3]), Number(found[4]));
  found = COMPACT.exec(text);
  if (found) yield* ofDay("D", Number(found[1]), Number(found[2]), Number(found[3]));
  found = SLASHED.exec(text);
  if (found) {
    const y = full(found[4]!);
    yield* ofDay("dmy", y, Number(found[3]), Number(found[1]));
    if (found[2] !== ".") yield* ofDay("mdy", y, Number(found[1]), Number(found[3]));
  }
  if (SERIAL.test(text) && isSerial(Number(text.slice(0, 5)))) yield ["serial", { f: "D", n: fromSerial(Number(text.slice(0, 5))) }];
  if (/\p{L}/u.test(text)) yield* withNames(casefold(text));
}

function* fiscalWays(text: string): Generator<[string, Label]> {
  let found = FISCAL.exec(text);
  if (found) {
    const first = Number(found[1]);
    if (isYear(first) && Number(found[2]) === (first + 1) % 10 ** found[2]!.length) yield ["fiscal", year(first)];
  }
  found = SHORT_FISCAL.exec(text);
  if (found) {
    const y = full(found[1]!);
    if (isYear(y) && Number(found[2]) === (y + 1) % 100) yield ["fiscal", year(y)];
  }
  found = NAMED_FISCAL.exec(text);
  if (found) {
    const y = full(found[1] ?? found[2]!);
    if (isYear(y)) yield ["FY", year(y)];
  }
}

/** What a year and digits after a point may stand for. */
function* points(text: string): Generator<[string, Label]> {
  const found = POINT.exec(text) ?? (/^\d{4}$/.test(text) ? POINT.exec(`${text}.0`) : null);
  if (!found || !isYear(Number(found[1]))) return;
  const y = Number(found[1]);
  const digits = found[2]!;
  const n = Number(digits);
  if (digits.length <= 2 && n) {
    const m = digits.length === 2 ? n : 10 * n;
    if (m >= 1 && m <= 12) yield ["point", month(y, m)];
    if (digits[0] !== "0" && n <= 12) yield ["dotm", month(y, n)];
    if (/^[1-4]$/.test(digits)) yield ["dotq", quarter(y, n)];
  }
  const part = Number(`0.${digits}`);
  if (Number.isInteger(4 * part)) yield ["decq", quarter(y, 4 * part + 1)];
  const near = roundEven(12 * part);
  const slack = 12 * 10 ** -digits.length * (digits.length < 3 ? 0.5 : 1);
  const exact = Number.isInteger(12 * part);
  if (near < 12 && (exact || (digits.length > 1 && Math.abs(12 * part - near) <= slack))) yield ["decm", month(y, near + 1)];
}

/** As Python rounds: halves go to the even number. */
function roundEven(x: number): number {
  const low = Math.floor(x);
  const rest = x - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 !== 0) ? low + 1 : low;
}

function* weeks(text: string): Generator<[string, Label]> {
  let found = WEEKDAY.exec(text);
  if (found) yield* isoWeek("D", Number(found[1]), Number(found[2]), Number(found[3]));
  for (const pattern of WEEKS) {
    found = pattern.exec(text);
    if (found) yield* isoWeek("W", Number(found.groups!["y"]), Number(found.groups!["n"]), 7);
  }
  if (STATA_WEEK.test(text) && isYear(Number(text.slice(0, 4)))) yield ["week", year(Number(text.slice(0, 4)))];
}

function* isoWeek(kind: string, y: number, week: number, day: number): Generator<[string, Label]> {
  if (!isYear(y)) return;
  // 4 January is always in week 1.
  const fourth = dayOf(y, 1, 4)!;
  const monday = fourth - ((new Date(fourth * 86_400_000).getUTCDay() + 6) % 7);
  const next = dayOf(y + 1, 1, 4)!;
  const last = (next - ((new Date(next * 86_400_000).getUTCDay() + 6) % 7) - monday) / 7;
  if (week < 1 || week > last) return;
  yield [kind, { f: "D", n: monday + 7 * (week - 1) + day - 1 }];
}

function* withNames(given: string): Generator<[string, Label]> {
  const text = given.replace(CLOCK, "").replace(STUCK, " ");
  let parts = text.split(APART).filter((p) => p && !["de", "del", "of"].includes(p));
  if (parts.length > 2 && WEEKDAYS.has(parts[0]!)) parts = parts.slice(1);
  parts = parts.map((p) => p.replace(/^(\d{1,2})(?:st|nd|rd|th)$/, "$1"));
  const months = parts.map((p) => words.months.get(p));
  const digits = parts.map((p) => /^\p{Nd}+$/u.test(p));
  const [a = "", b = "", c = ""] = parts;
  const size = parts.length;
  const short = (p: string): boolean => p.length === 2 || p.length === 4;
  const named = function* (y: number, m: number): Generator<[string, Label]> {
    if (isYear(y)) yield ["M", month(y, m)];
  };
  if (size === 2 && months[0] && digits[1] && short(b)) yield* named(full(b), months[0]);
  else if (size === 2 && months[1] && digits[0] && a.length === 4) yield* named(Number(a), months[1]);
  else if (size === 3 && months[0] && months[1] && digits[2] && c.length === 4) {
    const y = Number(c);
    if (months[0] % 3 === 1 && months[1] === months[0] + 2 && isYear(y)) yield ["Q", quarter(y, months[1] / 3)];
  } else if (size === 3 && digits[2] && short(c)) {
    const [day, m] = months[1] ? [a, months[1]] : [b, months[0]];
    if (m && /^\p{Nd}+$/u.test(day) && day.length <= 2) yield* ofDay("D", full(c), m, Number(day));
  } else if (size === 3 && digits[0] && a.length === 4 && months[1] && digits[2]) {
    yield* ofDay("D", Number(a), months[1], Number(c));
  }
}

/** Day that a spreadsheet shows as a whole number. */
export const fromSerial = (n: number): number => dayOf(1899, 12, 30)! + n;

/** Month that a cell names, alone. */
export function monthNumber(cell: Cell): number | null {
  if (isNumber(cell)) cell = general(cell);
  if (!isText(cell)) return null;
  const text = casefold(strip(plainDigits(cell))).replace(/\.+$/, "");
  const found = /^m?(0?[1-9]|1[0-2])[月월]?$/u.exec(text);
  return found ? Number(found[1]) : (words.months.get(text) ?? null);
}

/** Quarter that a cell names, alone. */
export function quarterNumber(cell: Cell): number | null {
  if (isNumber(cell)) cell = general(cell);
  if (!isText(cell)) return null;
  const found = /^(?:[QKT]0?|QTR\.? ?|QUARTER ?)?([1-4])Q?$/iu.exec(strip(plainDigits(cell)));
  return found ? Number(found[1]) : null;
}
