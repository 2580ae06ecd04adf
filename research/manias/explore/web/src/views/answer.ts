/** The answer in two sentences, and the scorecard of the report: AI beside past cases, a strip a measure. */
import * as Plot from "@observablehq/plot";
import { t, type Key } from "../messages";
import { record, type ScoreCase, type ScoreRow } from "../payload";
import { base, theme, type Point, type Theme } from "../ui/chart";
import { h } from "../ui/dom";
import type { Output, View } from "../ui/frame";
import { gradeSaid, placeCells, placeNode } from "../ui/provenance";
import { formatNumber, percent } from "../ui/table";
import { textWidth, wrap } from "../ui/text";

const STEP = 10;
type Fate = "ai" | "fell" | "stood" | "open";
const FATES: Record<Fate, Key> = { ai: "isAi", fell: "fellAfter", stood: "didNotFall", open: "fateOpen" };

interface Dot {
  row: ScoreRow;
  one: ScoreCase;
  /** Place down the drawing, in rows. */
  y: number;
}

function fateOf(one: ScoreCase): Fate {
  return one.chosen === "" ? "ai" : one.fell === null ? "open" : one.fell ? "fell" : "stood";
}

export function valueSaid(row: ScoreRow, value: number | null): string {
  if (value === null) return t("noCash");
  if (row.unit === "percent") return percent(value);
  const text = formatNumber(value, 3);
  return row.unit === "points" ? t("pointsOfGdp", { n: text }) : row.unit === "times" ? t("times", { n: text }) : text;
}

/** Move dots across their strip so that none covers another: 0, 1, -1, 2, ...; in lines. */
function lift(places: number[]): number[] {
  const ends: number[] = [];
  const found = places.map(() => 0);
  const order = places.map((x, i) => ({ x, i })).sort((a, b) => a.x - b.x);
  for (const { x, i } of order) {
    let line = ends.findIndex((end) => x - end >= STEP);
    if (line < 0) line = ends.length;
    ends[line] = x;
    found[i] = Math.ceil(line / 2) * (line % 2 ? 1 : -1);
  }
  return found.map((v) => v || 0);
}

function dots(row: ScoreRow, at: number, width: number, spread: number): Dot[] {
  const past = row.cases.filter((c) => c.chosen !== "");
  const lifted = lift(past.map((c) => c.at * width));
  const most = Math.max(3, ...lifted.map(Math.abs));
  return row.cases.map((one) => {
    const k = past.indexOf(one);
    return { row, one, y: at - (k < 0 ? 0 : (spread * lifted[k]!) / most) };
  });
}

function detail({ row, one }: Dot): HTMLElement {
  const how = one.chosen === "rule" ? row.chosenBy : one.chosen === "named" ? t("famousCase") : t("isAi");
  return h(
    "div",
    {},
    h("div", { class: "value" }, `${one.name}, ${one.when}: ${valueSaid(row, one.value)}`),
    h("div", {}, row.name),
    one.chosen ? h("div", {}, `${t("whatFollowed")}: ${t(FATES[fateOf(one)])} (${row.followed})`) : null,
    h("div", {}, how),
    placeNode(one.place),
  );
}

interface Name {
  x: number;
  y: number;
  text: string;
  anchor: "start" | "middle" | "end";
  below: boolean;
}

/** Names of the ends of AI above the strip, of famous cases below it, as many as find room. */
function names(row: ScoreRow, at: number, width: number): Name[] {
  const ai = row.cases.filter((c) => c.chosen === "");
  const ends = [...new Set([ai[ai.length - 1], ai[0]])].filter((c) => c !== undefined);
  const famous = row.cases.filter((c) => c.chosen === "named" && c.label).sort((a, b) => b.at - a.at);
  const found: Name[] = [];
  for (const [cases, below] of [[ends, false], [famous, true]] as const) {
    const taken: [number, number][] = [];
    for (const one of cases) {
      const text = below ? one.label : `${one.label} ${row.unit === "percent" ? percent(one.value) : formatNumber(one.value, 3)}`;
      const size = textWidth(text, 11.5);
      const x = one.at * width;
      const left = Math.min(Math.max(x - size / 2, 0), width - size);
      if (left < 0 || taken.some(([a, b]) => left < b + 6 && left + size > a - 6)) continue;
      taken.push([left, left + size]);
      found.push({ x: (left + size / 2) / width, y: at, text, anchor: "middle", below });
    }
  }
  return found;
}

