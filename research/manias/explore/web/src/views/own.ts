/** A series that the reader brings: read in the page, laid beside ours, placed on the counts. */
import * as Plot from "@observablehq/plot";
import { parsePeriod, type Frequency } from "../core/clock";
import { ownPath, riseTo, yearly } from "../core/own";
import { placePrice, type PricePlace } from "../core/place-price";
import { InputError, lineOf, readTable, refuseNotPositive, seriesOf, setWords, type Part, type Options, type OwnSeries, type Reading } from "../core/read";
import { labelText } from "../core/read/basics";
import { countRises } from "../core/rises";
import { t, type Key } from "../messages";
import { told } from "../reader-messages";
import { record, type SeriesData } from "../payload";
import { base, theme, type Point } from "../ui/chart";
import { h, newId } from "../ui/dom";
import type { Output, View } from "../ui/frame";
import type { Params } from "../ui/params";
import { placeNode } from "../ui/provenance";
import { formatNumber, percent } from "../ui/table";
import { keepOwn } from "./own-store";
import { dataOf } from "./spending";

const MOST = 100_000_000;
/** Options as the sentences of the reader name them, and the choice in this page that each is. */
const CHOICES: Record<string, Key> = {
  "--column": "oColumn", "--date-column": "oDateColumn", "--dates": "oDates", "--decimal": "oDecimal", "--frequency": "oFrequency",
  "--where": "oWhere", "--sheet": "oSheet", "--unit": "unit",
};

/** Which choices of this page a sentence speaks of, where it names them as the command does. */
function choicesIn(said: Part): HTMLElement[] {
  const named = Object.entries(CHOICES).filter(([option]) => new RegExp(`${option}(?![-\\w])`).test(told(said)));
  return named.map(([option, key]) => h("p", { "data-id": "choice" }, t("optionIs", { option, choice: t(key) })));
}

interface Brought {
  name: string;
  data: Uint8Array;
}

let brought: Brought | null = null;
let reading: Reading | null = null;
let series: OwnSeries | null = null;
let price: PricePlace | null = null;
let notPlaced: Part = "";
let problem: Part = "";
let onset = "";
let turn = 0;
const options: Record<string, string> = {};

function given(): Options {
  const of = (key: string): string | null => options[key] || null;
  return {
    column: of("column"),
    dateColumn: of("dateColumn"),
    dates: of("dates") as "dmy",
    decimal: of("decimal") as ".",
    frequency: of("frequency") as "A",
    sheet: of("sheet"),
    where: of("where"),
    unit: of("unit"),
  };
}

async function readAgain(params: Params): Promise<void> {
  if (!brought) return;
  turn += 1;
  const mine = turn;
  reading = null;
  series = null;
  price = null;
  notPlaced = "";
  problem = "";
  try {
    setWords(record.words);
    const found = await readTable(brought.name, brought.data, given());
    if (mine !== turn) return;
    reading = found;
    series = seriesOf(found);
    if (!series.periods.some((p) => labelText(p) === onset)) onset = labelText(series.periods[0]!);
    placeOnLadder(found, series);
  } catch (error) {
    if (mine !== turn) return;
    problem = error instanceof InputError ? error.said : `${t("unexpected")}: ${error instanceof Error ? error.message : String(error)}`;
  }
  hold();
  params.touch();
}

/** Say what keeps it from being placed, and place an index by month on the ladder of prices. */
function placeOnLadder(found: Reading, one: OwnSeries): void {
  try {
    refuseNotPositive(found);
    if (one.periods[0]!.f === "M") price = placePrice(one, record.crashes, record.crashes.ladder);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    notPlaced = error.said;
  }
}

/** Hand the series to the other views. */
function hold(): void {
  if (!series) {
    keepOwn(null, null);
    return;
  }
  const path = series.periods[0]!.f === "M" || notPlaced ? null : ownPath(series);
  const made: SeriesData = {
    id: "own",
    name: series.name,
    measure: "own",
    unit: series.unit,
    measureSaid: series.unit,
    unitSaid: series.unit,
    definition: t("ownPlace"),
    frequency: series.periods[0]!.f as Frequency,
    grade: "C",
    anchors: { onset, commercialised: null, peak: null },
    group: "other",
    isAi: false,
    periods: series.periods.map(labelText),
    values: series.values,
    places: [],
    estimated: series.values.map(() => false),
    currency: null,
    python: "",
  };
  keepOwn(made, path ? yearly(path) : null, price);
}

async function take(file: File, params: Params): Promise<void> {
  if (file.size > MOST) {
    problem = `${file.name}: ${t("tooLarge")}`;
    params.touch();
    return;
  }
  brought = { name: file.name, data: new Uint8Array(await file.arrayBuffer()) };
  await readAgain(params);
}

