import { describe, expect, it } from 'vitest';
import { analyse } from '../../src/analysis/cost.ts';
import { cacheOf } from '../../src/analysis/memory.ts';
import { verify } from '../../src/execute/verify.ts';
import type { Value } from '../../src/language/expression.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node.ts';
import { TWINS } from './twins.ts';

const graphOf = (model: string, set: Readonly<Record<string, Value>> = {}) => openModel(parseReference(model), diskLibrary, { set });

/**
 * Parameters as keras-hub's presets publish them (keras_hub/src/models, *_presets.py), and where others are named, as those do:
 * huggingface.js's tests of checkpoints, model cards, and DeepSeek's README_WEIGHTS.md.
 */
const PUBLISHED: readonly (readonly [model: string, parameters: bigint, active?: bigint])[] = [
  ['gpt2', 124_439_808n],
  ['gpt2-medium', 354_823_168n],
  ['gpt2-large', 774_030_080n],
  ['gpt2-xl', 1_557_611_200n],
  ['llama-2-7b', 6_738_415_616n],
  ['llama-2-13b', 13_015_864_320n],
  ['llama-2-70b', 68_976_648_192n],
  ['llama-33b', 32_528_943_616n],
  ['llama-65b', 65_285_660_672n],
  ['llama-3-8b', 8_030_261_248n],
  ['llama-3-70b', 70_553_706_496n],
  ['llama-3.1-405b', 405_853_388_800n],
  ['llama-3.2-1b', 1_235_814_400n],
  ['llama-3.2-3b', 3_212_749_824n],
  // Untied, as keras-hub counts them.
  ['llama-3.2-1b:tied=false', 1_498_482_688n],
  ['mistral-7b-v0.1', 7_241_732_096n],
  ['mistral-7b-v0.3', 7_248_023_552n],
  ['mistral-nemo-12b', 12_247_782_400n],
  ['mistral-small-24b', 23_572_403_200n],
  ['mixtral-8x7b', 46_702_792_704n, 12_879_925_248n],
  ['mixtral-8x22b', 140_630_071_296n, 39_161_468_928n],
  ['qwen2.5-0.5b', 494_032_768n],
  ['qwen2.5-1.5b', 1_543_714_304n],
  ['qwen2.5-3b', 3_085_938_688n],
  ['qwen2.5-7b', 7_615_616_512n],
  ['qwen2.5-14b', 14_770_033_664n],
  ['qwen2.5-32b', 32_763_876_352n],
  ['qwen2.5-72b', 72_706_203_648n],
  ['qwen1.5-moe-2.7b', 14_315_784_192n, 2_689_173_504n],
  ['qwen3-0.6b', 596_049_920n],
  ['qwen3-1.7b', 1_720_574_976n],
  ['qwen3-4b', 4_022_468_096n],
  ['qwen3-8b', 8_190_735_360n],
  ['qwen3-14b', 14_768_307_200n],
  ['qwen3-32b', 32_762_123_264n],
  ['qwen3-30b-a3b', 30_532_122_624n, 3_353_032_704n],
  ['qwen3-235b-a22b', 235_093_634_560n, 22_190_763_520n],
  ['gemma-2b', 2_506_172_416n],
  ['gemma-7b', 8_537_680_896n],
  ['gemma-2-2b', 2_614_341_888n],
  ['gemma-2-9b', 9_241_705_984n],
  ['gemma-2-27b', 27_227_128_320n],
  ['gemma-3-270m', 268_098_176n],
  ['gemma-3-1b', 999_885_952n],
  ['gemma-3-4b', 3_880_263_168n],
  ['gemma-3-12b', 11_766_034_176n],
  ['gemma-3-27b', 27_009_346_304n],
  ['deepseek-v2', 235_741_434_880n, 21_375_800_320n],
  ['deepseek-v2-lite', 15_706_484_224n, 2_661_150_208n],
  ['deepseek-v3', 671_026_419_200n, 37_552_297_472n],
  ['kimi-k2', 1_026_408_232_448n, 32_861_500_928n],
  ['gpt-oss-20b', 20_914_757_184n, 4_187_440_704n],
  ['gpt-oss-120b', 116_829_156_672n, 5_711_982_912n],
  // Of these, keras-hub or the model cards.
  ['pythia-70m', 70_426_624n],
  ['pythia-160m', 162_322_944n],
  ['pythia-410m', 405_334_016n],
  ['pythia-1b', 1_011_781_632n],
  ['pythia-1.4b', 1_414_647_808n],
  ['pythia-2.8b', 2_775_208_960n],
  ['pythia-6.9b', 6_857_302_016n],
  ['pythia-12b', 11_846_072_320n],
  ['gpt-neox-20b', 20_554_567_680n],
  ['bloom-560m', 559_214_592n],
  ['bloom-1b1', 1_065_314_304n],
  ['bloom-1b7', 1_722_408_960n],
  ['bloom-3b', 3_002_557_440n],
  ['bloom-176b', 176_247_271_424n],
  ['opt-125m', 125_239_296n],
  ['opt-1.3b', 1_315_758_080n],
  ['opt-2.7b', 2_651_596_800n],
  ['opt-6.7b', 6_658_473_984n],
  ['opt-13b', 12_853_473_280n],
  ['falcon-7b', 6_921_720_704n],
  ['olmo-1b', 1_176_764_416n],
  ['olmo-7b', 6_888_095_744n],
  ['phi-3-mini', 3_821_079_552n],
  ['mamba-130m', 129_135_360n],
  ['mamba-370m', 371_516_416n],
  ['mamba-790m', 793_204_224n],
  ['mamba-1.4b', 1_372_178_432n],
  ['mamba-2.8b', 2_768_345_600n],
  ['bert-base-uncased', 109_482_240n],
  ['bert-base-cased', 108_310_272n],
  ['bert-large-uncased', 335_141_888n],
  ['t5-small', 60_506_624n],
  ['t5-base', 222_903_552n],
  ['t5-large', 737_668_096n],
  ['t5-v1.1-xl', 2_849_757_184n],
  ['t5-v1.1-xxl', 11_135_332_352n],
  ['flan-t5-base', 247_577_856n],
  // Positions of the encoder counted, as Hugging Face and keras-hub do.
  ['whisper-tiny:source_positions=learned', 37_760_640n],
  ['whisper-base:source_positions=learned', 72_593_920n],
  ['whisper-small:source_positions=learned', 241_734_912n],
  ['whisper-medium:source_positions=learned', 763_857_920n],
  ['whisper-large-v2:source_positions=learned', 1_543_304_960n],
  ['whisper-large-v3:source_positions=learned', 1_543_490_560n],
];

