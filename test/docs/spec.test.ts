import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Analysis, analyse } from '../../src/analysis/cost.ts';
import { formatShape } from '../../src/core/shape.ts';
import { parseExpression } from '../../src/language/expression.ts';
import { zoo } from '../../src/node.ts';
import { expandSpec, parseSpec } from '../../src/spec/model.ts';

const read = (page: string): string => readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');

/** The fenced blocks of one language, in order. */
const fencedIn = (text: string, language: string): string[] =>
  [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, name, body]) => (name === language ? [body as string] : []));

/** What may stand after an arrow, by its last word. */
const FIGURES: Readonly<Record<string, (analysis: Analysis) => string>> = {
  MACs: ({ totals }) => `${totals.macs.toLocaleString('en')} MACs`,
  parameters: ({ totals }) => `${totals.parameters.toLocaleString('en')} parameters`,
  layers: ({ rows }) => `${rows.length} layers`,
};

const outputs = ({ output }: Analysis): string => output.map(formatShape).join(', ');

/** Files that later examples refer to, by the name in their first line. */
const filesIn = (examples: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    examples.flatMap((example) => {
      const path = /^# file: (.+)$/m.exec(example)?.[1];
      return path === undefined ? [] : [[path, example]];
    }),
  );

const first = (example: string): string => example.split('\n').slice(0, 6).join(' ');

const PAGES = ['spec.md', 'cookbook.md'].map((page) => {
  const text = read(page);
  return { page, files: filesIn(fencedIn(text, 'yaml')), examples: [...fencedIn(text, 'yaml'), ...fencedIn(text, 'json')] };
});

describe.each(PAGES)('docs/$page', ({ files, examples }) => {
  it.each(examples.map((example) => ({ example, first: first(example) })))('$first', ({ example }) => {
    const spec = parseSpec(example, { files, zoo });
    if (spec.variants.size > 0 || spec.stages.size + spec.layers.length === 0) return;
    const analysis = analyse(expandSpec(spec));
    const told = [...example.matchAll(/^# → (.+)$/gm)].map(([, figure]) => figure as string);
    expect(told).toEqual(told.map((figure) => (FIGURES[figure.split(' ').at(-1) as string] ?? outputs)(analysis)));
  });

  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(11);
  });
});

describe('expressions of docs/spec.md', () => {
  it.each(fencedIn(read('spec.md'), 'expressions').flatMap((body) => body.trim().split('\n')))('%s', (line) => {
    const [expression, value] = line.split('→').map((part) => part.trim()) as [string, string];
    expect(JSON.stringify(parseExpression(expression).evaluate({}))).toBe(value);
  });
});
