/** What the page carries, as `manias.explore.payload` writes it. */
import type { Crashes } from "./core/crashes";
import type { Spent } from "./core/payback";
import type { QuotedCells } from "./core/quoted";
import type { SpendingPanel } from "./core/rises";
import type { Frequency } from "./core/clock";
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

export interface Measure {
  measure: "spending" | "who_pays" | "prices" | "payback";
  series: string;
  name: string;
  value: number | null;
  rank: number | null;
  of: number | null;
  group: string;
  asOf: string;
  grade: Grade;
  strength: string;
  outcome: {
    outcome: string;
    horizon: number;
    frequency: number | null;
    n: number | null;
    low: number | null;
    high: number | null;
    shuffled: number | null;
    reversed: number | null;
    flat: number | null;
  } | null;
  model: string;
}

export interface PastCases {
  n: number;
  rests: Rests;
  /** Of the payback of past build-outs: required over actual revenue. */
  values?: (number | null)[];
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
  answer: {
    target: string;
    resemblance: string;
    followed: string;
    measures: Measure[];
    past: Record<Measure["measure"], PastCases>;
  };
  series: SeriesData[];
  rises: { panels: Record<"industries" | "countries" | "firms", Panel>; series: Rising[] };
  crashes: CrashData;
  innovations: { list: Innovation[]; definitions: Record<string, string>; grades: Grade[] };
  companies: CompanySeries[];
  quoted: { verdicts: string[]; list: QuotedFigure[] };
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
