// Bundles the page's script, its arithmetic alone (for the tests), and the licences of what is in it.
import { build } from "esbuild";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const common = { bundle: true, minify: true, target: "es2022", legalComments: "none", charset: "utf8" };
const page = await build({
  ...common,
  entryPoints: ["src/main.ts"],
  outfile: "dist/explore.js",
  format: "iife",
  metafile: true,
});
await build({
  ...common,
  entryPoints: ["src/core/index.ts"],
  outfile: "dist/core.mjs",
  format: "esm",
});

// The script stands inside the page: nothing in it may end its element.
const script = readFileSync("dist/explore.js", "utf8");
if (/<\/script|<!--/i.test(script)) throw new Error("the script holds the end of a script element");
const style = await build({ entryPoints: ["src/ui/style.css"], minify: true, write: false });
writeFileSync("dist/style.css", style.outputFiles[0].text);

const folders = new Set();
for (const input of Object.keys(page.metafile.inputs)) {
  const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
  if (found) folders.add(found[1]);
}
const texts = [];
for (const folder of [...folders].sort()) {
  const facts = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (!file) throw new Error(`${facts.name}: no licence text beside the package`);
  const text = readFileSync(join(folder, file), "utf8").trim();
  texts.push(`${facts.name} ${facts.version} (${facts.license})\n\n${text}\n`);
}
const line = `\n${"-".repeat(72)}\n\n`;
writeFileSync("dist/licences.txt", texts.join(line));
