/** Where a monthly index of one's own stands on the ladder of run-ups (assess_series). */
import { formatPeriod, parsePeriod } from "./clock";
import { countCrashes, type Crashes } from "./crashes";
import { general, InputError, say, type Part } from "./read/basics";
import { readTable, refuseNotPositive, seriesOf, type OwnSeries } from "./read";
import type { Count } from "./rises";
import { clusteredShare } from "./stats";

export interface PriceLadder {
  rungs: number[];
  window: number;
  longWindow: number;
  longReturn: number;
  horizon: number;
  crash: number;
  /** First month of a return of the market. */
  first: string;
  market: number[];
  /** Any stretches of one horizon: month of the panel in which they begin, how many, how many fell. */
  windows: [start: number, n: number, falls: number][];
}

export interface PricePlace {
  asOf: string;
  runup: number;
  net: number;
  longReturn: number;
  rung: number | null;
  since: string | null;
  /** Of past run-ups over the rung; of any two years below the lowest. */
  count: Count;
}

const said = (n: number): string => formatPeriod({ freq: "M", n });

/** Levels by month from the first to the last; refuses gaps and levels of nought. */
function every(what: "level" | "market", name: string, months: number[], values: number[], tail: Part): number[] {
  const first = months[0]!;
  const span = new Array<number>(months[months.length - 1]! - first + 1).fill(NaN);
  months.forEach((m, i) => {
    span[m - first] = values[i]!;
  });
  const gap = span.findIndex(Number.isNaN);
  if (gap >= 0) throw new InputError(what === "level" ? say`${name}: no level in ${said(first + gap)}; expected every month` : say`${name}: no market in ${said(first + gap)}; expected every month${tail}`);
  const bad = span.findIndex((v) => v <= 0);
  if (bad >= 0) throw new InputError(say`${name}: ${what === "level" ? say`level` : say`market`} ${general(span[bad]!)} in ${said(first + bad)}; expected more than 0`);
  return span;
}

/** Level of the market by month, from the month before its first return. */
function marketLevels(ladder: PriceLadder): number[] {
  const levels = [1];
  for (const r of ladder.market) levels.push(levels[levels.length - 1]! * (1 + r));
  return levels;
}

export function placePrice(series: OwnSeries, data: Crashes, ladder: PriceLadder): PricePlace {
  const { name } = series;
  if (series.periods[0]!.f !== "M") throw new InputError(say`${name}: not monthly; expected months for the run-up lens`);
  const months = series.periods.map((p) => p.n);
  const start = parsePeriod(ladder.first).n;
  const end = start + ladder.market.length - 1;
  const level = every("level", name, months, series.values, "");
  const own = series.beside.get("market");
  const known = own ?? marketLevels(ladder);
  const beside = months.map((m, i) => (own ? own[i]! : (known[m - start + 1] ?? NaN)));
  const market = every("market", name, months, beside, say` (a column market brings it; without one it is on record from ${said(start)} to ${said(end)})`);
  const last = months[months.length - 1]!;
  if (level.length <= ladder.window) throw new InputError(say`${name}: ${level.length} months; expected more than ${ladder.window}`);
  if (last < start) throw new InputError(say`${name}: its last month is ${said(last)}; the ladder begins in ${said(start)}`);
  const seen = Math.min(last, end) - start + 1;
  const needed = ladder.window + ladder.horizon;
  if (seen < needed) throw new InputError(say`${seen} months to ${said(start + seen - 1)}: expected at least ${needed}, one window and one horizon`);
  const over = (levels: number[], t: number, span: number): number => (t >= span ? levels[t]! / levels[t - span]! - 1 : NaN);
  const meets = (rung: number, t: number): boolean => {
    const raw = over(level, t, ladder.window);
    const long = over(level, t, ladder.longWindow);
    return raw >= rung && raw - over(market, t, ladder.window) >= rung && !(long < ladder.longReturn);
  };
  const now = level.length - 1;
  const rung = [...ladder.rungs].reverse().find((one) => meets(one, now)) ?? null;
  let since = now;
  while (rung !== null && meets(rung, since - 1)) since -= 1;
  const runup = over(level, now, ladder.window);
  return {
    asOf: said(last),
    runup,
    net: runup - over(market, now, ladder.window),
    longReturn: over(level, now, ladder.longWindow),
    rung,
    since: rung === null ? null : said(months[0]! + since),
    count:
      rung === null
        ? anyStretch(ladder, seen)
        : countCrashes(data, { threshold: rung, horizon: ladder.horizon, crash: ladder.crash, decade: null, until: start + seen - 1 }),
  };
}

/** Stretches of one horizon that were over in the first so many months of the panel. */
export function anyStretch(ladder: PriceLadder, seen: number): Count {
  const ended = ladder.windows.filter(([t]) => t + ladder.horizon <= seen);
  const waves: number[] = [];
  const fell: boolean[] = [];
  for (const [t, n, falls] of ended) {
    for (let k = 0; k < n; k++) {
      waves.push(Math.floor(t / ladder.horizon));
      fell.push(k < falls);
    }
  }
  const n = fell.length;
  const falls = fell.filter(Boolean).length;
  if (!n) return { n, falls, units: 0, blocks: 0, frequency: NaN, low: NaN, high: NaN };
  const [low, high] = clusteredShare(fell, [waves], 0.95);
  return { n, falls, units: 0, blocks: new Set(waves).size, frequency: falls / n, low, high };
}

/** Place the prices of a file, or tell what is wrong with it. */
export async function placeOwnPrice(file: string, bytes: number[], data: Crashes & { ladder: PriceLadder }): Promise<unknown> {
  try {
    const reading = await readTable(file, Uint8Array.from(bytes));
    const series = seriesOf(reading);
    refuseNotPositive(reading);
    return placePrice(series, data, data.ladder);
  } catch (error) {
    if (error instanceof InputError) return { refused: error.message };
    throw error;
  }
}
