/** Companies: what they spend, what they earn, and who pays. */
import * as Plot from "@observablehq/plot";
import { fourQuarters, less, paying, single } from "../core/companies";
import { parsePeriod } from "../core/clock";
import { t } from "../messages";
import { record, type CompanySeries } from "../payload";
import { apart, base, DASHES, legend, theme, type Point } from "../ui/chart";
import { checks, select } from "../ui/controls";
import { h } from "../ui/dom";
import type { Output, View } from "../ui/frame";
import type { Params } from "../ui/params";
import { placeCells, placeNode } from "../ui/provenance";
import { formatNumber } from "../ui/table";

const BUILDERS = ["Alphabet", "Amazon", "Meta", "Microsoft", "Oracle", "CoreWeave"];
export const KINDS = ["ratio", "capex", "operating_cash_flow", "free_cash_flow", "revenue", "debt_without_leases"] as const;
type Kind = (typeof KINDS)[number];

function account(company: string, measure: string): CompanySeries | undefined {
  return record.companies.find((one) => one.company === company && one.measure === measure);
}

/** Values by quarter of a company; nothing where an account is not on record. */
export function valuesOf(company: string, kind: Kind, sum: boolean): Map<string, number> {
  const take = (measure: string, added: boolean): Map<string, number> => {
    const found = account(company, measure);
    return found ? (added ? fourQuarters(found) : single(found)) : new Map();
  };
  if (kind === "ratio") return paying(take("capex", sum), take("operating_cash_flow", sum));
  if (kind === "free_cash_flow") return less(take("operating_cash_flow", sum), take("capex", sum));
  return take(kind, sum && kind !== "debt_without_leases");
}

const PARTS: Record<Kind, string[]> = {
  ratio: ["capex", "operating_cash_flow"],
  capex: ["capex"],
  operating_cash_flow: ["operating_cash_flow"],
  free_cash_flow: ["operating_cash_flow", "capex"],
  revenue: ["revenue"],
  debt_without_leases: ["debt_without_leases"],
};

/** Places of the accounts behind a value: those of the quarter itself. */
function placesOf(company: string, kind: Kind, quarter: string): number[] {
  return PARTS[kind].flatMap((measure) => {
    const found = account(company, measure);
    const i = found?.quarters.indexOf(quarter) ?? -1;
    return found && i >= 0 ? [found.places[i]!] : [];
  });
}

const when = (quarter: string): number => parsePeriod(quarter).n / 4;

