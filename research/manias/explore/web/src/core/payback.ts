/** Which revenue would pay for the spending on AI (PaybackModel of the case "ai"). */
export interface Assumed {
  ai_share_of_capex: number;
  ai_share_servers: number;
  ai_life_servers_economic: number;
  ai_life_buildings: number;
  ai_cost_of_capital: number;
  ai_opex_share_neocloud: number;
  ai_revenue_2026: number;
  ai_revenue_growth: number;
  ai_first_year: number;
}

export interface Spent {
  years: number[];
  capex: number[];
  horizon: number;
  coverBy: number;
}

export interface PaybackYear {
  year: number;
  capex: number;
  depreciation: number;
  capital: number;
  required: number;
  revenue: number;
  isAssumed: boolean;
}

export interface PaybackAnswer {
  path: PaybackYear[];
  required: number;
  revenue: number;
  ratio: number;
  growthNeeded: number;
  covered: number | null;
}

/** Depreciation, capital not written off and required revenue of each year. */
export function requiredRevenue(
  capex: number[],
  shares: number[],
  lives: number[],
  rate: number,
  opexShare: number,
): { depreciation: number[]; capital: number[]; required: number[] } {
  const n = capex.length;
  const written = capex.map((_, t) => {
    let sum = 0;
    for (let s = 0; s <= t; s++) {
      let gone = 0;
      const age = t - s + 0.5;
      shares.forEach((share, c) => {
        gone += share * Math.min(Math.max(age / lives[c]!, 0), 1);
      });
      sum += gone * capex[s]!;
    }
    return sum;
  });
  let bought = 0;
  const closing = capex.map((spent, t) => (bought += spent) - written[t]!);
  const depreciation = written.map((w, t) => w - (t ? written[t - 1]! : 0));
  const capital = closing.map((c, t) => (c + (t ? closing[t - 1]! : 0)) / 2);
  const required = Array.from(
    { length: n },
    (_, t) => (depreciation[t]! + rate * capital[t]!) / (1 - opexShare),
  );
  return { depreciation, capital, required };
}

export function solvePayback(data: Spent, a: Assumed, growth: number, level: number | null): PaybackAnswer {
  const kept = data.years.map((year, i) => ({ year, capex: data.capex[i]! })).filter((s) => s.year >= a.ai_first_year);
  const last = kept[kept.length - 1]!;
  if (level !== null) last.capex = level;
  const seen = kept.map((s) => s.capex * a.ai_share_of_capex);
  const years = Array.from({ length: data.horizon - kept[0]!.year + 1 }, (_, i) => kept[0]!.year + i);
  const at = last.year - kept[0]!.year;
  const capex = years.map((_, i) => (i <= at ? seen[i]! : seen[at]! * (1 + growth) ** (i - at)));
  const servers = a.ai_share_servers;
  const { depreciation, capital, required } = requiredRevenue(
    capex,
    [servers, 1 - servers],
    [a.ai_life_servers_economic, a.ai_life_buildings],
    a.ai_cost_of_capital / 100,
    a.ai_opex_share_neocloud,
  );
  const revenue = years.map((_, i) => (i < at ? NaN : a.ai_revenue_2026 * (1 + a.ai_revenue_growth) ** (i - at)));
  const ahead = data.coverBy - last.year;
  const covers = years.find((_, i) => i >= at && revenue[i]! >= required[i]!);
  return {
    path: years.map((year, i) => ({
      year,
      capex: capex[i]!,
      depreciation: depreciation[i]!,
      capital: capital[i]!,
      required: required[i]!,
      revenue: revenue[i]!,
      isAssumed: i > at,
    })),
    required: required[at]!,
    revenue: revenue[at]!,
    ratio: required[at]! / revenue[at]!,
    growthNeeded:
      ahead < 1 || at + ahead >= years.length || !(revenue[at]! > 0)
        ? NaN
        : (required[at + ahead]! / revenue[at]!) ** (1 / ahead) - 1,
    covered: covers ?? null,
  };
}
