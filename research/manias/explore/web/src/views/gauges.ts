/** Public gauges: whose rule says what, and how often falls followed where it can be read back. */
import * as Plot from "@observablehq/plot";
import { t, type Key } from "../messages";
import { record, type GaugeLine, type GaugeRule } from "../payload";
import { base, theme, type Point } from "../ui/chart";
import { select, text } from "../ui/controls";
import { h } from "../ui/dom";
import type { Output, View } from "../ui/frame";
import type { Params } from "../ui/params";
import { placeCells, placeNode, restsNode } from "../ui/provenance";
import { formatNumber, percent } from "../ui/table";

const STATES = ["", "computed", "listed", "alarm", "skill"] as const;
const COMPUTABLE: Record<GaugeRule["computable"], Key> = { yes: "computedFully", partly: "computedPartly", no: "notComputed" };

const kindKey = (kind: string): Key => `kindOf_${kind.replaceAll(/[ -]/g, "_")}` as Key;
const targetKey = (target: string): Key => `target_${target.replaceAll("-", "_")}` as Key;

const signed = (value: number): string => (value > 0 ? `+${value.toFixed(3)}` : value.toFixed(3).replace("-", "−"));

/** Our lenses stand among the rules, as their own owner. */
function everyRule(): GaugeRule[] {
  const own = record.gauges.own.map(
    (line): GaugeRule => ({
      key: line.key, name: line.name, owner: t("thisProject"), published: String(line.since), kind: line.kind, rule: line.rule,
      threshold: null, unit: "", computable: "yes", reason: "", note: "", place: line.rests.place, printed: null, lines: [line],
    }),
  );
  return [...record.gauges.rules, ...own];
}

export function findGauges(rules: GaugeRule[], words: string, kind: string, state: string): GaugeRule[] {
  const asked = words.toLowerCase().split(/\s+/).filter(Boolean);
  return rules.filter((one) => {
    const told = [one.key, one.name, one.owner, one.rule, one.reason, one.note, t(kindKey(one.kind)), ...one.lines.flatMap((l) => [l.key, l.name, l.caveat])].join(" ").toLowerCase();
    return (
      asked.every((word) => told.includes(word)) &&
      (!kind || one.kind === kind) &&
      (state === "" ||
        (state === "computed" && one.lines.length > 0) ||
        (state === "listed" && one.lines.length === 0) ||
        (state === "alarm" && one.lines.some((l) => l.alarmsNow[0] > 0)) ||
        (state === "skill" && one.lines.some((l) => l.skill)))
    );
  });
}

function nowSaid(line: GaugeLine): string {
  const [on, units, period] = line.alarmsNow;
  if (!units) return t("neverRead");
  const read = line.reading && line.reading[0] !== null ? ` (${formatNumber(line.reading[0])} ${line.reading[1]})` : "";
  return units === 1 ? t(on ? "inAlarmOne" : "noAlarmOne", { period }) + read : t("inAlarmOf", { on, units, period });
}

