/** A drawing whose points can be read with the pointer and with the arrow keys. */
import * as Plot from "@observablehq/plot";
import { t } from "../messages";
import { h } from "./dom";

export interface Point {
  x: number | string;
  y: number | string;
  /** Line or row that it belongs to; the up and down keys move between these. */
  series: string;
  /** What is read aloud. */
  label: string;
  detail: () => HTMLElement;
}

/** Lines that can be moved along the horizontal scale. */
export interface Drag {
  series: ReadonlySet<string>;
  /** What a move so far would mean, in words. */
  say: (moved: number) => string;
  end: (moved: number) => void;
}

export interface Chart {
  options: Plot.PlotOptions;
  points: Point[];
  label: string;
  drag?: Drag;
}

export interface Theme {
  dark: boolean;
  ink: string;
  faint: string;
  line: string;
  strong: string;
  colours: string[];
}

/** Colours that stay apart for the colour-blind (after Okabe and Ito), lighter on a dark ground. */
export function theme(): Theme {
  const set = document.documentElement.dataset["theme"];
  const dark = set ? set === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  return dark
    ? {
        dark,
        ink: "#e8e8e6",
        faint: "#a3a7ad",
        line: "#44484f",
        strong: "#ff9d5c",
        colours: ["#6bb8ee", "#4fd0a0", "#e7a3cd", "#e6d350", "#9ad0f5", "#c9b6f2", "#d0d0d0"],
      }
    : {
        dark,
        ink: "#1c1e21",
        faint: "#5c6168",
        line: "#d5d8dc",
        strong: "#c23f00",
        colours: ["#0067a8", "#00785a", "#a8477f", "#7a6000", "#3d7fb0", "#6a4fb3", "#444444"],
      };
}

export const DASHES = ["", "7 3", "2 3", "9 3 2 3", "12 4", "4 2", "1 3"];
export const SYMBOLS = ["circle", "square", "triangle", "diamond", "star", "cross", "wye"] as const;

export function base(look: Theme, width: number, height: number): Plot.PlotOptions {
  return {
    width,
    height,
    style: { color: look.ink, background: "transparent", fontFamily: "system-ui, sans-serif", fontSize: "12px", overflow: "visible" },
  };
}

/** Draw into a host; tells of the point that is under the pointer or chosen by a key. */
export function draw(host: HTMLElement, chart: Chart, tell: (point: Point, spoken: boolean) => void): SVGSVGElement {
  const plot = Plot.plot(chart.options);
  const svg = plot instanceof SVGSVGElement ? plot : plot.querySelector("svg")!;
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", chart.label);
  // The drawing has one name; Plot's names of its groups are no help to those who hear it.
  for (const group of svg.querySelectorAll("g[aria-label], g[aria-description]")) {
    group.removeAttribute("aria-label");
    group.removeAttribute("aria-description");
  }
  const made = plot as unknown as Plot.Plot;
  const at = (name: "x" | "y", value: number | string): number => {
    const scale = made.scale(name);
    if (!scale) return 0;
    return (scale.apply(value) as number) + (scale.bandwidth ?? 0) / 2;
  };
  const places = chart.points
    .map((point) => ({ point, x: at("x", point.x), y: at("y", point.y) }))
    .filter((p) => Number.isFinite(p.x) && Number.isFinite(p.y));
  const cursor = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  cursor.setAttribute("class", "cursor");
  cursor.setAttribute("r", "7");
  cursor.setAttribute("visibility", "hidden");
  svg.append(cursor);
  let now = -1;
  const show = (i: number, spoken: boolean): void => {
    const place = places[i];
    if (!place) return;
    now = i;
    cursor.setAttribute("cx", String(place.x));
    cursor.setAttribute("cy", String(place.y));
    cursor.setAttribute("visibility", "visible");
    tell(place.point, spoken);
  };
  const nearest = (event: PointerEvent): number => {
    const box = svg.getBoundingClientRect();
    const k = svg.width.baseVal.value / (box.width || 1);
    const x = (event.clientX - box.left) * k;
    const y = (event.clientY - box.top) * k;
    let best = -1;
    let least = 60 ** 2;
    places.forEach((p, i) => {
      const d = (p.x - x) ** 2 + (p.y - y) ** 2;
      if (d < least) {
        least = d;
        best = i;
      }
    });
    return best;
  };
  const frame = h("div", {
    class: "chart",
    tabindex: 0,
    role: "group",
    "aria-label": `${chart.label}. ${t("chartKeys")}`,
    onkeydown: (e) => {
      const key = (e as KeyboardEvent).key;
      const moved = step(places, now, key);
      if (moved === null) return;
      e.preventDefault();
      show(moved, true);
    },
  });
  let grip: { x: number; moved: number; point: Point } | null = null;
  frame.addEventListener("pointermove", (e) => {
    if (grip && chart.drag) {
      const k = svg.width.baseVal.value / (svg.getBoundingClientRect().width || 1);
      grip.moved = ((e.clientX - grip.x) * k) / (at("x", 1) - at("x", 0));
      const words = chart.drag.say(grip.moved);
      tell({ ...grip.point, label: words, detail: () => h("p", { class: "value" }, words) }, false);
      return;
    }
    const i = nearest(e);
    if (i >= 0 && i !== now) show(i, false);
  });
  frame.addEventListener("pointerdown", (e) => {
    const i = nearest(e);
    if (i < 0) return;
    show(i, true);
    const point = places[i]!.point;
    if (chart.drag?.series.has(point.series) && e.pointerType === "mouse") {
      grip = { x: e.clientX, moved: 0, point };
      frame.setPointerCapture(e.pointerId);
    }
  });
  const drop = (): void => {
    const moved = grip?.moved ?? 0;
    grip = null;
    if (moved && chart.drag) chart.drag.end(moved);
  };
  frame.addEventListener("pointerup", drop);
  frame.addEventListener("pointercancel", () => {
    grip = null;
  });
  frame.append(plot);
  host.replaceChildren(frame);
  return svg;
}

