import { describe, expect, test } from 'vitest';
import { flopwise } from '../cli/helpers.ts';

// Configurations as they stand beside published weights, and how many parameters those have.

interface Totals {
  readonly parameters: number;
  readonly activeParameters: number;
  readonly macs: number;
  readonly masked: number;
}

async function counted(config: object, more: readonly string[] = []): Promise<Totals> {
  const { out, err } = await flopwise(['config.json', '--format', 'json', ...more], { files: { 'config.json': JSON.stringify(config) } });
  expect(err).toBe('');
  return JSON.parse(out).totals;
}

/** Sizes of a decoder under the names that most configurations have. */
const sizes = (vocab: number, width: number, layers: number, heads: number, keys: number, hidden: number) => ({
  vocab_size: vocab,
  hidden_size: width,
  num_hidden_layers: layers,
  num_attention_heads: heads,
  num_key_value_heads: keys,
  intermediate_size: hidden,
});

const of = (type: string, cls: string, ...fields: readonly object[]) =>
  Object.assign({ model_type: type, architectures: [cls] }, ...fields) as Readonly<Record<string, unknown>>;

const windowed = (layers: number) =>
  Array.from({ length: layers }, (_, layer) => ((layer + 1) % 4 === 0 ? 'full_attention' : 'sliding_attention'));

const seedOss = of('seed_oss', 'SeedOssForCausalLM', sizes(155136, 5120, 64, 80, 8, 27648), {
  attention_bias: true,
  attention_dropout: 0.1,
  attention_out_bias: false,
  head_dim: 128,
  mlp_bias: false,
  residual_dropout: 0.1,
  rope_scaling: { rope_type: 'default' },
  tie_word_embeddings: false,
});

const internlm2 = of('internlm2', 'InternLM2ForCausalLM', sizes(92544, 4096, 32, 32, 8, 14336), {
  attn_implementation: 'eager',
  bias: false,
  rope_scaling: null,
  tie_word_embeddings: false,
});

/** ChatGLM, the second and third version, and GLM-4 with the code of its first release. */
const chatglm = (vocab: number, layers: number) =>
  of('chatglm', 'ChatGLMModel', {
    add_bias_linear: false,
    add_qkv_bias: true,
    apply_residual_connection_post_layernorm: false,
    ffn_hidden_size: 13696,
    hidden_size: 4096,
    kv_channels: 128,
    layernorm_epsilon: 1e-5,
    multi_query_attention: true,
    multi_query_group_num: 2,
    num_attention_heads: 32,
    num_layers: layers,
    original_rope: true,
    padded_vocab_size: vocab,
    post_layer_norm: true,
    rmsnorm: true,
    seq_length: 8192,
  });

const granite = of('granite', 'GraniteForCausalLM', sizes(49155, 2048, 40, 32, 8, 8192), {
  attention_bias: false,
  attention_multiplier: 0.015625,
  embedding_multiplier: 12,
  logits_scaling: 8,
  residual_multiplier: 0.22,
  tie_word_embeddings: true,
});

const graniteExperts = of('granitemoe', 'GraniteMoeForCausalLM', sizes(49155, 1024, 24, 16, 8, 512), {
  attention_multiplier: 0.015625,
  embedding_multiplier: 12,
  logits_scaling: 6,
  num_experts_per_tok: 8,
  num_local_experts: 32,
  residual_multiplier: 0.22,
  tie_word_embeddings: true,
});

const minicpm = of('minicpm', 'MiniCPMForCausalLM', sizes(122753, 2304, 40, 36, 36, 5760), {
  dim_model_base: 256,
  scale_depth: 1.4,
  scale_emb: 12,
});

const olmo3 = (width: number, layers: number, heads: number, keys: number, hidden: number) =>
  of('olmo3', 'Olmo3ForCausalLM', sizes(100278, width, layers, heads, keys, hidden), {
    layer_types: windowed(layers),
    sliding_window: 4096,
    tie_word_embeddings: false,
  });

