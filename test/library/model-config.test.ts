import { describe, expect, test } from 'vitest';
import { diskLibrary } from '../../src/node/disk.ts';
import { familyFiles } from '../../src/spec/folder.ts';
import { readSpec } from '../../src/spec/model.ts';
import { codesIn, flopwise } from '../cli/helpers.ts';

const { zoo } = diskLibrary;
const configured = familyFiles(zoo)
  .map((file) => readSpec(file, zoo))
  .filter(({ configs }) => configs.size > 0);
const types = new Set(configured.flatMap(({ configs }) => [...configs.keys()]));

/** A Llama small enough to add up by hand: 2 layers of 64 features, 4 heads, 2 for keys; 100 words. */
const llama = {
  model_type: 'llama',
  vocab_size: 100,
  hidden_size: 64,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  intermediate_size: 128,
  rms_norm_eps: 1e-5,
};
const LAYER = 64 * 64 + 2 * 64 * 32 + 64 * 64 + 3 * 64 * 128 + 2 * 64;
const LLAMA = 2 * 100 * 64 + 64 + 2 * LAYER;

/** Its sizes are under names of its own, some of them in a map. */
const mpt = { model_type: 'mpt', vocab_size: 100, d_model: 64, n_layers: 2, n_heads: 4, attn_config: { alibi: true, clip_qkv: 6 } };

const count = (config: object, more: readonly string[] = []) => {
  const text = JSON.stringify(config, undefined, 1);
  return flopwise(['config.json', '--format', 'json', ...more], { files: { 'config.json': text } });
};

test('no type is described twice', () => {
  expect(types.size).toBe(configured.reduce((sum, { configs }) => sum + configs.size, 0));
});

/** A Gemma 3 of three layers, whose kinds are a list. */
const gemma = {
  model_type: 'gemma3_text',
  vocab_size: 100,
  hidden_size: 64,
  num_hidden_layers: 3,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 16,
  intermediate_size: 128,
  sliding_window: 2,
};

/** Sizes of both towers of a CLIP are in maps of their own. */
const clip = {
  model_type: 'clip',
  projection_dim: 32,
  vision_config: { image_size: 32, patch_size: 16, hidden_size: 48, num_hidden_layers: 1, num_attention_heads: 3, intermediate_size: 96 },
  text_config: {
    vocab_size: 100,
    max_position_embeddings: 8,
    hidden_size: 64,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    intermediate_size: 128,
    dropout: 0,
    is_decoder: false,
  },
};

