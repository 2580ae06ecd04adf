/** Finding a figure by its number, its key or words (find_quoted). */
export interface QuotedCells {
  id: string;
  number: string;
  who: string;
  what: string;
  unit: string;
  low: number | null;
  high: number | null;
}

const SIGNS: Record<string, number> = { trillion: 1000, tn: 1000, t: 1000 };

function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll("−", "-")
    .replaceAll("per cent", "%")
    .replaceAll("percent", "%")
    .replace(/(\d)\s*(bn|billions?|b)\b/g, "$1")
    .replace(/(usd|us\$|\$|about|more than|less than|nearly|dollars?)/g, "")
    .replace(/\s+/g, " ")
    .replace(/\s+(?=%)/g, "")
    .trim();
}

function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-8 + 1e-5 * Math.abs(b);
}

function sameNumber(text: string, cells: QuotedCells): boolean {
  const asked = plain(text);
  if (asked === plain(cells.number)) return true;
  const match = /^\$?\s*([\d.,]+)\s*(.*)$/.exec(asked);
  if (!match) return false;
  const digits = match[1]!.replaceAll(",", "");
  if (!/^(\d+\.?\d*|\.\d+)$/.test(digits)) return false;
  let value = Number(digits);
  const unit = match[2]!.trim();
  const isMoney = cells.unit.includes("billion");
  if ((unit === "%" || unit === "percent") && !cells.unit.startsWith("percent")) return false;
  if ((unit === "times" || unit === "x") && cells.unit !== "times") return false;
  if ((unit in SIGNS || /\$|bn|billion|dollar/.test(text)) && !isMoney) return false;
  if (isMoney) value *= SIGNS[unit] ?? 1;
  return [cells.low, cells.high].some((end) => end !== null && near(value, end));
}

export function findQuoted<T extends QuotedCells>(every: T[], wanted: string): T[] {
  const text = wanted.trim().toLowerCase();
  if (!text) return every;
  let hits = every.filter((one) => one.id === text);
  if (!hits.length && /\d/.test(text)) hits = every.filter((one) => sameNumber(text, one));
  if (!hits.length) {
    const words = text.split(/\s+/);
    hits = every.filter((one) => {
      const told = `${one.id} ${one.who} ${one.what}`.toLowerCase();
      return words.every((word) => told.includes(word));
    });
  }
  return hits;
}
