import {
  GEMMA_3_12B,
  GPT_2,
  GPT_OSS_20B,
  gpt,
  LLAMA_2_7B,
  LLAMA_3_8B,
  LLAMA_3_70B,
  type Llama,
  llama,
  MISTRAL_24B,
  QWEN_2_5_7B,
  QWEN_3_8B,
  QWEN_3_30B,
  QWEN_3_235B,
} from './networks.ts';

/**
 * What the tools print, by which conventions are held against them. A figure is an integer, or a text as rounded by the tool
 * or its author.
 */
export type Figure = number | string;

/** A model of the zoo, or others of it or the texts of specs that are counted together, and what tools print for it, by convention. */
export interface Measured {
  readonly model: string;
  readonly models?: readonly string[];
  readonly specs?: readonly string[];
  readonly figures: Readonly<Record<string, Figure>>;
}

/** Figures of one origin. */
export interface Figures {
  readonly source: string;
  readonly measured: readonly Measured[];
}

/** fvcore, ptflops, ptflops-aten, thop, torchinfo, calflops' FLOPs and MACs; null where the tool fails or rounds. */
const TOOLS = ['fvcore', 'ptflops', 'ptflops-aten', 'thop', 'torchinfo', 'calflops', 'calflops-macs'] as const;
const MODELS: Readonly<Record<string, readonly (number | null)[]>> = {
  alexnet: [714197696, 716441128, 714682664, 714206912, 714682664, 1429741184, 714188480],
  vgg11: [7609115136, 7643686888, 7616525288, 7609140224, 7616525288, 15239186944, 7609090048],
  vgg16: [15470289408, 15523225576, 15483821032, 15470314496, 15483821032, 30973778432, 15470264320],
  vgg19: [19632087552, 19688937448, 19646923752, 19632112640, 19646923752, 39299983872, 19632062464],
  vgg19_bn: [19661791744, 19718641640, 19646923752, 19691521024, 19646934760, 39329688064, 19632062464],
  resnet18: [1819065856, 1825313768, 1814074344, 1824033792, 1814083944, 3636250112, 1814073344],
  resnet34: [3671262720, 3680019432, 3663762408, 3678739456, 3663779432, 7339389440, 3663761408],
  resnet50: [4111512576, 4132436968, 4089185256, 4133742592, 4089238376, 8211108352, 4089184256],
  resnext50_32x4d: [4259381248, 4286878696, 4230480872, 4288184320, 4230549096, 8503559168, 4230479872],
  wide_resnet50_2: [11426922496, 11454419944, 11398022120, 11455725568, 11398090344, 22838641664, 11398021120],
  densenet121: [2865546752, 2899843048, 2834162664, 2897007104, 2834246312, 5716881152, 2834161664],
  squeezenet1_0: [819093576, 836821960, 823270824, 819094576, 823270824, 1648970968, 818924576],
  googlenet: [1504878688, 1513907448, 1498377192, 1511332032, 1498391752, 3009356752, 1498376192],
  inception_v3: [5731282144, 5747660552, 5713217096, 5749219168, 5713251528, 11458393728, 5713216096],
  mobilenet_v2: [314193216, 320300008, 300775272, 327486720, 300809384, 614967488, 300774272],
  mobilenet_v3_small: [59649536, 60910032, 56515312, 62477944, 56527424, 116633816, 56510400],
  mnasnet1_0: [325329152, 334926312, 314416872, 336242432, 314454792, 644543104, 314415872],
  shufflenet_v2_x1_0: [148808392, 152387568, 144908992, 152708792, 144925172, 295505472, 144907992],
  efficientnet_b0: [401659392, 410196896, 385825092, 415145024, 385867108, 793641400, 385814752],
  efficientnet_v2_s: [8446985216, 8488476440, 8365653344, 8518481088, 8365807216, 16844185392, 8365617152],
  regnet_x_400mf: [420179472, 426144360, 413813608, 426527136, 413851464, 836964224, 413812608],
  regnet_y_400mf: [410406088, 418388672, 401849056, 418183352, 401876208, 815847000, 401842848],
  convnext_tiny: [4470437376, 4488347368, 4458241768, 4464149760, 4468983208, 8937258240, 4455531264],
  vit_b_16: [17582740224, null, 17580319720, 11286254592, 11280392680, 33728914704, 16848500736],
  swin_t: [4509232128, 3128183416, 4496588776, 2978099712, 2970635944, 9008009616, 4490566656],
  swin_v2_t: [5962349568, 4045391848, 5947555816, 3906813696, 3899813416, 11675947008, 5820152832],
  maxvit_t: [null, 5483328960, 5560140960, 5456315648, 5399447200, 11192032800, 5381025792],
};