function controls(params: Params): HTMLElement[] {
  const file = h("input", {
    type: "file",
    id: newId("file"),
    accept: ".csv,.tsv,.txt,.xlsx,text/csv",
    onchange: (e) => {
      const chosen = (e.target as HTMLInputElement).files?.[0];
      if (chosen) void take(chosen, params);
    },
  });
  const area = h("textarea", { id: newId("paste"), placeholder: "year,value,gdp\n2020,1.5,100\n2021,2.5,104" });
  const drop = h(
    "div",
    { class: "drop" },
    h("label", { for: file.id }, t("dropHere")),
    file,
    h("label", { for: area.id }, t("orPaste")),
    area,
    h(
      "button",
      {
        type: "button",
        "data-act": "paste",
        onclick: () => {
          brought = { name: "pasted.csv", data: new TextEncoder().encode(area.value) };
          void readAgain(params);
        },
      },
      t("readPasted"),
    ),
  );
  drop.addEventListener("dragover", (e) => {
    e.preventDefault();
    drop.classList.add("over");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (e) => {
    e.preventDefault();
    drop.classList.remove("over");
    const chosen = e.dataTransfer?.files[0];
    if (chosen) void take(chosen, params);
  });
  const set = (key: string) => (e: Event): void => {
    options[key] = (e.target as HTMLInputElement).value.trim();
    void readAgain(params);
  };
  const choice = (key: string, label: string, values: [string, string][]): HTMLElement => {
    const id = newId(key);
    const box = h("select", { id, name: key, onchange: set(key) }, ...[["", t("asRead")] as [string, string], ...values].map(([v, text]) => h("option", { value: v, selected: options[key] === v }, text)));
    return h("div", { class: "control" }, h("label", { for: id }, label), box);
  };
  const entry = (key: string, label: string): HTMLElement => {
    const id = newId(key);
    return h("div", { class: "control" }, h("label", { for: id }, label), h("input", { id, name: key, type: "search", value: options[key] ?? "", onchange: set(key) }));
  };
  return [
    drop,
    entry("column", t("oColumn")),
    entry("dateColumn", t("oDateColumn")),
    choice("dates", t("oDates"), [["dmy", t("oDmy")], ["mdy", t("oMdy")]]),
    choice("decimal", t("oDecimal"), [[".", t("oPoint")], [",", t("oComma")]]),
    choice("frequency", t("oFrequency"), [["A", t("oYears")], ["Q", t("oQuarters")], ["M", t("oMonths")]]),
    entry("where", t("oWhere")),
    entry("sheet", t("oSheet")),
    entry("unit", t("unit")),
  ];
}

function onsetControl(params: Params): HTMLElement {
  const id = newId("onset");
  const box = h("select", { id, name: "onset", onchange: (e) => {
    onset = (e.target as HTMLSelectElement).value;
    hold();
    params.touch();
  } });
  for (const p of series!.periods) {
    const text = labelText(p);
    box.append(h("option", { value: text, selected: text === onset }, text));
  }
  return h("div", { class: "control" }, h("label", { for: id }, t("chooseOnset")), box);
}

function placed(): Node[] {
  if (notPlaced) return [h("p", { class: "problem", "data-id": "unplaced", dir: "auto" }, told(notPlaced))];
  if (series!.periods[0]!.f === "M") return priced();
  const path = ownPath(series!);
  if (!path) return [h("p", {}, t("ownNoOver"))];
  const rise = riseTo(path, 3);
  if (!Number.isFinite(rise)) return [h("p", {}, t("ownNoRise"))];
  const name = path.over === "gdp" ? "industries" : "firms";
  const panel = record.rises.panels[name];
  const edges = [-1, ...panel.edges, Infinity];
  const k = edges.findLastIndex((edge) => rise >= edge);
  const [low, high] = [edges[Math.max(k, 0)]!, edges[Math.max(k, 0) + 1]!];
  const count = countRises(name, panel, dataOf(name), { low, high, years: 3, horizon: panel.horizon, follow: "dollars", fall: 0.3, decade: null, volatility: "" });
  const said = Number.isFinite(high) ? `${percent(low)} – ${percent(high)}` : t("classAbove", { n: percent(low) });
  return [
    h("p", { "data-id": "placed" }, t("ownPlaced", { rise: percent(rise, 1), group: said, n: count.n, share: percent(count.frequency), low: percent(count.low), high: percent(count.high), years: panel.horizon })),
    h("p", {}, h("a", { href: `#spending?panel=${name}` }, t("vSpending"))),
  ];
}

function priced(): Node[] {
  const one = price!;
  const said = { asOf: one.asOf, runup: percent(one.runup, 1), net: percent(one.net, 1), n: one.count.n, share: percent(one.count.frequency, 1), low: percent(one.count.low, 1), high: percent(one.count.high, 1) };
  const rungs = record.crashes.ladder.rungs;
  return [
    h("p", { "data-id": "priced" }, one.rung === null ? t("ownPricedNone", { ...said, rung: percent(rungs[0]!) }) : t("ownPriced", { ...said, rung: percent(one.rung), since: one.since! })),
    h("p", {}, t("ownPricedTruth")),
    h("p", {}, h("a", { href: `#prices?rise=${100 * (one.rung ?? rungs[0]!)}` }, t("ownPriceRises"))),
    placeNode(record.crashes.rests.place),
  ];
}

function output(params: Params): Output {
  const look = theme();
  const read = series && reading ? told(lineOf(reading)) : "";
  const lead: (string | Node)[] = [t("ownLead")];
  if (problem) lead.push(h("p", { class: "problem", role: "alert", dir: "auto" }, told(problem)), ...choicesIn(problem));
  if (problem && reading) lead.push(h("p", { dir: "auto" }, told(lineOf(reading))));
  if (read) lead.push(h("p", { "data-id": "read", dir: "auto" }, read));
  const rows = series ? series.periods.map((p, i) => ({ period: labelText(p), value: series!.values[i]!, x: at(labelText(p)) })) : [];
  const points: Point[] = rows.map((r) => ({
    x: r.x,
    y: r.value,
    series: "own",
    label: `${r.period}: ${formatNumber(r.value)} ${series!.unit}`,
    detail: () => h("div", {}, h("div", { class: "value", dir: "auto" }, `${series!.name}, ${r.period}: ${formatNumber(r.value)} ${series!.unit}`), h("div", {}, t("ownPlace"))),
  }));
  const shown = params.get("s", "us-it-ai,us-it-dotcom,ai-capex-five,uk-railways-1840s,own");
  return {
    heading: series ? t("ownHeading", { name: series.name, n: series.values.length, first: rows[0]!.period, last: rows[rows.length - 1]!.period }) : t("ownEmpty"),
    lead,
    chart: series
      ? (width) => ({
          label: series!.name,
          points,
          options: {
            ...base(look, width, 340),
            marginLeft: 60,
            marginTop: 28,
            x: { label: t("year"), labelArrow: "none", labelAnchor: "center", tickFormat: (v: number) => String(Math.round(v)), ticks: width < 520 ? 5 : 10 },
            y: { label: series!.unit, labelArrow: "none", grid: true, zero: Math.min(...series!.values) > 0, tickFormat: (v: number) => formatNumber(v, 3) },
            marks: [
              Plot.line(rows, { x: "x", y: "value", stroke: look.strong, strokeWidth: 2 }),
              ...(rows.length <= 400 ? [Plot.dot(rows, { x: "x", y: "value", r: 2, fill: look.strong })] : []),
              Plot.ruleX([at(onset)], { stroke: look.ink, strokeDasharray: "4 3" }),
            ],
          },
        })
      : null,
    below: series
      ? [onsetControl(params), h("p", {}, h("a", { href: `#clock?s=${shown}` }, t("overlay"))), h("h3", {}, t(series.periods[0]!.f === "M" ? "ownPriceHead" : "ownPlacedHead")), ...placed(), h("p", {}, t("ownLink"))]
      : [],
    table: {
      columns: [t("period"), t("value"), t("unit"), t("source"), t("grade")],
      rows: rows.map((r) => [r.period, r.value, series!.unit, t("ownPlace"), "C"]),
    },
    tableName: series?.name ?? t("vOwn"),
    python: python(),
  };
}

function at(period: string): number {
  const p = parsePeriod(period);
  return p.n / (p.freq === "Y" ? 1 : p.freq === "Q" ? 4 : 12);
}

function python(): string {
  const names: Record<string, string> = { dateColumn: "date_column" };
  const set = Object.entries(options).filter(([, v]) => v).map(([k, v]) => `, ${names[k] ?? k}=${JSON.stringify(v)}`);
  const name = brought?.name ?? "mine.csv";
  return [
    "import manias",
    "",
    `series = manias.read_series(${JSON.stringify(name)}${set.join("")})`,
    "print(series.values)",
    ...(series?.periods[0]!.f === "M" ? ["ladder = manias.ask_own(series)[1]", "print(ladder.standings[0])"] : ["print(manias.measure_own(series).resemblance)"]),
  ].join("\n");
}

export const own: View = { id: "own", name: "vOwn", controls, output };
