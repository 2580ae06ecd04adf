/** Spending: how often rises of some size ended in a fall. */
import * as Plot from "@observablehq/plot";
import { backwards, countRises, levels, meanKnown, orders, rateInOrder, type Count, type Levels, type RiseQuestion } from "../core/rises";
import { t } from "../messages";
import { record, type Rising } from "../payload";
import { base, theme, type Point } from "../ui/chart";
import { range, select } from "../ui/controls";
import { h } from "../ui/dom";
import type { Output, View } from "../ui/frame";
import type { Params } from "../ui/params";
import { gradeSaid, placeCells, placeNode, restsNode } from "../ui/provenance";
import { percent } from "../ui/table";
import { ownSeries, ownShares } from "./own-store";

export const PANELS = ["industries", "countries", "firms"] as const;
type PanelName = (typeof PANELS)[number];
const SHUFFLES = 100;

const held = new Map<PanelName, Levels>();
export function dataOf(name: PanelName): Levels {
  let found = held.get(name);
  if (!found) {
    found = levels(record.rises.panels[name]);
    held.set(name, found);
  }
  return found;
}

export function riseOf(shares: (number | null)[], years: number): number {
  const now = shares.at(-1);
  const past = shares.at(-1 - years);
  return now && past && now > 0 && past > 0 ? now / past - 1 : NaN;
}

function questionOf(params: Params, name: PanelName): RiseQuestion {
  const panel = record.rises.panels[name];
  return {
    low: params.number("low", 100) / 100,
    high: Infinity,
    years: params.number("years", 3),
    horizon: params.number("horizon", panel.horizon),
    follow: params.choice("follow", panel.ways as ("dollars" | "share")[]),
    fall: params.number("fall", 30) / 100,
    decade: params.get("decade", "") === "" ? null : params.number("decade", 1990),
    volatility: params.choice("volatility", ["", "calm", "middle", "noisy"] as const),
  };
}

interface Bar extends Count {
  name: string;
  from: number;
  to: number;
}

function classes(name: PanelName, ask: RiseQuestion): Bar[] {
  const panel = record.rises.panels[name];
  const edges = [-Infinity, ...panel.edges, Infinity];
  return edges.slice(0, -1).map((from, k) => {
    const to = edges[k + 1]!;
    const count = countRises(name, panel, dataOf(name), { ...ask, low: from, high: to });
    const text = !Number.isFinite(from)
      ? t("classBelow", { n: percent(to) })
      : !Number.isFinite(to)
        ? t("classAbove", { n: percent(from) })
        : `${percent(from)} – ${percent(to)}`;
    return { ...count, name: text, from, to };
  });
}

export function fallSaid(ask: { follow: string; fall: number; horizon: number }): string {
  return t(ask.follow === "share" ? "fellShare" : "fellDollars", { fall: percent(ask.fall), years: ask.horizon });
}