interface Placed {
  point: Point;
  x: number;
  y: number;
}

function step(places: Placed[], now: number, key: string): number | null {
  if (!places.length) return null;
  const here = places[now];
  if (!here) return key.startsWith("Arrow") || key === "Home" ? 0 : null;
  const mine = places
    .map((p, i) => ({ p, i }))
    .filter(({ p }) => p.point.series === here.point.series)
    .sort((a, b) => a.p.x - b.p.x);
  const at = mine.findIndex(({ i }) => i === now);
  if (key === "ArrowRight") return mine[Math.min(at + 1, mine.length - 1)]!.i;
  if (key === "ArrowLeft") return mine[Math.max(at - 1, 0)]!.i;
  if (key === "Home") return mine[0]!.i;
  if (key === "End") return mine[mine.length - 1]!.i;
  if (key !== "ArrowUp" && key !== "ArrowDown") return null;
  const all = [...new Set(places.map((p) => p.point.series))];
  const next = all[(all.indexOf(here.point.series) + (key === "ArrowDown" ? 1 : all.length - 1)) % all.length]!;
  let best = now;
  let least = Infinity;
  places.forEach((p, i) => {
    if (p.point.series === next && Math.abs(p.x - here.x) < least) {
      least = Math.abs(p.x - here.x);
      best = i;
    }
  });
  return best;
}

/** A key to lines and symbols, for narrow screens and for readers who see no colour. */
export function legend(items: { name: string; colour: string; dash: string; width: number }[]): HTMLElement {
  return h(
    "ul",
    { class: "legend" },
    ...items.map((item) => {
      const ns = "http://www.w3.org/2000/svg";
      const svg = document.createElementNS(ns, "svg");
      svg.setAttribute("width", "34");
      svg.setAttribute("height", "12");
      svg.setAttribute("aria-hidden", "true");
      const line = document.createElementNS(ns, "line");
      for (const [k, v] of Object.entries({ x1: "1", x2: "33", y1: "6", y2: "6", stroke: item.colour, "stroke-width": String(item.width), "stroke-dasharray": item.dash })) {
        line.setAttribute(k, v);
      }
      svg.append(line);
      return h("li", {}, svg, h("span", { dir: "auto" }, item.name));
    }),
  );
}

/** Move labels apart so that none covers another and none leaves the drawing; in pixels. */
export function apart(values: number[], gap: number, most = Infinity): number[] {
  const order = values.map((v, i) => ({ v, i })).sort((a, b) => a.v - b.v);
  for (let k = 1; k < order.length; k++) {
    const one = order[k]!;
    one.v = Math.max(one.v, order[k - 1]!.v + gap);
  }
  let limit = most;
  for (let k = order.length - 1; k >= 0; k--) {
    const one = order[k]!;
    one.v = Math.min(one.v, limit);
    limit = one.v - gap;
  }
  const found = [...values];
  for (const { v, i } of order) found[i] = v;
  return found;
}
