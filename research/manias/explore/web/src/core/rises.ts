/** How often spending that rose so much against GDP fell so much afterwards (count_rises). */
import { permutation } from "./random";
import { clusteredShare, quantile } from "./stats";

export interface SpendingPanel {
  first: number;
  units: string[];
  blocks: number[];
  dollars: (number | null)[][] | null;
  share: (number | null)[][] | null;
  gdp: (number | null)[] | null;
  floor: number;
  horizon: number;
  starts: [number, number] | null;
  perBlock: number;
  edges: number[];
  ways: string[];
}

export interface RiseQuestion {
  low: number;
  high: number;
  years: number;
  horizon: number;
  follow: "dollars" | "share";
  fall: number;
  decade: number | null;
  volatility: "" | "calm" | "middle" | "noisy";
}

export interface Count {
  n: number;
  falls: number;
  units: number;
  blocks: number;
  frequency: number;
  low: number;
  high: number;
}

/** Levels by unit and year. */
interface Levels {
  share: Float64Array[];
  money: Float64Array[];
}

interface Case {
  unit: number;
  year: number;
  rise: number;
  fell: boolean;
}

const LEVEL = 0.9;
export const THIRDS = ["calm", "middle", "noisy"] as const;

export function levels(panel: SpendingPanel): Levels {
  const column = (values: (number | null)[]): Float64Array =>
    Float64Array.from(values, (v) => (v === null ? NaN : v));
  if (panel.dollars === null) {
    const share = panel.share!.map(column);
    return { share, money: share };
  }
  const gdp = column(panel.gdp!);
  const money = panel.dollars.map(column);
  return { share: money.map((one) => one.map((v, t) => v / gdp[t]!)), money };
}

function lowest(values: Float64Array, at: number, horizon: number): number {
  if (at + horizon >= values.length) return NaN;
  let low = Infinity;
  for (let h = 1; h <= horizon; h++) {
    const v = values[at + h]!;
    if (Number.isNaN(v)) return NaN;
    if (v < low) low = v;
  }
  return low;
}

function casesOf(name: string, panel: SpendingPanel, data: Levels, ask: RiseQuestion): Case[] {
  const found: Case[] = [];
  const [start, end] = panel.starts ?? [-Infinity, Infinity];
  const alone = name === "firms" && ask.follow === "dollars";
  data.share.forEach((share, unit) => {
    const money = data.money[unit]!;
    const size = name === "firms" ? money : share;
    for (let t = ask.years; t < share.length; t++) {
      const year = panel.first + t;
      const level = share[t]!;
      const past = share[t - ask.years]!;
      if (year < start || year > end || !(level > 0) || !(past > 0) || !(size[t]! >= panel.floor)) continue;
      const rise = level / past - 1;
      if (!Number.isFinite(rise)) continue;
      const ofMoney = lowest(money, t, ask.horizon);
      const ofShare = lowest(share, t, ask.horizon);
      if (!Number.isFinite(ofMoney) || (!alone && !Number.isFinite(ofShare))) continue;
      const low = ask.follow === "share" ? ofShare : ofMoney;
      const now = ask.follow === "share" ? level : money[t]!;
      found.push({ unit, year, rise, fell: low <= (1 - ask.fall) * now });
    }
  });
  return found;
}

/** Standard deviation of the yearly log changes in the ten years before the rise. */
export function priorVolatility(share: ArrayLike<number>, at: number, years: number): number {
  const end = at - years;
  const changes: number[] = [];
  for (let t = Math.max(1, end - 9); t <= end; t++) {
    const a = share[t - 1]!;
    const b = share[t]!;
    if (a > 0 && b > 0) changes.push(Math.log(b) - Math.log(a));
  }
  if (changes.length < 5) return NaN;
  const mean = changes.reduce((s, v) => s + v, 0) / changes.length;
  return Math.sqrt(changes.reduce((s, v) => s + (v - mean) ** 2, 0) / (changes.length - 1));
}

export function countRises(name: string, panel: SpendingPanel, data: Levels, ask: RiseQuestion): Count {
  const cases = casesOf(name, panel, data, ask);
  const first = cases.reduce((a, c) => Math.min(a, c.year), Infinity);
  let kept = cases;
  if (ask.decade !== null) kept = kept.filter((c) => Math.floor(c.year / 10) * 10 === ask.decade);
  if (ask.volatility !== "") {
    const spread = (c: Case): number => priorVolatility(data.share[c.unit]!, c.year - panel.first, ask.years);
    const known = cases.map(spread).filter(Number.isFinite).sort((a, b) => a - b);
    const ends = [quantile(known, 1 / 3), quantile(known, 2 / 3)] as const;
    const want = THIRDS.indexOf(ask.volatility);
    kept = kept.filter((c) => {
      const v = spread(c);
      return Number.isFinite(v) && (v >= ends[0] ? 1 : 0) + (v >= ends[1] ? 1 : 0) === want;
    });
  }
  const inside = kept.filter((c) => c.rise >= ask.low && c.rise < ask.high);
  const fell = inside.map((c) => c.fell);
  const unit = (c: Case): number => panel.blocks[c.unit]!;
  const time = (c: Case): number => Math.floor((c.year - first) / panel.perBlock);
  const [low, high] = clusteredShare(fell, [inside.map(unit), inside.map(time)], LEVEL);
  const falls = fell.filter(Boolean).length;
  return {
    n: inside.length,
    falls,
    units: new Set(inside.map((c) => c.unit)).size,
    blocks: new Set(inside.map(time)).size,
    frequency: inside.length ? falls / inside.length : NaN,
    low,
    high,
  };
}

/** A column from its first level, its relative changes in another order of years. */
function inOrder(level: Float64Array, order: number[]): Float64Array {
  const made = new Float64Array(level.length).fill(NaN);
  const first = level.findIndex(Number.isFinite);
  if (first < 0) return made;
  made[first] = level[first]!;
  let now = level[first]!;
  let at = 0;
  for (const u of order) {
    if (Number.isNaN(level[u]!) || Number.isNaN(level[u + 1]!)) continue;
    while (Number.isNaN(level[at]!) || Number.isNaN(level[at + 1]!)) at += 1;
    now *= level[u + 1]! / level[u]!;
    made[at + 1] = now;
    at += 1;
  }
  return made;
}

/** The share with the years in a given order, of units without a year of nothing or less. */
export function rateInOrder(
  name: string,
  panel: SpendingPanel,
  data: Levels,
  ask: RiseQuestion,
  order: number[],
): number {
  const good = data.share.map((one) => !one.some((v) => v <= 0));
  const keep = (columns: Float64Array[]): Float64Array[] =>
    columns.filter((_, i) => good[i]).map((one) => inOrder(one, order));
  const share = keep(data.share);
  const made = { share, money: panel.dollars === null ? share : keep(data.money) };
  const cases = casesOf(name, panel, made, ask).filter((c) => c.rise >= ask.low && c.rise < ask.high);
  return cases.length ? cases.filter((c) => c.fell).length / cases.length : NaN;
}

export function orders(data: Levels, shuffles: number): number[][] {
  const n = (data.share[0]?.length ?? 1) - 1;
  return Array.from({ length: shuffles }, (_, seed) => permutation(n, seed));
}

export function backwards(data: Levels): number[] {
  const n = (data.share[0]?.length ?? 1) - 1;
  return Array.from({ length: n }, (_, i) => n - 1 - i);
}

/** Mean of what is known. */
export function meanKnown(values: number[]): number {
  const known = values.filter(Number.isFinite);
  return known.length ? known.reduce((s, v) => s + v, 0) / known.length : NaN;
}

export type { Levels };
