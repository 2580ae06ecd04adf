/** Figures that circulate, beside what the tables say. */
import { findQuoted } from "../core/quoted";
import { t } from "../messages";
import { record, type QuotedFigure } from "../payload";
import { select, text } from "../ui/controls";
import { h } from "../ui/dom";
import type { Output, View } from "../ui/frame";
import type { Params } from "../ui/params";
import { gradeSaid, placeCells, placeNode } from "../ui/provenance";
import { formatNumber } from "../ui/table";

const SIGNS: Record<string, string> = { right: "✓", wrong: "✗", "another thing": "≠", "cannot be told": "?" };

function card(one: QuotedFigure): HTMLElement {
  const readings = one.readings.map((r) =>
    h(
      "li",
      { dir: "auto" },
      `${r.name}: ${r.value === null ? r.reason || "–" : `${formatNumber(r.value)} ${r.unit}`} (${r.same ? t("countedAsThey") : t("countedOtherwise")}${r.grade ? `; ${t("grade")} ${r.grade}` : ""})`,
    ),
  );
  return h(
    "article",
    { class: "card", "data-key": one.id },
    h("h3", { dir: "auto" }, `${one.number} `, h("span", { class: "verdict" }, `${SIGNS[one.verdict] ?? ""} ${one.verdictSaid}`)),
    h("p", { dir: "auto" }, `${one.sentence}${t("stop")}`),
    h("p", { class: "place", dir: "auto" }, `${one.who}, ${one.when}: ${one.what}${one.period ? ` (${one.period})` : ""}`),
    h(
      "details",
      {},
      h("summary", {}, t("ourReadings", { n: readings.length })),
      h("ul", { class: "sources" }, ...readings),
      one.why ? h("p", { class: "place", dir: "auto" }, one.why) : null,
      h("p", { class: "place" }, `${t("restsOn")}: ${one.rests.join(", ")}`),
    ),
    placeNode(one.place),
  );
}

function output(params: Params): Output {
  const asked = params.get("q", "");
  const verdict = params.get("verdict", "");
  const topic = params.get("topic", "");
  const found = findQuoted(record.quoted.list, asked).filter((one) => (!verdict || one.verdict === verdict) && (!topic || one.topic === topic));
  const count = (word: string): number => found.filter((one) => one.verdict === word).length;
  const said = (word: string): string => record.quoted.list.find((one) => one.verdict === word)?.verdictSaid ?? word;
  return {
    heading: t("quotedHeading", { n: found.length, right: count("right"), wrong: count("wrong"), other: count("another thing") }),
    lead: [t("quotedLead")],
    numbers: record.quoted.verdicts.map((word) => ({ label: said(word), value: String(count(word)), id: word.replaceAll(" ", "-") })),
    chart: null,
    below: [h("div", { class: "cards" }, ...found.slice(0, 60).map(card)), ...(found.length > 60 ? [h("p", {}, t("moreRows", { n: found.length - 60 }))] : [])],
    table: {
      columns: [t("figure"), t("who"), t("when"), t("what"), t("ours"), t("unit"), t("verdict"), t("sentence"), t("source"), t("address"), t("where"), t("grade"), t("oursGrade")],
      hidden: 5,
      rows: found.map((one) => [one.number, one.who, one.when, one.what, one.ours, one.unit, one.verdictSaid, one.sentence, ...placeCells(one.place), gradeSaid(one.oursGrade)]),
    },
    tableName: t("vQuoted"),
    python: asked ? `import manias\n\nfor one in manias.find_quoted(${JSON.stringify(asked)}):\n    print(one.sentence)` : "import manias\n\nfor one in manias.reconcile():\n    print(one.number, one.verdict)",
  };
}

function controls(params: Params): HTMLElement[] {
  const topics = [...new Set(record.quoted.list.map((one) => one.topic))].filter(Boolean).sort();
  const said = new Map(record.quoted.list.map((one) => [one.verdict, one.verdictSaid]));
  return [
    text(params, "q", t("searchQuoted"), "650, 1.9%, $600bn"),
    select(params, "verdict", t("verdict"), [["", t("all")], ...record.quoted.verdicts.map((v) => [v, said.get(v) ?? v] as const)], ""),
    select(params, "topic", t("topic"), [["", t("all")], ...topics.map((v) => [v, v] as const)], ""),
  ];
}

export const quoted: View = { id: "quoted", name: "vQuoted", controls, output };
