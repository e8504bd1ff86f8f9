import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deviceOf } from '../../../src/analysis/training/devices.ts';
import { OPTIMIZERS } from '../../../src/analysis/training/optimizers.ts';
import { type Training, type TrainingOptions, train } from '../../../src/analysis/training/step.ts';
import { openModel, parseReference } from '../../../src/library/reference.ts';
import { diskLibrary } from '../../../src/node/disk.ts';
import { FROZEN } from './frozen.ts';

const TRUTH = new URL('../../../../shared/truth/training.json', import.meta.url);

const trained = (reference: string, options: TrainingOptions = {}, batch = 1): Training =>
  train(openModel(parseReference(reference), diskLibrary, { batch }), options);

/** Bytes that autograd holds after the forward pass: measured on torch 1.13.1 and torchvision 0.14.1, float32, loss included. */
const SAVED: readonly (readonly [model: string, batch: number, options: TrainingOptions, bytes: bigint])[] = [
  ['alexnet', 1, {}, 3_143_076n],
  ['vgg16', 1, {}, 72_757_156n],
  ['resnet50', 1, {}, 85_523_876n],
  ['resnet50', 8, {}, 682_703_620n],
  ['mobilenet_v2', 1, {}, 77_998_756n],
  ['efficientnet_b0', 1, {}, 88_014_888n],
  ['densenet121', 1, {}, 130_097_828n],
  ['convnext_tiny', 1, {}, 108_708_296n],
  ['vit_b_16', 1, {}, 139_803_084n],
  ['swin_t', 1, {}, 106_487_692n],
  ['resnet50', 1, { train: ['head/linear'] }, 12_196n],
  ['resnet50', 1, { checkpoint: 'block' }, 30_921_124n],
];

describe('what is kept for the backward pass', () => {
  it.each(SAVED)('of %s, batch %i, %o', (model, batch, options, bytes) => {
    expect(trained(model, options, batch).memory.saved).toBe(bytes);
  });

  it('is done again in checkpointed blocks: forward work rises, bytes fall', () => {
    const { recomputed, checkpointed, memory } = trained('resnet50', { checkpoint: 'block' });
    expect([checkpointed.length, recomputed.macs, memory.recomputed]).toEqual([16, 3_969_122_304n, 12_850_176n]);
  });

  it('peaks at no less than what is there at the end of either pass', () => {
    for (const model of ['resnet18', 'vit_b_16']) {
      const { weights, state, masters, saved, gradients, peak } = trained(model).memory;
      expect(peak).toBeGreaterThanOrEqual(weights + state + masters + (saved > gradients ? saved : gradients));
    }
  });

  it('peaks where a hand count does', () => {
    // One linear layer, 2 → 3 of batch 1 in fp32, plain gradient descent: 6 weights, 2 inputs, 3 outputs, as many gradients of these.
    const graph = openModel(parseReference('tiny.yaml'), {
      ...diskLibrary,
      open: (path) => ({
        path,
        folder: { prefix: '', read: () => 'name: tiny\ninput: [2]\nlayers: [linear: { out: 3, bias: false }]\n', list: () => [path] },
      }),
    });
    const { memory } = train(graph, { optimizer: 'sgd' });
    expect([memory.weights, memory.gradients, memory.state, memory.masters]).toEqual([24n, 24n, 0n, 0n]);
    // Weights and input, then at the loss: output, its gradient, log-softmax and the total weight. Backward: gradients of output and weight.
    expect([memory.peak, memory.peakAt.pass]).toEqual([24n + 8n + 12n + 12n + 16n, 'loss']);
  });
});

