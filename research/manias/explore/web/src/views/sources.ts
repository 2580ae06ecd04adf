/** All sources, and the licences of what the page is made with. */
import { t } from "../messages";
import { record, type Grade } from "../payload";
import { text } from "../ui/controls";
import { h } from "../ui/dom";
import type { Output, View } from "../ui/frame";
import type { Params } from "../ui/params";
import { GRADES, sourceNode, sourceText } from "../ui/provenance";

function output(params: Params): Output {
  const words = params.get("q", "").toLowerCase().trim();
  const uses = new Map<string, { n: number; grades: Set<string> }>();
  for (const [keys, , grade] of record.places) {
    for (const key of keys) {
      const found = uses.get(key) ?? { n: 0, grades: new Set<string>() };
      found.n += 1;
      found.grades.add(grade);
      uses.set(key, found);
    }
  }
  const all = Object.keys(record.sources);
  const shown = all.filter((key) => !words || `${key} ${sourceText(key)}`.toLowerCase().includes(words));
  const licences = document.getElementById("licences")?.textContent ?? "";
  return {
    heading: t("sourcesHeading", { n: shown.length, all: all.length }),
    lead: [h("ul", {}, ...(Object.keys(GRADES) as Exclude<Grade, "">[]).map((g) => h("li", {}, `${g}: ${t(GRADES[g])}`)))],
    chart: null,
    below: [
      h("ol", { class: "rests" }, ...shown.slice(0, 400).map((key) => h("li", { dir: "auto" }, sourceNode(key), ` – ${key}; ${t("seen")}: ${record.sources[key]!.seen}`))),
      h("h3", {}, t("licences")),
      h("p", {}, t("licencesLead")),
      h("pre", { tabindex: 0, "aria-label": t("licences") }, licences),
    ],
    table: {
      columns: [t("key"), t("source"), t("year"), t("address"), t("seen"), t("placesN"), t("grade")],
      rows: shown.map((key) => {
        const one = record.sources[key]!;
        const use = uses.get(key);
        return [key, `${one.author}: ${one.title}`, one.year, one.url, one.seen, use?.n ?? 0, [...(use?.grades ?? [])].sort().join(" ")];
      }),
    },
    tableName: t("vSources"),
    python: 'import manias\n\nprint(manias.cite("dataset:us_industries"))',
  };
}

export const sources: View = { id: "sources", name: "vSources", controls: (params) => [text(params, "q", t("search"), t("searchNames"))], output };
