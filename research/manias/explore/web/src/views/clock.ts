/** Booms on one clock. */
import * as Plot from "@observablehq/plot";
import { eventTime, formatPeriod, inFrequency, parsePeriod, rebase } from "../core/clock";
import { currencyOf, deflated, reachOf } from "../core/deflate";
import { t } from "../messages";
import { record, type SeriesData } from "../payload";
import { apart, base, DASHES, legend, theme, type Point } from "../ui/chart";
import { checks, range, select, type Group } from "../ui/controls";
import { h } from "../ui/dom";
import type { Output, View } from "../ui/frame";
import type { Params } from "../ui/params";
import { placeCells, placeNode } from "../ui/provenance";
import { formatNumber } from "../ui/table";
import { wrap } from "../ui/text";
import { ownSeries } from "./own-store";

export const CLOCKS = ["onset", "commercialised", "peak"] as const;
const CHOSEN = ["us-it-ai", "us-it-dotcom", "ai-capex-five", "uk-railways-1840s"];
const AI_ONSET = parsePeriod("2022Q4").n;
const INDEX = "index";
const PRICES = ["current", "constant"] as const;

interface Drawn {
  tau: number;
  value: number;
  raw: number;
  period: string;
  estimated: boolean;
  place: number | null;
}

interface Line {
  data: SeriesData;
  shown: Drawn[];
}

export function every(): SeriesData[] {
  const own = ownSeries();
  return own ? [...record.series, own] : record.series;
}

function anchorOf(one: SeriesData, clock: (typeof CLOCKS)[number], ai: number): string | null {
  const anchor = one.anchors[clock];
  return clock === "onset" && one.isAi && anchor !== null ? formatPeriod({ freq: "Q", n: ai }) : anchor;
}

/** Lines that can be drawn, and why the others cannot. */
export function lay(
  chosen: SeriesData[],
  clock: (typeof CLOCKS)[number],
  as: string,
  ai: number,
  before: number,
  after: number,
  isConstant: boolean,
): { lines: Line[]; left: string[] } {
  const lines: Line[] = [];
  const left: string[] = [];
  const plain: string[] = [];
  for (const given of chosen) {
    let one = given;
    if (isConstant) {
      const currency = currencyOfSeries(given);
      const index = record.deflators.find((d) => d.currency === currency);
      if (currency === null) plain.push(given.name);
      else if (!index) {
        left.push(t("leftNoPrices", { name: given.name, currency }));
        continue;
      } else {
        const made = inPrices(given, index);
        if (made === null) {
          left.push(t("leftOutside", { name: given.name, currency, reach: reachOf(index, given.frequency) }));
          continue;
        }
        one = made;
      }
    }
    const anchor = anchorOf(one, clock, ai);
    if (anchor === null) {
      left.push(t("leftNoAnchor", { name: one.name, clock: t(clockKey(clock)) }));
      continue;
    }
    if (as !== INDEX && one.unit !== as) {
      left.push(t("leftUnit", { name: one.name, unit: one.unitSaid }));
      continue;
    }
    const periods = one.periods.map(parsePeriod);
    const at = parsePeriod(anchor);
    const values = as === INDEX ? rebase(periods, one.values, at) : one.values;
    if (values === null) {
      left.push(t("leftNoBase", { name: one.name, period: formatPeriod(inFrequency(at, one.frequency)) }));
      continue;
    }
    const tau = eventTime(periods, at);
    const shown = one.periods
      .map((period, i): Drawn => ({
        tau: tau[i]!,
        value: values[i]!,
        raw: one.values[i]!,
        period,
        estimated: one.estimated[i]!,
        place: one.places[i] ?? null,
      }))
      .filter((d) => d.tau >= -before && d.tau <= after);
    if (shown.length) lines.push({ data: one, shown });
    else left.push(t("leftNothing", { name: one.name }));
  }
  if (plain.length) left.push(t("notMoney", { names: plain.join(t("comma")) }));
  return { lines, left };
}

/** Of the record it is told; of a series of one's own its unit tells. */
function currencyOfSeries(one: SeriesData): string | null {
  return one.currency ?? (one.id === "own" ? currencyOf(one.unit, record.words.currencies) : null);
}

