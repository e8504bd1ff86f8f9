import stringWidth from 'string-width';

/** Text on the grid of a terminal: how wide it is, and where it breaks. */

/** Columns that a text fills: two for a Chinese character or an emoji, none for an accent put on another character. */
export const displayWidth = (text: string): number => (/^[ -~]*$/.test(text) ? text.length : stringWidth(text));

/** Breaks a text at blanks to fit a width; later lines are indented. Our own: wrap-ansi drops the blanks that align what is in a line. */
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
