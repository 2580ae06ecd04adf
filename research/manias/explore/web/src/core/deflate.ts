/** Money in the prices of one year (deflate, with price_index). */
import { formatPeriod, parsePeriod, PER_YEAR, type Frequency, type Period } from "./clock";

/** Consumer prices by month, every month from the first on. */
export interface PriceIndex {
  currency: string;
  first: string;
  values: number[];
  base: string;
  place: number;
}

/** Mean of the months of a period; NaN unless all are on record. */
export function priceLevel(index: PriceIndex, p: Period): number {
  const span = 12 / PER_YEAR[p.freq];
  const from = p.n * span - parsePeriod(index.first).n;
  if (from < 0 || from + span > index.values.length) return NaN;
  return index.values.slice(from, from + span).reduce((a, b) => a + b, 0) / span;
}

/** Values in the prices of the year of the base; NaN where no level of prices is on record. */
export function deflated(periods: Period[], values: number[], index: PriceIndex): number[] {
  const base = priceLevel(index, { freq: "Y", n: Number(index.base) });
  return values.map((v, i) => (v / priceLevel(index, periods[i]!)) * base);
}

export const deflatedOf = (periods: string[], values: number[], index: PriceIndex): number[] =>
  deflated(periods.map(parsePeriod), values, index);

/** Code of the currency that a unit names, or nothing. */
export const currencyOf = (unit: string, currencies: readonly string[]): string | null =>
  unit.split(/\s+/).find((word) => currencies.includes(word)) ?? null;

/** Periods of which prices are on record. */
export function reachOf(index: PriceIndex, freq: Frequency): string {
  const first = parsePeriod(index.first).n;
  const span = 12 / PER_YEAR[freq];
  const from = Math.ceil(first / span);
  const to = Math.floor((first + index.values.length) / span) - 1;
  return `${formatPeriod({ freq, n: from })}–${formatPeriod({ freq, n: to })}`;
}
