/** Spending of a file over its GDP, or over its revenue, by sums of a year (own_path). */
import type { OwnSeries } from "./read";

export interface OwnPath {
  over: "gdp" | "revenue";
  steps: number;
  /** By period from the first to the last; NaN where it is not on record. */
  share: number[];
  first: number;
}

export function ownPath(series: OwnSeries): OwnPath | null {
  const over = (["gdp", "revenue"] as const).find((name) => series.beside.has(name));
  const f = series.periods[0]!.f;
  if (!over) return null;
  const steps = f === "Q" ? 4 : 1;
  const start = series.periods[0]!.n;
  const n = series.periods[series.periods.length - 1]!.n - start + 1;
  const lay = (values: number[]): number[] => {
    const found = new Array<number>(n).fill(NaN);
    series.periods.forEach((p, i) => {
      found[p.n - start] = values[i]!;
    });
    return found;
  };
  const sums = (values: number[]): number[] =>
    values.map((_, t) => (t < steps - 1 ? NaN : values.slice(t - steps + 1, t + 1).reduce((a, b) => a + b, 0)));
  const above = sums(lay(series.values));
  const below = sums(lay(series.beside.get(over)!));
  const share = above.map((v, t) => (below[t]! > 0 ? v / below[t]! : NaN));
  const known = share.flatMap((v, t) => (Number.isNaN(v) ? [] : [t]));
  if (!known.length) return null;
  const from = known[0]!;
  const to = known[known.length - 1]!;
  return { over, steps, share: share.slice(from, to + 1), first: start + from };
}

/** Shares a year apart, the last one last. */
export function yearly(path: OwnPath): number[] {
  return path.share.filter((_, t) => (path.share.length - 1 - t) % path.steps === 0);
}

/** Rise over some years to the last period; NaN where one of the two is missing or not above 0. */
export function riseTo(path: OwnPath, years: number): number {
  const now = path.share[path.share.length - 1]!;
  const past = path.share[path.share.length - 1 - years * path.steps] ?? NaN;
  return Math.min(now, past) > 0 ? now / past - 1 : NaN;
}
