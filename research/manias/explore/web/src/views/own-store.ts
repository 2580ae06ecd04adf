/** The series that the reader brought, held in memory alone. */
import type { SeriesData } from "../payload";

let held: SeriesData | null = null;
let over: number[] | null = null;

export function ownSeries(): SeriesData | null {
  return held;
}

/** Value over the column beside it (GDP, revenue), where the file has one. */
export function ownShares(): number[] | null {
  return over;
}

export function keepOwn(series: SeriesData | null, shares: number[] | null): void {
  held = series;
  over = shares;
}