describe('a config', () => {
  test('gives the spec of its type its values', async () => {
    const { code, out, err } = await count(llama);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(JSON.parse(out).totals.parameters).toBe(LLAMA);
    expect(JSON.parse(out).config).toMatchObject({
      modelType: 'llama',
      spec: 'specs/llama.yaml',
      parameters: { width: 64, kv_heads: 2, head_dim: 16 },
      defaults: { tie_word_embeddings: false },
      free: ['rms_norm_eps'],
    });
  });

  test('leaves other parameters to --set', async () => {
    const { out } = await count(llama, ['--set', 'tokens=7']);
    expect(JSON.parse(out).input).toEqual([[1, 7]]);
  });

  test('says in the table which fields change no cost, and what those are taken for that are left out', async () => {
    const { out } = await flopwise(['config.json'], { files: { 'config.json': JSON.stringify(llama) } });
    expect(out).toContain('cost nothing rms_norm_eps');
    expect(out).toContain('attention_bias = false');
  });

  test('may have fields in maps, and under other names', async () => {
    const { n_layers, ...others } = mpt;
    const { out, err } = await count({ ...others, num_hidden_layers: 2 });
    expect(err).toBe('');
    // Four matrices of width by width and two of width by four times the width in each layer, with the scales of two norms.
    expect(JSON.parse(out).totals.parameters).toBe(100 * 64 + 64 + 2 * (12 * 64 * 64 + 2 * 64));
    expect(JSON.parse(out).config.parameters).toMatchObject({ layers: n_layers, clip: 6 });
  });

  test('may have a number below 0 where a field has it for none, and no other', async () => {
    const deberta = { model_type: 'deberta', relative_attention: true, pos_att_type: 'c2p|p2c', position_biased_input: false };
    expect(JSON.parse((await count({ ...deberta, max_relative_positions: -1 })).out).config.parameters).toMatchObject({ span: 512 });
    const { code, err } = await count({ ...deberta, max_relative_positions: -2 });
    expect(code).toBe(2);
    expect(err).toContain('max_relative_positions');
  });

  test('is refused where a field that is left out means what the spec does not describe', async () => {
    const { code, err } = await count({ model_type: 'deberta', pos_att_type: 'c2p|p2c' });
    expect(code).toBe(2);
    expect(err).toContain('relative_attention');
  });

  test('says of each layer what kind it is', async () => {
    const masked = async (kinds?: readonly string[]) =>
      JSON.parse((await count({ ...gemma, layer_types: kinds }, ['--set', 'tokens=4'])).out).totals.masked;
    // Of 4 × 4 pairs a causal mask hides 6, and a window of 2 another 3; in 4 heads of 16 features, in both products.
    const [full, sliding] = [6 * 4 * 16 * 2, 9 * 4 * 16 * 2];
    expect(await masked(['full_attention', 'full_attention', 'sliding_attention'])).toBe(2 * full + sliding);
    expect(await masked(['sliding_attention', 'full_attention', 'sliding_attention'])).toBe(full + 2 * sliding);
    expect(await masked()).toBe(3 * sliding);
  });

  test('says from which layer on there is a window', async () => {
    const qwen = { ...gemma, model_type: 'qwen3', use_sliding_window: true, max_window_layers: 1 };
    const masked = async (fields: object) => JSON.parse((await count({ ...qwen, ...fields }, ['--set', 'tokens=4'])).out).totals.masked;
    const [full, sliding] = [6 * 4 * 16 * 2, 9 * 4 * 16 * 2];
    expect(await masked({})).toBe(full + 2 * sliding);
    expect(await masked({ use_sliding_window: false })).toBe(3 * full);
    expect(await masked({ layer_types: ['sliding_attention', 'full_attention', 'full_attention'] })).toBe(2 * full + sliding);
  });

  test('may have a map for each part of the model', async () => {
    const { out, err } = await count(clip);
    expect(err).toBe('');
    const layer = (width: number, hidden: number) => 4 * (width * width + width) + 2 * width * hidden + hidden + width + 4 * width;
    const image = 3 * 16 * 16 * 48 + 48 + 5 * 48 + 2 * 48 + layer(48, 96) + 2 * 48 + 48 * 32;
    const text = 100 * 64 + 8 * 64 + 2 * layer(64, 128) + 2 * 64 + 64 * 32;
    expect(JSON.parse(out).totals.parameters).toBe(image + text + 1);
    expect(JSON.parse(out).config.free).toEqual(expect.arrayContaining(['text_config.dropout', 'text_config.is_decoder']));
  });

  test('may be of a type that a spec beside it describes', async () => {
    const spec =
      'name: mine\ninput: [$width]\nwith: { width: required }\nlayers: [linear: { out: 10 }]\nconfig:\n  mine:\n    parameters: { width: $d }\n';
    const files = { 'config.json': '{"model_type": "mine", "d": 6}', 'mine.yaml': spec };
    const { out } = await flopwise(['config.json', '--format', 'json'], { files });
    expect(JSON.parse(out).totals.parameters).toBe(70);
  });

  test.each<[string, object, string, readonly string[]]>([
    ['a field that nobody knows', { ...llama, extra_layers: 2 }, 'UNKNOWN_FIELD', ['"extra_layers"', '2', 'specs/llama.yaml']],
    ['a field with a value that the spec is not written for', { ...mpt, no_bias: false }, 'WRONG_VALUE', ['"no_bias"', 'false', 'true']],
    [
      'another head',
      { ...llama, architectures: ['LlamaForSequenceClassification'] },
      'WRONG_VALUE',
      ['"architectures"', 'LlamaForCausalLM'],
    ],
    ['a field that is left out', { ...llama, vocab_size: undefined }, 'MISSING_KEY', ['"vocab_size"']],
    ['a number in quotes', { ...llama, vocab_size: '100' }, 'WRONG_VALUE', ['"vocab_size"', '"100"']],
    ['a number below zero', { ...llama, num_hidden_layers: -1 }, 'WRONG_VALUE', ['"num_hidden_layers"', '-1']],
    ['a map for a number', { ...llama, hidden_size: { a: 1 } }, 'WRONG_VALUE', ['"hidden_size"']],
    ['a type that is nearly known', { ...llama, model_type: 'lama' }, 'UNKNOWN_MODEL_TYPE', ['"lama"', '"llama"']],
    [
      'a field of a map with a value that the spec is not written for',
      { ...mpt, attn_config: { alibi: false } },
      'WRONG_VALUE',
      ['"attn_config.alibi"', 'true'],
    ],
    [
      'a field of a map that nobody knows',
      { ...mpt, attn_config: { depth: 3 } },
      'UNKNOWN_FIELD',
      ['"attn_config.depth"', 'specs/mpt.yaml'],
    ],
    ['a number for a map', { ...mpt, attn_config: 3 }, 'WRONG_VALUE', ['"attn_config"', '3', 'a map of fields']],
    [
      'two names of a field that contradict each other',
      { ...mpt, hidden_size: 32 },
      'WRONG_VALUE',
      ['"hidden_size"', '32', '64', '"d_model"'],
    ],
    ['no type', { ...llama, model_type: undefined }, 'MISSING_KEY', ['"model_type"']],
    ['a list for a type', { ...llama, model_type: ['llama'] }, 'WRONG_VALUE', ['"model_type"']],
    [
      'a field that usually costs nothing and here does',
      { ...llama, pruned_heads: { 0: [1] } },
      'WRONG_VALUE',
      ['"pruned_heads"', '{}', 'specs/llama.yaml'],
    ],
    ['towers of two activations', { ...clip, vision_config: { hidden_act: 'gelu' } }, 'WRONG_VALUE', ['"text_config.hidden_act"', 'gelu']],
    [
      'a kind of layer that the spec does not have',
      { ...gemma, layer_types: ['full_attention', 'full_attention', 'linear_attention'] },
      'WRONG_VALUE',
      ['"layer_types"', 'sliding_attention'],
    ],
    [
      'windows where nothing says of which layers',
      {
        ...gemma,
        model_type: 'qwen3_moe',
        sliding_window: 4,
        use_sliding_window: true,
        num_experts: 4,
        num_experts_per_tok: 2,
        moe_intermediate_size: 8,
      },
      'WRONG_VALUE',
      ['"use_sliding_window"', 'false'],
    ],
    [
      'kinds of fewer layers than there are',
      { ...gemma, layer_types: ['full_attention'] },
      'REQUIREMENT_NOT_MET',
      ['config.json:11', 'layer_types', '$kinds.count', '$kinds is [full_attention], $layers is 3'],
    ],
    ['layers of other kinds', { ...llama, layer_types: ['full_attention', 'sliding_attention'] }, 'WRONG_VALUE', ['"layer_types"']],
  ])('is refused with %s', async (_, config, code, shows) => {
    const outcome = await count(config);
    expect(outcome.code).toBe(2);
    expect(codesIn(outcome.err)).toEqual([code]);
    for (const text of shows) expect(outcome.err).toContain(text);
  });

  test.each([
    ['heads that do not divide the width', { ...llama, num_attention_heads: 5 }],
    ['key heads that do not divide the heads', { ...llama, num_key_value_heads: 3 }],
    ['no heads', { ...llama, num_attention_heads: 0 }],
    ['half a feature', { ...llama, hidden_size: 64.5 }],
  ])('is refused with %s', async (_, config) => {
    const { code, err } = await count(config);
    expect(code).toBe(2);
    expect(codesIn(err)).not.toContain('INTERNAL');
  });
});
