/** Text on the grid of a terminal: how wide it is, and where it breaks. */

/** Whether there may be a character that does not fill one column: any but Latin letters, punctuation and signs. */
const UNUSUAL = /[^ -\u02ff\u2010-\u2bff]/;
const NO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u;
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Columns that a text fills: two for a Chinese character or an emoji, none for an accent put on another character. */
export function displayWidth(text: string): number {
  if (!UNUSUAL.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += NO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

/** Breaks a text at blanks to fit a width; later lines are indented. */
export function wrap(text: string, width: number | undefined, indent: string): string {
  if (width === undefined) return text;
  const lines: string[] = [];
  const [start = '', ...words] = text.split(' ');
  let line = start;
  for (const word of words) {
    if (line.trim() !== '' && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line.trimEnd());
      line = indent + word;
    } else line = `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}
