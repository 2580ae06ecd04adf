/** What is chosen, kept in the fragment of the address so that a link restores the view. */
export class Params {
  private readonly values: URLSearchParams;

  constructor(
    readonly view: string,
    text: string,
    private readonly changed: () => void,
  ) {
    this.values = new URLSearchParams(text);
  }

  get(key: string, otherwise: string): string {
    return this.values.get(key) ?? otherwise;
  }

  number(key: string, otherwise: number): number {
    const text = this.values.get(key);
    const value = text === null || text === "" ? NaN : Number(text);
    return Number.isFinite(value) ? value : otherwise;
  }

  /** One of some words; the first of them where the address says another. */
  choice<T extends string>(key: string, known: readonly T[]): T {
    const found = this.values.get(key);
    return known.find((one) => one === found) ?? known[0]!;
  }

  list(key: string, otherwise: string[]): string[] {
    const text = this.values.get(key);
    return text === null ? otherwise : text.split(",").filter(Boolean);
  }

  set(key: string, value: string): void {
    this.values.set(key, value);
    this.keep();
    this.changed();
  }

  /** What is shown rests on something else that has changed. */
  touch(): void {
    this.changed();
  }

  keep(): void {
    history.replaceState(null, "", this.fragment());
  }

  fragment(): string {
    const text = this.values.toString();
    return `#${this.view}${text ? `?${text}` : ""}`;
  }
}

export function parseFragment(hash: string): { view: string; text: string } {
  const [view = "", text = ""] = hash.replace(/^#/, "").split(/\?(.*)/s);
  return { view, text };
}
