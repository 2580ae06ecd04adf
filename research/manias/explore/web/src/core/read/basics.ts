/** Cells, labels and what Python's text functions do, for the reader of own files. */
import { list, say, type Part } from "./said";

export { list, say, Said, type Part } from "./said";

export interface DayCell {
  day: number;
}
/** What stands in a cell: text of a text file, or what a workbook holds. */
export type Cell = string | number | DayCell | null;
export type LabelFreq = "Y" | "Q" | "M" | "D";
/** A period, or a day counted from 1970-01-01. */
export interface Label {
  f: LabelFreq;
  n: number;
}

export class InputError extends Error {
  constructor(readonly said: Part) {
    super(String(said));
  }
}
/** A sheet or a file in which no dates stand beside numbers. */
export class NoTableError extends InputError {}

/** Words that the package knows and the page carries: months by name, currencies. */
export interface Words {
  months: Record<string, number>;
  currencies: string[];
}
export const words: { months: Map<string, number>; currencies: Set<string> } = { months: new Map(), currencies: new Set() };
export function setWords(given: Words): void {
  words.months = new Map(Object.entries(given.months));
  words.currencies = new Set(given.currencies);
}

export const isText = (c: Cell): c is string => typeof c === "string";
export const isNumber = (c: Cell): c is number => typeof c === "number";
export const isDay = (c: Cell): c is DayCell => typeof c === "object" && c !== null;

const DAY = 86_400_000;

/** The day of a date of the calendar, or null where there is none. */
export function dayOf(year: number, month: number, day: number): number | null {
  const ms = Date.UTC(year, month - 1, day);
  const at = new Date(ms);
  if (year < 100 || at.getUTCFullYear() !== year || at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day) return null;
  return ms / DAY;
}

export function partsOf(day: number): { year: number; month: number; date: number } {
  const at = new Date(day * DAY);
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, date: at.getUTCDate() };
}

const two = (n: number): string => String(n).padStart(2, "0");

export function isoDay(day: number): string {
  const p = partsOf(day);
  return `${String(p.year).padStart(4, "0")}-${two(p.month)}-${two(p.date)}`;
}

export function labelText(label: Label): string {
  if (label.f === "D") return isoDay(label.n);
  if (label.f === "Y") return String(label.n);
  const per = label.f === "Q" ? 4 : 12;
  const year = Math.floor(label.n / per);
  const part = label.n - year * per + 1;
  return label.f === "Q" ? `${year}Q${part}` : `${year}-${two(part)}`;
}

export const yearOf = (l: Label): number =>
  l.f === "Y" ? l.n : l.f === "Q" ? Math.floor(l.n / 4) : l.f === "M" ? Math.floor(l.n / 12) : partsOf(l.n).year;

/** A number as Python's `%g` with so many digits writes it. */
export function general(value: number, digits = 6): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa = "0", power = "0"] = value.toExponential(digits - 1).split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= digits) {
    const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
    return `${short}e${exponent < 0 ? "-" : "+"}${two(Math.abs(exponent))}`;
  }
  const fixed = value.toFixed(Math.max(0, digits - 1 - exponent));
  return fixed.includes(".") ? fixed.replace(/\.?0+$/, "") : fixed;
}

/** A number as Python prints it. */
export function floatText(value: number): string {
  if (!Number.isFinite(value)) return general(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return `${value}.0`;
  const text = String(value);
  const found = /^(-?[\d.]+)e([+-])(\d+)$/.exec(text);
  if (found) return `${found[1]}e${found[2]}${found[3]!.padStart(2, "0")}`;
  if (Math.abs(value) < 1e-4) {
    const [mantissa, power = "0"] = value.toExponential().split("e");
    return `${mantissa}e-${two(Math.abs(Number(power)))}`;
  }
  return text;
}

export function cellText(cell: Cell): string {
  if (cell === null) return "None";
  if (isNumber(cell)) return floatText(cell);
  if (isDay(cell)) return `${isoDay(Math.floor(cell.day))} 00:00:00`;
  return cell;
}

export function repr(text: string): string {
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t")
    // What Python does not print: controls, unassigned and private signs, blanks but the plain one.
    .replace(/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, (c) => {
      const n = c.codePointAt(0)!;
      const hex = n.toString(16);
      return n < 256 ? `\\x${hex.padStart(2, "0")}` : n < 65536 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
    });
  return escaped.includes("'") && !escaped.includes('"') ? `"${escaped}"` : `'${escaped.replaceAll("'", "\\'")}'`;
}

export const reprList = (list: string[]): string => `[${list.map(repr).join(", ")}]`;

// What Python takes for a blank; JavaScript's \s counts the byte order mark too.
export const BLANK = "[\\t-\\r\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const ENDS = new RegExp(`^${BLANK}+|${BLANK}+$`, "g");
const BETWEEN = new RegExp(`${BLANK}+`);

/** Blanks at the ends, as Python takes them off. */
export const strip = (text: string): string => text.replace(ENDS, "");
export const casefold = (text: string): string => text.toLowerCase().replaceAll("ß", "ss");
export const splitBlank = (text: string): string[] => text.split(BETWEEN).filter(Boolean);

export const SHOWN = 4;
export function few(names: Part[]): Part {
  const shown = list(names.slice(0, SHOWN));
  return names.length > SHOWN ? say`${shown} and ${names.length - SHOWN} more` : shown;
}

export const pairs = <T>(list: readonly T[]): [T, T][] => list.slice(1).map((b, i) => [list[i]!, b]);
export const unique = <T>(list: Iterable<T>): T[] => [...new Set(list)];
export const thousands = (n: number): string => n.toLocaleString("en-US");

const DIGITS = new Map<string, string>();
/** Text with the digits of every script as 0 to 9. */
export function plainDigits(text: string): string {
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  let made = "";
  for (const c of text) {
    const code = c.codePointAt(0)!;
    if (code >= 65281 && code < 65281 + 94) made += String.fromCharCode(33 + code - 65281);
    else if (c === "٫") made += ".";
    else if (c === "٬") made += ",";
    else if (c === "٪") made += "%";
    else if (code === 8722) made += "-";
    else if (code >= 1536 && /\p{Nd}/u.test(c)) made += digitOf(c, code);
    else made += c;
  }
  return made;
}

/** Decimal digits stand ten in a row in Unicode: the value is the distance from the first. */
function digitOf(c: string, code: number): string {
  const kept = DIGITS.get(c);
  if (kept !== undefined) return kept;
  let first = code;
  while (first > code - 9 && /\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  const value = String((code - first) % 10);
  DIGITS.set(c, value);
  return value;
}
