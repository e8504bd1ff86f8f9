/** What spreadsheets take for a formula, and runners for a command; a quote in front makes it text. */
const OBEYED = /^[=+\-@:\t\r]/;

/** One field, quoted where it must be (RFC 4180). */
const field = (value: string | bigint | number): string => {
  const text = typeof value === 'string' && OBEYED.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** Lines of comma-separated values, a header first. Our own: the rule is one line, and csv-stringify is a stream of 40 options. */
export const renderCsv = (header: readonly string[], rows: readonly (readonly (string | bigint | number)[])[]): string =>
  [header, ...rows].map((row) => row.map(field).join(',')).join('\n');
