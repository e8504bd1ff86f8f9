import { describe, expect, it } from 'vitest';
import { type Comparison, type Counted, compare, hasTruth, type Measured, readTruth, type Settings } from './transformers.ts';

// Models whose published implementations were run and counted, against specs of the zoo: parameters, embeddings, active parameters,
// multiply-accumulates at several lengths, decoding steps and caches, each to the last digit.

type Rule = (config: Measured['config'], measured: Measured) => Settings;

const llama: Rule = (c) =>
  'dim' in c
    ? {
        vocab: c.vocab_size,
        width: c.dim,
        layers: c.n_layers,
        heads: c.n_heads,
        kv_heads: c.n_kv_heads,
        hidden: Math.ceil(Math.floor((8 * c.dim) / 3) / c.multiple_of) * c.multiple_of,
        tied: true,
      }
    : {
        vocab: c.vocab_size,
        width: c.hidden_size,
        layers: c.num_hidden_layers,
        heads: c.num_attention_heads,
        kv_heads: c.num_key_value_heads ?? c.num_attention_heads,
        ...('head_dim' in c && { head_dim: c.head_dim }),
        hidden: c.intermediate_size,
        tied: c.tie_word_embeddings ?? false,
      };

const gpt2: Rule = (c) => ({ vocab: c.vocab_size, width: c.n_embd, layers: c.n_layer, heads: c.n_head });

const mixtral: Rule = (c, m) => ({ ...llama(c, m), experts: c.num_local_experts, best: c.num_experts_per_tok });

const moe = (c: Measured['config']): Settings => ({
  experts: c.num_experts,
  best: c.num_experts_per_tok,
  expert_hidden: c.moe_intermediate_size,
});

const gemma: Rule = ({ query_pre_attn_scalar: scalar, sliding_window: window, ...c }) => {
  const { bias, theta, ...set } = llama(c as never, {} as never) as Record<string, never>;
  return { ...set, tied: true, ...(scalar !== undefined && { query_scalar: scalar, window }) };
};

const deepseek: Rule = (c) =>
  'dim' in c
    ? {
        vocab: c.vocab_size,
        width: c.dim,
        layers: c.n_layers,
        dense: c.n_dense_layers,
        heads: c.n_heads,
        query_rank: c.q_lora_rank,
        hidden: c.inter_dim,
        experts: c.n_routed_experts,
        best: c.n_activated_experts,
        shared: c.n_shared_experts,
        expert_hidden: c.moe_inter_dim,
        scores: c.score_func ?? 'softmax',
        correction: c.dim === 7168 ? 'learned' : 'none',
      }
    : {
        vocab: c.vocab_size,
        width: c.hidden_size,
        layers: c.num_hidden_layers,
        dense: c.first_k_dense_replace,
        heads: c.num_attention_heads,
        hidden: c.intermediate_size,
        experts: c.n_routed_experts,
        best: c.num_experts_per_tok,
        shared: c.n_shared_experts,
        expert_hidden: c.moe_intermediate_size,
        correction: 'held',
        absorbed: false,
        cached: 'heads',
      };

const bert: Rule = (c, { source: { cls } }) => ({
  vocab: c.vocab_size,
  width: c.hidden_size ?? c.dim,
  layers: c.num_hidden_layers ?? c.n_layers,
  heads: c.num_attention_heads ?? c.n_heads,
  hidden: c.intermediate_size ?? c.hidden_dim,
  ...('max_position_embeddings' in c && { positions: c.max_position_embeddings, types: c.type_vocab_size }),
  ...(cls?.endsWith('MaskedLM') && { head: 'words' }),
});

const oss: Rule = (c) => ({ layers: c.num_hidden_layers, experts: c.num_experts ?? c.num_local_experts });

const t5: Rule = (c) => ({
  vocab: c.vocab_size,
  width: c.d_model,
  layers: c.num_layers,
  heads: c.num_heads,
  head_dim: c.d_kv,
  hidden: c.d_ff,
  gated: c.feed_forward_proj === 'gated-gelu',
  tied: c.tie_word_embeddings,
  shared_bias: c.model_type !== 'umt5',
});

