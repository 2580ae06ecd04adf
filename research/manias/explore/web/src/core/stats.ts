import { uniform } from "./random";

export const DRAWS = 2000;
export type Ends = readonly [number, number];

/** Quantile of sorted numbers by linear interpolation between order statistics. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const n = sorted.length;
  if (n === 0) return NaN;
  const at = q * (n - 1);
  const low = Math.floor(at);
  const a = sorted[low]!;
  const b = sorted[Math.min(low + 1, n - 1)]!;
  const t = at - low;
  // As numpy does, from the nearer end.
  return t < 0.5 ? a + (b - a) * t : b - (b - a) * (1 - t);
}

/** Percentile interval of a share, whole blocks drawn with replacement. */
export function percentiles(blocks: number[], fell: boolean[], used: number[], level: number): Ends {
  if (blocks.length === 0) return [NaN, NaN];
  const place = new Map(used.map((block, i) => [block, i]));
  const k = used.length;
  const sizes = new Float64Array(k);
  const hits = new Float64Array(k);
  blocks.forEach((block, i) => {
    const at = place.get(block)!;
    sizes[at]! += 1;
    if (fell[i]) hits[at]! += 1;
  });
  const u = uniform(DRAWS * k);
  const rates: number[] = [];
  for (let d = 0; d < DRAWS; d++) {
    let n = 0;
    let h = 0;
    for (let j = 0; j < k; j++) {
      const at = Math.floor(u[d * k + j]! * k);
      n += sizes[at]!;
      h += hits[at]!;
    }
    if (n > 0) rates.push(h / n);
  }
  rates.sort((a, b) => a - b);
  const tail = (1 - level) / 2;
  return [quantile(rates, tail), quantile(rates, 1 - tail)];
}

/** The wider of two intervals, the first where they are equally wide. */
export function wider(a: Ends, b: Ends): Ends {
  return b[1] - b[0] > a[1] - a[0] ? b : a;
}

/** Interval of Wilson (1927) at 95%. */
export function wilson(hits: number, n: number): Ends {
  const z = 1.959963984540054;
  const p = hits / n;
  const mid = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n);
  return [Math.max(0, mid - half), Math.min(1, mid + half)];
}