const ofModels = Object.entries(MODELS).map(
  ([model, figures]): Measured => ({
    model,
    figures: Object.fromEntries(TOOLS.flatMap((tool, index) => (figures[index] == null ? [] : [[tool, figures[index]]]))),
  }),
);

const layer = (model: string, input: string, operator: string, figures: Measured['figures']): Measured => ({
  model,
  specs: [`input: ${input}\nlayers:\n  - ${operator}\n`],
  figures,
});

const recurrent = (cell: string, [pt, aten, th, info, cal]: readonly [number, number, number, number, number]): Measured =>
  layer(`${cell.toUpperCase()}(10, 20), 5 steps`, '[5, 10]', `recurrent: { cell: ${cell}, hidden: 20, resetafter: ${cell === 'gru'} }`, {
    ptflops: pt,
    'ptflops-aten': aten,
    thop: th,
    torchinfo: info,
    calflops: cal,
    'calflops-macs': 0,
    fvcore: 0,
  });

/** Single modules, batch 1. */
const LAYERS: readonly Measured[] = [
  recurrent('lstm', [13800, 12800, 13600, 12800, 25000]),
  recurrent('gru', [10300, 9600, 10300, 9600, 18700]),
  recurrent('rnn', [3300, 3200, 3300, 3200, 6100]),
  layer(
    'ConvTranspose2d(4, 4, 3, stride=2, padding=1, output_padding=1, groups=4)',
    '[4, 8, 8]',
    'convtranspose: { kernel: 3, out: 4, stride: 2, padding: 1, outputpadding: 1, groups: 4 }',
    { calflops: 16, 'calflops-macs': 0 },
  ),
  layer('ConvTranspose2d(6, 6, 2, stride=2, groups=3)', '[6, 8, 8]', 'convtranspose: { kernel: 2, out: 6, stride: 2, groups: 3 }', {
    calflops: 32,
    'calflops-macs': 0,
  }),
  layer('ConvTranspose2d(4, 6, 4, stride=2, padding=1)', '[4, 8, 8]', 'convtranspose: { kernel: 4, out: 6, stride: 2, padding: 1 }', {
    calflops: 49248,
  }),
  {
    model: 'MultiheadAttention(48, 8), 10 queries, 30 keys',
    specs: ['input: { q: [10, 48], kv: [30, 48] }\nlayers:\n  - attention: { heads: 8 }\n    from: [q, kv]\n'],
    figures: { 'ptflops-aten': 216960, ptflops: 251040 },
  },
  layer('MultiheadAttention(448, 4), 300 positions', '[300, 448]', 'attention: { heads: 4 }', { ptflops: 403516800 }),
  layer('Upsample(size=(14, 18))', '[8, 7, 9]', 'upsample: { size: [14, 18] }', { calflops: 252 }),
];

/** A batch of so many of one layer. */
const layers = (count: number, model: string, input: string, operator: string, figures: Measured['figures']): Measured => {
  const { specs = [] } = layer(model, input, operator, figures);
  return { model, specs: Array.from({ length: count }, () => specs[0] as string), figures };
};

/** A layer of two inputs, each without its batch. */
const pair = (model: string, x: string, y: string, operator: string, figures: Measured['figures']): Measured => ({
  model,
  specs: [`input: { x: ${x}, y: ${y} }\nlayers:\n  - ${operator}\n    from: [x, y]\n`],
  figures,
});

