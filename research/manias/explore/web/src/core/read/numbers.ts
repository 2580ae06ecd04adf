/** Numbers as people write them: marks of thousands and decimals, signs, currencies, blanks. */
import { casefold, isNumber, isText, plainDigits, strip, words, type Cell, say, type Part } from "./basics";

export type Mark = "." | ",";

const MISSING = new Set([
  "n/a", "na", "#n/a", "nan", "<na>", "n.a.", "n.a", "null", "none", "nil", ".", "..", "...", "-", "--", "---", ":", "*",
  "#value!", "#div/0!", "#ref!", "#name?", "#num!", "#n/a n/a", "(na)", "(d)", "n.d.", "nd", "not available", "…",
]);
export const FLAGS: Record<string, Part> = {
  p: say`provisional`, e: say`estimated`, r: say`revised`, f: say`forecast`, b: say`break in the series`, s: say`estimated by Eurostat`,
  c: say`confidential`, d: say`definition differs`, i: say`see metadata`, n: say`not significant`, u: say`low reliability`, z: say`not applicable`,
};
const POWERS = new Map<string, number>();
for (const [power, names] of [
  [3, ["k", "thousand"]],
  [5, ["lakh", "lakhs"]],
  [6, ["m", "mm", "mn", "mln", "mio", "mio.", "million", "millions"]],
  [7, ["crore", "crores"]],
  [9, ["b", "bn", "bln", "mrd", "mrd.", "billion", "billions"]],
  [12, ["t", "tn", "trn", "trillion", "trillions"]],
] as const) {
  for (const name of names) POWERS.set(name, power);
}
const LONGEST = [...POWERS.keys()].map((w) => w.replace(".", "\\.")).sort((a, b) => b.length - a.length);
const SCALE = new RegExp(`(?<=[\\d.,])( ?)(${LONGEST.join("|")})$`, "iu");
const FLAG = /(?<=[\d.,%])(?: ?\(([a-z]{1,2})\)| ([a-z]{1,2})|([pefr]))$/iu;
const NO_VALUE = /^:\s*\(?[a-z]{0,2}\)?$/u;
const LAST_SIGN = /(?<=[A-Za-z.]) ?([^\p{L}\p{N}_])$|(?<=[A-Za-z.]) ([A-Za-z]{3})$/u;
const SIMPLE = /^([+-]?)(\d[\d.,]*)$/;
const FOOTNOTE = /\s*(?:[*†‡§]+|\[\d+\])$/u;
const BODY = /^[\d.,' ’]*\d[\d.,' ’]*$/u;
const WHOLE: Record<Mark, RegExp> = {
  ".": /^(?:\d{1,3}(?:[,'’ ]\d{3})+|\d{1,3}(?:,\d{2})+,\d{3}|\d+)?(?:\.\d*)?$/u,
  ",": /^(?:\d{1,3}(?:[.'’ ]\d{3})+|\d+)?(?:,\d*)?$/u,
};

/** A number as it stands in a cell, before its marks are understood. */
export interface Written {
  sign: number;
  body: string;
  exponent: number;
  symbol: string;
  footnote: string;
  flag: string;
  scale: number;
  suffix: string;
}

const smooth = (text: string): string => text.replace(/[\u00a0\u2007\u2009\u202f\u2008\u3000]/g, " ").replace(/[−‒–—﹣－]/g, "-");

/** Whether a cell says that there is no value. */
export function isMissing(cell: Cell): boolean {
  if (cell === null) return true;
  if (isNumber(cell)) return Number.isNaN(cell);
  if (!isText(cell)) return false;
  if (/^\p{Nd}/u.test(cell)) return false;
  const text = casefold(strip(smooth(cell)));
  return !text || MISSING.has(text) || NO_VALUE.test(text);
}

const isCurrency = (c: string | undefined): boolean => c !== undefined && /^\p{Sc}/u.test(c);
const cache = new Map<string, Written | null>();

/** Take a cell apart into sign, digits and symbols, or null where it is no number. */
export function written(cell: string): Written | null {
  const kept = cache.get(cell);
  if (kept !== undefined) return kept;
  const simple = SIMPLE.exec(cell);
  const made = simple ? blank({ sign: simple[1] === "-" ? -1 : 1, body: simple[2]! }) : apart(cell);
  if (cache.size > 200_000) cache.clear();
  cache.set(cell, made);
  return made;
}

const blank = (given: Partial<Written>): Written => ({ sign: 1, body: "", exponent: 0, symbol: "", footnote: "", flag: "", scale: 0, suffix: "", ...given });

function apart(cell: string): Written | null {
  if ([...cell].length > 60 || !/\p{N}/u.test(cell)) return null;
  let text = strip(plainDigits(smooth(cell)));
  let footnote = "";
  const foot = FOOTNOTE.exec(text);
  if (foot) {
    footnote = strip(foot[0]);
    text = text.slice(0, foot.index);
  }
  text = text.replace(/(?<=\d)[.,]-+(?=\s*\D{0,3}$)/u, "");
  let sign = 1;
  const inBrackets = (): boolean => text.startsWith("(") && text.endsWith(")");
  if (inBrackets()) {
    sign = -1;
    text = strip(text.slice(1, -1));
  }
  let symbol: string;
  [symbol, text] = symbolOf(text);
  const end = ending(text, symbol !== "");
  text = end.text;
  if (/^[-+]/.test(text)) {
    if (sign < 0) return null;
    sign = text[0] === "-" ? -1 : 1;
    text = strip(text.slice(1));
  }
  if (!symbol) [symbol, text] = symbolOf(text);
  if (sign > 0 && inBrackets()) {
    sign = -1;
    text = strip(text.slice(1, -1));
  }
  let exponent = 0;
  const power = /^([\d.,]+)[eE]([+-]?\d{1,3})$/.exec(text);
  if (power) {
    text = power[1]!;
    exponent = Number(power[2]);
  }
  if (!BODY.test(text)) return null;
  return { sign, body: text, exponent, symbol, footnote, flag: end.flag, scale: end.scale, suffix: end.suffix };
}

function ending(text: string, hasSymbol: boolean): { text: string; flag: string; scale: number; suffix: string } {
  const scaled = SCALE.exec(text);
  if (scaled) {
    const word = scaled[2]!;
    const isOther = word === "t" || (word === "m" && scaled[1] !== "" && !hasSymbol);
    if (!isOther) return { text: text.slice(0, scaled.index), flag: "", scale: POWERS.get(casefold(word))!, suffix: word };
  }
  const flagged = FLAG.exec(text);
  if (flagged) {
    const flag = casefold((flagged[1] ?? flagged[2] ?? flagged[3])!);
    if ([...flag].every((c) => c in FLAGS)) return { text: strip(text.slice(0, flagged.index)), flag, scale: 0, suffix: "" };
  }
  return { text, flag: "", scale: 0, suffix: "" };
}

/** Currency or percent sign before or after a number, and what is left. */
function symbolOf(text: string): [string, string] {
  if (text.endsWith("%")) return ["%", strip(text.slice(0, -1))];
  const before = /^(-?)\s*([A-Za-z]{0,3})([^\p{L}\p{N}_]?)\s*(?=[-+\d.,(])/u.exec(text);
  if (before && (before[2] || before[3])) {
    const name = before[2]!.toUpperCase();
    const sign = before[3]!;
    const isSign = sign !== "" && isCurrency(sign);
    if (isSign || (words.currencies.has(name) && !/[^-+ ]/.test(sign))) {
      let rest = strip(text.slice(before[0].length));
      if (sign === "-" || sign === "+") rest = sign + rest;
      return [isSign ? before[2] + sign : name, before[1] + rest];
    }
  }
  const after = /(?<=[\d.,)])\s*([^\p{L}\p{N}_]|[A-Za-z]{3})$/u.exec(text);
  if (after && (words.currencies.has(after[1]!.toUpperCase()) || isCurrency(after[1]))) return [after[1]!, strip(text.slice(0, after.index))];
  const last = LAST_SIGN.exec(text);
  if (last) {
    const sign = (last[1] ?? last[2])!;
    if (words.currencies.has(sign.toUpperCase()) || isCurrency(sign)) return [sign, text.slice(0, last.index)];
  }
  return ["", text];
}

/** Whether a cell is a number in some way of writing. */
export function looksNumeric(cell: Cell): boolean {
  if (isNumber(cell)) return !Number.isNaN(cell);
  if (!isText(cell)) return false;
  if (SIMPLE.test(cell)) return true;
  const text = casefold(strip(cell)).replace(/^[+-]+/, "");
  if (text === "inf" || text === "infinity" || /^\p{Nd}[\p{Nd}.,]*[-−]$/u.test(text)) return true;
  return written(cell) !== null;
}

export interface Marks {
  point: string;
  comma: string;
  either: string;
}

/** Look for numbers whose marks can be read in one way only. */
export function marks(cells: Iterable<Cell>): Marks {
  const found: Record<string, string> = { ".": "", ",": "", "": "" };
  for (const cell of cells) {
    const number = isText(cell) && !isMissing(cell) ? written(cell) : null;
    if (!number) continue;
    let vote = voteOf(number.body);
    if (vote === "" && number.exponent) vote = [...number.body].find((c) => c === "." || c === ",") ?? "";
    if (vote !== null && !found[vote]) found[vote] = strip(cell as string);
  }
  return { point: found["."]!, comma: found[","]!, either: found[""]! };
}

/** The decimal mark that a number shows; "" if it may be either, null if it has no mark. */
function voteOf(body: string): string | null {
  const used = [...body].filter((c) => c === "." || c === ",");
  if (!used.length) return null;
  const last = used[used.length - 1]!;
  if (new Set(used).size === 2) return used.filter((c) => c === last).length === 1 ? last : null;
  const mark = used[0]!;
  if (used.length > 1) return mark === "." ? "," : ".";
  const at = body.indexOf(mark);
  const before = body.slice(0, at);
  const after = body.slice(at + 1);
  const digits = before.replace(/\D/g, "");
  const hasGroups = digits !== before;
  return after.length !== 3 || hasGroups || !digits || digits.length > 3 || digits[0] === "0" ? mark : "";
}

/** Number of a cell once the decimal mark is known; null where it is none. */
export function toNumber(cell: Cell, decimal: Mark, scaled = true): number | null {
  if (isNumber(cell)) return Number.isFinite(cell) ? cell : null;
  if (!isText(cell)) return null;
  const number = written(cell);
  if (!number || !WHOLE[decimal].test(number.body)) return null;
  const plain = number.body.replace(decimal === "." ? /[' ’,]/gu : /[' ’.]/gu, "").replace(decimal, ".");
  if (!/\d/.test(plain)) return null;
  const value = number.sign * Number(`${plain}e${number.exponent + (scaled ? number.scale : 0)}`);
  return Number.isFinite(value) ? value : null;
}