describe('language models of the zoo', () => {
  for (const [model, parameters, active = parameters] of PUBLISHED)
    it(`${model} has its published parameters`, () => {
      const { totals } = analyse(graphOf(model));
      expect({ parameters: totals.parameters, active: totals.activeParameters }).toEqual({ parameters, active });
    });

  it('gpt2 costs what nanoGPT’s transformer_sizing.ipynb works out: half of 291,648,307,200 FLOPs at 1,024 tokens', () =>
    expect(analyse(graphOf('gpt2')).totals.flops).toBe(291_648_307_200n));

  it('gpt-oss has the active parameters of its model card without its embedding: 3.61 and 5.13 billion', () => {
    const active = (model: string) => {
      const { activeParameters, embeddingParameters } = analyse(graphOf(model)).totals;
      return activeParameters - embeddingParameters;
    };
    expect([active('gpt-oss-20b'), active('gpt-oss-120b')]).toEqual([3_608_307_264n, 5_132_849_472n]);
  });
});

describe('what a position leaves in the cache, in bytes of 16 bits', () => {
  // DeepSeek-AI 2025, arXiv:2505.09343, Table 1 prints 70.272, 327.680 and 516.096 KB.
  it.each([
    ['llama-2-7b', 524_288n],
    ['llama-3-8b', 131_072n],
    ['llama-3-70b', 327_680n],
    ['qwen2.5-72b', 327_680n],
    ['llama-3.1-405b', 516_096n],
    ['deepseek-v3', 70_272n],
    ['deepseek-v2', 69_120n],
  ])('%s', (model, bytes) => {
    const cache = cacheOf(graphOf(model, { tokens: 100, past: 28 }), { dtype: 'bf16' });
    expect(cache.bytesPerToken).toBe(bytes);
    expect(cache.bytes).toBe(128n * bytes);
  });

  it('is no more than a window, once that is full', () => {
    const cache = (past: number) => cacheOf(graphOf('mistral-7b-v0.1', { tokens: 1, past }), { dtype: 'fp16' }).bytes;
    expect(cache(8191)).toBe(cache(4095));
  });

  it.each([
    ['mistral-7b-v0.1', { past: 4094 }, 131_072n],
    ['mistral-7b-v0.1', { past: 4095 }, 0n],
    // Of 10 layers with convolutions of 3 positions, and 6 of 8 key heads with 64 features, only the latter grow.
    ['lfm2-1.2b', { past: 7 }, 6n * 2n * 8n * 64n * 2n],
    ['mamba-130m', { past: 7 }, 0n],
  ])('%s after %o: a window that is full, of attention or of a convolution, takes nothing more', (model, set, bytes) =>
    expect(cacheOf(graphOf(model, { tokens: 1, ...set }), { dtype: 'fp16' }).bytesPerToken).toBe(bytes),
  );
});

