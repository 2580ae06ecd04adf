/** Columns of a table that is cut: which hold numbers, of whom, and what their cells say. */
import { casefold, cellText, few, list, say, type Part, floatText, general, InputError, isText, pairs, repr, strip, unique, type Cell } from "./basics";
import { headingKey, where, type Table } from "./cut";
import { FLAGS, isMissing, looksNumeric, marks, toNumber, written, type Mark, type Written } from "./numbers";

/** Columns that may stand beside the values, of the same periods. */
export const BESIDE = ["revenue", "gdp", "market"];
const ROW_NAMES = new Set(["id", "n", "no", "nr", "num", "row", "rowid", "rownum", "row_number", "obs", "#", "index", "unnamed:_0"]);
const ENTITIES = new Set(["entity", "country", "country_name", "countries", "name", "geo", "location", "region", "area", "state", "company", "ticker", "symbol", "series", "indicator", "code", "country_code", "ref_area", "economy"]);
const cellStrip = (c: Cell): string => strip(cellText(c));
const shownCell = (c: Cell): string => (isText(c) ? repr(c) : cellText(c));

/** Unit of the table, from its column of units or as given, and the other columns. */
export function unitOf(table: Table, unit: string | null): [string | null, Map<string, Cell[]>] {
  const columns = new Map(table.columns);
  const at = [...columns.keys()].find((c) => ["unit", "units"].includes(headingKey(c)));
  if (at === undefined) return [unit, columns];
  const cells = columns.get(at)!.map((c) => (c === null ? "" : cellStrip(c)));
  columns.delete(at);
  const odd = cells.findIndex((c) => c !== cells[0]);
  if (odd >= 0) throw new InputError(say`${where(table, at, odd)}: ${repr(cells[odd]!)}; expected ${repr(cells[0]!)} throughout`);
  if (unit !== null && cells[0] && unit !== cells[0]) throw new InputError(say`--unit ${repr(unit)}: ${table.grid.file} says ${repr(cells[0])}`);
  return [unit || cells[0] || null, columns];
}

/** Columns of numbers, and those left out with the reason. */
export function numericColumns(columns: Map<string, Cell[]>, column: string | null): [string[], Part[]] {
  const numeric: string[] = [];
  const left: Part[] = [];
  const counted: string[] = [];
  for (const [name, cells] of columns) {
    const known = cells.filter((c) => !isMissing(c));
    const good = known.filter(looksNumeric).length;
    if (!known.length) left.push(say`${name} (empty)`);
    else if (2 * good < known.length) left.push(say`${name} (text)`);
    else if (countsUp(name, known)) counted.push(name);
    else numeric.push(name);
  }
  const asked = counted.filter((n) => column !== null && casefold(n) === casefold(column));
  const kept = asked.length ? asked : numeric.length ? [] : counted;
  return [[...numeric, ...kept], [...left, ...counted.filter((n) => !kept.includes(n)).map((n) => say`${n} (row numbers)`)]];
}

function countsUp(name: string, cells: Cell[]): boolean {
  const key = headingKey(name);
  if (!ROW_NAMES.has(key) && !key.endsWith("_id") && !/^column_\d+$/.test(key)) return false;
  const numbers = cells.map((c) => toNumber(c, "."));
  if (numbers.some((n) => n === null || !Number.isInteger(n))) return false;
  const steps = unique(pairs(numbers as number[]).map(([a, b]) => b - a));
  return steps.every((s) => s === 1) || steps.every((s) => s === -1) || key.endsWith("id") || ["#", "no", "nr"].includes(key);
}

/** Refuse rows of several entities in one column, also where their dates do not meet. */
export function checkKinds(table: Table): void {
  for (const [name, cells] of table.columns) {
    if (!ENTITIES.has(headingKey(name))) continue;
    const kinds = cells.filter((c) => isText(c) && !looksNumeric(c)).map(cellStrip);
    const found = unique(kinds.filter(Boolean));
    if (found.length > 1 && (2 * kinds.length > cells.length || cells.includes(null))) {
      throw new InputError(say`${table.grid.file}: ${found.length} kinds of rows by ${name} (${few(found)}); expected --where ${repr(`${name}=${found[0]}`)} or another`);
    }
  }
}

/** The decimal mark of a file, where its numbers leave no doubt. */
export function decimalMark(table: Table, names: string[], others: string[]): Mark {
  const cells = names.flatMap((n) => table.columns.get(n)!);
  let found = marks(cells);
  if (found.either && !found.point && !found.comma) found = marks([...cells, ...others.flatMap((n) => table.columns.get(n)!)]);
  if (found.point && found.comma) {
    throw new InputError(say`${table.grid.file}: ${repr(found.point)} has a decimal point and ${repr(found.comma)} a decimal comma; expected one of them, --decimal says which`);
  }
  if (found.point) return ".";
  if (found.comma) return ",";
  if (found.either) {
    for (const name of names) {
      const at = table.columns.get(name)!.findIndex((c) => isText(c) && strip(c) === found.either);
      if (at >= 0) throw new InputError(say`${where(table, name, at)}: ${repr(found.either)}; thousands or three decimals, and no other number tells; expected --decimal . or --decimal ,`);
    }
  }
  return ".";
}

