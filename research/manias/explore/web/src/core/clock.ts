/** Periods, event time and indices (align and rebase). */
export type Frequency = "Y" | "Q" | "M";
export const PER_YEAR: Record<Frequency, number> = { Y: 1, Q: 4, M: 12 };

export interface Period {
  freq: Frequency;
  n: number;
}

/** A period from its text: 2026, 2026Q2 or 2026-02. */
export function parsePeriod(text: string): Period {
  const found = /^(-?\d{1,4})(?:Q([1-4])|-(\d\d))?$/.exec(text);
  if (!found) throw new Error(`period ${JSON.stringify(text)}: expected 2026, 2026Q2 or 2026-02`);
  const year = Number(found[1]);
  if (found[2]) return { freq: "Q", n: year * 4 + Number(found[2]) - 1 };
  if (found[3]) return { freq: "M", n: year * 12 + Number(found[3]) - 1 };
  return { freq: "Y", n: year };
}

export function formatPeriod(p: Period): string {
  const per = PER_YEAR[p.freq];
  const year = Math.floor(p.n / per);
  const part = p.n - year * per + 1;
  if (p.freq === "Q") return `${year}Q${part}`;
  if (p.freq === "M") return `${year}-${String(part).padStart(2, "0")}`;
  return String(year);
}

/** A month is placed in its quarter or year; a year starts at its first quarter or month. */
export function inFrequency(p: Period, freq: Frequency): Period {
  return { freq, n: Math.floor((p.n * PER_YEAR[freq]) / PER_YEAR[p.freq]) };
}

/** Years since the anchor of each period. */
export function eventTime(periods: Period[], anchor: Period): number[] {
  return periods.map((p) => (p.n - inFrequency(anchor, p.freq).n) / PER_YEAR[p.freq]);
}

/** Values as an index, 100 at the anchor; null where there is no value above 0 there. */
export function rebase(periods: Period[], values: number[], anchor: Period, to = 100): number[] | null {
  const at = periods.findIndex((p) => p.n === inFrequency(anchor, p.freq).n);
  const base = values[at];
  if (base === undefined || !(base > 0)) return null;
  return values.map((v) => v * (to / base));
}

export const eventTimeOf = (periods: string[], anchor: string): number[] =>
  eventTime(periods.map(parsePeriod), parsePeriod(anchor));

export const rebaseOf = (periods: string[], values: number[], anchor: string): number[] | null =>
  rebase(periods.map(parsePeriod), values, parsePeriod(anchor));