const qwen = of('qwen', 'QWenLMHeadModel', {
  vocab_size: 151936,
  hidden_size: 4096,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  intermediate_size: 22016,
  kv_channels: 128,
  no_bias: true,
  rotary_pct: 1,
  seq_length: 8192,
});

describe('parameters are as those who loaded the weights print them', () => {
  test.each<[string, object, number, string]>([
    ['Seed-OSS 36B', seedOss, 36_151_104_512, 'a list of checkpoints, from its safetensors'],
    ['InternLM2 7B', internlm2, 7_737_708_544, 'assistants that load it print it'],
    ['ChatGLM3 6B', chatglm(65024, 28), 6_243_584_000, 'torch, numel of all parameters'],
    ['GLM-4 9B', chatglm(151552, 40), 9_399_951_360, 'torch, numel of all parameters'],
    ['Granite 3.0 2B', granite, 2_533_531_648, 'lists of checkpoints, of Granite 3.1 and Granite Guardian'],
    ['Granite 3.0 1B-A400M', graniteExperts, 1_334_628_352, 'torch, numel of all parameters'],
    ['MiniCPM 2B', minicpm, 2_724_880_896, 'embeddings-benchmark/mteb, of models made of it'],
    ['OLMo 3 7B', olmo3(4096, 32, 32, 32, 11008), 7_298_011_136, 'a log of its fine-tuning'],
    ['OLMo 3 32B', olmo3(5120, 64, 40, 8, 27648), 32_233_522_176, 'experiments that give its bits'],
    ['Qwen 7B', qwen, 7_721_324_544, 'MrYxJ/calculate-flops.pytorch'],
  ])('%s', async (_, config, parameters) => {
    expect((await counted(config)).parameters).toBe(parameters);
  });

  test('Granite’s experts: 8 of 32 work for a token', async () => {
    const routed = 24 * 32 * 3 * 1024 * 512;
    expect((await counted(graniteExperts)).activeParameters).toBe(1_334_628_352 - (routed * 24) / 32);
  });
});

interface Decoder {
  readonly vocab: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly keys: number;
  readonly dim: number;
  readonly hidden: number;
}

const fieldsOf = ({ vocab, width, layers, heads, keys, dim, hidden }: Decoder) => ({
  ...sizes(vocab, width, layers, heads, keys, hidden),
  head_dim: dim,
});

/** What any of them has: tables, projections and matrices; what one has beside those is added. */
function parametersOf({ vocab, width, layers, heads, keys, dim, hidden }: Decoder, tables: 1 | 2, matrices: 2 | 3, more: number): number {
  const attention = 2 * width * heads * dim + 2 * width * keys * dim;
  return tables * vocab * width + layers * (attention + matrices * width * hidden + more);
}

const TINY: Decoder = { vocab: 100, width: 32, layers: 4, heads: 4, keys: 2, dim: 16, hidden: 48 };
const [Q, K] = [TINY.heads * TINY.dim, TINY.keys * TINY.dim];
const NORMS = 2 * TINY.width;