/** The periods of a series of which prices are on record, in the prices of the base; null where none is. */
function inPrices(one: SeriesData, index: (typeof record.deflators)[number]): SeriesData | null {
  const values = deflated(one.periods.map(parsePeriod), one.values, index);
  const kept = values.flatMap((v, i) => (Number.isFinite(v) ? [i] : []));
  if (!kept.length) return null;
  return {
    ...one,
    unitSaid: t("inPricesOf", { unit: one.unitSaid, base: index.base }),
    periods: kept.map((i) => one.periods[i]!),
    values: kept.map((i) => values[i]!),
    places: one.places.length ? kept.map((i) => one.places[i]!) : [],
    estimated: kept.map((i) => one.estimated[i]!),
    pricesPlace: index.place,
  };
}

export function clockKey(clock: (typeof CLOCKS)[number]): "onset" | "commercialised" | "peak" {
  return clock;
}

function chosenOf(params: Params): SeriesData[] {
  const wanted = params.list("s", ownSeries() ? [...CHOSEN, "own"] : CHOSEN);
  const all = every();
  return wanted.flatMap((id) => all.find((one) => one.id === id) ?? []);
}

/** The same line at the same age as the last point of another: the last value up to it. */
function sameAge(line: Line, tau: number): Drawn | undefined {
  return line.shown.filter((d) => d.tau <= tau + 1e-9 && d.tau > tau - 1).at(-1);
}

