/**
 * How wide a text may be at most, in the font of the drawings: by character the widest of Helvetica (Liberation Sans, which has
 * its metrics) and DejaVu Sans, of which nearly every machine has one. Thousandths of the font's size, from " " to "~".
 */
const WIDTHS = [
  318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337,
  337, 838, 838, 838, 556, 1015, 684, 686, 722, 770, 667, 611, 778, 752, 295, 500, 667, 557, 863, 748, 787, 667, 787, 722, 667, 611, 732,
  684, 989, 685, 667, 685, 390, 337, 390, 838, 556, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635,
  635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
];

/** Bold letters are wider by at most this. */
const BOLD = 1.17;

const OTHERS: Readonly<Partial<Record<string, number>>> = { '×': 838, '…': 1000, '·': 318, '→': 1000, '–': 556, '−': 838, '÷': 838 };

/** Full-width characters, emoji and whatever else is rare: none is known to be wider. */
const WIDEST = 1350;
const ACCENTED = /[\u00c0-\u024f\u0370-\u04ff]/;

const widthOf = (character: string): number =>
  WIDTHS[character.charCodeAt(0) - 32] ?? OTHERS[character] ?? (ACCENTED.test(character) ? 1000 : WIDEST);

export interface Font {
  readonly size: number;
  readonly isBold?: boolean;
}

/** Width in pixels. */
export function textWidth(text: string, { size, isBold = false }: Font): number {
  let sum = 0;
  for (const character of text) sum += widthOf(character);
  return (sum * size * (isBold ? BOLD : 1)) / 1000;
}

/** The text, or as much of it as fits with an ellipsis. */
export function fitted(text: string, width: number, font: Font): string {
  let left = width - textWidth('…', font);
  let end = 0;
  let rest = width;
  for (const character of text) {
    const own = textWidth(character, font);
    rest -= own;
    if (rest < -1e-9) return `${text.slice(0, end).trimEnd()}…`;
    left -= own;
    if (left >= -1e-9) end += character.length;
  }
  return text;
}