describe('each field adds what the published implementation has for it', () => {
  test.each<[string, object, number]>([
    [
      'internlm: biases of all projections',
      of('internlm', 'InternLMForCausalLM', fieldsOf({ ...TINY, keys: 4, dim: 8 }), {
        num_key_value_heads: undefined,
        head_dim: undefined,
        bias: true,
      }),
      parametersOf({ ...TINY, keys: 4, dim: 8 }, 2, 3, NORMS + 4 * 32) + 32,
    ],
    [
      'internlm3: biases of queries, keys and values',
      of('internlm3', 'InternLM3ForCausalLM', fieldsOf(TINY), { qkv_bias: true }),
      parametersOf(TINY, 2, 3, NORMS + Q + 2 * K) + 32,
    ],
    [
      'internlm3: biases of all else',
      of('internlm3', 'InternLM3ForCausalLM', fieldsOf(TINY), { bias: true }),
      parametersOf(TINY, 2, 3, NORMS + 32 + 2 * 48 + 32) + 32,
    ],
    [
      'ernie4_5: biases of all layers, one table',
      of('ernie4_5', 'Ernie4_5ForCausalLM', fieldsOf(TINY), { use_bias: true }),
      parametersOf(TINY, 1, 3, NORMS + Q + 2 * K + 32 + 2 * 48 + 32) + 32,
    ],
    [
      'helium: no bias of what attention gives',
      of('helium', 'HeliumForCausalLM', fieldsOf(TINY), { attention_bias: true }),
      parametersOf(TINY, 2, 3, NORMS + Q + 2 * K) + 32,
    ],
    [
      'hunyuan_v1_dense: norms of queries and keys after they are rotated',
      of('hunyuan_v1_dense', 'HunYuanDenseV1ForCausalLM', fieldsOf(TINY), { use_qk_norm: true, tie_word_embeddings: true }),
      parametersOf(TINY, 1, 3, NORMS + 2 * 16) + 32,
    ],
    [
      'exaone: layers under a name of their own',
      of('exaone', 'ExaoneForCausalLM', fieldsOf(TINY), { num_hidden_layers: undefined, num_layers: 4 }),
      parametersOf(TINY, 2, 3, NORMS) + 32,
    ],
    [
      'exaone4: norms of queries and keys',
      of('exaone4', 'Exaone4ForCausalLM', fieldsOf(TINY)),
      parametersOf(TINY, 2, 3, NORMS + 2 * 16) + 32,
    ],
    [
      'granite: biases of attention',
      of('granite', 'GraniteForCausalLM', { ...fieldsOf({ ...TINY, dim: 8 }), head_dim: undefined }, { attention_bias: true }),
      parametersOf({ ...TINY, dim: 8 }, 2, 3, NORMS + 32 + 2 * 16 + 32) + 32,
    ],
    [
      'nemotron: two matrices, layer norms',
      of('nemotron', 'NemotronForCausalLM', fieldsOf(TINY), { kv_channels: 16 }),
      parametersOf(TINY, 2, 2, 2 * NORMS) + 2 * 32,
    ],
    ['arcee: two matrices, RMS norms', of('arcee', 'ArceeForCausalLM', fieldsOf(TINY)), parametersOf(TINY, 2, 2, NORMS) + 32],
    [
      'starcoder2: biases of all layers, one table',
      of('starcoder2', 'Starcoder2ForCausalLM', fieldsOf({ ...TINY, dim: 8 }), { head_dim: undefined }),
      parametersOf({ ...TINY, dim: 8 }, 1, 2, 2 * NORMS + 32 + 2 * 16 + 32 + 48 + 32) + 2 * 32,
    ],
  ])('%s', async (_, config, parameters) => {
    expect((await counted(config)).parameters).toBe(parameters);
  });

  test('windows of EXAONE 4 and OLMo 3 are in three of four layers, and only those of EXAONE 4 are rotated', async () => {
    const exaone = of('exaone4', 'Exaone4ForCausalLM', fieldsOf(TINY), { sliding_window: 2, sliding_window_pattern: 'LLLG' });
    const olmo = of('olmo3', 'Olmo3ForCausalLM', sizes(100, 64, 4, 4, 2, 48), { sliding_window: 2 });
    // Of 5 × 5 pairs a causal mask hides 10, and a window of 2 another 6; in 4 heads of 16 features, in both products.
    const masked = 2 * 4 * 16 * (3 * 16 + 10);
    for (const config of [exaone, olmo]) expect((await counted(config, ['--set', 'tokens=5'])).masked).toBe(masked);
    expect((await counted({ ...exaone, sliding_window: null }, ['--set', 'tokens=5'])).masked).toBe(2 * 4 * 16 * 4 * 10);
  });
});