/** What fvcore's own tests ask of it. */
const FVCORE_TESTS: readonly Measured[] = [
  layers(5, 'Linear(10, 20), 5 rows', '[10]', 'linear: { out: 20 }', { fvcore: 1000 }),
  layers(5, 'Linear(10, 20), 5×5 rows', '[5, 10]', 'linear: { out: 20 }', { fvcore: 5000 }),
  layers(5, 'Conv2d(10, 3, 3, padding=1), 15×15', '[10, 15, 15]', 'conv: { kernel: 3, out: 3, padding: 1 }', { fvcore: 303750 }),
  layers(2, 'Conv2d(10, 6, 3, 2, 1), 20×20', '[10, 20, 20]', 'conv: { kernel: 3, out: 6, stride: 2, padding: 1 }', { fvcore: 108000 }),
  layers(5, 'Conv2d(16, 8, 5, padding=2, groups=4), 15×15', '[16, 15, 15]', 'conv: { kernel: 5, out: 8, padding: 2, groups: 4 }', {
    fvcore: 900000,
  }),
  layers(5, 'Conv2d(16, 8, 3, padding=1, groups=8), 15×15', '[16, 15, 15]', 'conv: { kernel: 3, out: 8, padding: 1, groups: 8 }', {
    fvcore: 162000,
  }),
  layers(5, 'Conv1d(10, 3, 3, padding=1), 15', '[10, 15]', 'conv: { kernel: 3, out: 3, padding: 1 }', { fvcore: 6750 }),
  layers(5, 'Conv3d(10, 3, 3, padding=1), 15×15×15', '[10, 15, 15, 15]', 'conv: { kernel: 3, out: 3, padding: 1 }', { fvcore: 13668750 }),
  layers(5, 'ConvTranspose2d(10, 3, 3, padding=1), 15×15', '[10, 15, 15]', 'convtranspose: { kernel: 3, out: 3, padding: 1 }', {
    fvcore: 303750,
  }),
  layers(5, 'ConvTranspose2d(10, 3, 3, 2, 1), 15×15', '[10, 15, 15]', 'convtranspose: { kernel: 3, out: 3, stride: 2, padding: 1 }', {
    fvcore: 303750,
  }),
  layers(
    5,
    'ConvTranspose2d(10, 3, 3, 3, 1, 2), 15×15',
    '[10, 15, 15]',
    'convtranspose: { kernel: 3, out: 3, stride: 3, padding: 1, outputpadding: 2 }',
    { fvcore: 303750 },
  ),
  pair('matmul of 20×10 and 10×100', '[20, 10]', '[10, 100]', 'matmul: {}', { fvcore: 20000 }),
  pair('einsum nct,ncp->ntp', '[5, 2]', '[5, 12]', "einsum: { equation: 'nct,ncp->ntp' }", { fvcore: 120 }),
  pair('einsum ntg,ncg->nct', '[2, 6]', '[5, 6]', "einsum: { equation: 'ntg,ncg->nct' }", { fvcore: 60 }),
  pair('einsum nc,nchw->hw', '[3, 4]', '[3, 4, 2, 3]', "einsum: { equation: 'bnc,bnchw->bhw' }", { fvcore: 72 }),
  layers(10, 'BatchNorm1d(10, affine=False)', '[10]', 'batchnorm: { affine: false }', { fvcore: 100 }),
  layers(2, 'batch_norm, 2×2×2', '[2, 2, 2]', 'batchnorm', { fvcore: 32 }),
  layers(2, 'batch_norm without factors, 2×2×2', '[2, 2, 2]', 'batchnorm: { affine: false }', { fvcore: 16 }),
  layers(2, 'group_norm, 2×2×2', '[2, 2, 2]', 'groupnorm: { groups: 2 }', { fvcore: 80 }),
  layers(2, 'group_norm without factors, 2×2×2', '[2, 2, 2]', 'groupnorm: { groups: 2, affine: false }', { fvcore: 64 }),
  layers(2, 'upsample_bilinear2d, 2×2×2', '[2, 2, 2]', 'upsample: { scale: 2, mode: linear }', { fvcore: 256 }),
  {
    model: 'ThreeNet',
    specs: new Array(4).fill(
      'input: [2, 10, 10]\nlayers:\n  - conv: { kernel: 1, out: 5 }\n  - globalavgpool\n  - flatten\n  - linear: { out: 3 }\n  - linear: { out: 1 }\n',
    ),
    figures: { fvcore: 6072 },
  },
];

const attended = (queries: number, keys: number): string =>
  `input: { q: [8, ${queries}, 64], k: [8, ${keys}, 64], v: [8, ${keys}, 64] }\nlayers:\n  - sdpa: { causal: ${queries === keys} }\n    from: [q, k, v]\n`;

