/** Break a text into lines of at most so many characters, at its blanks where it has any. */
export function wrap(text: string, most: number): string {
  if (text.length <= most) return text;
  const words = text.split(" ");
  if (words.length === 1) return text.match(new RegExp(`.{1,${Math.ceil(most / 2)}}`, "gu"))!.join("\n");
  const lines = [""];
  for (const word of words) {
    const last = lines[lines.length - 1]!;
    if (last && (last + word).length > most) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines.join("\n");
}