const gemma3 = of('gemma3', 'Gemma3ForConditionalGeneration', {
  boi_token_index: 255_999,
  eoi_token_index: 256_000,
  image_token_index: 262_144,
  mm_tokens_per_image: 256,
  text_config: {
    hidden_size: 2560,
    intermediate_size: 10240,
    model_type: 'gemma3_text',
    num_hidden_layers: 34,
    rope_scaling: { factor: 8, rope_type: 'linear' },
    sliding_window: 1024,
  },
  vision_config: {
    hidden_size: 1152,
    image_size: 896,
    intermediate_size: 4304,
    model_type: 'siglip_vision_model',
    num_attention_heads: 16,
    num_hidden_layers: 27,
    patch_size: 14,
    vision_use_head: false,
  },
});

const qwen2vl = of('qwen2_vl', 'Qwen2VLForConditionalGeneration', sizes(152064, 3584, 28, 28, 4, 18944), {
  image_token_id: 151655,
  rope_scaling: { mrope_section: [16, 24, 24], type: 'mrope' },
  tie_word_embeddings: false,
  use_sliding_window: false,
  vision_config: { depth: 32, embed_dim: 1280, hidden_size: 3584, in_chans: 3, spatial_patch_size: 14, num_heads: 16, mlp_ratio: 4 },
});

const macsOf = async (model: string): Promise<number> => JSON.parse((await flopwise([model, '--format', 'json'])).out).totals.macs;

/** Multiply-accumulates of a transformer over square patches of so many pixels, all of which see each other. */
const sight = (patches: number, pixels: number, layers: number, width: number, hidden: number): number =>
  patches * pixels * 3 * width + layers * (patches * (4 * width ** 2 + 2 * width * hidden) + 2 * patches ** 2 * width);

describe('an image before the text', () => {
  test('has the parameters of the published weights', async () => {
    // keras-hub’s presets, gemma3 and medgemma; Hugging Face’s count of the checkpoint.
    expect((await counted(gemma3)).parameters).toBe(4_300_079_472);
    expect((await counted(qwen2vl)).parameters).toBe(8_291_375_616);
  });

  test('costs LLaVA what CLIP costs without its projection, two linear layers, and Llama’s words', async () => {
    const clip = (await macsOf('clip_vit_l_14_336/image')) - 1024 * 768;
    const words = await macsOf('llama-2-7b:vocab=32064,tokens=640');
    expect(await macsOf('llava-1.5-7b:tokens=64')).toBe(clip + 576 * (1024 * 4096 + 4096 ** 2) + words);
  });

  test('costs PaliGemma a transformer over 256 patches, a linear layer, and Gemma’s words', async () => {
    const words = await macsOf('gemma-2b:vocab=257216,tokens=320');
    expect(await macsOf('paligemma-3b-224:tokens=64')).toBe(sight(256, 14 ** 2, 27, 1152, 4304) + 256 * 1152 * 2048 + words);
  });

  test('costs Gemma 3 a transformer over 4,096 patches, a linear layer for 256 of them pooled, and Gemma 3’s words', async () => {
    const words = await macsOf('gemma-3-4b:tokens=320');
    expect((await counted(gemma3, ['--set', 'tokens=64'])).macs).toBe(sight(4096, 14 ** 2, 27, 1152, 4304) + 256 * 1152 * 2560 + words);
  });

  test('costs Qwen2-VL a transformer over patches of two frames, two linear layers for every four, and Qwen2’s words', async () => {
    const patches = (280 / 14) * (560 / 14);
    const merged = (patches / 4) * (5120 ** 2 + 5120 * 3584);
    const words = await macsOf(`qwen2-7b:tokens=${patches / 4 + 64}`);
    expect((await counted(qwen2vl, ['--set', 'image_height=280,image_width=560,tokens=64'])).macs).toBe(
      sight(patches, 2 * 14 ** 2, 32, 1280, 5120) + merged + words,
    );
  });

  test('is in the prompt, not in the steps after it', async () => {
    const { code, err } = await flopwise(['llava-1.5-7b', '--set', 'past=600,tokens=1']);
    expect(code).toBe(2);
    expect(err).toContain('$past == 0');
  });
});
