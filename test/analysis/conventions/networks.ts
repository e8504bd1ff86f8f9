/** Specs of language models, by their sizes. */

export interface Llama {
  readonly vocabulary: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly keyHeads: number;
  readonly hidden: number;
  readonly headDim?: number;
  readonly biases?: boolean;
  readonly headNorms?: boolean;
  readonly tied?: boolean;
  readonly window?: number;
}

/** Llama and its kin: RMS norms, rotary positions, grouped causal attention, a gated MLP. */
export function llama(tokens: number, { vocabulary, width, layers, heads, keyHeads, hidden, ...more }: Llama): string {
  const dim = more.headDim ?? width / heads;
  const bias = more.biases ?? false;
  const project = (name: string, of: number): string[] => [
    `- linear: { out: ${of * dim}, bias: ${bias} }`,
    '  from: x',
    `- splitheads: { heads: ${of} }`,
    ...(more.headNorms && name !== 'v' ? ['- rmsnorm'] : []),
    ...(name === 'v' ? [] : ['- rope']),
    '- identity: {}',
    `  name: ${name}`,
  ];
  return `${[
    `input: [${tokens}]`,
    'layers:',
    `  - embedding: { rows: ${vocabulary}, out: ${width} }`,
    '    weights: { table: words }',
    '  - sequence:',
    '      - residual:',
    '          - rmsnorm',
    '          - identity: {}',
    '            name: x',
    ...[...project('q', heads), ...project('k', keyHeads), ...project('v', keyHeads)].map((line) => `          ${line}`),
    `          - sdpa: { causal: true${more.window === undefined ? '' : `, window: ${more.window}`} }`,
    '            from: [q, k, v]',
    '          - mergeheads',
    `          - linear: { out: ${width}, bias: false }`,
    '      - residual:',
    '          - rmsnorm',
    '          - parallel:',
    `              gate: [linear: { out: ${hidden}, bias: false }, silu]`,
    `              up: [linear: { out: ${hidden}, bias: false }]`,
    '            join: multiply',
    `          - linear: { out: ${width}, bias: false }`,
    `    repeat: ${layers}`,
    '  - rmsnorm',
    `  - linear: { out: ${vocabulary}, bias: false }`,
    ...(more.tied ? ['    weights: { matrix: words }'] : []),
  ].join('\n')}\n`;
}

export const LLAMA_2_7B: Llama = { vocabulary: 32000, width: 4096, layers: 32, heads: 32, keyHeads: 32, hidden: 11008 };
export const LLAMA_3_8B: Llama = { vocabulary: 128256, width: 4096, layers: 32, heads: 32, keyHeads: 8, hidden: 14336 };
export const LLAMA_3_70B: Llama = { vocabulary: 128256, width: 8192, layers: 80, heads: 64, keyHeads: 8, hidden: 28672 };
export const QWEN_2_5_7B: Llama = { vocabulary: 152064, width: 3584, layers: 28, heads: 28, keyHeads: 4, hidden: 18944, biases: true };
export const QWEN_3_8B: Llama = {
  vocabulary: 151936,
  width: 4096,
  layers: 36,
  heads: 32,
  keyHeads: 8,
  hidden: 12288,
  headDim: 128,
  headNorms: true,
};
export const MISTRAL_24B: Llama = { vocabulary: 131072, width: 5120, layers: 40, heads: 32, keyHeads: 8, hidden: 32768, headDim: 128 };

export interface Gpt {
  readonly vocabulary: number;
  readonly positions: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly headDim?: number;
}

/** GPT-2 and its kin without biases: learned positions, an MLP of four widths, logits that share the table. Norms have a scale alone. */
export function gpt(tokens: number, { vocabulary, positions, width, layers, heads, headDim = width / heads }: Gpt): string {
  const project = (name: string): string[] => [
    `- linear: { out: ${heads * headDim}, bias: false }`,
    '  from: x',
    `- splitheads: { heads: ${heads} }`,
    `  name: ${name}`,
  ];
  return `${[
    `input: [${tokens}]`,
    'layers:',
    `  - embedding: { rows: ${vocabulary}, out: ${width} }`,
    '    weights: { table: words }',
    '  - parallel:',
    '      words: []',
    `      places: [positions: { rows: ${positions} }]`,
    '    join: add',
    '  - sequence:',
    '      - residual:',
    '          - rmsnorm',
    '          - identity: {}',
    '            name: x',
    ...['q', 'k', 'v'].flatMap(project).map((line) => `          ${line}`),
    '          - sdpa: { causal: true }',
    '            from: [q, k, v]',
    '          - mergeheads',
    `          - linear: { out: ${width}, bias: false }`,
    `      - residual: [rmsnorm, linear: { out: ${4 * width}, bias: false }, gelu, linear: { out: ${width}, bias: false }]`,
    `    repeat: ${layers}`,
    '  - rmsnorm',
    `  - linear: { out: ${vocabulary}, bias: false }`,
    '    weights: { matrix: words }',
  ].join('\n')}\n`;
}

export const GPT_2: Gpt = { vocabulary: 50257, positions: 1024, width: 768, layers: 12, heads: 12 };