describe('mixed precision', () => {
  it('takes 16 bytes per parameter with Adam: 2 of weights, 2 of gradients, 4 of masters and 8 of state (arXiv:1910.02054)', () => {
    const { memory, trained: parameters } = trained('vit_b_16', { dtype: 'bf16', optimizer: 'adam' });
    expect(memory.weights + memory.gradients + memory.masters + memory.state).toBe(16n * parameters);
  });

  /** Table 1 of arXiv:1910.02054: GB per device of 7.5 G parameters on 64 devices, of 128 G on 64 and of 1 T on 1,024. */
  it.each([
    [7.5, 64, [120, 31.4, 16.6, 1.88]],
    [128, 64, [2048, 536, 284, 32]],
    [1000, 1024, [16000, 4011, 2014, 15.6]],
  ])('of %f billion parameters on %i devices is divided as ZeRO says', (billions, dataParallel, expected) => {
    const parameters = BigInt(billions * 1e9);
    const memory = {
      ...trained('resnet18').memory,
      weights: 2n * parameters,
      gradients: 2n * parameters,
      masters: 4n * parameters,
      state: 8n * parameters,
    };
    const counted = ([0, 1, 2, 3] as const).map((zero) => {
      const { weights, gradients, state } = deviceOf({ memory, step: { macs: 0n, operations: {} } }, { dataParallel, zero });
      return Number(weights + gradients + state) / 1e9;
    });
    // The table cuts off or rounds to three or four digits.
    for (const [zero, gigabytes] of counted.entries()) expect(Math.abs(gigabytes / (expected[zero] as number) - 1)).toBeLessThan(0.005);
  });
});

describe('optimizers', () => {
  it('keep what was measured of resnet50 after two steps', () => {
    const state = (optimizer: NonNullable<TrainingOptions['optimizer']>) => trained('resnet50', { optimizer }).memory.state / 4n;
    expect([state('sgd'), state('momentum'), state('adam'), state('adamw'), state('adafactor')]).toEqual([
      0n,
      25_557_032n,
      51_114_064n,
      51_114_064n,
      31_861_200n,
    ]);
  });

  it.runIf(existsSync(TRUTH))('compute what torch.optim executes per parameter (../shared/truth/training.json)', () => {
    const { measured } = JSON.parse(readFileSync(TRUTH, 'utf8')).optimizers;
    const names = { sgd: 'sgd', momentum: 'sgd_momentum', adam: 'adam', adamw: 'adamw', adafactor: 'adafactor' } as const;
    for (const [name, measuredName] of Object.entries(names))
      expect(OPTIMIZERS[name as keyof typeof names].operations).toEqual(
        measured[measuredName].operations_per_parameter_12th_step_as_executed,
      );
  });
});

