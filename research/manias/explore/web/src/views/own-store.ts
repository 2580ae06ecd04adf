/** The series that the reader brought, held in memory alone. */
import type { PricePlace } from "../core/place-price";
import type { SeriesData } from "../payload";

let held: SeriesData | null = null;
let over: number[] | null = null;
let priced: PricePlace | null = null;

export function ownSeries(): SeriesData | null {
  return held;
}

/** Value over the column beside it (GDP, revenue), where the file has one. */
export function ownShares(): number[] | null {
  return over;
}

/** Where its prices stand, where it is an index by month. */
export function ownPrice(): PricePlace | null {
  return priced;
}

export function keepOwn(series: SeriesData | null, shares: number[] | null, price: PricePlace | null = null): void {
  held = series;
  over = shares;
  priced = price;
}
