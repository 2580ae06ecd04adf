/** Accounts by quarter, added up over four quarters in a row. */
export interface Quarterly {
  quarters: string[];
  values: number[];
}

const ordinal = (quarter: string): number => Number(quarter.slice(0, 4)) * 4 + Number(quarter.slice(5)) - 1;

/** Sums of four quarters in a row, by the last of them. */
export function fourQuarters(one: Quarterly): Map<string, number> {
  const at = new Map(one.quarters.map((q, i) => [ordinal(q), one.values[i]!]));
  const found = new Map<string, number>();
  for (const quarter of one.quarters) {
    const n = ordinal(quarter);
    const parts = [n - 3, n - 2, n - 1, n].map((k) => at.get(k));
    if (parts.every((v): v is number => v !== undefined)) found.set(quarter, parts.reduce((s, v) => s + v, 0));
  }
  return found;
}

/** Spending over cash from operations; infinite where there is no positive cash. */
export function paying(capex: Map<string, number>, cash: Map<string, number>): Map<string, number> {
  const found = new Map<string, number>();
  for (const [quarter, spent] of capex) {
    const own = cash.get(quarter);
    if (own !== undefined) found.set(quarter, own > 0 ? spent / own : Infinity);
  }
  return found;
}

/** One account less another, quarter by quarter. */
export function less(a: Map<string, number>, b: Map<string, number>): Map<string, number> {
  const found = new Map<string, number>();
  for (const [quarter, value] of a) {
    const other = b.get(quarter);
    if (other !== undefined) found.set(quarter, value - other);
  }
  return found;
}

export const single = (one: Quarterly): Map<string, number> => new Map(one.quarters.map((q, i) => [q, one.values[i]!]));

/** Who pays over four quarters, and free cash flow of each quarter. */
export function payingOf(capex: Quarterly, cash: Quarterly): { ratio: Map<string, number>; free: Map<string, number> } {
  return { ratio: paying(fourQuarters(capex), fourQuarters(cash)), free: less(single(cash), single(capex)) };
}