/** What PyTorch's own tests ask of its counter. */
const TORCH_TESTS: readonly Measured[] = [
  pair('mm of 4×5 and 5×6', '[4, 5]', '[5, 6]', 'matmul: {}', { torch: 240 }),
  pair('bmm of 3×4×5 and 3×5×6', '[3, 4, 5]', '[3, 5, 6]', 'matmul: {}', { torch: 720 }),
  pair('einsum ab,bc->ac of 6×7 and 7×8', '[6, 7]', '[7, 8]', "einsum: { equation: 'nab,nbc->nac' }", { torch: 672 }),
  layers(8, 'Linear(9, 10), 8 rows', '[9]', 'linear: { out: 10 }', { torch: 1440 }),
  layers(2, 'conv2d of 3×6×6, 6 of 4×4', '[3, 6, 6]', 'conv: { kernel: 4, out: 6, padding: 1, bias: false }', { torch: 28800 }),
  layers(2, 'conv1d of 3×6, 6 of 4', '[3, 6]', 'conv: { kernel: 4, out: 6, padding: 1, bias: false }', { torch: 1440 }),
  { model: 'scaled_dot_product_attention, 128', specs: new Array(4).fill(attended(128, 128)), figures: { torch: 134217728 } },
  { model: 'scaled_dot_product_attention, 128 and 256', specs: new Array(4).fill(attended(128, 256)), figures: { torch: 268435456 } },
];

const unbiased = (more: string): string => `conv: { ${more}, bias: false }`;

/** What XLA's own tests ask of its analysis. */
const XLA_TESTS: readonly Measured[] = [
  pair('MatrixMultiply', '[10, 5]', '[5, 30]', 'matmul: {}', { xla: 3000 }),
  pair('DotGeneral', '[10, 5, 5]', '[5, 5, 30]', "einsum: { equation: 'nabc,nbcd->nad' }", { xla: 15000 }),
  pair('DotGeneral2', '[10, 5, 5]', '[5, 5, 30]', "einsum: { equation: 'nabc,nbcd->ncad' }", { xla: 15000 }),
  pair('DotGeneral3', '[10, 5]', '[5, 30]', "einsum: { equation: 'nab,ncd->nabcd' }", { xla: 15000 }),
  layer('Convolution', '[1, 10, 20]', unbiased('kernel: 3, out: 1'), { xla: 2592 }),
  layer('ConvolutionSame', '[1, 3, 3]', unbiased('kernel: 3, out: 1, padding: same'), { xla: 98 }),
  layer('ConvolutionExtreme', '[1, 524288]', unbiased('kernel: 524288, out: 1'), { xla: 1048576 }),
  layer('ConvolutionWithFeatureGroup', '[120, 10, 20]', unbiased('kernel: 3, out: 120, groups: 120'), { xla: 311040 }),
  layer('Reduce', '[10, 20]', 'reduce: { by: sum, axis: -1 }', { xla: 190 }),
  layer('ReduceWindow', '[1, 10, 20]', 'maxpool: { kernel: [4, 5], stride: [4, 5] }', { xla: 152 }),
  layer('ReduceWindowWithOverlaps', '[1, 8, 8]', 'maxpool: { kernel: [4, 5], stride: [2, 1] }', { xla: 228 }),
  layers(10, 'FullyConnectedForward, without its sigmoid', '[5]', 'linear: { out: 20 }', { xla: 2200 }),
];

const DEEPSPEED_TESTS: readonly Measured[] = [
  {
    model: 'scaled_dot_product_attention of 2×4×16×8',
    specs: new Array(2).fill('input: { q: [4, 16, 8], k: [4, 16, 8], v: [4, 16, 8] }\nlayers:\n  - sdpa: {}\n    from: [q, k, v]\n'),
    figures: { deepspeed: 65536, 'deepspeed-macs': 32768 },
  },
  layers(3, 'three of Linear(100, 100, bias=False)', '[100]', 'linear: { out: 100, bias: false }', {
    deepspeed: 60000,
    'deepspeed-macs': 30000,
  }),
];

const PTFLOPS_TESTS: readonly Measured[] = [
  layer('Conv2d(3, 2, 3), 224×224', '[3, 224, 224]', 'conv: { kernel: 3, out: 2 }', { ptflops: 2759904 }),
  layer('Linear(3, 2)', '[3]', 'linear: { out: 2 }', { ptflops: 8 }),
  layer('Linear(3, 2), 4×5 rows', '[4, 5, 3]', 'linear: { out: 2 }', { ptflops: 160 }),
];

