/** The innovations: what each definition of a bubble makes of them. */
import * as Plot from "@observablehq/plot";
import { countVerdicts } from "../core/innovations";
import { t } from "../messages";
import { record, type Innovation } from "../payload";
import { base, theme, type Point } from "../ui/chart";
import { select, text } from "../ui/controls";
import { h } from "../ui/dom";
import type { Output, View } from "../ui/frame";
import type { Params } from "../ui/params";
import { placeCells, placeNode } from "../ui/provenance";
import { formatNumber, percent } from "../ui/table";

const ROWS = ["y", "n", "u"] as const;
const SAID = { y: "verdictYes", n: "verdictNo", u: "verdictUnknown" } as const;
const SHAPES = { y: "triangle", n: "circle", u: "cross" } as const;

function definitionOf(params: Params): string {
  const known = Object.keys(record.innovations.definitions);
  return params.choice("def", known);
}

export function verdictOf(one: Innovation, definition: string, grade: string): string {
  return one.verdicts[definition]?.[record.innovations.grades.indexOf(grade as "A")] ?? "u";
}

function kept(params: Params): Innovation[] {
  const sector = params.get("sector", "");
  const era = params.get("era", "");
  const words = params.get("q", "").toLowerCase().trim();
  return record.innovations.list.filter(
    (one) => (!sector || one.sector === sector) && (!era || one.era === era) && (!words || `${one.name} ${one.id}`.toLowerCase().includes(words)),
  );
}

function accountsNode(one: Innovation, definition: string): HTMLElement {
  const own = one.accounts.filter((a) => a.definition === definition);
  const shown = own.length ? own : one.accounts;
  return h(
    "div",
    {},
    ...shown.map((a) =>
      h(
        "div",
        { class: "place" },
        h("strong", {}, [a.definition, a.episode, a.verdict.replaceAll("_", " "), [a.onset, a.peak, a.trough].filter(Boolean).join(" – ")].filter(Boolean).join("; ")),
        a.rise !== null || a.fall !== null ? h("div", {}, `${t("rise")}: ${formatNumber(a.rise)}%, ${t("fall")}: ${formatNumber(a.fall)}%`) : null,
        a.note ? h("div", { dir: "auto" }, a.note) : null,
        placeNode(a.place),
      ),
    ),
    shown.length ? null : placeNode(one.place),
  );
}

