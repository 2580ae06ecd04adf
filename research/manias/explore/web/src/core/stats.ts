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

/** Chance that Student's t on whole degrees of freedom lies within sqrt(df) tan(angle) of 0. */
function within(angle: number, df: number): number {
  // Abramowitz & Stegun (1964), 26.7.3 and 26.7.4.
  const square = Math.cos(angle) ** 2;
  let term = df % 2 ? Math.cos(angle) : 1;
  let sum = df === 1 ? 0 : term;
  for (let k = df % 2 ? 3 : 2; k < df; k += 2) {
    term *= ((k - 1) / k) * square;
    sum += term;
  }
  return df % 2 ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}

const NORMAL: Record<number, number> = { 0.9: 1.6448536269514722, 0.95: 1.959963984540054 };

/** Standard errors from the middle of an interval to its ends: Student's law of so many clusters. */
export function tReach(level: number, clusters: number): number {
  const df = clusters - 1;
  let low = 0;
  let high = Math.PI / 2;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (within(middle, df) < level) low = middle;
    else high = middle;
  }
  return Math.sqrt(df) * Math.tan((low + high) / 2);
}

/**
 * Interval of a share whose cases come in clusters; those of several groupings cross, and their
 * variances are added. As `clustered_share` in Python, where the sources stand.
 */
export function clusteredShare(fell: boolean[], groupings: number[][], level: number): Ends {
  const n = fell.length;
  if (n === 0) return [NaN, NaN];
  const hits = fell.filter(Boolean).length;
  const share = hits / n;
  const alone = (share * (1 - share)) / n;
  let variance = 0;
  let alike = 0;
  let fewest = Infinity;
  for (const groups of groupings) {
    const sums = new Map<number, [number, number]>();
    groups.forEach((group, i) => {
      const one = sums.get(group) ?? [0, 0];
      one[0] += 1;
      if (fell[i]) one[1] += 1;
      sums.set(group, one);
    });
    const all = [...sums.values()];
    if (all.length < 2) return [0, 1];
    const squares = all.reduce((s, [size, hit]) => s + ((hits - hit) / (n - size) - share) ** 2, 0);
    variance += ((all.length - 1) / all.length) * squares;
    alike = Math.max(alike, all.reduce((s, [size]) => s + size * size, 0) / n);
    fewest = Math.min(fewest, all.length);
  }
  if (alone === 0) return wilson(share, n / alike, NORMAL[level]!);
  return wilson(share, n / Math.max(1, variance / alone), tReach(level, fewest));
}

/** Wilson's interval (1927) of a share of so many cases, so many standard errors wide. */
function wilson(p: number, n: number, z: number): Ends {
  const mid = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n);
  return [Math.max(0, mid - half), Math.min(1, mid + half)];
}