/** Triangles, circles, crosses, diamonds: what followed is told by form and colour alike. */
function marks(look: Theme, all: { fate: Fate; ringed: boolean; x: number; y: number }[], big: boolean): Plot.Markish[] {
  const of = (fate: Fate): typeof all => all.filter((d) => d.fate === fate);
  const ring = (d: { ringed: boolean }): string => (d.ringed ? look.ink : look.strong);
  const ai = look.colours[0]!;
  return [
    Plot.dot(of("open"), { x: "x", y: "y", symbol: "times", r: 4, stroke: (d: { ringed: boolean }) => (d.ringed ? look.ink : look.faint), strokeWidth: 1.5 }),
    Plot.dot(of("stood"), { x: "x", y: "y", symbol: "circle", r: 3.6, fill: look.dark ? "#16181b" : "#fff", stroke: (d: { ringed: boolean }) => (d.ringed ? look.ink : look.faint), strokeWidth: 1.4 }),
    Plot.dot(of("fell"), { x: "x", y: "y", symbol: "triangle", rotate: 180, r: 4.6, fill: look.strong, stroke: ring, strokeWidth: 1.3 }),
    Plot.dot(of("ai"), { x: "x", y: "y", symbol: "diamond", r: big ? 6.2 : 5.4, fill: ai, stroke: look.dark ? "#16181b" : "#fff", strokeWidth: 1 }),
  ];
}

function output(): Output {
  const look = theme();
  const { card } = record;
  const reach = record.edition.reach;
  return {
    heading: card.finding,
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
    chart: (width) => {
      const narrow = width < 640;
      const right = narrow ? 12 : 150;
      const left = 8;
      const inner = width - left - right;
      const all = card.rows.flatMap((row, i) => dots(row, i, inner, narrow ? 0.17 : 0.22));
      const points: Point[] = all.map((d) => ({
        x: d.one.at,
        y: d.y,
        series: d.row.key,
        label: `${d.one.name}, ${d.one.when}: ${valueSaid(d.row, d.one.value)}; ${t(FATES[fateOf(d.one)])}`,
        detail: () => detail(d),
      }));
      const rows = card.rows.map((row, i) => ({ row, i }));
      const said = rows.flatMap(({ row, i }) => names(row, i, inner));
      const ticks = rows.flatMap(({ row, i }) => row.ticks.map(([x, text], k) => ({ x, y: i, text: k && (x - row.ticks[k - 1]![0]) * inner < 34 ? "" : text })));
      const low = narrow ? 0.19 : 0.33;
      const medians = rows.filter(({ row }) => row.medianAt !== null).map(({ row, i }) => ({ x: row.medianAt!, y: i }));
      const counts = ({ row }: { row: ScoreRow }): string => `${row.counted}\n${row.within}\n${t("grade")} ${row.grade}`;
      const inLine = ({ row }: { row: ScoreRow }): string => `${row.counted} · ${row.within} · ${t("grade")} ${row.grade}`;
      const titles = rows.map(({ row, i }) => ({ y: i - (narrow ? 0.42 : 0.5), text: narrow ? `${wrap(row.name, Math.floor(width / 7.4))}` : row.name }));
      const key = legend(look, inner + right, narrow);
      const ground = look.dark ? "#16181b" : "#fff";
      return {
        label: t("scorecard"),
        points,
        options: {
          ...base(look, width, card.rows.length * (narrow ? 172 : 104) + key.height + 26),
          marginLeft: left,
          marginRight: right,
          marginTop: key.height + 8,
          marginBottom: 18,
          x: { domain: [0, 1], axis: null },
          y: { domain: [card.rows.length - (narrow ? 0.62 : 0.55), -0.64], axis: null },
          marks: [
            key.mark,
            Plot.ruleY(rows, { y: "i", x1: 0, x2: 1, stroke: look.line }),
            Plot.ruleX(ticks, { x: "x", y1: (d: { y: number }) => d.y - 0.05, y2: (d: { y: number }) => d.y + 0.05, stroke: look.faint }),
            Plot.text(ticks, { x: "x", y: (d: { y: number }) => d.y + low, text: "text", fill: look.faint, fontSize: 11 }),
            Plot.ruleX(medians, { x: "x", y1: (d: { y: number }) => d.y - 0.25, y2: (d: { y: number }) => d.y + 0.25, stroke: look.ink, strokeWidth: 1.6 }),
            ...marks(look, all.map((d) => ({ fate: fateOf(d.one), ringed: d.one.chosen === "named", x: d.one.at, y: d.y })), !narrow),
            Plot.text(titles, { x: 0, y: "y", text: "text", textAnchor: "start", lineAnchor: narrow ? "bottom" : "middle", dy: narrow ? 4 : 0, fontWeight: 700, fontSize: 13 }),
            Plot.text(said.filter((n) => !n.below), { x: "x", y: (n: Name) => n.y - (narrow ? 0.24 : 0.29), text: "text", fill: look.colours[0]!, stroke: ground, strokeWidth: 3, fontSize: 11.5 }),
            Plot.text(said.filter((n) => n.below), { x: "x", y: (n: Name) => n.y + (narrow ? 0.11 : 0.19), text: "text", fill: look.ink, stroke: ground, strokeWidth: 3, fontSize: 11.5 }),
            ...(narrow
              ? [Plot.text(rows, { x: 0, y: (d: { i: number }) => d.i + 0.29, text: inLine, textAnchor: "start", fill: look.ink, fontSize: 11.5 })]
              : [Plot.text(rows, { x: 1, dx: 14, y: "i", text: counts, textAnchor: "start", fill: look.ink, fontSize: 12, lineHeight: 1.35 })]),
          ],
        },
      };
    },
    below: [h("p", {}, t("scorecardNote"))],
    table: {
      columns: [t("measure"), t("name"), t("period"), t("value"), t("unit"), t("whatFollowed"), t("howTaken"), t("grade"), t("source"), t("address"), t("where"), t("grade")],
      hidden: 4,
      rows: card.rows.flatMap((row) =>
        row.cases.map((one) => [
          row.name, one.name, one.when, one.value, t(`unit_${row.unit}`), t(FATES[fateOf(one)]),
          one.chosen === "rule" ? t("takenByRule") : one.chosen === "named" ? t("famousCase") : t("isAi"), one.grade, ...placeCells(one.place),
        ]),
      ),
    },
    tableName: `${t("scorecard")} (${t("grade")}: ${gradeSaid(card.grade)})`,
    python: 'import manias\n\ncard = manias.scorecard()\nprint(card.finding)\nprint(card.to_frame()[["measure", "name", "when", "value", "fell", "chosen", "grade"]].to_string())',
  };
}

