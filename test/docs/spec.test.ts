import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Analysis, analyse } from '../../src/analysis/cost.ts';
import { formatShape } from '../../src/core/shape.ts';
import { parseExpression } from '../../src/language/expression.ts';
import { zoo } from '../../src/node.ts';
import { expandSpec, parseSpec } from '../../src/spec/model.ts';

const text = readFileSync(new URL('../../docs/spec.md', import.meta.url), 'utf8');

/** The fenced blocks of one language, in order. */
const fenced = (language: string): string[] =>
  [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, name, body]) => (name === language ? [body as string] : []));

/** What may stand after an arrow, by its last word. */
const FIGURES: Readonly<Record<string, (analysis: Analysis) => string>> = {
  MACs: ({ totals }) => `${totals.macs.toLocaleString('en')} MACs`,
  parameters: ({ totals }) => `${totals.parameters.toLocaleString('en')} parameters`,
  layers: ({ rows }) => `${rows.length} layers`,
};

const outputs = ({ output }: Analysis): string => output.map(formatShape).join(', ');

/** Files that later examples refer to, by the name in their first line. */
const files = Object.fromEntries(
  fenced('yaml').flatMap((example) => {
    const path = /^# file: (.+)$/m.exec(example)?.[1];
    return path === undefined ? [] : [[path, example]];
  }),
);

const examples = [...fenced('yaml'), ...fenced('json')].map((example) => ({ example, first: example.split('\n').slice(0, 6).join(' ') }));

describe('docs/spec.md', () => {
  it.each(examples)('$first', ({ example }) => {
    const spec = parseSpec(example, { files, zoo });
    if (spec.variants.size > 0 || spec.stages.size + spec.layers.length === 0) return;
    const analysis = analyse(expandSpec(spec));
    const told = [...example.matchAll(/^# → (.+)$/gm)].map(([, figure]) => figure as string);
    expect(told).toEqual(told.map((figure) => (FIGURES[figure.split(' ').at(-1) as string] ?? outputs)(analysis)));
  });

  it.each(fenced('expressions').flatMap((body) => body.trim().split('\n')))('%s', (line) => {
    const [expression, value] = line.split('→').map((part) => part.trim()) as [string, string];
    expect(JSON.stringify(parseExpression(expression).evaluate({}))).toBe(value);
  });

  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(20);
  });
});
