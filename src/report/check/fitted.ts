/** Lines of which some may be left out, between those that must stand around them. */
export interface Section {
  readonly before: readonly string[];
  readonly lines: readonly string[];
  readonly after: readonly string[];
}

const encoder = new TextEncoder();
const bytes = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + encoder.encode(line).length + 1, 0);

/** How many of the lines have room. */
function fittingCount(lines: readonly string[], room: number): number {
  let used = 0;
  for (const [index, line] of lines.entries()) {
    used += bytes([line]);
    if (used > room) return index;
  }
  return lines.length;
}

const leftOut = (count: number): string[] => [
  '',
  `… ${count} more line${count === 1 ? '' : 's'} left out: there is no room for more here.`,
];

/** Room for the line that says what is left out, in a section and at the end. */
const RESERVE = 2 * bytes(leftOut(Number.MAX_SAFE_INTEGER));

/**
 * Sections one after the other, a blank line between, in at most `limit` bytes of UTF-8. Lines that have no room are left out,
 * and said to be; a section that has room for none is left out as a whole.
 */
export function fittedSections(sections: readonly Section[], limit: number): string {
  const text: string[] = [];
  let room = limit - RESERVE;
  let lost = 0;
  for (const { before, lines, after } of sections) {
    const around = bytes([...before, ...after, '']);
    const count = fittingCount(lines, room - around);
    lost += lines.length - count;
    if (count === 0) continue;
    const shown = [...before, ...lines.slice(0, count), ...after, ''];
    text.push(...shown);
    room -= bytes(shown);
  }
  return [...text.slice(0, -1), ...(lost === 0 ? [] : leftOut(lost))].join('\n');
}
