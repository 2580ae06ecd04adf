const WIDE = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]/u;
const wide = (text: string): number => [...text].reduce((n, c) => n + (WIDE.test(c) ? 2 : 1), 0);

/** Parts between which a line may be broken: words, and signs of scripts without blanks. */
function parts(text: string): string[] {
  return text.match(/[\u2e80-\u2fff\u3040-\u9fff\uac00-\ud7af\uf900-\ufaff][，。；：、）（」』！？\uff00-\uff60]*|[^\s\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]+[）（，。；：、]*\s*|\S\s*/gu) ?? [text];
}

/** Break a text into lines of at most so many letters; a sign of Chinese is as wide as two. */
export function wrap(text: string, most: number): string {
  if (wide(text) <= most) return text;
  const lines = [""];
  for (const part of parts(text)) {
    const last = lines[lines.length - 1]!;
    if (last && wide(last + part.trimEnd()) > most) lines.push(part);
    else lines[lines.length - 1] = last + part;
  }
  return lines.map((line) => line.trimEnd()).join("\n");
}

/** About how wide a text is drawn, in pixels. */
export const textWidth = (text: string, size: number): number => 0.53 * size * wide(text);
