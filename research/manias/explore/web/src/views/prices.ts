/** Share prices: how often rises of some size ended in a crash. */
import * as Plot from "@observablehq/plot";
import { countCrashes, ended, type CrashQuestion } from "../core/crashes";
import type { Count } from "../core/rises";
import { t } from "../messages";
import { record } from "../payload";
import { base, theme, type Point } from "../ui/chart";
import { select } from "../ui/controls";
import { h } from "../ui/dom";
import type { Output, View } from "../ui/frame";
import type { Params } from "../ui/params";
import { gradeSaid, placeCells, placeNode, restsNode } from "../ui/provenance";
import { percent } from "../ui/table";
import { ownPrice, ownSeries } from "./own-store";

interface Step extends Count {
  threshold: number;
}

function questionOf(params: Params): CrashQuestion {
  const data = record.crashes;
  const near = (known: number[], value: number): number => known.reduce((a, b) => (Math.abs(b - value) < Math.abs(a - value) ? b : a));
  return {
    threshold: near(data.thresholds, params.number("rise", 100) / 100),
    horizon: near(data.horizons, params.number("horizon", 24)),
    crash: near(data.crashes, params.number("crash", 40) / 100),
    decade: params.get("decade", "") === "" ? null : params.number("decade", 1990),
  };
}