/** What the marks mean, written into the drawing so that a saved picture keeps it. */
function legend(look: Theme, width: number, narrow: boolean): { mark: Plot.Markish; height: number } {
  const items: { fate: Fate | "median"; ringed: boolean; text: string }[] = [
    { fate: "ai", ringed: false, text: t("isAi") },
    { fate: "fell", ringed: false, text: t("fellAfter") },
    { fate: "stood", ringed: false, text: t("didNotFall") },
    { fate: "open", ringed: false, text: t("fateOpen") },
    { fate: "fell", ringed: true, text: t("ringed") },
    { fate: "median", ringed: false, text: t("medianByRule") },
  ];
  const size = narrow ? 11.5 : 12.5;
  const placed: { x: number; y: number; fate: Fate | "median"; ringed: boolean; text: string }[] = [];
  let x = 8;
  let y = 10;
  for (const item of items) {
    const wide = 26 + textWidth(item.text, size);
    if (x + wide > width && x > 8) {
      x = 8;
      y += 19;
    }
    placed.push({ ...item, x, y });
    x += wide;
  }
  const mark = (): SVGElement => {
    const ns = "http://www.w3.org/2000/svg";
    const make = (name: string, attributes: Record<string, string | number>): SVGElement => {
      const made = document.createElementNS(ns, name);
      for (const [k, v] of Object.entries(attributes)) made.setAttribute(k, String(v));
      return made;
    };
    const group = make("g", { "font-size": size, "text-anchor": "start" });
    for (const item of placed) {
      const cx = item.x + 7;
      const cy = item.y;
      const ring = item.ringed ? look.ink : look.strong;
      group.append(
        item.fate === "ai"
          ? make("path", { d: `M${cx} ${cy - 7}L${cx + 5} ${cy}L${cx} ${cy + 7}L${cx - 5} ${cy}Z`, fill: look.colours[0]! })
          : item.fate === "fell"
            ? make("path", { d: `M${cx - 5} ${cy - 4}H${cx + 5}L${cx} ${cy + 5}Z`, fill: look.strong, stroke: ring, "stroke-width": 1.4 })
            : item.fate === "stood"
              ? make("circle", { cx, cy, r: 3.8, fill: "none", stroke: look.faint, "stroke-width": 1.5 })
              : item.fate === "open"
                ? make("path", { d: `M${cx - 4} ${cy - 4}l8 8m0 -8l-8 8`, stroke: look.faint, "stroke-width": 1.6, fill: "none" })
                : make("path", { d: `M${cx} ${cy - 7}V${cy + 7}`, stroke: look.ink, "stroke-width": 2 }),
      );
      const text = make("text", { x: item.x + 16, y: item.y, dy: "0.35em", fill: look.ink });
      text.textContent = item.text;
      group.append(text);
    }
    return group;
  };
  return { mark: mark as unknown as Plot.Markish, height: y + 12 };
}

export const answer: View = { id: "answer", name: "vAnswer", controls: () => [], output };