function output(params: Params): Output {
  const look = theme();
  const name = params.choice("panel", PANELS);
  const panel = record.rises.panels[name];
  const ask = questionOf(params, name);
  const one = countRises(name, panel, dataOf(name), ask);
  const bars = classes(name, ask);
  const own = ownShares();
  const placed = [
    ...record.rises.series.filter((s) => (name === "firms") === (s.panel === "firms")).map((s) => ({ name: s.name, rise: riseOf(s.shares, ask.years), one: s as Rising | null })),
    ...(own && ownSeries() ? [{ name: ownSeries()!.name, rise: riseOf(own, ask.years), one: null }] : []),
  ].filter((s) => Number.isFinite(s.rise));
  const within = (bar: Bar): string[] => placed.filter((s) => s.rise >= bar.from && s.rise < bar.to).map((s) => `${s.name} ${percent(s.rise)}`);
  const detail = (bar: Bar): HTMLElement =>
    h(
      "div",
      {},
      h("div", { class: "value" }, t("riseCounted", { name: bar.name, share: percent(bar.frequency), n: bar.n })),
      h("div", {}, t("intervalOf", { low: percent(bar.low), high: percent(bar.high), units: bar.units, level: "90%" })),
      within(bar).length ? h("div", { dir: "auto" }, `${t("standsHere")}: ${within(bar).join("; ")}`) : null,
      placeNode(panel.rests.place),
    );
  const points: Point[] = bars
    .filter((b) => b.n > 0)
    .map((b) => ({ x: b.name, y: b.frequency, series: "classes", label: t("riseCounted", { name: b.name, share: percent(b.frequency), n: b.n }), detail: () => detail(b) }));
  const filtered = ask.decade !== null || ask.volatility !== "";
  return {
    heading: t("spendingHeading", { n: one.n, rise: percent(ask.low), years: ask.years, share: percent(one.frequency), fell: fallSaid(ask) }),
    lead: [t("spendingLead")],
    numbers: [
      { label: t("frequency"), value: percent(one.frequency, 1), id: "frequency" },
      { label: t("casesN"), value: String(one.n), id: "n" },
      { label: t("interval90"), value: `${percent(one.low, 1)} – ${percent(one.high, 1)}`, id: "interval" },
      { label: t("unitsN"), value: String(one.units), id: "units" },
      { label: t("shuffled"), value: filtered ? t("notCounted") : "…", id: "shuffled" },
      { label: t("reversed"), value: filtered ? t("notCounted") : "…", id: "reversed" },
    ],
    chart: (width) => {
      const narrow = width < 560;
      const order = bars.map((b) => b.name);
      const top = Math.max(0.1, ...bars.map((b) => (Number.isFinite(b.high) ? b.high : 0)));
      const marks = bars.map((b) => ({ ...b, chosen: b.from >= ask.low }));
      return {
        label: t("spendingChart", { years: ask.years, fell: fallSaid(ask) }),
        points,
        options: {
          ...base(look, width, narrow ? 360 : 400),
          marginBottom: narrow ? 70 : 62,
          marginLeft: 46,
          marginTop: 30,
          x: { domain: order, label: t("riseOver", { years: ask.years }), labelArrow: "none", tickFormat: (v: string) => (narrow ? v.replace(" – ", "–\n").replace(" ", "\n") : v), labelOffset: narrow ? 62 : 44 },
          y: { domain: [0, Math.min(1, top * 1.08)], label: t("shareFell"), labelArrow: "none", grid: true, tickFormat: (v: number) => `${Math.round(v * 100)}%`, ticks: 6 },
          marks: [
            Plot.ruleY([0], { stroke: look.faint }),
            Plot.ruleX(marks.filter((b) => b.n > 0), { x: "name", y1: "low", y2: "high", stroke: look.ink, strokeWidth: 1.5 }),
            Plot.dot(marks.filter((b) => b.n > 0), { x: "name", y: "frequency", r: 7, symbol: "square", fill: (b: Bar & { chosen: boolean }) => (b.chosen ? look.strong : look.faint), stroke: look.ink }),
            Plot.text(marks.filter((b) => b.n > 0), { x: "name", y: "frequency", text: (b: Bar) => percent(b.frequency), dx: 11, textAnchor: "start", fontWeight: 600 }),
            Plot.text(marks, { x: "name", text: (b: Bar) => (narrow ? String(b.n) : `n = ${b.n}`), frameAnchor: "bottom", dy: -6, fill: look.faint }),
            Plot.text(marks.filter((b) => within(b).length > 0), { x: "name", text: (b: Bar) => `◆ ${within(b).length}`, frameAnchor: "top", dy: -4, fill: look.strong, fontWeight: 700 }),
          ],
        },
      };
    },
    below: [
      h("h3", {}, t("standToday")),
      h(
        "ul",
        { class: "rests" },
        ...placed.map((s) =>
          h("li", { dir: "auto" }, `◆ ${s.name}: ${percent(s.rise)} ${s.one ? `(${t("upTo", { date: s.one.last })}; ${t("grade")} ${gradeSaid(s.one.grade)})` : `(${t("vOwn")})`}`),
        ),
      ),
      h("p", {}, t("spendingNote")),
      restsNode(panel.rests),
    ],
    table: {
      columns: [t("riseOver", { years: ask.years }), t("casesN"), t("fallsN"), t("frequency"), t("low"), t("high"), t("unitsN"), t("standsHere"), t("source"), t("address"), t("where"), t("grade")],
      hidden: 4,
      rows: [...bars, { ...one, name: t("classAbove", { n: percent(ask.low) }), from: ask.low, to: Infinity }].map((b) => [
        b.name, b.n, b.falls, b.frequency, b.low, b.high, b.units, within(b).join("; "), ...placeCells(panel.rests.place),
      ]),
    },
    tableName: t("spendingChart", { years: ask.years, fell: fallSaid(ask) }),
    python: python(name, ask),
    ...(filtered ? {} : { later: placebos(name, ask) }),
  };
}