/** The same tests are in thop, commit c574f06. */
const THOP_TESTS: readonly Measured[] = [
  layer('Conv2d(3, 12, 5, padding=1), 32×32', '[3, 32, 32]', 'conv: { kernel: 5, out: 12, padding: 1 }', {
    thop: 810000,
    'thop-2.1': 810000,
  }),
  layer('Conv2d(3, 12, 5, padding=1, bias=False), 32×32', '[3, 32, 32]', 'conv: { kernel: 5, out: 12, padding: 1, bias: false }', {
    thop: 810000,
    'thop-2.1': 810000,
  }),
  layer('Linear(100, 200)', '[100]', 'linear: { out: 200 }', { thop: 20000, 'thop-2.1': 20000 }),
];

/** GMac as ptflops 0.7's README has them: torchvision's models and Cadene's of the same architecture, images of 224×224. */
const PTFLOPS_README: Readonly<Record<string, string>> = {
  alexnet: '0.72',
  vgg11: '7.63',
  vgg13: '11.34',
  vgg16: '15.5',
  vgg19: '19.67',
  vgg11_bn: '7.64',
  vgg13_bn: '11.36',
  vgg16_bn: '15.53',
  vgg19_bn: '19.7',
  resnet18: '1.82',
  resnet34: '3.68',
  resnet50: '4.12',
  resnet101: '7.85',
  resnet152: '11.58',
  squeezenet1_0: '0.83',
  squeezenet1_1: '0.36',
  densenet121: '2.88',
  densenet161: '7.82',
  densenet169: '3.42',
  densenet201: '4.37',
};

/** Sequences of these lengths, one after the other. */
const batch = (lengths: readonly number[], model: Llama): string[] => lengths.map((length) => llama(length, model));

const batchOf = (lengths: readonly number[], model: string): string[] => lengths.map((length) => `${model}:tokens=${length}`);

const [LENGTHS, LONG] = [
  [512, 1024, 2048],
  [4096, 4096, 4096],
];

const VERL: readonly (readonly [string, Llama, number, number])[] = [
  ['llama-2-7b', LLAMA_2_7B, 149226491215872, 536372695793664],
  ['qwen2.5-7b', QWEN_2_5_7B, 167073690943488, 591764889010176],
  ['qwen3-8b', QWEN_3_8B, 180997438046208, 648394032807936],
  ['mistral-24b', MISTRAL_24B, 512303699066880, 1787393589903360],
  ['qwen3-30b-a3b', QWEN_3_30B, 78593069678592, 306570470621184],
  ['gpt-oss-20b', GPT_OSS_20B, 91780464771072, 323953008574464],
  ['gemma3-12b', GEMMA_3_12B, 279084659638272, 963929979224064],
];

/** Width, layers, heads, width of a head, and training FLOPs at 2,048 tokens. */
const CHINCHILLA: readonly (readonly [string, number, number, number, number, number])[] = [
  ['74M', 640, 10, 10, 64, 929877196800],
  ['306M', 1024, 20, 16, 64, 4135248199680],
  ['552M', 1280, 24, 10, 128, 7353453772800],
  ['1143M', 1792, 26, 14, 128, 14670316437504],
  ['1593M', 2048, 28, 16, 128, 20220437594112],
  ['6796M', 3584, 40, 28, 128, 83021046743040],
];

