/** What the page carries, as `manias.explore.payload` writes it. */
import type { Crashes } from "./core/crashes";
import type { Spent } from "./core/payback";
import type { QuotedCells } from "./core/quoted";
import type { SpendingPanel } from "./core/rises";
import type { Frequency } from "./core/clock";
import type { PriceIndex } from "./core/deflate";
import type { PriceLadder } from "./core/place-price";
import type { Words } from "./core/read";

export type Grade = "A" | "B" | "J" | "C" | "";
export type Place = [sources: string[], locator: string, grade: Grade];

export interface Source {
  title: string;
  author: string;
  year: string;
  publisher: string;
  url: string;
  seen: string;
}

export interface Rests {
  tables: { table: string; rows: number; of: number; how: string }[];
  place: number;
}

/** A case on one measure of the scorecard; `chosen` is "" of AI itself. */
export interface ScoreCase {
  name: string;
  when: string;
  label: string;
  /** null where spending stands over no positive cash. */
  value: number | null;
  at: number;
  fell: boolean | null;
  chosen: "rule" | "named" | "";
  grade: Grade;
  place: number;
}

export interface ScoreRow {
  key: string;
  name: string;
  unit: "percent" | "points" | "times" | "ratio";
  followed: string;
  chosenBy: string;
  n: number;
  fell: number;
  counted: string;
  within: string;
  standing: "above" | "among" | "below" | "few";
  median: number | null;
  medianAt: number | null;
  above: number;
  grade: Grade;
  ticks: [at: number, text: string][];
  cases: ScoreCase[];
}

export interface GaugeLine {
  key: string;
  name: string;
  kind: string;
  target: string;
  fall: number;
  years: number;
  caveat: string;
  rule: string;
  since: number;
  first: string;
  last: string;
  n: number;
  inAlarm: number | null;
  base: number | null;
  afterAlarm: number | null;
  afterNone: number | null;
  hits: number;
  falls: number;
  late: number;
  missed: number;
  silent: number;
  falseSpells: number;
  spells: number;
  lead: number | null;
  gain: number | null;
  p: number | null;
  holm: number | null;
  power: number | null;
  skill: boolean;
  alarmsNow: [on: number, units: number, period: string];
  reading: [value: number | null, unit: string] | null;
  peaks: [peak: string, verdict: "hit" | "late" | "missed" | "abstained", lead: number | null][];
  grade: Grade;
  rests: Rests;
}

export interface GaugeRule {
  key: string;
  name: string;
  owner: string;
  published: string;
  kind: string;
  rule: string;
  threshold: number | null;
  unit: string;
  computable: "yes" | "partly" | "no";
  reason: string;
  note: string;
  place: number;
  printed: { period: string; value: number; unit: string; place: number } | null;
  lines: GaugeLine[];
}

export interface SeriesData {
  id: string;
  name: string;
  measure: string;
  unit: string;
  measureSaid: string;
  unitSaid: string;
  definition: string;
  frequency: Frequency;
  grade: Grade;
  anchors: Record<"onset" | "commercialised" | "peak", string | null>;
  group: "ai" | "share" | "other" | "money";
  isAi: boolean;
  periods: string[];
  values: number[];
  places: number[];
  estimated: boolean[];
  currency: string | null;
  /** Place of the prices by which it was deflated. */
  pricesPlace?: number;
  python: string;
}

export interface LadderRow {
  class: string;
  outcome: string;
  n: number;
  units: number;
  frequency: number | null;
  low: number | null;
  high: number | null;
  shuffled: number | null;
  reversed: number | null;
}

export interface Panel extends SpendingPanel {
  model: string;
  ladder: LadderRow[];
  rests: Rests;
}

export interface Rising {
  id: string;
  name: string;
  panel: "industries" | "firms";
  steps: number;
  last: string;
  shares: (number | null)[];
  grade: Grade;
  rests: Rests;
}

export interface CrashData extends Crashes {
  ladder: PriceLadder;
  base: Record<string, [n: number, crashes: number]>;
  standing: {
    industry: string;
    name: string;
    net: number | null;
    asOf: string;
    grade: Grade;
    highest: string;
    highestAsOf: string;
  }[];
  kept: Record<
    string,
    { n: number; crashes: number; shuffled: number | null; reversed: number | null; unbroken: number | null }
  >;
  model: string;
  first: string;
  last: string;
  rests: Rests;
}

export interface Innovation {
  id: string;
  name: string;
  sector: string;
  sectorSaid: string;
  era: string;
  country: string;
  year: number;
  yearPlace: number;
  peak: string | null;
  verdicts: Record<string, string>;
  note: string;
  place: number;
  accounts: {
    definition: string;
    episode: string;
    verdict: string;
    onset: string;
    peak: string;
    trough: string;
    rise: number | null;
    fall: number | null;
    note: string;
    place: number;
  }[];
}

export interface CompanySeries {
  company: string;
  measure: string;
  unit: string;
  quarters: string[];
  ends: string[];
  values: number[];
  places: number[];
}

export interface QuotedFigure extends QuotedCells {
  when: string;
  period: string;
  topic: string;
  ours: number | null;
  verdict: string;
  verdictSaid: string;
  sentence: string;
  why: string;
  place: number;
  oursGrade: Grade;
  readings: { name: string; value: number | null; unit: string; same: boolean; reason: string; grade: Grade }[];
  rests: string[];
}

export interface Payload {
  edition: { version: string; language: "en" | "zh"; day: string; reach: Record<string, string> };
  answer: { resemblance: string; followed: string };
  card: { finding: string; grade: Grade; rows: ScoreRow[] };
  series: SeriesData[];
  deflators: PriceIndex[];
  rises: { panels: Record<"industries" | "countries" | "firms", Panel>; series: Rising[] };
  crashes: CrashData;
  innovations: { list: Innovation[]; definitions: Record<string, string>; grades: Grade[] };
  companies: CompanySeries[];
  quoted: { verdicts: string[]; list: QuotedFigure[] };
  gauges: { rules: GaugeRule[]; own: GaugeLine[] };
  payback: Spent & {
    spending: Record<string, number>;
    earning: Record<string, number>;
    assumptions: Record<
      string,
      { what: string; low: number; central: number; high: number; unit: string; place: number }
    >;
    bases: Record<string, string | number | null>[];
    published: { id: string; what: string; required: number; asOf: string; note: string; place: number }[];
    model: string;
    rests: Rests;
  };
  words: Words;
  sources: Record<string, Source>;
  places: Place[];
}

function read(): Payload {
  const text = document.getElementById("record")?.textContent;
  if (!text) throw new Error("the page holds no record; expected a script element of that id");
  return JSON.parse(text) as Payload;
}

export const record: Payload = read();