function output(params: Params): Output {
  const look = theme();
  const clock = params.choice("clock", CLOCKS);
  const as = params.get("as", INDEX);
  const isLog = params.get("scale", "linear") === "log";
  const ai = params.number("ai", AI_ONSET);
  const before = params.number("before", 5);
  const after = params.number("after", 8);
  const isConstant = params.choice("prices", PRICES) === "constant";
  const { lines, left } = lay(chosenOf(params), clock, as, ai, before, after, isConstant);
  if (clock === "onset" && ai !== AI_ONSET && lines.some((l) => l.data.isAi)) {
    left.unshift(t("movedOnset", { from: formatPeriod({ freq: "Q", n: AI_ONSET }), to: formatPeriod({ freq: "Q", n: ai }) }));
  }
  const unit = as === INDEX ? t("indexUnit", { clock: t(clockKey(clock)) }) : (lines[0]?.data.unitSaid ?? "");
  const colour = (line: Line, i: number): string =>
    line.data.isAi && lines.findIndex((l) => l.data.isAi) === i
      ? look.strong
      : look.colours[i % look.colours.length]!;
  const looks = lines.map((line, i) => ({
    colour: colour(line, i),
    width: line.data.isAi || line.data.id === "own" ? 3 : 1.8,
    dash: line.data.estimated.every(Boolean) ? "3 4" : DASHES[i % DASHES.length]!,
  }));
  const target = lines.find((l) => l.data.isAi) ?? lines[0];
  const rival = lines.find((l) => !l.data.isAi && l !== target);
  const end = target?.shown.at(-1);
  const then = rival && end ? sameAge(rival, end.tau) : undefined;
  const heading =
    target && end && rival && then
      ? t("clockHeading", {
          name: target.data.name,
          value: formatNumber(end.value, 3),
          unit,
          age: formatNumber(end.tau, 3),
          rival: rival.data.name,
          then: formatNumber(then.value, 3),
        })
      : t("vClock");
  const points: Point[] = lines.flatMap((line) =>
    line.shown
      .filter((d) => !isLog || d.value > 0)
      .map((d) => ({
        x: d.tau,
        y: d.value,
        series: line.data.id,
        label: `${line.data.name}, ${d.period}: ${formatNumber(d.value)} ${unit}`,
        detail: () =>
          h(
            "div",
            {},
            h("div", { class: "value", dir: "auto" }, `${line.data.name}, ${d.period}: ${formatNumber(d.value)} ${unit}`),
            as === INDEX ? h("div", {}, `${t("asPrinted")}: ${formatNumber(d.raw, 5)} ${line.data.unitSaid}`) : null,
            h("div", {}, `${t("yearsSince", { clock: t(clockKey(clock)) })}: ${formatNumber(d.tau, 3)}${d.estimated ? `; ${t("estimate")}` : ""}`),
            h("div", { dir: "auto" }, line.data.definition),
            d.place === null ? h("div", {}, t("ownPlace")) : placeNode(d.place),
            line.data.pricesPlace === undefined ? null : placeNode(line.data.pricesPlace),
          ),
      })),
  );
  return {
    heading,
    lead: [t("clockLead")],
    chart: points.length === 0 ? null : (width) => {
      const wide = width >= 620 && lines.length <= 8;
      const height = width < 520 ? 340 : 440;
      const values = points.map((p) => p.y as number);
      const low = isLog ? Math.min(...values) : Math.min(0, ...values);
      const high = Math.max(...values, low + 1e-9);
      const room = (height - 70) / (isLog ? Math.log(high / low) || 1 : high - low);
      const ends = lines.map((line) => line.shown.filter((d) => !isLog || d.value > 0).at(-1));
      const toPixel = (v: number): number => (isLog ? Math.log(high / v) : high - v) * room;
      const places = ends.map((d) => (d ? toPixel(d.value) : 0));
      const names = lines.map((line) => wrap(line.data.name, 24));
      const moved = apart(places, names.some((n) => n.includes("\n")) ? 27 : 14, height - 70);
      return {
        label: `${heading}. ${unit}`,
        points,
        ...(clock === "onset"
          ? {
              drag: {
                series: new Set(lines.filter((l) => l.data.isAi).map((l) => l.data.id)),
                say: (moved: number) => `${t("aiOnset")}: ${formatPeriod({ freq: "Q", n: draggedTo(ai, moved) })}`,
                end: (moved: number) => setOnset(draggedTo(ai, moved)),
              },
            }
          : {}),
        options: {
          ...base(look, width, height),
          marginRight: wide ? 205 : 14,
          marginLeft: 52,
          marginBottom: 42,
          marginTop: 28,
          x: { label: t("yearsSince", { clock: t(clockKey(clock)) }), labelAnchor: "center", labelArrow: "none", ticks: width < 520 ? 6 : 12 },
          y: { type: isLog ? "log" : "linear", label: unit, labelArrow: "none", grid: true, domain: [low, high], ...(isLog ? {} : { nice: true }), tickFormat: (v: number) => formatNumber(v, 3), ticks: 6 },
          marks: [
            Plot.ruleX([0], { stroke: look.faint, strokeDasharray: "4 3" }),
            ...(as === INDEX ? [Plot.ruleY([100], { stroke: look.faint })] : []),
            ...lines.flatMap((line, i) => {
              const kept = line.shown.filter((d) => !isLog || d.value > 0);
              const own = looks[i]!;
              return [
                Plot.line(kept, { x: "tau", y: "value", stroke: own.colour, strokeWidth: own.width, ...(own.dash ? { strokeDasharray: own.dash } : {}) }),
                Plot.dot(kept, { x: "tau", y: "value", r: kept.length > 24 ? 1.6 : 2.6, fill: (d: Drawn) => (d.estimated ? look.dark ? "#16181b" : "#fff" : own.colour), stroke: own.colour }),
              ];
            }),
            ...(wide
              ? lines.flatMap((line, i) => {
                  const d = ends[i];
                  return d
                    ? [
                        Plot.text([d], {
                          x: () => Math.max(...lines.flatMap((l) => l.shown.map((s) => s.tau))),
                          y: "value",
                          dx: 8,
                          dy: moved[i]! - places[i]!,
                          text: () => names[i]!,
                          lineHeight: 1.05,
                          textAnchor: "start",
                          fill: looks[i]!.colour,
                          fontWeight: line.data.isAi ? 700 : 400,
                        }),
                      ]
                    : [];
                })
              : []),
          ],
        },
      };
    },
    below: [
      legend(lines.map((line, i) => ({ name: line.data.name, ...looks[i]! }))),
      ...(left.length ? [h("ul", { class: "rests" }, ...left.map((text) => h("li", { dir: "auto" }, text)))] : []),
    ],
    table: {
      columns: [t("series"), t("period"), t("yearsSince", { clock: t(clockKey(clock)) }), unit, t("asPrinted"), t("unit"), t("estimate"), t("source"), t("address"), t("where"), t("grade")],
      hidden: 4,
      rows: lines.flatMap((line) =>
        line.shown.map((d) => [
          line.data.name, d.period, d.tau, d.value, d.raw, line.data.unitSaid, d.estimated ? t("yes") : t("no"),
          ...(d.place === null ? [t("ownPlace"), "", "", "C"] : placeCells(d.place)),
        ]),
      ),
    },
    tableName: t("vClock"),
    python: python(lines, clock, as, ai, before, after),
  };
}

