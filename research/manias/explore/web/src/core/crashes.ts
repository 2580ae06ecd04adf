/** How often share prices of an industry that rose so much in two years crashed (count_crashes). */
import type { Count } from "./rises";
import { clusteredShare } from "./stats";

export type RunUp = [industry: number, crossing: string, drawdowns: (number | null)[]];

export interface Crashes {
  industries: string[];
  thresholds: number[];
  horizons: number[];
  crashes: number[];
  runups: Record<string, RunUp[]>;
}

export interface CrashQuestion {
  threshold: number;
  horizon: number;
  crash: number;
  decade: number | null;
  /** Last month that was known, where that is not the last on record. */
  until?: number;
}

const month = (text: string): number => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7)) - 1;

/** Number the separate stretches of time that hold some months, from 1. */
export function numberWaves(crossings: number[], months: number): number[] {
  let waves = 0;
  let end = -Infinity;
  const found = new Map<number, number>();
  for (const crossing of [...new Set(crossings)].sort((a, b) => a - b)) {
    if (crossing >= end) {
      waves += 1;
      end = crossing + months;
    }
    found.set(crossing, waves);
  }
  return crossings.map((one) => found.get(one)!);
}

/** Run-ups that count, with the deepest fall of each. */
export function ended(data: Crashes, ask: CrashQuestion): { industry: string; crossing: string; drawdown: number }[] {
  const at = data.horizons.indexOf(ask.horizon);
  return (data.runups[String(ask.threshold)] ?? [])
    .filter(([, crossing, falls]) => falls[at] !== null && month(crossing) + ask.horizon <= (ask.until ?? Infinity) && (ask.decade === null || Math.floor(Number(crossing.slice(0, 4)) / 10) * 10 === ask.decade))
    .map(([industry, crossing, falls]) => ({
      industry: data.industries[industry]!,
      crossing,
      drawdown: falls[at]!,
    }));
}

export function countCrashes(data: Crashes, ask: CrashQuestion): Count {
  const found = ended(data, ask);
  const fell = found.map((one) => one.drawdown <= -ask.crash);
  const waves = numberWaves(found.map((one) => month(one.crossing)), ask.horizon);
  const n = found.length;
  const falls = fell.filter(Boolean).length;
  if (n === 0) return { n, falls, units: 0, blocks: 0, frequency: NaN, low: NaN, high: NaN };
  const [low, high] = clusteredShare(fell, [waves], 0.95);
  return {
    n,
    falls,
    units: new Set(found.map((one) => one.industry)).size,
    blocks: new Set(waves).size,
    frequency: falls / n,
    low,
    high,
  };
}
