import { describe, expect, it } from 'vitest';
import { conventionOf, conventions } from '../../../src/analysis/conventions/registry.ts';
import { analyse } from '../../../src/analysis/cost.ts';
import { explainTraining } from '../../../src/analysis/training/explain.ts';
import { type TrainingOptions, train } from '../../../src/analysis/training/step.ts';
import type { Graph } from '../../../src/graph/graph.ts';
import { openModel, parseReference } from '../../../src/library/reference.ts';
import { diskLibrary } from '../../../src/node/disk.ts';
import { count } from '../../spec/helpers.ts';

const open = (reference: string): Graph => openModel(parseReference(reference), diskLibrary);

const explained = (name: string, graph: Graph, options: TrainingOptions = {}) =>
  explainTraining(train(graph, options), analyse(graph), conventionOf(name));

const changes = (...of: Parameters<typeof explained>) =>
  Object.fromEntries(explained(...of).steps.map(({ because, change }) => [because, change]));

/** Four ids, a table of 10 × 4, a layer 4 → 4 with biases, a norm, and 10 scores: 108 parameters; 4 × (16 + 40) MACs. */
const { graph: SMALL } = count(
  [
    'input: { ids: [4] }',
    'layers:',
    '  - embedding: { rows: 10, out: 4 }',
    '  - linear: { out: 4 }',
    '    name: hidden',
    '  - layernorm',
    '  - linear: { out: 10, bias: false }',
    '    name: scores',
  ].join('\n'),
);

/** GPT-2 small at 1,024 tokens, FLOPs by six: its table, positions, norms and biases for each token; products of attention. */
const GPT2 = {
  table: 6n * 1024n * 50_257n * 768n,
  positions: 6n * 1024n * 1024n * 768n,
  norms: 6n * 1024n * 25n * 2n * 768n,
  biases: 6n * 1024n * 12n * 9n * 768n,
  attention: 6n * 12n * 2n * 1024n * 1024n * 768n,
};

describe('the way from a training step to a rule', () => {
  it('6·N·D: tables, norms and biases are no products', () => {
    expect(explained('6nd', SMALL)).toMatchObject({ start: 6n * 224n, end: 6n * 108n * 4n });
    expect(changes('6nd', SMALL)).toEqual({
      'embedding: tables, of which rows are looked up, not multiplied': 6n * 40n * 4n,
      'layernorm: parameters that nothing multiplies': 6n * 8n * 4n,
      'linear: biases, which are added, not multiplied': 6n * 4n * 4n,
    });
  });

  it('6·N·D, of what is frozen: gradients that nothing needs come first', () => {
    const way = changes('6nd', SMALL, { freeze: ['hidden/matrix'] });
    expect(way['linear: gradients that nothing needs']).toBe(2n * 64n);
  });

  it('PaLM has the products of attention, and 6·N·D has not; neither has the logits of GPT-2, whose weights are the embedding’s', () => {
    const tied = 'linear: logits, whose weights are the embedding’s: not counted';
    const palm = {
      'embedding: tables, of which rows are looked up, not multiplied': GPT2.table,
      'positions: tables, of which rows are looked up, not multiplied': GPT2.positions,
      'layernorm: parameters that nothing multiplies': GPT2.norms,
      'linear: biases, which are added, not multiplied': GPT2.biases,
      [tied]: -GPT2.table,
    };
    expect(changes('palm', open('gpt2'))).toEqual(palm);
    expect(changes('6nd', open('gpt2'))).toEqual({ ...palm, 'sdpa: products of attention: not counted': -GPT2.attention });
    expect(changes('megatron', open('gpt2'))).toEqual({ 'sdpa: products of attention: half of them, as causal': -GPT2.attention / 2n });
  });

  it('hardware FLOPs: what is done again is told beside the whole forward pass that the rule has done again', () => {
    const { forward, recomputed } = train(open('gpt2'), { checkpoint: 'block' });
    const way = changes('llm-foundry-hfu', open('gpt2'), { checkpoint: 'block' });
    expect(way['12 checkpointed parts once, not again']).toBe(-2n * recomputed.macs);
    expect(way['the whole forward pass done again']).toBe(2n * forward.macs);
    expect(changes('narayanan', open('gpt2'))).toEqual({
      'the whole forward pass done again': 2n * forward.macs,
      'linear: logits, whose weights are the embedding’s: not done again': -GPT2.table / 3n,
    });
  });

  it('a pooler is counted as if every token went through it', () => {
    // 768 × 768 and biases, for 511 more tokens than the one; and the bias of that one.
    expect(changes('palm', open('bert-base-uncased'))['linear: products with weights: as if every token went through them']).toBe(
      6n * (512n * (768n * 768n + 768n) - 768n * 768n),
    );
  });

  it.each<[string, TrainingOptions]>([
    ['gpt2', {}],
    ['gpt2', { checkpoint: 'block', freeze: ['embedding/**'] }],
    ['llama-2-7b', { checkpoint: 'block' }],
    ['mixtral-8x7b:tokens=16', {}],
    ['bert-base-uncased', {}],
    ['swin_v2_t', {}],
  ])('adds up for every rule: %s %j', (reference, options) => {
    const graph = open(reference);
    const [training, analysis] = [train(graph, options), analyse(graph)];
    for (const convention of conventions.filter(({ unit }) => unit.perMac === 6)) {
      const { start, steps, end } = explainTraining(training, analysis, convention);
      expect(steps.reduce((total, { change }) => total + change, start)).toBe(end);
      expect(start).toBe(2n * training.step.macs);
    }
  });

  it.each([
    ['gpt2:tokens=128', -1.2],
    ['gpt2', -12.6],
    ['llama-2-7b:tokens=128', 1.5],
  ])('6·N·D is off by so much: %s by %d %%, of the MACs that PyTorch does', (reference, measured) => {
    const { start, end } = explained('6nd', open(reference));
    expect((100 * Number(end - start)) / Number(start)).toBeCloseTo(measured, 0);
  });
});
