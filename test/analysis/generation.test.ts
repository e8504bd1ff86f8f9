import { describe, expect, it } from 'vitest';
import { generate } from '../../src/analysis/generation/generate.ts';
import { type Verification, verify } from '../../src/execute/verify.ts';
import type { Graph } from '../../src/graph/graph.ts';
import type { Value } from '../../src/language/expression.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node.ts';
import { TWINS } from '../specs/twins.ts';

type Values = Readonly<Record<string, Value>>;

const opener =
  (model: string, set: Values = {}, batch = 1) =>
  (tokens: number, past: number): Graph =>
    openModel(parseReference(model), diskLibrary, { batch, set: { ...set, tokens, past } });

function twinOf(model: string): Values {
  const twin = TWINS.find(([name]) => name === model)?.[1];
  if (twin === undefined) throw new Error(`${model} has no twin`);
  return twin;
}

const LLAMA = twinOf('llama-3-8b');
const ABSORBED = { absorbed: false, cached: 'heads' };

/** Architectures that generate, each by its twin of few narrow layers. */
const GENERATING: readonly (readonly [model: string, set: Values])[] = [
  ['gpt2', {}],
  ['llama-3-8b', {}],
  ['mistral-7b-v0.1', {}],
  ['mixtral-8x7b', {}],
  ['gemma-3-1b', {}],
  ['gpt-oss-20b', {}],
  ['deepseek-v3', ABSORBED],
  ['t5-small', {}],
  ['whisper-tiny', {}],
].map(([model, more]) => [model as string, { ...twinOf(model as string), ...(more as Values) }]);

const [PROMPT, NEW] = [4, 5];

const executed = (graph: Graph) => {
  const { holds, totals }: Verification = verify(graph);
  expect(holds).toBe(true);
  return { macs: totals.executed.macs, masked: totals.executed.masked };
};

describe('prompt and steps, executed', () => {
  it.each(GENERATING)('%s: they cost what all positions cost at once, masked work apart, and what is predicted', (model, set) => {
    const open = opener(model, set);
    const prefill = executed(open(PROMPT, 0));
    const steps = Array.from({ length: NEW }, (_, i) => executed(open(1, PROMPT + i)));
    const whole = executed(open(PROMPT + NEW, 0));
    const of = (runs: readonly { macs: bigint; masked: bigint }[]) => runs.reduce((sum, { macs, masked }) => sum + macs - masked, 0n);
    expect(of([prefill, ...steps])).toBe(of([whole]));

    const predicted = generate(open, { prompt: PROMPT, new: NEW }, {});
    expect(predicted.prefill).toMatchObject(prefill);
    expect(predicted.firstStep).toMatchObject(steps[0] as object);
    expect(predicted.lastStep).toMatchObject(steps.at(-1) as object);
    expect(predicted.steps.macs).toBe(steps.reduce((sum, { macs }) => sum + macs, 0n));
    expect(predicted.atOnce).toMatchObject(whole);
  });
});

describe('generate', () => {
  const STEP = { prompt: 8, new: 1 };

  it('adds up many steps as if each were counted, over the length at which a window is full', () => {
    const open = opener('mistral-7b-v0.1', { ...LLAMA, window: 20 });
    const { steps, counted } = generate(open, { prompt: 5, new: 90 }, { dtype: 'bf16' });
    const each = Array.from({ length: 90 }, (_, i) => generate(open, { prompt: 5 + i, new: 1 }, { dtype: 'bf16' }).firstStep);
    for (const kind of ['macs', 'masked', 'weightBytes', 'cacheBytes'] as const)
      expect([kind, steps[kind]]).toEqual([kind, each.reduce((sum, step) => sum + step[kind], 0n)]);
    expect(counted).toBeLessThan(60);
  });

  it('reads of an embedding the rows of the tokens, of a tied one the whole as the head', () => {
    const bytes = (tied: boolean) => generate(opener('llama-3-8b', { ...LLAMA, tied }), STEP, {}).firstStep.weightBytes;
    const all = (tied: boolean) => generate(opener('llama-3-8b', { ...LLAMA, tied }), STEP, {}).weightBytes;
    // 50 rows of 16 numbers in 4 bytes, of which a step looks one up.
    expect(all(false) - bytes(false)).toBe(49n * 16n * 4n);
    expect(all(true) - bytes(true)).toBe(0n);
  });

  it('reads of experts as many as tokens can go through: 2 of 8 for each of 3 sequences, then all', () => {
    const read = (batch: number) =>
      generate(opener('mixtral-8x7b', { ...LLAMA, layers: 1 }, batch), STEP, { dtype: 'int8' }).firstStep.weightBytes;
    const expert = 3n * 16n * 24n;
    const row = 16n;
    expect(read(3) - read(1)).toBe(4n * expert + 2n * row);
    expect(read(4) - read(3)).toBe(2n * expert + row);
    expect(read(5) - read(4)).toBe(row);
  });

  it('has keys and values of all heads of keys in the cache, of all sequences', () => {
    // 2 × 2 layers × 2 heads × 4 features, in 2 bytes.
    const { cache, firstStep, lastStep } = generate(opener('llama-3-8b', LLAMA, 3), { prompt: 8, new: 4 }, { dtype: 'fp16' });
    expect(cache).toEqual({ bytes: 3n * 12n * 64n, bytesPerToken: 64n });
    expect([firstStep.cacheBytes, lastStep.cacheBytes]).toEqual([3n * 9n * 64n, 3n * 12n * 64n]);
  });

  it('takes weights in another type than all else', () => {
    const { weightBytes, cache } = generate(opener('llama-3-8b'), { prompt: 1, new: 1 }, { dtype: 'bf16', weightsDtype: 'int4' });
    expect([weightBytes, cache.bytesPerToken]).toEqual([8_030_261_248n / 2n, 131_072n]);
  });

  it('tells where steps compute in another way: latents that are attended to cost more', () => {
    const { total, atOnce } = generate(opener('deepseek-v3', twinOf('deepseek-v3')), { prompt: 8, new: 4 }, {});
    expect(total.macs - total.masked).not.toBe(atOnce.macs - atOnce.masked);
  });

  it('refuses a model that keeps nothing', () => {
    expect(() => generate(opener('bert-base-uncased'), STEP, {})).toThrow('keeps nothing from one step to the next');
  });
});