function lineNode(line: GaugeLine): HTMLElement {
  const facts: [string, string][] = [
    [t("warnsOf"), t("fallOf", { what: t(targetKey(line.target)), fall: percent(line.fall), years: formatNumber(line.years) })],
    [t("readFromTo"), `${line.first}–${line.last} (${line.n.toLocaleString("en-US")})`],
    [t("timeInAlarm"), percent(line.inAlarm, 1)],
    [t("fallsWarned"), t("ofWhich", { n: line.hits, of: line.falls })],
    [t("falseSpells"), t("ofWhich", { n: line.falseSpells, of: line.spells })],
    [t("leadMonths"), line.lead === null ? "–" : formatNumber(line.lead, 3)],
    [t("fellAfterAlarm"), `${percent(line.afterAlarm, 1)} / ${percent(line.afterNone, 1)}`],
    [t("gainNats"), line.gain === null ? "–" : `${signed(line.gain)} (p ${line.p === null ? "–" : formatNumber(line.p, 2)}; Holm ${line.holm === null ? "–" : formatNumber(line.holm, 2)})`],
    [t("stateNow"), nowSaid(line)],
  ];
  return h(
    "section",
    { class: "line", "data-line": line.key },
    h("h4", {}, `${line.name} – ${t(targetKey(line.target))}`, " ", h("span", { class: "verdict" }, line.skill ? `✓ ${t("beatsBase")}` : `○ ${t("notBetter")}`)),
    h("dl", { class: "facts" }, ...facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
    line.peaks.length
      ? h("p", { class: "place" }, `${t("peaksOf")}: ${line.peaks.map(([peak, verdict, lead]) => `${peak} ${t(`peak_${verdict}`)}${lead === null ? "" : ` (${t("nMonths", { n: lead })})`}`).join(t("comma"))}`)
      : null,
    line.caveat ? h("p", { class: "place", dir: "auto" }, `${t("differs")}: ${line.caveat}`) : null,
    restsNode(line.rests),
  );
}

function card(one: GaugeRule): HTMLElement {
  const sign = { yes: "✓", partly: "◐", no: "–" }[one.computable];
  return h(
    "article",
    { class: "card", "data-key": one.key },
    h("h3", { dir: "auto" }, `${one.name} `, h("span", { class: "verdict" }, `${sign} ${t(COMPUTABLE[one.computable])}`)),
    h("p", { class: "place", dir: "auto" }, [one.owner, one.published, t(kindKey(one.kind))].filter(Boolean).join(" · ")),
    h("p", { dir: "auto" }, one.rule),
    one.threshold === null ? null : h("p", { class: "place" }, `${t("threshold")}: ${formatNumber(one.threshold)} ${one.unit}`),
    one.reason ? h("p", { class: "place", dir: "auto" }, `${t(one.computable === "no" ? "whyNot" : "whyPartly")}: ${one.reason}`) : null,
    one.printed ? h("p", { class: "place", dir: "auto" }, `${t("printedValue")}: ${formatNumber(one.printed.value)} ${one.printed.unit} (${one.printed.period})`) : null,
    one.note ? h("p", { class: "place", dir: "auto" }, one.note) : null,
    one.lines.length ? h("details", {}, h("summary", {}, t("recordOf", { n: one.lines.length })), ...one.lines.map(lineNode)) : null,
    one.owner === t("thisProject") ? null : placeNode(one.place),
  );
}

function output(params: Params): Output {
  const look = theme();
  const rules = everyRule();
  const found = findGauges(rules, params.get("q", ""), params.get("kind", ""), params.choice("state", STATES));
  const lines = found.flatMap((one) => one.lines.map((line) => ({ one, line })));
  const drawn = lines.filter(({ line }) => line.afterAlarm !== null && line.afterNone !== null);
  const every = rules.flatMap((one) => one.lines);
  const skilled = every.filter((l) => l.skill).length;
  const computed = record.gauges.rules.filter((one) => one.lines.length).length;
  const points: Point[] = drawn.map(({ one, line }) => ({
    x: line.afterNone!,
    y: line.afterAlarm!,
    series: "lines",
    label: `${line.name} (${one.owner}): ${percent(line.afterAlarm, 1)} / ${percent(line.afterNone, 1)}`,
    detail: () => h("div", {}, h("div", { class: "value", dir: "auto" }, `${line.name}, ${one.owner}`), lineNode(line)),
  }));
  const top = (values: number[]): number => Math.max(0.1, ...values) * 1.08;
  const most = { x: top(drawn.map((d) => d.line.afterNone!)), y: top(drawn.map((d) => d.line.afterAlarm!)) };
  const end = Math.min(most.x, most.y);
  return {
    heading: t("gaugesHeading", { skilled, lines: every.length, n: record.gauges.rules.length, computed }),
    lead: [t("gaugesLead")],
    numbers: [
      { label: t("rulesShown"), value: String(found.length), id: "rules" },
      { label: t("computedShown"), value: String(lines.length), id: "lines" },
      { label: t("inAlarmShown"), value: String(lines.filter(({ line }) => line.alarmsNow[0] > 0).length), id: "alarm" },
      { label: t("skillShown"), value: String(lines.filter(({ line }) => line.skill).length), id: "skill" },
    ],
    chart: drawn.length
      ? (width) => ({
          label: t("gaugesChart"),
          points,
          options: {
            ...base(look, width, width < 560 ? 360 : 400),
            marginLeft: 50,
            marginTop: 30,
            marginBottom: 46,
            marginRight: 20,
            x: { domain: [0, most.x], label: t("fellWithout"), labelArrow: "none", labelAnchor: "center", tickFormat: (v: number) => `${Math.round(v * 100)}%`, ticks: width < 560 ? 4 : 8, grid: true },
            y: { domain: [0, most.y], label: t("fellWith"), labelArrow: "none", tickFormat: (v: number) => `${Math.round(v * 100)}%`, ticks: 6, grid: true },
            marks: [
              Plot.line([[0, 0], [end, end]], { stroke: look.faint, strokeDasharray: "5 4" }),
              Plot.text(drawn.filter((d) => d.line.skill), { x: (d) => d.line.afterNone, y: (d) => d.line.afterAlarm, text: (d) => d.line.name, dx: 10, textAnchor: "start", fill: look.ink, stroke: look.dark ? "#16181b" : "#fff", strokeWidth: 3 }),
              Plot.dot(drawn.filter((d) => !d.line.skill), { x: (d) => d.line.afterNone, y: (d) => d.line.afterAlarm, r: 5, symbol: "circle", fill: look.dark ? "#16181b" : "#fff", stroke: look.faint, strokeWidth: 1.8 }),
              Plot.dot(drawn.filter((d) => d.line.skill), { x: (d) => d.line.afterNone, y: (d) => d.line.afterAlarm, r: 6, symbol: "square", fill: look.strong, stroke: look.ink }),
            ],
          },
        })
      : null,
    below: [h("p", {}, t("gaugesNote")), h("div", { class: "cards" }, ...found.map(card))],
    table: {
      columns: [
        t("key"), t("name"), t("owner"), t("published_"), t("kind"), t("rule"), t("threshold"), t("unit"), t("computed_"), t("whyNot"),
        t("gauge"), t("warnsOf"), t("timeInAlarm"), t("hits"), t("fallsRead"), t("falseSpells"), t("spells"), t("leadMonths"), t("fellWith"), t("fellWithout"), t("gainNats"), "p", "Holm", t("beatsBase"), t("stateNow"),
        t("source"), t("address"), t("where"), t("grade"),
      ],
      hidden: 4,
      rows: found.flatMap((one) =>
        (one.lines.length ? one.lines : [null]).map((l) => [
          one.key, one.name, one.owner, one.published, t(kindKey(one.kind)), one.rule, one.threshold, one.unit, t(COMPUTABLE[one.computable]), one.reason,
          l?.key ?? "", l ? t(targetKey(l.target)) : "", l?.inAlarm ?? null, l?.hits ?? null, l?.falls ?? null, l?.falseSpells ?? null, l?.spells ?? null, l?.lead ?? null,
          l?.afterAlarm ?? null, l?.afterNone ?? null, l?.gain ?? null, l?.p ?? null, l?.holm ?? null, l ? t(l.skill ? "yes" : "no") : "", l ? nowSaid(l) : "",
          ...placeCells(one.place),
        ]),
      ),
    },
    tableName: t("vGauges"),
    python: 'import manias\n\nprint(manias.load("gauges").frame[["key", "owner", "rule", "threshold", "computable", "reason"]])\nprint(manias.load_scoreboard().to_frame())',
  };
}

function controls(params: Params): HTMLElement[] {
  const kinds = [...new Set(everyRule().map((one) => one.kind))];
  return [
    text(params, "q", t("search"), t("searchGauges")),
    select(params, "kind", t("kind"), [["", t("all")], ...kinds.map((k) => [k, t(kindKey(k))] as const)], ""),
    select(params, "state", t("status"), STATES.map((s) => [s, s ? t(`status_${s}`) : t("all")] as const), ""),
  ];
}

export const gauges: View = { id: "gauges", name: "vGauges", controls, output };