const whisper: Rule = (c) =>
  'n_mels' in c
    ? {
        mels: c.n_mels,
        vocab: c.n_vocab,
        width: c.n_audio_state,
        layers: c.n_audio_layer,
        text_layers: c.n_text_layer,
        heads: c.n_audio_head,
      }
    : {
        mels: c.num_mel_bins,
        vocab: c.vocab_size,
        width: c.d_model,
        layers: c.encoder_layers,
        text_layers: c.decoder_layers,
        heads: c.encoder_attention_heads,
        source_positions: 'learned',
      };

/** The model of the zoo whose parameters a configuration sets, and how. */
const FAMILIES: Readonly<Record<string, { readonly model: string; readonly rule: Rule }>> = {
  gpt2: { model: 'gpt2', rule: gpt2 },
  llama: { model: 'llama-7b', rule: llama },
  mistral: {
    model: 'mistral-7b-v0.3',
    rule: (c, m) => ({ head_dim: c.hidden_size / c.num_attention_heads, ...llama(c, m), window: c.sliding_window ?? 'none' }),
  },
  mixtral: { model: 'mixtral-8x7b', rule: mixtral },
  qwen2: { model: 'qwen2-7b', rule: llama },
  qwen2_moe: {
    model: 'qwen1.5-moe-2.7b',
    rule: (c, m) => ({ ...llama(c, m), ...moe(c), shared_hidden: c.shared_expert_intermediate_size }),
  },
  qwen3: { model: 'qwen3-8b', rule: llama },
  qwen3_moe: { model: 'qwen3-30b-a3b', rule: (c, m) => ({ ...llama(c, m), ...moe(c) }) },
  gemma: { model: 'gemma-2b', rule: gemma },
  gemma2: { model: 'gemma-2-2b', rule: gemma },
  gemma3_text: { model: 'gemma-3-1b', rule: gemma },
  deepseek_v2: { model: 'deepseek-v2-lite', rule: deepseek },
  deepseek_v3: { model: 'deepseek-v3', rule: deepseek },
  gpt_oss: { model: 'gpt-oss-20b', rule: oss },
  t5: { model: 't5-small', rule: t5 },
  mt5: { model: 't5-small', rule: t5 },
  umt5: { model: 't5-small', rule: t5 },
  whisper: { model: 'whisper-tiny', rule: whisper },
  bert: { model: 'bert-base-uncased', rule: bert },
  distilbert: { model: 'distilbert-base', rule: bert },
  roberta: { model: 'roberta-base', rule: bert },
  xlm_roberta: { model: 'xlm-roberta-base', rule: bert },
};

const countedAs = ({ family, config }: Measured, measured: Measured): Counted | undefined => {
  const known = FAMILIES[family];
  return known && { model: known.model, set: known.rule(config, measured) };
};

describe.skipIf(!hasTruth)('published transformers', () => {
  const truth = hasTruth ? readTruth() : {};

  it('cost what was measured, to the last digit', () => {
    const misses: string[] = [];
    const tally = new Map<string, [matched: number, total: number]>();
    let models = 0;
    for (const [name, measured] of Object.entries(truth)) {
      const counted = countedAs(measured, measured);
      if (counted === undefined) continue;
      models++;
      const [matched, total] = tally.get(measured.family) ?? [0, 0];
      let compared: Comparison[] = [];
      try {
        compared = compare(measured, counted);
      } catch (error) {
        misses.push(`${name}: ${(error as Error).message}`);
      }
      const wrong = compared.filter((one) => one.counted !== one.measured);
      for (const { what, measured: there, counted: here } of wrong)
        misses.push(`${name}: ${what} were measured as ${there} and are counted as ${here}, a difference of ${here - there}`);
      tally.set(measured.family, [matched + compared.length - wrong.length, total + compared.length]);
    }
    const families = [...tally].map(([family, [matched, total]]) => `${family} ${matched} of ${total}`);
    console.log(`${models} models of ${Object.keys(truth).length}: ${families.join(', ')}`);
    for (const miss of misses) console.log(miss);
    expect(misses).toEqual([]);
  });
});