describe.skipIf(!existsSync(TRUTH))('every measured model (../shared/truth/training.json)', () => {
  interface Saved {
    readonly saved: { readonly bytes: number };
  }
  interface Checkpointed {
    readonly macs: { readonly recomputed_forward_in_backward: number };
    readonly saved_at_end_of_forward: { readonly bytes: number };
    readonly largest_recomputed_block_bytes: number;
  }
  interface Truth {
    readonly torchvision: Readonly<Record<string, Saved & { readonly batch8?: Saved }>>;
    readonly frozen: Readonly<Record<string, Readonly<Record<string, Saved>>>>;
    readonly checkpoint: Readonly<Record<string, Checkpointed>>;
    readonly transformers: Readonly<Record<string, { readonly runs: readonly Run[] }>>;
  }
  /** One length of a language model. */
  interface Run {
    readonly tokens: number;
    readonly saved: { readonly bytes: number };
    readonly saved_without_dropout: { readonly bytes: number };
    readonly embeddings_frozen: { readonly saved_without_dropout: { readonly bytes: number } };
    readonly checkpoint_per_block_without_dropout?: Checkpointed;
  }

  const TINY = 'llama-7b:vocab=1000,width=64,layers=2,heads=4,kv_heads=2,hidden=172';
  const LANGUAGE: Readonly<Record<string, string>> = {
    gpt2: 'gpt2:',
    'bert-base-uncased-mlm': 'bert-base-uncased:head=words',
    'llama-2-7b': 'llama-2-7b:',
    'llama-tiny (2 layers of d 64, 4 heads over 2 key-value heads)': TINY,
  };
  const EMBEDDINGS: TrainingOptions = { freeze: ['embedding/**/table'] };
  /** What PyTorch holds of a block beside tensors: numbers of Python, 8 bytes each, three of GELU's factors or one of a scale. */
  const NUMBERS: Readonly<Record<string, number>> = { gpt2: 24, 'llama-2-7b': 8, [Object.keys(LANGUAGE)[3] as string]: 8 };

  /** Its blocks lie deeper than the first two steps of their paths. */
  const BLOCKS: Readonly<Record<string, string>> = { mobilenet_v2: 'stage*/bottlenecks/*' };

  const checkpoints = (figure: string, reference: string, measured: Checkpointed, numbers: number, way = 'block') => {
    const { memory, recomputed } = trained(reference, { checkpoint: way });
    return [
      { figure: `${figure}, checkpointed`, measured: measured.saved_at_end_of_forward.bytes, counted: memory.saved },
      { figure: `${figure}, largest block`, measured: measured.largest_recomputed_block_bytes - numbers, counted: memory.recomputed },
      { figure: `${figure}, done again`, measured: measured.macs.recomputed_forward_in_backward, counted: recomputed.macs },
    ];
  };

  it('agrees on the bytes that are kept, at any batch, whatever is trained or done again', () => {
    const { torchvision, frozen, checkpoint, transformers }: Truth = JSON.parse(readFileSync(TRUTH, 'utf8'));
    const figures = [
      ...Object.entries(torchvision).flatMap(([model, { saved, batch8 }]) => [
        { figure: model, measured: saved.bytes, counted: trained(model).memory.saved },
        ...(batch8 === undefined
          ? []
          : [{ figure: `${model}, batch 8`, measured: batch8.saved.bytes, counted: trained(model, {}, 8).memory.saved }]),
      ]),
      ...Object.entries(frozen).flatMap(([model, variants]) =>
        Object.entries(variants).map(([name, { saved }]) => ({
          figure: `${model}: ${name}`,
          measured: saved.bytes,
          counted: trained(model, FROZEN[model]?.[name]).memory.saved,
        })),
      ),
      ...Object.entries(checkpoint).flatMap(([model, measured]) => checkpoints(model, model, measured, 0, BLOCKS[model])),
      ...Object.entries(transformers).flatMap(([model, { runs }]) =>
        runs.flatMap((run) => {
          const reference = [LANGUAGE[model] as string, `tokens=${run.tokens}`].join((LANGUAGE[model] as string).endsWith(':') ? '' : ',');
          const figure = `${model.split(' ')[0]}, ${run.tokens} tokens`;
          const saved = (options: TrainingOptions = {}, more = '') => trained(`${reference}${more}`, options).memory.saved;
          const checkpointed = run.checkpoint_per_block_without_dropout;
          return [
            { figure, measured: run.saved_without_dropout.bytes, counted: saved() },
            {
              figure: `${figure}, dropout`,
              measured: run.saved.bytes,
              counted: saved({}, model.startsWith('llama') ? '' : ',dropout=0.1'),
            },
            {
              figure: `${figure}, embeddings frozen`,
              measured: run.embeddings_frozen.saved_without_dropout.bytes,
              counted: saved(EMBEDDINGS),
            },
            ...(checkpointed === undefined ? [] : checkpoints(figure, reference, checkpointed, NUMBERS[model] as number)),
          ];
        }),
      ),
    ].map(({ counted, ...rest }) => ({ ...rest, counted: Number(counted) }));
    const wrong = figures.filter(({ measured, counted }) => measured !== counted);
    console.info(`saved bytes: ${figures.length - wrong.length} of ${figures.length} match`);
    expect(wrong.map(({ figure, measured, counted }) => [figure, measured - counted])).toEqual([]);
  });
});
