/** Controls: each has a label, works by keyboard alone, and writes what is chosen to the address. */
import { t } from "../messages";
import { h, newId } from "./dom";
import type { Params } from "./params";

export type Options = readonly (readonly [value: string, label: string])[];

export function select(params: Params, key: string, label: string, options: Options, otherwise: string): HTMLElement {
  const id = newId(key);
  const chosen = params.get(key, otherwise);
  const box = h("select", { id, name: key, onchange: (e) => params.set(key, (e.target as HTMLSelectElement).value) });
  for (const [value, text] of options) {
    box.append(h("option", { value, selected: value === chosen }, text));
  }
  return h("div", { class: "control" }, h("label", { for: id }, label), box);
}

export interface Range {
  min: number;
  max: number;
  step: number;
  otherwise: number;
  say: (value: number) => string;
}

export function range(params: Params, key: string, label: string, r: Range): HTMLElement {
  const id = newId(key);
  const value = params.number(key, r.otherwise);
  const told = h("output", { for: id }, r.say(value));
  const box = h("input", {
    id,
    name: key,
    type: "range",
    min: r.min,
    max: r.max,
    step: r.step,
    "aria-valuetext": r.say(value),
    oninput: (e) => {
      const now = Number((e.target as HTMLInputElement).value);
      told.textContent = r.say(now);
      box.setAttribute("aria-valuetext", r.say(now));
      params.set(key, String(now));
    },
  });
  box.value = String(value);
  return h("div", { class: "control" }, h("label", { for: id }, label, " ", told), box);
}

export function text(params: Params, key: string, label: string, hint: string): HTMLElement {
  const id = newId(key);
  const box = h("input", {
    id,
    name: key,
    type: "search",
    placeholder: hint,
    value: params.get(key, ""),
    autocomplete: "off",
    oninput: (e) => params.set(key, (e.target as HTMLInputElement).value),
  });
  return h("div", { class: "control wide" }, h("label", { for: id }, label), box);
}

export interface Group {
  name: string;
  items: { value: string; label: string }[];
}

/** Many to choose from, in groups that can be searched. */
export function checks(params: Params, key: string, label: string, groups: Group[], otherwise: string[]): HTMLElement {
  const chosen = new Set(params.list(key, otherwise));
  const boxes: HTMLInputElement[] = [];
  const count = h("span", { class: "count" });
  const write = (): void => {
    const now = boxes.filter((b) => b.checked).map((b) => b.value);
    count.textContent = String(now.length);
    params.set(key, now.join(","));
  };
  const parts = groups.map((group) => {
    const rows = group.items.map(({ value, label: name }) => {
      const id = newId(key);
      const box = h("input", { id, type: "checkbox", name: key, value, checked: chosen.has(value), onchange: write });
      boxes.push(box);
      return h("li", {}, box, h("label", { for: id }, name));
    });
    const all = h(
      "button",
      {
        type: "button",
        class: "small",
        onclick: () => {
          const mine = boxes.filter((b) => group.items.some((i) => i.value === b.value));
          const on = !mine.some((b) => b.checked);
          for (const b of mine) b.checked = on;
          write();
        },
      },
      t("allOrNone"),
    );
    return h("fieldset", {}, h("legend", {}, group.name, " ", all), h("ul", { class: "checks" }, ...rows));
  });
  const filter = h("input", {
    type: "search",
    placeholder: t("searchNames"),
    "aria-label": t("searchNames"),
    oninput: (e) => {
      const wanted = (e.target as HTMLInputElement).value.toLowerCase();
      for (const box of boxes) {
        const row = box.closest("li")!;
        row.hidden = !row.textContent!.toLowerCase().includes(wanted);
      }
    },
  });
  count.textContent = String(chosen.size);
  return h("details", { class: "control wide" }, h("summary", {}, label, " (", count, ")"), filter, ...parts);
}