/** Numbers of a column, NaN where a cell says that there is none. */
export function numbersOf(table: Table, name: string, mark: Mark, notes: Part[], flags: Map<string, number>): number[] {
  const cells = table.columns.get(name)!;
  const forms = cells.map((c) => (isText(c) && !isMissing(c) ? written(c) : null));
  const scaled = isScaled(table, name, forms, notes);
  const symbols = new Set<string>();
  const values = cells.map((cell, at) => {
    if (isMissing(cell)) return NaN;
    const form = forms[at]!;
    const number = toNumber(cell, mark, scaled);
    if (number === null || (form && !isKnown(table, form.flag))) refuseNumber(table, name, at);
    if (number || form?.symbol) symbols.add(form ? form.symbol : "");
    if (form && (form.flag || (form.scale && !scaled))) {
      const key = form.flag || form.suffix;
      flags.set(key, (flags.get(key) ?? 0) + 1);
    }
    return number;
  });
  if (symbols.size > 1) {
    const shown = list([...symbols].sort().map((s) => repr(s || "none")));
    throw new InputError(say`${table.grid.file}, column ${name}: signs ${shown} in one column; expected one`);
  }
  const coded = values.filter((v) => [-999, -9999, -99999].includes(v)).sort((a, b) => a - b);
  if (coded.length) notes.push(say`${name} holds ${general(coded[0]!)}, which may stand for no value`);
  const starred = forms.filter((f) => f?.footnote).length;
  if (starred) notes.push(say`marks left off ${starred} number(s) of ${name}`);
  return values;
}

function refuseNumber(table: Table, name: string, at: number): never {
  const cell = table.columns.get(name)![at]!;
  const hint = isText(cell) && /[-−]$/.test(strip(cell)) ? say` (a minus stands first)` : "";
  const other = table.columns.size > 1 ? say`, or another --column than ${name}` : "";
  throw new InputError(say`${where(table, name, at)}: ${shownCell(cell)}; expected a number${hint}${other}`);
}

const isEurostat = (table: Table): boolean => table.grid.rows.slice(0, 5).some((r) => r[0] !== null && r[0] !== undefined && casefold(cellText(r[0])).includes("\\time"));
const isKnown = (table: Table, flag: string): boolean => /^[perf]*$/.test(flag) || isEurostat(table);

/** Whether letters such as B multiply: all numbers of a column carry one, or none does. */
function isScaled(table: Table, name: string, forms: (Written | null)[], notes: Part[]): boolean {
  const has = forms.map((f) => Boolean(f?.scale));
  if (!has.some(Boolean)) return false;
  const scaled = forms.filter((f): f is Written => Boolean(f?.scale));
  if (isEurostat(table) && scaled.every((f) => f.suffix === "b")) return false;
  const cells = table.columns.get(name)!;
  const bare = forms.flatMap((f, i) => (!has[i] && !isMissing(cells[i]!) && !(f && !/[1-9]/.test(f.body)) ? [i] : []));
  if (bare.length) {
    const fewHave = 2 * scaled.length <= cells.filter((c) => !isMissing(c)).length;
    const [at, like] = fewHave ? [has.indexOf(true), bare[0]!] : [bare[0]!, has.indexOf(true)];
    throw new InputError(say`${where(table, name, at)}: ${shownCell(cells[at]!)} among numbers such as ${shownCell(cells[like]!)}; expected letters such as B or M after every number or after none`);
  }
  const said = [...new Map(scaled.map((f) => [f.suffix, f.scale]))].map(([word, power]) => say`${repr(word)} multiplies by 1e${power}`);
  notes.push(say`in ${name} ${list(said)}`);
  return true;
}

export function flagNote(flags: Map<string, number>): Part {
  const shown = [...flags].map(([flag, n]) => say`${repr(flag)} (${list([...flag].map((c) => FLAGS[c] ?? ""))}) ${n}`);
  return say`flags left off numbers: ${list(shown)}`;
}

/** Offer the unit that a sign in the cells speaks of. */
export function offerUnit(table: Table, names: string[], notes: Part[]): void {
  const said: Record<string, string> = { "%": "percent", "£": "GBP", "€": "EUR", "¥": "JPY or CNY", $: "USD" };
  for (const name of names) {
    const symbol = table.columns.get(name)!.map((c) => (isText(c) ? (written(c)?.symbol ?? "") : "")).find(Boolean);
    if (symbol) notes.push(say`${repr(symbol)} in ${name} (--unit ${repr(said[symbol] ?? symbol)}?)`);
  }
}

/** Refuse two rows of one period, with the column that tells them apart if there is one. */
export function refuseTwice(table: Table, a: number, b: number): never {
  for (const [name, cells] of table.columns) {
    const found = cells.filter((c) => isText(c) && !looksNumeric(c)).map(cellStrip);
    const kinds = unique(found);
    if (kinds.length > 1 && cells[a] !== cells[b] && found.length === cells.length) {
      throw new InputError(say`${table.grid.file}: ${kinds.length} kinds of rows by ${name} (${few(kinds)}); expected --where ${repr(`${name}=${kinds[0]}`)} or another`);
    }
  }
  const late = Math.max(a, b);
  throw new InputError(say`${where(table, table.name, late)}: ${repr(cellText(table.labels[late]!))} stands twice; expected it once`);
}

export { floatText };
