/** The answer in two sentences, and where AI stands among past cases on each measure. */
import * as Plot from "@observablehq/plot";
import { t } from "../messages";
import { record, type Measure } from "../payload";
import { base, theme, type Point } from "../ui/chart";
import { h } from "../ui/dom";
import type { Output, View } from "../ui/frame";
import { gradeSaid, placeCells, placeNode } from "../ui/provenance";
import { formatNumber, percent } from "../ui/table";
import { wrap } from "../ui/text";

const ORDER: Measure["measure"][] = ["spending", "who_pays", "prices", "payback"];
const NAMES = { spending: "mSpending", who_pays: "mWhoPays", prices: "mPrices", payback: "mPayback" } as const;

interface Stand {
  m: Measure;
  share: number;
  row: string;
}

function valueSaid(m: Measure): string {
  return m.measure === "who_pays" || m.measure === "payback" ? t("times", { n: formatNumber(m.value, 3) }) : percent(m.value);
}

/** A measure with what its series are ranked among. */
function rowOf(measure: Measure["measure"]): string {
  const mine = record.answer.measures.filter((m) => m.measure === measure && m.of !== null);
  const sizes = mine.length ? [...new Set(mine.map((m) => m.of! - 1))] : [record.answer.past[measure].n];
  const n = sizes.map((k) => k.toLocaleString("en-US")).join(t("or"));
  return t(measure === "prices" ? "ofIndustries" : "ofCases", { name: t(NAMES[measure]), n });
}

/** Share of the past cases that stand below. */
function stands(): Stand[] {
  const pays = record.answer.past.payback.values ?? [];
  return record.answer.measures.flatMap((m) => {
    const row = rowOf(m.measure);
    if (m.measure === "payback" && m.value !== null) {
      const below = pays.filter((v) => v !== null && v < m.value!).length;
      return [{ m, share: below / pays.length, row }];
    }
    if (m.rank === null || m.of === null || m.of < 2) return [];
    return [{ m, share: 1 - (m.rank - 1) / (m.of - 1), row }];
  });
}

function detail(one: Stand): HTMLElement {
  const { m } = one;
  const past = record.answer.past[m.measure];
  const o = m.outcome;
  const rank = m.rank !== null && m.of !== null ? t("rankOf", { rank: m.rank, of: m.of }) : "";
  return h(
    "div",
    {},
    h("div", { class: "value" }, `${m.name}: ${valueSaid(m)}`),
    h("div", {}, [one.row, t("upTo", { date: m.asOf }), rank].filter(Boolean).join("; ")),
    o && o.frequency !== null && m.measure !== "payback"
      ? h("div", {}, t("followedThere", { share: percent(o.frequency), n: o.n ?? "–", years: o.horizon, flat: percent(o.flat) }))
      : null,
    h("div", {}, `${t("grade")}: ${gradeSaid(m.grade)}; ${m.model}`),
    placeNode(past.rests.place),
  );
}

/** The one of each row that stands highest, to be named in the drawing. */
function ends(all: Stand[]): { share: number; row: string; name: string }[] {
  return ORDER.flatMap((m) => {
    const mine = all.filter((one) => one.m.measure === m).sort((a, b) => b.share - a.share);
    const top = mine[0];
    return top ? [{ share: top.share, row: top.row, name: `${top.m.name}, ${valueSaid(top.m)}` }] : [];
  });
}

function output(): Output {
  const look = theme();
  const all = stands();
  const rows = ORDER.map((m) => all.find((one) => one.m.measure === m)?.row).filter((row) => row !== undefined);
  const points: Point[] = all.map((one) => ({
    x: one.share,
    y: one.row,
    series: one.row,
    label: `${one.m.name}: ${valueSaid(one.m)}; ${t("aboveShare", { share: percent(one.share) })}`,
    detail: () => detail(one),
  }));
  const high = all.filter((one) => one.m.measure === "spending" && (one.m.value ?? 0) >= 0.5 && one.m.model.includes("industries"));
  const spending = all.filter((one) => one.m.measure === "spending" && one.m.model.includes("industries"));
  const reach = record.edition.reach;
  return {
    heading: t("answerHeading", { high: high.length, n: spending.length }),
    lead: [
      `${record.answer.resemblance}${t("stop")}`,
      `${record.answer.followed}${t("stop")}`,
      t("reach", {
        investment: reach["us_it_investment"] ?? "",
        companies: reach["ai_capex"] ?? "",
        prices: reach["us_industries"] ?? "",
        past: reach["us_investment"] ?? "",
      }),
    ],
    chart: (width) => ({
      label: t("scorecard"),
      points,
      options: {
        ...base(look, width, width < 560 ? 400 : 320),
        marginLeft: width < 560 ? 14 : 215,
        marginRight: 16,
        marginBottom: 44,
        x: { domain: [0, 1], label: t("shareBelow"), tickFormat: (v: number) => `${Math.round(v * 100)}%`, grid: true, labelAnchor: "center", ticks: width < 560 ? 4 : 10 },
        y: width < 560 ? { domain: rows, axis: null } : { domain: rows, label: null, tickFormat: (v: string) => wrap(v, 32) },
        marks: [
          Plot.ruleY(rows, { stroke: look.line }),
          Plot.ruleX([0.5], { stroke: look.faint, strokeDasharray: "3 3" }),
          Plot.dot(all, { x: "share", y: "row", r: 6.5, symbol: "diamond", fill: look.strong, stroke: look.ink, strokeWidth: 0.8 }),
          // Where there is no room beside the rows, their names stand above them.
          ...(width < 560 ? [Plot.text(rows, { x: 0, y: (v: string) => v, text: (v: string) => wrap(v, Math.floor(width / 7.8)), textAnchor: "start", lineAnchor: "bottom", dy: -14, fontWeight: 600 })] : [Plot.text(ends(all), { x: "share", y: "row", text: "name", dy: -16, textAnchor: "end", dx: 6, fill: look.ink })]),
        ],
      },
    }),
    below: [h("p", {}, t("scorecardNote"))],
    table: {
      columns: [t("measure"), t("name"), t("value"), t("shareBelow"), t("rank"), t("of"), t("asOf"), t("grade"), t("followed"), t("casesN"), "low", "high", t("flat"), t("model"), t("source"), t("address"), t("where"), t("grade")],
      hidden: 4,
      rows: record.answer.measures.map((m) => {
        const found = all.find((one) => one.m === m);
        const o = m.outcome;
        return [
          t(NAMES[m.measure]), m.name, m.value, found?.share ?? null, m.rank, m.of, m.asOf, m.grade,
          o?.frequency ?? null, o?.n ?? null, o?.low ?? null, o?.high ?? null, o?.flat ?? null, m.model,
          ...placeCells(record.answer.past[m.measure].rests.place),
        ];
      }),
    },
    tableName: t("scorecard"),
    python: 'import manias\n\nfound = manias.measure_ai()\nprint(found.resemblance)\nprint(found.followed)\nprint(found.to_frame())',
  };
}

export const answer: View = { id: "answer", name: "vAnswer", controls: () => [], output };
