/** Sources, places and grades in words and links. */
import { t, type Key } from "../messages";
import { record, type Grade, type Rests } from "../payload";
import { h, safeUrl } from "./dom";

export const GRADES: Record<Exclude<Grade, "">, Key> = { A: "gradeA", B: "gradeB", J: "gradeJ", C: "gradeC" };

export function gradeSaid(grade: Grade): string {
  return grade === "" ? t("gradeNone") : `${grade} (${t(GRADES[grade])})`;
}

export function sourceText(key: string): string {
  const source = record.sources[key];
  if (!source) return key;
  const who = source.author ? `${source.author} ` : "";
  return `${who}(${source.year}): ${source.title}`;
}

export function sourceNode(key: string): HTMLElement {
  const source = record.sources[key];
  const url = source ? safeUrl(source.url) : null;
  return url
    ? h("a", { href: url, target: "_blank", rel: "noreferrer noopener" }, sourceText(key))
    : h("span", {}, sourceText(key));
}

/** Source, locator and grade of a place, as a list. */
export function placeNode(place: number): HTMLElement {
  const [keys, locator, grade] = record.places[place] ?? [[], "", "" as Grade];
  const sources = h("ul", { class: "sources" }, ...keys.slice(0, 12).map((key) => h("li", {}, sourceNode(key))));
  if (keys.length > 12) sources.append(h("li", {}, t("moreSources", { n: keys.length - 12 })));
  return h(
    "div",
    { class: "place" },
    h("div", {}, `${t("grade")}: ${gradeSaid(grade)}`),
    locator ? h("div", { class: "locator" }, `${t("where")}: ${locator}`) : null,
    sources,
  );
}

/** The four cells by which a row of a table tells where it is from. */
export function placeCells(place: number): [string, string, string, string] {
  const [keys, locator, grade] = record.places[place] ?? [[], "", "" as Grade];
  const urls = keys.map((k) => record.sources[k]?.url ?? "").filter(Boolean);
  return [keys.map(sourceText).join("; "), urls.join(" "), locator, grade];
}

export function restsNode(rests: Rests): HTMLElement {
  return h("div", { class: "rests" }, h("strong", {}, t("restsOn")), placeNode(rests.place));
}