const FIRST = parsePeriod("2019Q1").n;
const LAST = parsePeriod("2026Q1").n;

/** Onset of AI once its lines were moved by some years: to the right is earlier. */
function draggedTo(ai: number, moved: number): number {
  return Math.min(LAST, Math.max(FIRST, ai - Math.round(4 * moved)));
}

/** Move the control, which tells of the choice and writes it to the address. */
function setOnset(n: number): void {
  const box = document.querySelector<HTMLInputElement>(".controls [name=ai]");
  if (!box) return;
  box.value = String(n);
  box.dispatchEvent(new Event("input"));
}

function python(lines: Line[], clock: string, as: string, ai: number, before: number, after: number): string {
  const plain = lines.filter((l) => l.data.group !== "money" && l.data.id !== "own").map((l) => l.data.id);
  const money = lines.filter((l) => l.data.group === "money");
  const moved = ai !== AI_ONSET && clock === "onset";
  const parts = ["import manias"];
  if (moved && plain.length) parts.unshift("from dataclasses import replace", "", "import pandas as pd");
  if (plain.length) {
    parts.push("from manias.series.timeline import rebase", "", `paths = [manias.trajectory(key) for key in ${JSON.stringify(plain)}]`);
    if (moved) {
      const onset = formatPeriod({ freq: "Q", n: ai });
      parts.push(
        `onset = pd.Period("${onset}", "Q")`,
        'paths = [replace(p, anchors={**p.anchors, "onset": onset}) if str(p.anchors["onset"]) == "2022Q4" else p for p in paths]',
      );
    }
    if (as === INDEX) parts.push(`paths = [rebase(p, "${clock}") for p in paths]`);
    parts.push(`found = manias.align(paths, manias.EventTime("${clock}", ${before}, ${after}))`, "print(found)");
  } else parts.push("");
  for (const line of money) {
    parts.push(`values = ${line.data.python}`);
    if (line.data.pricesPlace !== undefined) {
      const index = record.deflators.find((d) => d.currency === line.data.currency)!;
      parts.push(`level = manias.price_index("${index.currency}").values.rename(str)`, `values = values / level.reindex(values.index) * level["${index.base}"]`);
    }
    parts.push("print(values.dropna())");
  }
  return parts.join("\n");
}

const GROUPS = { ai: "gAi", share: "gShare", money: "gMoney", other: "gOther" } as const;

function controls(params: Params): HTMLElement[] {
  const all = every();
  const groups: Group[] = (Object.keys(GROUPS) as (keyof typeof GROUPS)[]).map((key) => ({
    name: t(GROUPS[key]),
    items: all.filter((one) => one.group === key && one.id !== "own").map((one) => ({ value: one.id, label: `${one.name} (${one.unitSaid})` })),
  }));
  const own = ownSeries();
  if (own) groups.unshift({ name: t("vOwn"), items: [{ value: "own", label: own.name }] });
  const units = [...new Map(all.map((one) => [one.unit, one.unitSaid])).entries()];
  return [
    checks(params, "s", t("chooseSeries"), groups, own ? [...CHOSEN, "own"] : CHOSEN),
    select(params, "clock", t("clock"), CLOCKS.map((c) => [c, t(clockKey(c))] as const), "onset"),
    select(params, "as", t("shownAs"), [[INDEX, t("asIndex")], ...units.map(([unit, said]) => [unit, said] as const)], INDEX),
    select(
      params,
      "prices",
      t("pricesOf"),
      [["current", t("currentPrices")], ["constant", t("constantPrices", { base: record.deflators[0]!.base, currency: record.deflators.map((d) => d.currency).join(t("comma")) })]],
      "current",
    ),
    select(params, "scale", t("scale"), [["linear", t("linear")], ["log", t("log")]], "linear"),
    range(params, "ai", t("aiOnset"), { min: FIRST, max: LAST, step: 1, otherwise: AI_ONSET, say: (n) => formatPeriod({ freq: "Q", n }) }),
    range(params, "before", t("yearsBefore"), { min: 0, max: 15, step: 1, otherwise: 5, say: String }),
    range(params, "after", t("yearsAfter"), { min: 2, max: 40, step: 1, otherwise: 8, say: String }),
  ];
}

export const clock: View = { id: "clock", name: "vClock", controls, output };
