import { operatorNames } from '../../src/operators/registry.ts';
import { type Random, TELLING } from './random.ts';
import { mutated } from './specs.ts';

/** Texts of other kinds than specs that are nearly right: config.json, convention files, and specs with options of commands. */

const CONFIGS: readonly Readonly<Record<string, unknown>>[] = [
  {
    model_type: 'llama',
    vocab_size: 100,
    hidden_size: 64,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    intermediate_size: 128,
  },
  { model_type: 'gpt2', vocab_size: 100, n_embd: 64, n_layer: 2, n_head: 4, n_positions: 32 },
  {
    model_type: 'bert',
    vocab_size: 100,
    hidden_size: 64,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    intermediate_size: 128,
    type_vocab_size: 2,
    max_position_embeddings: 32,
  },
  { model_type: 'mpt', vocab_size: 100, d_model: 64, n_layers: 2, n_heads: 4, attn_config: { alibi: true, clip_qkv: 6 } },
  {
    model_type: 'mixtral',
    vocab_size: 100,
    hidden_size: 64,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    intermediate_size: 128,
    num_local_experts: 4,
    num_experts_per_tok: 2,
  },
];

const odd = (random: Random): unknown =>
  random.chance(0.6)
    ? random.of(TELLING)
    : random.of([null, true, false, 'x', '', '\u001b[31m', [], {}, [1, 2], { a: 1 }, 0.5, 1e308, -0, '__proto__']);

/** A field taken away, or given another value or name, here and there. */
export function configText(random: Random): string {
  const fields = Object.entries(random.of(CONFIGS)).flatMap(([key, value]): [string, unknown][] => {
    if (random.chance(0.03)) return [];
    if (random.chance(0.02)) return [[random.of(['', 'constructor', `${key}x`, 'rope_scaling', 'text_config']), value]];
    return [[key, random.chance(0.08) ? odd(random) : value]];
  });
  const text = JSON.stringify(Object.fromEntries(fields), undefined, 1);
  return random.chance(0.2) ? mutated(text, random) : text;
}

const FORMULAS = [
  'macs',
  '2 * macs',
  'macs + biases',
  '0',
  '-1',
  'x',
  '2 ^ 60',
  '(',
  'macs / 0',
  'i * o',
  '1e9 * macs',
  '',
  '9'.repeat(400),
];

export function conventionText(random: Random): string {
  const formula = (): string => JSON.stringify(random.of(FORMULAS));
  const rule = (): string =>
    random.chance(0.7) ? formula() : `{ count: ${formula()}, ${random.of(['bug', 'reason', 'x'])}: ${random.of(['a', '1'])} }`;
  const name = (): string => (random.chance(0.9) ? random.of(operatorNames) : random.of(['x', '__proto__', '""']));
  const text = [
    `unit: ${random.of(['macs', 'flops', 'MACs', 'x', '1'])}`,
    ...(random.chance(0.8) ? [`otherwise: ${rule()}`] : []),
    ...(random.chance(0.4) ? [`extends: ${random.of(['fvcore', 'thop', 'paper', 'x'])}`] : []),
    `rules: { ${random.list(4, () => `${name()}: ${rule()}`).join(', ')} }`,
  ].join('\n');
  return random.chance(0.3) ? mutated(text, random) : text;
}

/** Commands that make more of a model than a table, with options that tell. */
export function commandFor(random: Random, file: string): string[] {
  const number = (): string => String(random.of(TELLING));
  const most = (name: string, value: () => string, share = 0.3): string[] => (random.chance(share) ? [name, value()] : []);
  const command = random.of(['draw', 'train', 'generate', 'table', 'compare']);
  const options: Readonly<Record<string, () => string[]>> = {
    draw: () => [
      ...most('--format', () => random.of(['svg', 'html', 'mermaid', 'dot'])),
      ...most('--depth', () => random.of(['stage', 'block', 'layer', '1', '9999', '0'])),
      ...most('--by', () => random.of(['macs', 'params', 'x'])),
      ...(random.chance(0.2) ? ['--unfold'] : []),
    ],
    train: () => [
      ...most('--optimizer', () => random.of(['adam', 'sgd', 'adafactor', 'x'])),
      ...most('--checkpoint', () => random.of(['block', 'all', '**', 'x'])),
      ...most('--freeze', () => random.of(['**', 'conv/*', 'x'])),
      ...most('--micro-batch', number),
      ...most('--tokens', number),
      ...most('--images', number),
      ...most('--format', () => random.of(['json', 'csv', 'markdown'])),
    ],
    generate: () => ['--prompt', number(), '--new', number(), ...most('--format', () => random.of(['json', 'csv']))],
    table: () => [
      ...most('--format', () => random.of(['json', 'csv', 'markdown', 'html'])),
      ...most('--by', () => random.of(['stage', 'block', 'operator'])),
      ...(random.chance(0.5) ? ['--memory'] : []),
    ],
    compare: () => [random.of([file, 'resnet18', 'x']), ...most('--format', () => random.of(['json', 'markdown', 'html']))],
  };
  return [command, file, ...(options[command] as () => string[])(), ...most('--batch', number, 0.2)];
}