function output(params: Params): Output {
  const look = theme();
  const data = record.crashes;
  const ask = questionOf(params);
  const one = countCrashes(data, ask);
  const steps: Step[] = data.thresholds.map((threshold) => ({ ...countCrashes(data, { ...ask, threshold }), threshold }));
  const [baseN, baseCrashes] = data.base[`${ask.horizon}/${ask.crash}`] ?? [0, 0];
  const flat = baseN ? baseCrashes / baseN : NaN;
  const kept = ask.horizon === 24 && ask.crash === 0.4 && ask.decade === null ? data.kept[String(ask.threshold)] : undefined;
  const detail = (s: Step): HTMLElement =>
    h(
      "div",
      {},
      h("div", { class: "value" }, t("crashCounted", { rise: percent(s.threshold), share: percent(s.frequency), n: s.n })),
      h("div", {}, t("intervalOf", { low: percent(s.low), high: percent(s.high), units: s.units, level: "95%" })),
      h("div", {}, t("waves", { n: s.blocks })),
      placeNode(data.rests.place),
    );
  const points: Point[] = steps
    .filter((s) => s.n > 0)
    .map((s) => ({ x: s.threshold, y: s.frequency, series: "steps", label: t("crashCounted", { rise: percent(s.threshold), share: percent(s.frequency), n: s.n }), detail: () => detail(s) }));
  const own = ownPrice();
  const cases = ended(data, ask).sort((a, b) => a.crossing.localeCompare(b.crossing));
  return {
    heading: t("pricesHeading", { n: one.n, rise: percent(ask.threshold), share: percent(one.frequency), crash: percent(ask.crash), months: ask.horizon, flat: percent(flat) }),
    lead: [t("pricesLead", { first: data.first, last: data.last })],
    numbers: [
      { label: t("frequency"), value: percent(one.frequency, 1), id: "frequency" },
      { label: t("casesN"), value: String(one.n), id: "n" },
      { label: t("interval95"), value: `${percent(one.low, 1)} – ${percent(one.high, 1)}`, id: "interval" },
      { label: t("anyWindow"), value: percent(flat, 1), id: "flat" },
      { label: t("shuffledMonths"), value: kept ? percent(kept.shuffled, 1) : t("notCounted"), id: "shuffled" },
      { label: t("reversedMonths"), value: kept ? percent(kept.reversed, 1) : t("notCounted"), id: "reversed" },
    ],
    chart: (width) => ({
      label: t("pricesChart"),
      points,
      options: {
        ...base(look, width, width < 560 ? 340 : 400),
        marginLeft: 46,
        marginTop: 30,
        marginBottom: 56,
        x: { label: t("riseTwoYears"), labelArrow: "none", labelAnchor: "center", tickFormat: (v: number) => `${Math.round(v * 100)}%`, ticks: data.thresholds, domain: [Math.min(-0.25, own?.net ?? 0, ...data.standing.map((s) => s.net ?? 0)), 2.15] },
        y: { domain: [0, 1], label: t("shareCrashed"), labelArrow: "none", grid: true, tickFormat: (v: number) => `${Math.round(v * 100)}%` },
        marks: [
          Plot.ruleY([0], { stroke: look.faint }),
          ...(Number.isFinite(flat) ? [Plot.ruleY([flat], { stroke: look.colours[0]!, strokeDasharray: "5 3" }), Plot.text([flat], { x: () => -0.2, y: (v: number) => v, text: () => t("anyWindow"), textAnchor: "start", dy: -7, fill: look.colours[0]! })] : []),
          Plot.ruleX(steps.filter((s) => s.n > 0), { x: "threshold", y1: "low", y2: "high", stroke: look.ink, strokeWidth: 1.5 }),
          Plot.dot(steps.filter((s) => s.n > 0), { x: "threshold", y: "frequency", r: 6.5, symbol: "square", fill: (s: Step) => (s.threshold === ask.threshold ? look.strong : look.faint), stroke: look.ink }),
          Plot.text(steps.filter((s) => s.n > 0), { x: "threshold", y: "frequency", text: (s: Step) => percent(s.frequency), dx: 9, dy: -9, textAnchor: "start", fontWeight: 600 }),
          Plot.text(steps, { x: "threshold", y: () => 0, text: (s: Step) => (width < 560 ? String(s.n) : `n = ${s.n}`), dy: -7, fill: look.faint }),
          Plot.dot(data.standing.filter((s) => s.net !== null), { x: "net", y: () => 0.97, symbol: "diamond", r: 5, fill: look.strong }),
          ...(own ? [Plot.dot([own], { x: (o) => Math.min(o.net, 2.12), y: () => 0.91, symbol: "star", r: 6, fill: look.colours[0]! }), Plot.text([own], { x: (o) => Math.min(o.net, 2.12), y: () => 0.91, dy: 14, text: () => ownSeries()?.name ?? "", fill: look.colours[0]!, textAnchor: own.net > 1.4 ? "end" : "start" })] : []),
        ],
      },
    }),
    below: [
      h("h3", {}, t("standToday")),
      h(
        "ul",
        { class: "rests" },
        ...(own ? [h("li", { dir: "auto", "data-id": "own" }, `★ ${ownSeries()?.name ?? ""}: ${percent(own.net)} (${t("upTo", { date: own.asOf })}; ${t("vOwn")})`)] : []),
        ...data.standing.map((s) =>
          h("li", {}, `◆ ${s.name}: ${percent(s.net)} (${t("upTo", { date: s.asOf })}; ${t("grade")} ${gradeSaid(s.grade)}${s.highest ? `; ${t("highest", { group: s.highest.replace(/\D*(\d+).*/, "$1"), month: s.highestAsOf })}` : ""})`),
        ),
      ),
      h("p", {}, t("pricesNote")),
      restsNode(data.rests),
    ],
    table: {
      columns: [t("industry"), t("crossed"), t("deepest"), t("crashedCol"), t("source"), t("address"), t("where"), t("grade")],
      hidden: 4,
      rows: cases.map((c) => [c.industry, c.crossing, c.drawdown, c.drawdown <= -ask.crash ? t("yes") : t("no"), ...placeCells(data.rests.place)]),
    },
    tableName: t("casesBehind", { rise: percent(ask.threshold) }),
    python: `import manias\n\nfound = manias.count_crashes(threshold=${ask.threshold}, horizon=${ask.horizon}, crash=${ask.crash}${ask.decade === null ? "" : `, decade=${ask.decade}`})\nprint(found.n, found.frequency, found.low, found.high)`,
  };
}

function controls(params: Params): HTMLElement[] {
  const data = record.crashes;
  return [
    select(params, "rise", t("riseAtLeastPrices"), data.thresholds.map((v) => [String(100 * v), percent(v)] as const), "100"),
    select(params, "crash", t("fellBy"), data.crashes.map((v) => [String(100 * v), percent(v)] as const), "40"),
    select(params, "horizon", t("within"), data.horizons.map((n) => [String(n), t("nMonths", { n })] as const), "24"),
    select(params, "decade", t("decade"), [["", t("all")], ...[1920, 1930, 1940, 1950, 1960, 1970, 1980, 1990, 2000, 2010, 2020].map((d) => [String(d), `${d}–${d + 9}`] as const)], ""),
  ];
}

export const prices: View = { id: "prices", name: "vPrices", controls, output };