/** Count with the years shuffled and reversed, a few orders at a time so that the page stays quick. */
function placebos(name: PanelName, ask: RiseQuestion): NonNullable<Output["later"]> {
  return (put, wanted) => {
    const panel = record.rises.panels[name];
    const data = dataOf(name);
    put("reversed", percent(rateInOrder(name, panel, data, ask, backwards(data)), 1));
    const all = orders(data, SHUFFLES);
    const rates: number[] = [];
    const some = (): void => {
      if (!wanted()) return;
      const until = performance.now() + 30;
      while (rates.length < all.length && performance.now() < until) {
        rates.push(rateInOrder(name, panel, data, ask, all[rates.length]!));
      }
      if (rates.length < all.length) setTimeout(some, 0);
      else put("shuffled", percent(meanKnown(rates), 1));
    };
    setTimeout(some, 150);
  };
}

function python(name: PanelName, ask: RiseQuestion): string {
  const options = [
    `"${name}"`,
    `low=${ask.low}`,
    `years=${ask.years}`,
    `horizon=${ask.horizon}`,
    `follow="${ask.follow}"`,
    `fall=${ask.fall}`,
    ...(ask.decade === null ? [] : [`decade=${ask.decade}`]),
    ...(ask.volatility ? [`volatility="${ask.volatility}"`] : []),
    ...(ask.decade === null && !ask.volatility ? [`shuffles=${SHUFFLES}`] : []),
  ];
  return `import manias\n\nfound = manias.count_rises(${options.join(", ")})\nprint(found.n, found.frequency, found.low, found.high, found.shuffled, found.reversed)`;
}

function controls(params: Params): HTMLElement[] {
  const pct = (n: number): string => `${n}%`.replace("-", "−");
  return [
    select(params, "panel", t("ofWhom"), PANELS.map((p) => [p, t(`panel_${p}`)] as const), "industries"),
    range(params, "low", t("riseAtLeast"), { min: 0, max: 300, step: 5, otherwise: 100, say: pct }),
    select(params, "years", t("riseYears"), [1, 2, 3, 4, 5].map((n) => [String(n), t("nYears", { n })] as const), "3"),
    select(params, "follow", t("whatFell"), [["dollars", t("inDollars")], ["share", t("inShare")]], "dollars"),
    range(params, "fall", t("fellBy"), { min: 10, max: 80, step: 5, otherwise: 30, say: pct }),
    range(params, "horizon", t("within"), { min: 1, max: 10, step: 1, otherwise: record.rises.panels[params.choice("panel", PANELS)].horizon, say: (n) => t("nYears", { n }) }),
    select(params, "decade", t("decade"), [["", t("all")], ...[1950, 1960, 1970, 1980, 1990, 2000, 2010, 2020].map((d) => [String(d), `${d}–${d + 9}`] as const)], ""),
    select(params, "volatility", t("volatility"), [["", t("all")], ["calm", t("calm")], ["middle", t("middle")], ["noisy", t("noisy")]], ""),
  ];
}

export const spending: View = { id: "spending", name: "vSpending", controls, output };