describe('masked work', () => {
  it('of gpt2 is what a causal mask hides of both products: n (n − 1) / 2 pairs', () => {
    const { masked } = analyse(graphOf('gpt2', { tokens: 1000 })).totals;
    expect(masked).toBe(12n * 2n * 768n * ((1000n * 999n) / 2n));
  });

  it('is none for a token that follows all others', () =>
    expect(analyse(graphOf('gpt2', { tokens: 1, past: 500 })).totals.masked).toBe(0n));
});

describe('a twin with few narrow layers runs as it is predicted', () => {
  it.each(TWINS)('%s', (model, set) => {
    const prompt = verify(graphOf(model, set));
    expect(prompt.layers.filter(({ holds }) => !holds)).toEqual([]);
    expect(prompt.totals.executed.macs).toBeGreaterThan(0n);
    if (cacheOf(graphOf(model, set)).bytes === 0n) return;
    const step = verify(graphOf(model, { ...set, tokens: 1, past: 5 }));
    expect(step.layers.filter(({ holds }) => !holds)).toEqual([]);
  });

  it('deepseek unfolds or folds its latents for a prompt: the same matrices, and as many parameters', () => {
    const set = { ...TWINS.find(([model]) => model === 'deepseek-v3')?.[1], past: 3 };
    const [unfolded, folded] = [graphOf('deepseek-v3', { ...set, absorbed: false }), graphOf('deepseek-v3', { ...set, absorbed: true })];
    expect(verify(unfolded).holds && verify(folded).holds).toBe(true);
    expect(analyse(unfolded).totals.parameters).toBe(analyse(folded).totals.parameters);
  });
});

describe('bad input', () => {
  it.each([
    ['llama-3-8b:heads=30', '4096 features'],
    ['llama-3-8b:kv_heads=5', '32 heads of the queries cannot be split into 5 heads of the keys'],
    ['gpt2:tokens=1025', '1025 positions from 0 on reach to 1025'],
    ['gpt2:tokens=25,past=1000', '25 positions from 1000 on reach to 1025'],
    ['mixtral-8x7b:best=9', 'The best 9 of 8 experts cannot be chosen'],
    ['mistral-7b-v0.1:window=0', 'whole number of at least 1'],
  ])('%s says so', (model, says) => {
    expect(() => graphOf(model)).toThrow(says);
  });
});
