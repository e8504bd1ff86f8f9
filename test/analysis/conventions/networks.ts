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
  /** The window of a layer, by its place, if it has one. */
  readonly window?: (layer: number) => number | undefined;
  /** In place of the MLP so many alike, of which a token goes through the best. */
  readonly experts?: { readonly count: number; readonly best: number };
}

const indented = (lines: readonly string[], by: number): string[] => lines.map((line) => `${' '.repeat(by)}${line}`);

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
  const mlp = [
    '- parallel:',
    `    gate: [linear: { out: ${hidden}, bias: false }, silu]`,
    `    up: [linear: { out: ${hidden}, bias: false }]`,
    '  join: multiply',
    `- linear: { out: ${width}, bias: false }`,
  ];
  const { experts } = more;
  const forward = experts === undefined ? mlp : ['- experts:', ...indented(mlp, 4), `  count: ${experts.count}`, `  best: ${experts.best}`];
  const layer = (window: number | undefined): string[] => [
    '- residual:',
    '    - rmsnorm',
    '    - identity: {}',
    '      name: x',
    ...indented([...project('q', heads), ...project('k', keyHeads), ...project('v', keyHeads)], 4),
    `    - sdpa: { causal: true${window === undefined ? '' : `, window: ${window}`} }`,
    '      from: [q, k, v]',
    '    - mergeheads',
    `    - linear: { out: ${width}, bias: false }`,
    '- residual:',
    '    - rmsnorm',
    ...indented(forward, 4),
  ];
  const { window } = more;
  const stack =
    window === undefined
      ? ['- sequence:', ...indented(layer(undefined), 4), `  repeat: ${layers}`]
      : Array.from({ length: layers }, (_, index) => layer(window(index))).flat();
  return `${[
    `input: [${tokens}]`,
    'layers:',
    `  - embedding: { rows: ${vocabulary}, out: ${width} }`,
    '    weights: { table: words }',
    ...indented(stack, 2),
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

const QWEN_3_MOE = { vocabulary: 151936, keyHeads: 4, headDim: 128, headNorms: true, experts: { count: 128, best: 8 } };
export const QWEN_3_30B: Llama = { ...QWEN_3_MOE, width: 2048, layers: 48, heads: 32, hidden: 768 };
export const QWEN_3_235B: Llama = { ...QWEN_3_MOE, width: 4096, layers: 94, heads: 64, hidden: 1536 };
export const GPT_OSS_20B: Llama = {
  vocabulary: 201088,
  width: 2880,
  layers: 24,
  heads: 64,
  keyHeads: 8,
  headDim: 64,
  hidden: 2880,
  experts: { count: 32, best: 4 },
  window: (layer) => (layer % 2 === 0 ? 128 : undefined),
};
export const GEMMA_3_12B: Llama = {
  vocabulary: 262208,
  width: 3840,
  layers: 48,
  heads: 16,
  keyHeads: 8,
  headDim: 256,
  hidden: 15360,
  tied: true,
  window: (layer) => ((layer + 1) % 6 === 0 ? undefined : 1024),
};

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
