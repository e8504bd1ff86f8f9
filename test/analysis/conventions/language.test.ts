import { describe, expect, it } from 'vitest';
import { countTotal } from '../../../src/analysis/conventions/convention.ts';
import { networkFacts } from '../../../src/analysis/conventions/network-facts.ts';
import { conventionOf, conventions } from '../../../src/analysis/conventions/registry.ts';
import type { Analysis } from '../../../src/analysis/cost.ts';
import { explain } from '../../../src/analysis/explain.ts';
import { findNumber, parseNumber } from '../../../src/analysis/find-number.ts';
import { count } from '../../spec/helpers.ts';
import { LLAMA_3_8B, llama, QWEN_3_30B } from './networks.ts';

const total = (name: string, analysis: Analysis): bigint => countTotal(conventionOf(name), analysis);

describe('facts of a network', () => {
  it('are derived from its graph', () => {
    const analysis = count(llama(16, { ...LLAMA_3_8B, layers: 1 }));
    const { tokens, head, isLanguage } = networkFacts(analysis.graph);
    expect([tokens, head?.outputs[0]?.shape, isLanguage]).toEqual([16n, [1, 16, 128256], true]);
    expect(networkFacts(count('input: [3, 8, 8]\nlayers:\n  - conv: { kernel: 3, out: 4 }\n').graph)).toMatchObject({
      tokens: 1n,
      isLanguage: false,
    });
  });
});

it('rows that are gathered from a parameter, as ONNX files do it, are looked up', () => {
  const spec = [
    'input: { ids: [7] }',
    'layers:',
    '  - parameter: { shape: [1000, 64], whole: true }',
    '    name: table',
    '  - move: { by: gather, axis: 0 }',
    '    from: [table, ids]',
    '  - linear: { out: 1000, bias: false }',
  ].join('\n');
  const analysis = count(`${spec}\n`, { batch: 2 });
  expect(networkFacts(analysis.graph)).toMatchObject({ isLanguage: true, tokens: 14n, width: 64n, head: { path: 'linear' } });
  expect([total('6nd', analysis), total('hf-trainer', analysis)]).toEqual([6n * 128_000n * 14n, 6n * 64_000n * 14n]);
});

describe('experts', () => {
  const analysis = count(llama(4096, QWEN_3_30B));
  const [n, active, table, tokens] = [30_532_122_624n, 3_353_032_704n, 151936n * 2048n, 4096n];

  it('are counted as far as a token goes through them, and by the Trainer of transformers all', () => {
    expect([analysis.totals.parameters, analysis.totals.activeParameters]).toEqual([n, active]);
    expect([total('6nd', analysis), total('hf-trainer', analysis)]).toEqual([6n * active * tokens, 6n * (n - table) * tokens]);
  });

  it('have routers, which Megatron leaves out', () => {
    const routers = 48n * 2048n * 128n;
    expect(networkFacts(analysis.graph).routers.size).toBe(48);
    expect(total('maxtext', analysis) - total('megatron', analysis)).toBe(6n * routers * tokens);
  });

  it('have figures that are traced', () => {
    const found = (text: string) => findNumber(parseNumber(text), [{ analysis, changes: [], isPaper: false }], conventions)[0];
    expect(found('3.35B')).toMatchObject({ count: active, unit: 'active parameters', fit: 'rounded' });
    expect(found('30.5B')).toMatchObject({ count: n, unit: 'parameters' });
    // fvcore counts as many MACs per token, but nobody has it count language models.
    expect(found('3.04B')).toMatchObject({ unit: 'active parameters without embeddings', fit: 'rounded' });
    expect(found('30.22B params')).toMatchObject({ count: n - table, unit: 'parameters without embeddings', fit: 'rounded' });
  });
});

describe('llama-3-8b at 8,192 tokens', () => {
  const analysis = count(llama(8192, LLAMA_3_8B));
  const [n, table, tokens] = [8_030_261_248n, 128256n * 4096n, 8192n];
  /** Weights that are multiplied with: all but the table and 65 norms. */
  const multiplied = n - table - 65n * 4096n;
  /** Multiply-accumulates of attention for a token. */
  const attention = 32n * 2n * 4096n * 8192n;

  it('has its parameters', () => {
    expect([analysis.totals.parameters, analysis.totals.macs]).toEqual([n, tokens * (multiplied + attention)]);
  });

  it.each<[string, bigint]>([
    ['6nd', 6n * n],
    ['2n', 2n * n],
    ['hf-trainer', 6n * (n - table)],
    ['kaplan', 2n * (multiplied - table) + attention],
    ['chinchilla', 6n * (multiplied - table) + 6n * attention + 9n * 32n * 32n * 8192n],
    ['chinchilla-text', 6n * (multiplied + table) + 6n * attention + 9n * 32n * 32n * 8192n],
    ['palm', 6n * n + 6n * attention],
    ['nanogpt', 6n * n + 6n * attention],
    ['megatron', 6n * multiplied + 3n * attention],
    ['maxtext', 6n * multiplied + 3n * attention],
    ['torchtitan', 6n * (n - table) + 6n * attention],
    ['verl', 6n * (multiplied + table) + 3n * attention],
    ['narayanan', 8n * (multiplied - table) + 6n * table + 8n * attention],
  ])('%s', (name, perToken) => {
    expect(total(name, analysis)).toBe(perToken * tokens);
  });

  it('is walked in steps that add up', () => {
    const { start, steps, end } = explain(conventionOf('megatron'), conventionOf('torchtitan'), analysis);
    expect(steps.map(({ because, change, operator }) => [operator, because, change])).toEqual([
      [
        'sdpa',
        'sdpa: all products of attention within its window instead of half of the products of attention within its window, as causal',
        3n * attention * tokens,
      ],
      ['rmsnorm', 'rmsnorm: 6 per parameter and token, without embeddings', 6n * 65n * 4096n * tokens],
    ]);
    expect(start + steps.reduce((sum, { change }) => sum + change, 0n)).toBe(end);
    const short = count(llama(8192, { ...LLAMA_3_8B, layers: 2 }));
    for (const from of conventions)
      for (const to of conventions) {
        const way = explain(from, to, short);
        expect(way.steps.reduce((sum, { change }) => sum + change, way.start)).toBe(way.end);
      }
  });
});