export const FIGURES: readonly Figures[] = [
  {
    source:
      'measured with torch 1.13.1 and torchvision 0.14.1 by fvcore (3378afe), ptflops (d612c75), thop (43c064a), torchinfo (5c4164f) and calflops (29ca584), one image, eval mode',
    measured: ofModels,
  },
  { source: 'measured on single modules with torch 1.13.1 by the same commits', measured: LAYERS },
  {
    source: 'README of ptflops 0.7, https://pypi.org/project/ptflops/0.7/',
    measured: Object.entries(PTFLOPS_README).map(([model, figure]) => ({ model, figures: { 'ptflops-0.7': `${figure}G` } })),
  },
  {
    source: 'GhostNet 1.0× by ptflops before 0.7.1, as reported to its authors',
    measured: [{ model: 'ghostnet_x1_0', figures: { 'ptflops-0.7': '151.2M' } }],
  },
  {
    source: 'https://github.com/TylerYep/torchinfo: torchinfo 1.8.0 of ViT-B/16',
    measured: [{ model: 'vit_b_16', figures: { 'torchinfo-1.8': '173.23M' } }],
  },
  { source: 'fvcore, tests/test_flop_count.py, commit 017141c', measured: FVCORE_TESTS },
  { source: 'PyTorch, test/test_flop_counter.py, commit 00dd08a', measured: TORCH_TESTS },
  { source: 'XLA, xla/service/hlo_cost_analysis_test.cc, commit 001918b', measured: XLA_TESTS },
  { source: 'DeepSpeed, tests/unit/profiling/flops_profiler/test_flops_profiler.py, commit 0fe7b1b', measured: DEEPSPEED_TESTS },
  { source: 'ptflops, tests/common_test.py, commit 2c85b93', measured: PTFLOPS_TESTS },
  { source: 'ultralytics/thop, tests/test_conv2d.py and test_matmul.py, commits 0f0c471 and 037771b', measured: THOP_TESTS },
  {
    source: 'torchinfo, tests/test_output/lstm.out, commit 1737da3',
    measured: [
      {
        model: 'LSTMNet',
        specs: [
          'input: [100]\nlayers:\n  - embedding: { rows: 20, out: 300 }\n  - recurrent: { cell: lstm, hidden: 512, layers: 2 }\n    as: [y, h, c]\n  - linear: { out: 20 }\n    from: y\n',
        ],
        figures: { 'torchinfo-1.8': 376848260 },
      },
    ],
  },
  {
    source: 'https://github.com/jax-ml/jax/issues/17912',
    measured: [
      layer('a 2×2 convolution to 2 channels on 4×4, "same"', '[1, 4, 4]', 'conv: { kernel: 2, out: 2, padding: same, bias: false }', {
        xla: 196,
      }),
    ],
  },
  {
    source: 'verl, tests/utils/test_flops_counter.py: batches of 512, 1,024 and 2,048 tokens, and of three times 4,096',
    measured: [
      ...VERL.flatMap(([model, sizes, first, second]): Measured[] => [
        { model: `${model}, three lengths`, specs: batch(LENGTHS, sizes), figures: { verl: first } },
        { model: `${model}, 3 × 4,096`, specs: batch(LONG, sizes), figures: { verl: second } },
      ]),
      { model: 'deepseek-v3, three lengths', models: batchOf(LENGTHS, 'deepseek-v3'), figures: { verl: 848766538088448 } },
      { model: 'deepseek-v3, 3 × 4,096', models: batchOf(LONG, 'deepseek-v3'), figures: { verl: 3145850406567936 } },
    ],
  },
  {
    source: 'Megatron Bridge, tests/functional_tests/test_groups/utils/test_flop_utils.py: three digits of one sequence',
    measured: [
      { model: 'llama-3-8b, 8,192 tokens', specs: [llama(8192, LLAMA_3_8B)], figures: { megatron: '4.22e14' } },
      { model: 'llama-3-70b, 8,192 tokens', specs: [llama(8192, LLAMA_3_70B)], figures: { megatron: '3.68e15' } },
      { model: 'qwen3-30b-a3b, 4,096 tokens', specs: [llama(4096, QWEN_3_30B)], figures: { megatron: '9.42e13' } },
      { model: 'qwen3-235b-a22b, 4,096 tokens', specs: [llama(4096, QWEN_3_235B)], figures: { megatron: '6.06e14' } },
    ],
  },
  {
    source: 'https://github.com/AI-Hypercomputer/maxtext/pull/1988: a step of 4 sequences of 8,192 tokens',
    measured: [
      { model: 'llama-2-7b, 4 × 8,192', specs: batch([8192, 8192, 8192, 8192], LLAMA_2_7B), figures: { maxtext: '1510.11T' } },
      {
        model: 'deepseek-v2-lite, 4 × 8,192',
        models: batchOf([8192, 8192, 8192, 8192], 'deepseek-v2-lite'),
        figures: { maxtext: '593.27T' },
      },
    ],
  },
  {
    source: 'https://github.com/karpathy/nanoGPT/blob/master/scaling_laws.ipynb: rows of table A4, 2,048 tokens',
    measured: CHINCHILLA.map(([model, width, layers, heads, headDim, figure]) => ({
      model: `chinchilla ${model}`,
      specs: [gpt(2048, { vocabulary: 32000, positions: 2048, width, layers, heads, headDim })],
      figures: { chinchilla: figure },
    })),
  },
  {
    source: 'https://github.com/karpathy/nanoGPT/blob/master/transformer_sizing.ipynb: GPT-2 124M without biases, 1,024 tokens',
    measured: [{ model: 'gpt-2 without biases', specs: [gpt(1024, GPT_2)], figures: { torch: 291648307200, nanogpt: 875062886400 } }],
  },
];
