/** Tables: on the page, and as CSV with the sources of every row. */
import { language, t } from "../messages";
import { h } from "./dom";

export type Cell = string | number | null;

export interface Table {
  columns: string[];
  rows: Cell[][];
  /** How many of the last columns tell the source, and are left out on the page. */
  hidden?: number;
}

export const SHOWN_ROWS = 200;

export function formatNumber(value: number | null, digits = 4): string {
  if (value === null || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const places = size >= 1000 ? 0 : Math.max(0, digits - 1 - Math.floor(Math.log10(size || 1)));
  return value
    .toLocaleString(language === "zh" ? "zh-CN" : "en-US", { maximumFractionDigits: Math.min(places, 6) })
    .replace("-", "−");
}

export function percent(value: number | null | undefined, digits = 0): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  return `${(100 * value).toFixed(digits)}%`.replace("-", "−");
}

/** Billions of dollars as each language writes them: 291 billion dollars, 2,910 yi. */
export function billions(value: number | null, digits = 4): string {
  return language === "zh"
    ? `${formatNumber(value === null ? null : value * 10, digits + 1)}${t("billion")}`
    : `${formatNumber(value, digits)} ${t("billion")}`;
}

export function tableNode(table: Table, caption: string): HTMLElement {
  const n = table.columns.length - (table.hidden ?? 0);
  const head = h("tr", {}, ...table.columns.slice(0, n).map((name) => h("th", { scope: "col" }, name)));
  const rows = table.rows.slice(0, SHOWN_ROWS).map((row) =>
    h(
      "tr",
      {},
      ...row.slice(0, n).map((cell) =>
        h("td", typeof cell === "number" ? { class: "number" } : { dir: "auto" }, typeof cell === "number" ? formatNumber(cell) : (cell ?? "–")),
      ),
    ),
  );
  const left = table.rows.length - rows.length;
  const foot = left > 0 ? h("p", {}, t("moreRows", { n: left })) : null;
  const body = h("table", {}, h("caption", {}, caption), h("thead", {}, head), h("tbody", {}, ...rows));
  return h("div", {}, h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption }, body), foot);
}

/** A number as text: to a spreadsheet it is no formula, whatever sign it begins with. */
const PLAIN = /^[+-]?(?:\d[\d,]*\.?\d*|\.\d+)(?:e[+-]?\d+)?\s?%?$/i;

/** CSV as RFC 4180 has it; a text that a spreadsheet would run is kept a text. */
export function toCsv(table: Table): string {
  const cell = (value: Cell): string => {
    if (value === null || (typeof value === "number" && !Number.isFinite(value))) return "";
    const raw = String(value);
    const formula = typeof value === "string" && /^[=+\-@\t\r]/.test(raw) && !PLAIN.test(raw);
    const text = formula ? `'${raw}` : raw;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [table.columns, ...table.rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}