function output(params: Params): Output {
  const look = theme();
  const definition = definitionOf(params);
  const grade = params.choice("grade", ["B", "A", "J", "C"] as const);
  const list = kept(params);
  const told = list.map((one) => ({ one, verdict: verdictOf(one, definition, grade) as (typeof ROWS)[number] }));
  const count = countVerdicts(told.map((x) => x.verdict));
  const only = params.get("verdict", "");
  const shown = told.filter((x) => !only || x.verdict === only);
  const stacked = new Map<string, number>();
  const dots = shown.map(({ one, verdict }) => {
    const key = `${verdict}/${Math.floor(one.year / 8)}`;
    const height = stacked.get(key) ?? 0;
    stacked.set(key, height + 1);
    return { one, verdict, x: one.year, y: (2 - ROWS.indexOf(verdict)) * 10 + height };
  });
  const detail = (one: Innovation, verdict: string): HTMLElement =>
    h(
      "div",
      {},
      h("div", { class: "value" }, `${one.name}: ${t(SAID[verdict as "y"])}`),
      h("div", {}, [`${t("firstUse")} ${one.year}`, one.sectorSaid, one.country, one.peak ? `${t("peak")} ${one.peak}` : ""].filter(Boolean).join("; ")),
      accountsNode(one, definition),
    );
  const points: Point[] = dots.map((d) => ({
    x: d.x,
    y: d.y,
    series: d.verdict,
    label: `${d.one.name}, ${d.one.year}: ${t(SAID[d.verdict])}`,
    detail: () => detail(d.one, d.verdict),
  }));
  return {
    heading: t("innovationsHeading", { yes: count.yes, known: count.yes + count.no, share: percent(count.rate), unknown: count.unknown }),
    lead: [`${t("definition")}: ${record.innovations.definitions[definition] ?? ""}${t("stop")}`],
    numbers: [
      { label: t("verdictYes"), value: String(count.yes), id: "yes" },
      { label: t("verdictNo"), value: String(count.no), id: "no" },
      { label: t("verdictUnknown"), value: String(count.unknown), id: "unknown" },
      { label: t("baseRate"), value: percent(count.rate, 1), id: "rate" },
    ],
    chart: (width) => ({
      label: t("innovationsChart"),
      points,
      options: {
        ...base(look, width, 330),
        marginLeft: 12,
        marginRight: 12,
        marginTop: 14,
        marginBottom: 40,
        x: { domain: [1825, 2030], tickFormat: "d", label: t("firstUse"), labelArrow: "none", labelAnchor: "center", ticks: width < 560 ? 5 : 10 },
        y: { axis: null, domain: [-1.5, 30.5] },
        marks: [
          Plot.ruleY([-1, 9, 19], { stroke: look.line }),
          Plot.text(ROWS.map((v, i) => ({ v, y: (2 - i) * 10 + 7.3 })), { x: () => 1826, y: "y", text: (d: { v: "y" }) => t(SAID[d.v]), textAnchor: "start", fontWeight: 600 }),
          ...ROWS.map((v) =>
            Plot.dot(dots.filter((d) => d.verdict === v), { x: "x", y: "y", r: 5.5, symbol: SHAPES[v], fill: v === "y" ? look.strong : v === "n" ? look.colours[0]! : "none", stroke: v === "u" ? look.faint : look.ink, strokeWidth: v === "u" ? 1.6 : 0.7 }),
          ),
        ],
      },
    }),
    below: [
      h(
        "div",
        { class: "cards" },
        ...shown.map(({ one, verdict }) =>
          h("details", { class: "card" }, h("summary", {}, `${one.name} (${one.year}) `, h("span", { class: "verdict" }, t(SAID[verdict]))), accountsNode(one, definition)),
        ),
      ),
    ],
    table: {
      columns: [t("name"), t("firstUse"), t("sector"), t("country"), t("era"), t("verdict"), t("peak"), t("source"), t("address"), t("where"), t("grade")],
      hidden: 4,
      rows: shown.map(({ one, verdict }) => {
        const account = one.accounts.find((a) => a.definition === definition);
        return [one.name, one.year, one.sectorSaid, one.country, one.era, t(SAID[verdict]), one.peak, ...placeCells(account?.place ?? one.place)];
      }),
    },
    tableName: t("vInnovations"),
    python: `import manias\n\nlabels = manias.label_innovations("${definition}", minimum_grade="${grade}")\nprint(sum(v == "yes" for v in labels.values()), sum(v == "no" for v in labels.values()))`,
  };
}

function controls(params: Params): HTMLElement[] {
  const list = record.innovations.list;
  const sectors = [...new Map(list.map((one) => [one.sector, one.sectorSaid])).entries()].sort();
  const eras = [...new Set(list.map((one) => one.era))].filter(Boolean).sort();
  return [
    select(params, "def", t("definition"), Object.keys(record.innovations.definitions).map((key) => [key, t(`def_${key as "historian"}`)] as const), "historian"),
    select(params, "grade", t("weakestGrade"), (["B", "A", "J", "C"] as const).map((g) => [g, `${g} – ${t(`grade${g}`)}`] as const), "B"),
    select(params, "era", t("era"), [["", t("all")], ...eras.map((e) => [e, e] as const)], ""),
    select(params, "sector", t("sector"), [["", t("all")], ...sectors], ""),
    select(params, "verdict", t("verdict"), [["", t("all")], ...ROWS.map((v) => [v, t(SAID[v])] as const)], ""),
    text(params, "q", t("search"), t("searchNames")),
  ];
}

export const innovations: View = { id: "innovations", name: "vInnovations", controls, output };
