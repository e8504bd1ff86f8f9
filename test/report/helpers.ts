import { derive } from '../../src/analysis/algebra/derivation.ts';
import { alignModels, compareModels, numberProducts } from '../../src/analysis/comparison.ts';
import { type Analysis, analyse } from '../../src/analysis/cost.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node/disk.ts';
import type { ComparisonReport } from '../../src/report/comparison/comparison.ts';
import { PLAIN, type Screen } from '../../src/report/kit/terminal.ts';

/** A model of the zoo, counted. */
export const counted = (reference: string): Analysis => analyse(openModel(parseReference(reference), diskLibrary));

/** Models compared, layer by layer where there are two. */
export function compared(...analyses: readonly Analysis[]): ComparisonReport {
  const models = analyses.map((analysis) => ({ name: analysis.name, analysis }));
  const [first, second] = analyses as [Analysis, Analysis];
  return {
    models,
    comparisons: compareModels(models, {}),
    by: 'layer',
    pairs: models.length === 2 ? alignModels(first, second, 'layer') : [],
    derivations: models.slice(1).map(({ name, analysis }) => ({
      names: [first.name, name],
      derivation: derive(numberProducts(first, 'macs'), numberProducts(analysis, 'macs')),
    })),
    label: 'MACs',
    notes: [],
  };
}

export const screen = (columns: number | undefined): Screen => ({ ...PLAIN, columns });

/** Colours that can be seen in a test. */
export const COLOURS: Screen = {
  columns: undefined,
  bold: (text) => `\u001b[1m${text}\u001b[22m`,
  dim: (text) => `\u001b[2m${text}\u001b[22m`,
  red: (text) => `\u001b[31m${text}\u001b[39m`,
  green: (text) => `\u001b[32m${text}\u001b[39m`,
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
export const withoutColours = (text: string): string => text.replace(/\u001b\[\d+m/g, '');

/** Reads CSV by the letter of RFC 4180, but for lines that end in LF. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  const field = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/gy;
  while (field.lastIndex <= text.length) {
    const found = field.exec(text);
    if (found === null) throw new Error(`no CSV at ${field.lastIndex}`);
    const [, value = '', end] = found;
    rows.at(-1)?.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (end === '') return rows;
    if (end !== ',') rows.push([]);
  }
  return rows;
}
