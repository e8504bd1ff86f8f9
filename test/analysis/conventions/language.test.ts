import { describe, expect, it } from 'vitest';
import { countTotal } from '../../../src/analysis/conventions/convention.ts';
import { networkFacts } from '../../../src/analysis/conventions/network-facts.ts';
import { conventionOf, conventions } from '../../../src/analysis/conventions/registry.ts';
import type { Analysis } from '../../../src/analysis/cost.ts';
import { explain } from '../../../src/analysis/explain.ts';
import { count } from '../../spec/helpers.ts';
import { LLAMA_3_8B, llama } from './networks.ts';

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
    for (const from of conventions)
      for (const to of conventions) {
        const way = explain(from, to, analysis);
        expect(way.steps.reduce((sum, { change }) => sum + change, way.start)).toBe(way.end);
      }
  });
});
