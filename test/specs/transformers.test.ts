import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diskLibrary } from '../../src/node/disk.ts';
import { familyFiles } from '../../src/spec/folder.ts';
import { readSpec } from '../../src/spec/model.ts';
import { type Counted, compare, hasTruth, type Measured, readTruth, type Settings } from './transformers.ts';

// Models whose published implementations were run and counted: parameters, embeddings, active parameters, multiply-accumulates at
// several lengths, decoding steps and caches, each to the last digit. They are described by their config.json, where they have one.

type Rule = (config: Measured['config'], measured: Measured) => Settings;

const llama: Rule = (c) => ({
  vocab: c.vocab_size,
  width: c.dim,
  layers: c.n_layers,
  heads: c.n_heads,
  kv_heads: c.n_kv_heads,
  hidden: Math.ceil(Math.floor((8 * c.dim) / 3) / c.multiple_of) * c.multiple_of,
  tied: true,
});

const gpt2: Rule = (c) => ({ vocab: c.vocab_size, width: c.n_embd, layers: c.n_layer, heads: c.n_head });

const deepseek: Rule = (c) => ({
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
});

const oss: Rule = (c) => ({ layers: c.num_hidden_layers, experts: c.num_experts });

const whisper: Rule = (c) => ({
  mels: c.n_mels,
  vocab: c.n_vocab,
  width: c.n_audio_state,
  layers: c.n_audio_layer,
  text_layers: c.n_text_layer,
  heads: c.n_audio_head,
});

/** Models whose configuration is not that of the transformers library: the model of the zoo whose parameters it sets, and how. */
const RULES: Readonly<Record<string, { readonly model: string; readonly rule: Rule }>> = {
  gpt2: { model: 'gpt2', rule: gpt2 },
  llama: { model: 'llama-7b', rule: llama },
  deepseek_v2: { model: 'deepseek-v2-lite', rule: deepseek },
  deepseek_v3: { model: 'deepseek-v3', rule: deepseek },
  gpt_oss: { model: 'gpt-oss-20b', rule: oss },
  whisper: { model: 'whisper-tiny', rule: whisper },
};

const { zoo } = diskLibrary;
const types = new Set(familyFiles(zoo).flatMap((file) => [...readSpec(file, zoo).configs.keys()]));

/** What was measured of a model is of its class, which the config does not always name. */
const named = ({ config, source }: Measured): object => ({ ...(source.cls !== undefined && { architectures: [source.cls] }), ...config });

/** The model that a configuration describes, as a file; of DeepSeek-V3 the class was measured that caches keys and values unfolded. */
function configured(measured: Measured): Counted {
  const folder = mkdtempSync(join(tmpdir(), 'flopwise-config-'));
  writeFileSync(join(folder, 'config.json'), JSON.stringify(named(measured)));
  return { model: folder, set: measured.config.model_type === 'deepseek_v3' ? { cached: 'heads', absorbed: false } : {} };
}

function countedAs(measured: Measured): Counted | undefined {
  const { family, config } = measured;
  if (config.model_type !== undefined) return types.has(config.model_type) ? configured(measured) : undefined;
  const known = RULES[family];
  return known && { model: known.model, set: known.rule(config, measured) };
}

const truth = hasTruth ? readTruth() : {};
const families = [...new Set(Object.values(truth).map(({ family }) => family))];

describe.runIf(hasTruth)('published transformers cost what was measured, to the last digit', () => {
  const tally = new Map<string, readonly [matched: number, total: number]>();
  const missing: string[] = [];
  let models = 0;
  it.each(families)('%s', (family) => {
    const misses: string[] = [];
    for (const [name, measured] of Object.entries(truth)) {
      if (measured.family !== family) continue;
      const counted = countedAs(measured);
      if (counted === undefined) {
        missing.push(name);
        continue;
      }
      models++;
      const compared = compare(measured, counted);
      const wrong = compared.filter((one) => one.counted !== one.measured);
      for (const { what, measured: there, counted: here } of wrong)
        misses.push(`${name}: ${what} were measured as ${there} and are counted as ${here}, a difference of ${here - there}`);
      const [matched, total] = tally.get(family) ?? [0, 0];
      tally.set(family, [matched + compared.length - wrong.length, total + compared.length]);
    }
    expect(misses).toEqual([]);
  });
  it('matched of total, by family', () => {
    const figures = [...tally].map(([family, [matched, total]]) => `${family} ${matched} of ${total}`);
    console.log(`${models} models of ${Object.keys(truth).length}: ${figures.join(', ')}`);
    if (missing.length > 0) console.log(`no spec describes ${missing.join(', ')}`);
    expect(figures.length).toBeGreaterThan(0);
  });
});