function output(params: Params): Output {
  const look = theme();
  const kind = params.choice("kind", KINDS);
  const sum = params.get("sum", "4") === "4";
  const chosen = params.list("c", BUILDERS);
  const unitOf = (company: string): string => account(company, PARTS[kind][0]!)?.unit ?? "";
  const unit = kind === "ratio" ? t("timesCash") : unitOf(chosen.find((c) => unitOf(c)) ?? "");
  const lines = chosen
    .map((company) => ({ company, points: [...valuesOf(company, kind, sum)].filter(([, v]) => Number.isFinite(v)).map(([quarter, value]) => ({ quarter, value, x: when(quarter), company })) }))
    .filter((l) => l.points.length && (kind === "ratio" || unitOf(l.company) === unit));
  const left = chosen.filter((c) => !lines.some((l) => l.company === c));
  const ratios = BUILDERS.map((company) => ({ company, last: [...valuesOf(company, "ratio", sum)].at(-1) })).filter((r) => r.last);
  const over = ratios.filter((r) => r.last![1] > 1);
  const quarters = ratios.map((r) => r.last![0]).sort();
  const points: Point[] = lines.flatMap((l) =>
    l.points.map((p) => ({
      x: p.x,
      y: p.value,
      series: l.company,
      label: `${l.company}, ${p.quarter}: ${formatNumber(p.value)} ${unit}`,
      detail: () =>
        h(
          "div",
          {},
          h("div", { class: "value" }, `${l.company}, ${p.quarter}: ${formatNumber(p.value)} ${unit}`),
          ...placesOf(l.company, kind, p.quarter).map(placeNode),
        ),
    })),
  );
  const looks = lines.map((_, i) => ({ colour: [look.strong, ...look.colours][i % 8]!, dash: DASHES[i % DASHES.length]!, width: 2 }));
  return {
    heading: t("companiesHeading", { over: over.length, n: ratios.length, who: over.map((r) => r.company).join(t("comma")), quarter: quarters.at(-1) ?? "", span: t(sum ? "inFour" : "inOne") }),
    lead: [t("companiesLead")],
    chart: (width) => {
      const wide = width >= 560;
      const height = 400;
      const values = points.map((p) => p.y as number);
      const isLog = kind === "ratio";
      const low = isLog ? Math.min(...values, 0.2) : Math.min(0, ...values);
      const high = Math.max(...values, 1);
      const ends = lines.map((l) => l.points.at(-1)!);
      const places = ends.map((p) => (isLog ? Math.log(high / p.value) / Math.log(high / low) : (high - p.value) / (high - low)) * (height - 66));
      const moved = apart(places, 14, height - 66);
      return {
        label: `${t(`kind_${kind}`)}. ${unit}`,
        points,
        options: {
          ...base(look, width, height),
          marginLeft: 56,
          marginRight: wide ? 96 : 12,
          marginTop: 28,
          marginBottom: 38,
          x: { tickFormat: (v: number) => String(Math.round(v)), label: t("quarter"), labelArrow: "none", labelAnchor: "center", ticks: 8 },
          y: { type: isLog ? "log" : "linear", label: unit, labelArrow: "none", grid: true, domain: [low, high], ticks: isLog ? [0.1, 0.2, 0.5, 1, 2, 5, 10].filter((v) => v >= low && v <= high) : 6, tickFormat: (v: number) => formatNumber(v, 3) },
          marks: [
            ...(isLog ? [] : [Plot.ruleY([0], { stroke: look.faint })]),
            ...(kind === "ratio" ? [Plot.ruleY([1], { stroke: look.ink, strokeDasharray: "5 3" })] : []),
            ...lines.flatMap((l, i) => [
              Plot.line(l.points, { x: "x", y: "value", stroke: looks[i]!.colour, strokeWidth: 2, ...(looks[i]!.dash ? { strokeDasharray: looks[i]!.dash } : {}) }),
              Plot.dot(l.points, { x: "x", y: "value", r: 1.8, fill: looks[i]!.colour }),
              ...(wide ? [Plot.text([ends[i]!], { x: "x", y: "value", dx: 8, dy: moved[i]! - places[i]!, text: () => l.company, textAnchor: "start", fill: looks[i]!.colour, fontWeight: 600 })] : []),
            ]),
          ],
        },
      };
    },
    below: [
      legend(lines.map((l, i) => ({ name: l.company, ...looks[i]! }))),
      ...(left.length ? [h("p", { class: "rests" }, t("leftCompanies", { names: left.join(t("comma")), unit }))] : []),
    ],
    table: {
      columns: [t("company"), t("quarter"), `${t(`kind_${kind}`)} (${unit})`, t("source"), t("address"), t("where"), t("grade")],
      hidden: 4,
      rows: lines.flatMap((l) =>
        l.points.map((p) => {
          const cells = placesOf(l.company, kind, p.quarter).map(placeCells);
          return [l.company, p.quarter, p.value, ...[0, 1, 2, 3].map((k) => [...new Set(cells.map((c) => c[k]!))].join("; "))];
        }),
      ),
    },
    tableName: t(`kind_${kind}`),
    python:
      kind === "ratio" && sum
        ? `from manias.record.companies import burden_table\n\nprint(burden_table(${JSON.stringify(chosen)}))`
        : `from manias.record.companies import capex_table\n\nprint(capex_table(${JSON.stringify(chosen)}))`,
  };
}

function controls(params: Params): HTMLElement[] {
  const names = [...new Set(record.companies.map((one) => one.company))];
  return [
    select(params, "kind", t("whatShown"), KINDS.map((k) => [k, t(`kind_${k}`)] as const), "ratio"),
    select(params, "sum", t("over"), [["4", t("fourQuarters")], ["1", t("oneQuarter")]], "4"),
    checks(params, "c", t("companies"), [{ name: t("companies"), items: names.map((n) => ({ value: n, label: n })) }], BUILDERS),
  ];
}

export const companies: View = { id: "companies", name: "vCompanies", controls, output };
