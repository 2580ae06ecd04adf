/** The frame that every view shares: finding, controls, drawing, details, table, downloads. */
import { t } from "../messages";
import { record } from "../payload";
import { draw, type Chart, type Point } from "./chart";
import { h } from "./dom";
import { download, downloadPng, downloadSvg } from "./download";
import type { Params } from "./params";
import { tableNode, toCsv, type Table } from "./table";

export interface Output {
  /** The finding, as the heading of the view. */
  heading: string;
  lead?: (string | Node)[];
  numbers?: { label: string; value: string; id?: string }[];
  chart: ((width: number) => Chart) | null;
  below?: Node[];
  table: Table;
  tableName: string;
  python: string;
  /** Fills in what takes longer; told whether it is still wanted. */
  later?: (put: (id: string, value: string) => void, wanted: () => boolean) => void;
}

export interface View {
  id: string;
  name: string;
  controls: (params: Params) => HTMLElement[];
  output: (params: Params) => Output;
}

const WAIT = 40;
/** Pixels below which the choices are folded away, so that the drawing is seen first. */
const NARROW = 640;

export function show(host: HTMLElement, view: View, text: string, make: (v: string, t: string, c: () => void) => Params): () => void {
  let timer = 0;
  let turn = 0;
  const params = make(view.id, text, () => {
    clearTimeout(timer);
    timer = window.setTimeout(update, WAIT);
  });
  const heading = h("h2", { tabindex: -1 });
  const lead = h("div", { class: "lead" });
  const numbers = h("dl", { class: "numbers", "aria-live": "polite" });
  const drawing = h("div", { class: "drawing" });
  const detail = h("div", { class: "detail" }, h("p", {}, t("detailHint")));
  const spoken = h("div", { class: "visually-hidden", role: "status", "aria-live": "polite" });
  const below = h("div", { class: "below" });
  const table = h("div", {});
  const code = h("pre", { tabindex: 0, "aria-label": t("python") });
  const said = h("span", { class: "said", role: "status" });
  let svg: SVGSVGElement | null = null;
  let now: Output | null = null;

  const foot = (): string => t("foot", { version: record.edition.version, day: record.edition.day });
  const stem = `manias-${view.id}`;
  const button = (name: string, act: () => void | Promise<void>, id: string): HTMLElement =>
    h("button", { type: "button", "data-act": id, onclick: () => void act() }, name);
  const pictures = [
    button(t("png"), () => (svg && now ? downloadPng(stem, svg, now.heading, foot()) : undefined), "png"),
    button(t("svg"), () => (svg && now ? downloadSvg(stem, svg, now.heading, foot()) : undefined), "svg"),
  ];
  const actions = h(
    "div",
    { class: "actions" },
    button(
      t("csv"),
      () => {
        if (now) download(`${stem}.csv`, ["\ufeff", toCsv(now.table)], "text/csv;charset=utf-8");
      },
      "csv",
    ),
    ...pictures,
    button(
      t("link"),
      async () => {
        params.keep();
        try {
          await navigator.clipboard.writeText(location.href);
          said.textContent = t("copied");
        } catch {
          said.textContent = location.href;
        }
      },
      "link",
    ),
    button(t("print"), () => window.print(), "print"),
    said,
  );
  const tell = (point: Point, aloud: boolean): void => {
    detail.replaceChildren(point.detail());
    detail.classList.add("told");
    if (aloud) spoken.textContent = point.label;
  };
  const paint = (): void => {
    if (!now) return;
    if (now.chart) {
      const width = Math.max(280, Math.floor(drawing.clientWidth || host.clientWidth));
      svg = draw(drawing, now.chart(width), tell);
    } else {
      svg = null;
      drawing.replaceChildren();
    }
    for (const one of pictures) one.hidden = !now.chart;
    detail.hidden = !now.chart;
  };
  function update(): void {
    turn += 1;
    const mine = turn;
    const found = view.output(params);
    now = found;
    heading.textContent = found.heading;
    document.title = `${found.heading} – manias`;
    lead.replaceChildren(...(found.lead ?? []).map((one) => (typeof one === "string" ? h("p", {}, one) : one)));
    numbers.replaceChildren(
      ...(found.numbers ?? []).map((one) =>
        h("div", {}, h("dt", {}, one.label), h("dd", one.id ? { "data-id": one.id } : {}, one.value)),
      ),
    );
    paint();
    below.replaceChildren(...(found.below ?? []));
    table.replaceChildren(tableNode(found.table, found.tableName));
    code.textContent = found.python;
    found.later?.(
      (id, value) => {
        const cell = numbers.querySelector(`[data-id="${id}"]`);
        if (cell && mine === turn) cell.textContent = value;
      },
      () => mine === turn && host.contains(numbers),
    );
  }
  const controls = view.controls(params);
  host.replaceChildren(
    heading,
    lead,
    ...(controls.length
      ? [
          h(
            "details",
            { class: "choices", open: innerWidth >= NARROW },
            h("summary", {}, t("controls")),
            h("form", { class: "controls", "aria-label": t("controls"), onsubmit: (e) => e.preventDefault() }, ...controls),
          ),
        ]
      : []),
    numbers,
    drawing,
    detail,
    spoken,
    below,
    actions,
    h("details", { class: "shown" }, h("summary", {}, t("tableShown")), table),
    h("details", { class: "shown" }, h("summary", {}, t("python")), code),
  );
  update();
  return paint;
}
