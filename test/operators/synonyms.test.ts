import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod/mini';
import { type OperatorName, operatorOf } from '../../src/operators/registry.ts';
import { synonyms, writtenHere } from '../../src/operators/synonyms.ts';
import { onImage, problemsOf } from '../spec/helpers.ts';

describe('what other libraries call an operator', () => {
  it.each(synonyms)('%s is written %s', (_, written) => {
    const layer = parse(written) as string | Record<OperatorName, Record<string, unknown>>;
    const [name, attributes = {}] = (typeof layer === 'string' ? [layer] : Object.entries(layer)[0]) as [OperatorName, object?];
    const known = Object.keys(operatorOf(name).attributes.shape);
    expect(known).toEqual(expect.arrayContaining(Object.keys(attributes)));
    const checked = z.partial(operatorOf(name).attributes as z.ZodMiniObject).safeParse(attributes);
    if (!written.includes('$')) expect(checked.error).toBeUndefined();
  });

  it.each([
    ['swish', 'silu'],
    ['Swish', 'silu'],
    ['Dense', 'linear'],
    ['fc', 'linear'],
    ['gap', 'globalavgpool'],
    ['subpixel', 'pixelshuffle'],
    ['space_to_depth', 'pixelunshuffle: { mode: DCR }'],
    ['BatchNormalization', 'batchnorm'],
    ['LSTM', 'recurrent: { cell: lstm }'],
    ['LSTMCell', 'recurrent: { cell: lstm }'],
    ['Mish', 'pointwise: { function: mish }'],
    ['constructor', undefined],
    ['', undefined],
  ])('%s: %s', (name, written) => expect(writtenHere(name)).toBe(written));

  it('is said where it is used', () => {
    expect(problemsOf(onImage('  - swish\n'))).toMatchObject([{ code: 'UNKNOWN_OPERATOR', says: expect.stringContaining('"silu"') }]);
  });

  it('is no name of an operator', () => {
    for (const [name] of synonyms) expect(problemsOf(onImage(`  - ${name}\n`))).toMatchObject([{ code: 'UNKNOWN_OPERATOR' }]);
  });
});

it.each([
  ['deform', 'deformconv'],
  ['multi', 'multiply'],
  ['globala', 'globalavgpool'],
])('%s begins the name of one alone', (name, meant) => {
  expect(problemsOf(onImage(`  - ${name}\n`))).toMatchObject([{ says: expect.stringContaining(`Did you mean "${meant}"?`) }]);
});

it('operators are listed by likeness where none is near', () => {
  expect(problemsOf(onImage('  - mynormlayer\n'))).toMatchObject([
    { says: expect.stringMatching(/The operators and blocks: layernorm, /) },
  ]);
});
