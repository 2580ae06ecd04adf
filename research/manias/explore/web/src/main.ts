/** The page: which view is open, and what the address says of it. */
import { language, t } from "./messages";
import { record } from "./payload";
import { h } from "./ui/dom";
import { show, type View } from "./ui/frame";
import { Params, parseFragment } from "./ui/params";
import { answer } from "./views/answer";
import { clock } from "./views/clock";
import { companies } from "./views/companies";
import { gauges } from "./views/gauges";
import { innovations } from "./views/innovations";
import { own } from "./views/own";
import { payback } from "./views/payback";
import { prices } from "./views/prices";
import { quoted } from "./views/quoted";
import { sources } from "./views/sources";
import { spending } from "./views/spending";

const VIEWS: View[] = [answer, clock, spending, prices, innovations, companies, quoted, gauges, payback, own, sources];

const remembered = new Map<string, string>();
const main = h("main", { id: "view", tabindex: -1 });
const links = new Map<string, HTMLAnchorElement>();
let repaint: () => void = () => undefined;
let open = "";

function go(move: boolean): void {
  const { view: wanted, text } = parseFragment(location.hash);
  const view = VIEWS.find((one) => one.id === wanted) ?? answer;
  const given = text || remembered.get(view.id) || "";
  open = view.id;
  for (const [id, link] of links) {
    if (id === open) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  repaint = show(main, view, given, (id, stored, changed) => {
    const params = new Params(id, stored, () => {
      remembered.set(id, parseFragment(params.fragment()).text);
      changed();
    });
    return params;
  });
  if (move) main.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
}

function toggleTheme(): void {
  const root = document.documentElement;
  const dark = root.dataset["theme"] ? root.dataset["theme"] === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset["theme"] = dark ? "light" : "dark";
  go(false);
}

function start(): void {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const view of VIEWS) links.set(view.id, h("a", { href: `#${view.id}` }, t(view.name as "vAnswer")));
  document.body.replaceChildren(
    h("a", { class: "skip", href: "#view", onclick: (e) => { e.preventDefault(); main.focus(); } }, t("skip")),
    h(
      "header",
      {},
      h("div", { class: "top" }, h("h1", {}, t("question")), h("button", { type: "button", class: "small", "data-act": "theme", onclick: toggleTheme }, t("theme"))),
      h("nav", { "aria-label": t("views") }, h("ul", {}, ...[...links.values()].map((link) => h("li", {}, link)))),
    ),
    main,
    h("footer", {}, h("p", {}, t("foot", { version: record.edition.version, day: record.edition.day })), h("p", {}, t("footData"))),
  );
  addEventListener("hashchange", () => go(true));
  let wait = 0;
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    clearTimeout(wait);
    wait = window.setTimeout(() => repaint(), 80);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => go(false));
  go(false);
  document.documentElement.dataset["ready"] = "yes";
}

start();
