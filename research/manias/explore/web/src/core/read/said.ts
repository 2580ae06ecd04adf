/** Sentences with their parts, so that a page can say them in another language than English. */
export type Part = string | number | Said;

/** In English where it is taken for a string. */
export class Said {
  constructor(
    /** The sentence with {0}, {1} where its parts stand; "" of a list. */
    readonly form: string,
    readonly parts: readonly Part[],
    readonly mark = "",
  ) {}

  toString(): string {
    return this.form ? fill(this.form, this.parts.map(String)) : this.parts.map(String).join(this.mark);
  }
}

export function fill(form: string, parts: string[]): string {
  return form.replace(/\{(\d+)\}/g, (_, n: string) => parts[Number(n)]!);
}

/** A sentence from a template: what stands between the parts is its form. */
export function say(texts: TemplateStringsArray, ...parts: Part[]): Said {
  return new Said(texts.reduce((form, text, i) => `${form}{${i - 1}}${text}`), parts);
}

export const list = (parts: readonly Part[], mark = ", "): Said => new Said("", parts, mark);
