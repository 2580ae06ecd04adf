/** Payback: the revenue that would pay for the spending, beside the revenue there is. */
import * as Plot from "@observablehq/plot";
import { solvePayback, type Assumed, type PaybackYear } from "../core/payback";
import { t } from "../messages";
import { record } from "../payload";
import { base, theme, type Point } from "../ui/chart";
import { range, select } from "../ui/controls";
import { h } from "../ui/dom";
import type { Output, View } from "../ui/frame";
import type { Params } from "../ui/params";
import { placeCells, placeNode, restsNode } from "../ui/provenance";
import { billions, formatNumber, percent } from "../ui/table";

const SLIDERS = [
  { key: "life", id: "ai_life_servers_economic", name: "aLife", min: 2, max: 12, step: 0.5, scale: 1, form: "years" },
  { key: "buildings", id: "ai_life_buildings", name: "aBuildings", min: 10, max: 50, step: 1, scale: 1, form: "years" },
  { key: "cost", id: "ai_cost_of_capital", name: "aCost", min: 0, max: 20, step: 0.5, scale: 1, form: "percent" },
  { key: "share", id: "ai_share_of_capex", name: "aShare", min: 20, max: 100, step: 1, scale: 0.01, form: "percent" },
  { key: "servers", id: "ai_share_servers", name: "aServers", min: 20, max: 90, step: 1, scale: 0.01, form: "percent" },
  { key: "opex", id: "ai_opex_share_neocloud", name: "aOpex", min: 0, max: 80, step: 1, scale: 0.01, form: "percent" },
  { key: "rgrowth", id: "ai_revenue_growth", name: "aRevenueGrowth", min: -20, max: 200, step: 0.5, scale: 0.01, form: "percent" },
] as const;

function central(id: string): number {
  return record.payback.assumptions[id]!.central;
}

export function assumedOf(params: Params): { a: Assumed; growth: number; level: number | null } {
  const a = Object.fromEntries(Object.keys(record.payback.assumptions).map((id) => [id, central(id)])) as unknown as Assumed;
  for (const s of SLIDERS) {
    const now = params.number(s.key, NaN);
    if (Number.isFinite(now)) a[s.id] = s.scale === 1 ? now : now / 100;
  }
  const basis = params.get("earning", Object.keys(record.payback.earning)[0] ?? "");
  a.ai_revenue_2026 = record.payback.earning[basis] ?? central("ai_revenue_2026");
  const own = params.number("revenue", NaN);
  if (basis === "own" && own > 0) a.ai_revenue_2026 = own;
  const spent = params.get("spending", "last four quarters");
  const level = spent === "last four quarters" ? null : (record.payback.spending[spent] ?? null);
  return { a, growth: params.number("growth", 0) / 100, level };
}

