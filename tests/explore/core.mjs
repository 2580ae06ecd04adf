// Runs functions of the page's arithmetic: standard input holds {data, calls}, where a call is
// [function, arguments]; an argument {"$": "path.in.data"} is taken from the data.
import { pathToFileURL } from "node:url";

const core = await import(pathToFileURL(process.argv[2]).href);
let text = "";
process.stdin.setEncoding("utf8");
for await (const part of process.stdin) text += part;
const revive = (_, v) => (v === "NaN" ? NaN : v === "Infinity" ? Infinity : v === "-Infinity" ? -Infinity : v);
const { data, calls } = JSON.parse(text, revive);
const take = (path) => path.split(".").reduce((at, key) => at[key], data);
const levels = new Map();
const argument = (a) => {
  if (a && typeof a === "object" && "$" in a) return take(a.$);
  if (a && typeof a === "object" && "levels" in a) {
    if (!levels.has(a.levels)) levels.set(a.levels, core.levels(take(a.levels)));
    return levels.get(a.levels);
  }
  return a;
};
const plain = (_, v) => {
  if (typeof v === "number" && !Number.isFinite(v)) return String(v);
  if (v instanceof Map) return Object.fromEntries(v);
  if (ArrayBuffer.isView(v)) return [...v];
  return v;
};
const answers = [];
for (const [name, ...args] of calls) {
  try {
    answers.push({ value: await core[name](...args.map(argument)) });
  } catch (error) {
    answers.push({ error: String(error.stack ?? error) });
  }
}
process.stdout.write(JSON.stringify(answers, plain));