function output(params: Params): Output {
  const look = theme();
  const { a, growth, level } = assumedOf(params);
  const found = solvePayback(record.payback, a, growth, level);
  const shown = found.path.filter((y) => y.year <= params.number("to", record.payback.coverBy + 1));
  const rows = record.payback.published;
  const last = shown.find((y) => !y.isAssumed && Number.isFinite(y.revenue));
  const points: Point[] = shown.flatMap((y) => [
    { x: y.year, y: y.required, series: "required", label: `${t("required")} ${y.year}: ${formatNumber(y.required)}`, detail: () => detail(y) },
    ...(Number.isFinite(y.revenue) ? [{ x: y.year, y: y.revenue, series: "revenue", label: `${t("revenue")} ${y.year}: ${formatNumber(y.revenue)}`, detail: () => detail(y) }] : []),
  ]);
  const detail = (y: PaybackYear): HTMLElement =>
    h(
      "div",
      {},
      h("div", { class: "value" }, `${y.year}: ${t("required")} ${billions(y.required)}, ${t("revenue")} ${billions(y.revenue)}`),
      h("div", {}, `${t("aiSpending")}: ${billions(y.capex)}; ${t("depreciation")}: ${billions(y.depreciation)}; ${t("notWrittenOff")}: ${billions(y.capital)}${y.isAssumed ? `; ${t("assumed")}` : ""}`),
      placeNode(record.payback.rests.place),
    );
  const published = rows.map((p) => ({ ...p, year: Number(p.asOf.slice(0, 4)) })).filter((p) => Number.isFinite(p.year));
  points.push(
    ...published.map((p) => ({
      x: p.year,
      y: p.required,
      series: "published",
      label: `${p.what}: ${billions(p.required)}`,
      detail: () => h("div", {}, h("div", { class: "value" }, billions(p.required)), h("div", { dir: "auto" }, `${p.what} (${p.asOf})`), placeNode(p.place)),
    })),
  );
  const ends = [
    { name: t("required"), key: "required" as const, colour: look.strong },
    { name: t("revenue"), key: "revenue" as const, colour: look.colours[0]! },
  ];
  return {
    heading: t("paybackHeading", { required: billions(found.required, 3), revenue: billions(found.revenue, 3), ratio: formatNumber(found.ratio, 3) }),
    lead: [t("paybackLead")],
    numbers: [
      { label: t("required"), value: billions(found.required), id: "required" },
      { label: t("revenue"), value: billions(found.revenue), id: "revenue" },
      { label: t("ratio"), value: t("times", { n: formatNumber(found.ratio, 3) }), id: "ratio" },
      { label: t("growthNeeded", { year: record.payback.coverBy }), value: percent(found.growthNeeded, 1), id: "growth" },
      { label: t("covered"), value: found.covered === null ? t("never", { year: record.payback.horizon }) : String(found.covered), id: "covered" },
    ],
    chart: (width) => ({
      label: t("paybackChart"),
      points,
      options: {
        ...base(look, width, 380),
        marginLeft: 58,
        marginRight: width < 560 ? 12 : 150,
        marginTop: 28,
        marginBottom: 42,
        x: { tickFormat: "d", label: t("year"), labelArrow: "none", labelAnchor: "center", ticks: width < 560 ? 5 : 10 },
        y: { label: t("billionYear"), labelArrow: "none", grid: true, nice: true, zero: true, tickFormat: (v: number) => formatNumber(v, 3) },
        marks: [
          Plot.ruleY([0], { stroke: look.faint }),
          ...(last ? [Plot.ruleX([last.year], { stroke: look.faint, strokeDasharray: "4 3" })] : []),
          ...ends.flatMap(({ name, key, colour }, i) => {
            const known = shown.filter((y) => Number.isFinite(y[key]));
            return [
              Plot.line(known.filter((y) => !y.isAssumed), { x: "year", y: key, stroke: colour, strokeWidth: 2.5 }),
              Plot.line(known.filter((y) => y.isAssumed || y.year === last?.year), { x: "year", y: key, stroke: colour, strokeWidth: 2, strokeDasharray: i ? "2 3" : "7 4" }),
              Plot.dot(known, { x: "year", y: key, r: 3, symbol: i ? "circle" : "square", fill: colour }),
              ...(width < 560 ? [] : [Plot.text(known.slice(-1), { x: "year", y: key, dx: 8, text: () => name, textAnchor: "start", fill: colour, fontWeight: 600 })]),
            ];
          }),
          Plot.dot(published, { x: "year", y: "required", symbol: "star", r: 5, stroke: look.ink, fill: "none" }),
        ],
      },
    }),
    below: [
      h("p", {}, `■ ${t("required")}   ● ${t("revenue")}   ☆ ${t("published")}`),
      h("h3", {}, t("published")),
      h("div", { class: "cards" }, ...rows.map((p) => h("div", { class: "card" }, h("h3", {}, `${billions(p.required)} (${p.asOf})`), h("p", { dir: "auto" }, p.what), p.note ? h("p", { class: "place" }, p.note) : null, placeNode(p.place)))),
      h("h3", {}, t("assumptions")),
      h("ul", { class: "rests" }, ...Object.entries(record.payback.assumptions).map(([id, one]) => h("li", {}, h("details", {}, h("summary", {}, `${one.what}: ${formatNumber(one.low)} – ${formatNumber(one.central)} – ${formatNumber(one.high)} ${one.unit}`), h("div", {}, id), placeNode(one.place))))),
      restsNode(record.payback.rests),
    ],
    table: {
      columns: [t("year"), t("aiSpending"), t("depreciation"), t("notWrittenOff"), t("required"), t("revenue"), t("assumed"), t("source"), t("address"), t("where"), t("grade")],
      hidden: 4,
      rows: shown.map((y) => [y.year, y.capex, y.depreciation, y.capital, y.required, Number.isFinite(y.revenue) ? y.revenue : null, y.isAssumed ? t("yes") : t("no"), ...placeCells(record.payback.rests.place)]),
    },
    tableName: t("vPayback"),
    python: python(a, growth, level),
  };
}

function python(a: Assumed, growth: number, level: number | null): string {
  const moved = Object.entries(a).filter(([id, value]) => value !== central(id));
  return [
    "from dataclasses import replace",
    "",
    "import manias",
    "",
    'given = manias.load_assumptions("ai")',
    ...moved.map(([id, value]) => `given["${id}"] = replace(given["${id}"], low=${value}, central=${value}, high=${value})`),
    `found = manias.PaybackModel("ai", ${growth}, ${level === null ? "None" : level}).fit(given)`,
    "print(found.required, found.revenue, found.ratio, found.growth_needed, found.covered)",
  ].join("\n");
}

function controls(params: Params): HTMLElement[] {
  const say = (form: string) => (n: number) => (form === "years" ? t("nYears", { n }) : `${formatNumber(n, 3)}%`);
  return [
    ...SLIDERS.slice(0, 4).map((s) => range(params, s.key, t(s.name), { min: s.min, max: s.max, step: s.step, otherwise: central(s.id) / s.scale, say: say(s.form) })),
    range(params, "growth", t("aGrowth"), { min: -50, max: 100, step: 1, otherwise: 0, say: (n) => `${n}%`.replace("-", "−") }),
    ...SLIDERS.slice(4).map((s) => range(params, s.key, t(s.name), { min: s.min, max: s.max, step: s.step, otherwise: central(s.id) / s.scale, say: say(s.form) })),
    select(params, "spending", t("aSpending"), Object.keys(record.payback.spending).map((k) => [k, t(`spent_${k.replaceAll(" ", "_") as "guidance"}`)] as const), "last four quarters"),
    select(params, "earning", t("aEarning"), [...Object.keys(record.payback.earning).map((k) => [k, `${t(`earned_${k.replaceAll(" ", "_") as "present_rate"}`)} (${formatNumber(record.payback.earning[k]!)})`] as const), ["own", t("earned_own")] as const], Object.keys(record.payback.earning)[0] ?? ""),
    range(params, "to", t("showTo"), { min: 2027, max: record.payback.horizon, step: 1, otherwise: record.payback.coverBy + 1, say: String }),
    range(params, "revenue", t("earned_own"), { min: 10, max: 2000, step: 10, otherwise: 100, say: (n) => billions(n) }),
  ];
}

export const payback: View = { id: "payback", name: "vPayback", controls, output };
