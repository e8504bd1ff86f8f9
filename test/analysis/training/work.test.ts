import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type FlowOptions, gradientFlowOf } from '../../../src/gradients/flow.ts';
import { stepWork } from '../../../src/gradients/work.ts';
import { open } from '../helpers.ts';
import { FROZEN } from './frozen.ts';

const TRUTH = new URL('../../../../shared/truth/training.json', import.meta.url);

interface Macs {
  readonly forward: number;
  readonly input_gradients: number;
  readonly weight_gradients: number;
}

const macsOf = (reference: string, options: FlowOptions = {}): Macs => {
  const graph = open(reference);
  const { forward, inputGradient, weightGradient } = stepWork(graph, gradientFlowOf(graph, options));
  return {
    forward: Number(forward.macs),
    input_gradients: Number(inputGradient.macs),
    weight_gradients: Number(weightGradient.macs),
  };
};

/** MACs of a step measured on torch 1.13.1 and torchvision 0.14.1, batch 1; on all its parameters unless options say otherwise. */
const MEASURED: readonly (readonly [model: string, options: FlowOptions, forward: number, backward: number])[] = [
  ['alexnet', {}, 714_188_480, 1_358_100_160],
  ['resnet18', {}, 1_814_073_344, 3_510_132_736],
  ['resnet50', {}, 4_089_184_256, 8_060_354_560],
  ['resnet50', { inputGradient: true }, 4_089_184_256, 8_178_368_512],
  ['densenet121', {}, 2_834_161_664, 5_550_309_376],
  ['mobilenet_v2', {}, 300_774_272, 590_710_528],
  ['efficientnet_b0', {}, 385_814_752, 760_791_488],
  ['vit_b_16', {}, 17_563_828_224, 35_012_050_944],
  ['swin_v2_t', {}, 5_939_690_496, 11_857_741_824],
  // Of transformers, on the same torch: eager attention, logits of all positions.
  ['gpt2:tokens=128', {}, 16_114_089_984, 32_228_179_968],
  ['gpt2:tokens=1024', {}, 145_824_153_600, 291_648_307_200],
  ['llama-2-7b:tokens=128', {}, 850_000_871_424, 1_700_001_742_848],
  ['resnet50', { train: ['head/linear'] }, 4_089_184_256, 2_048_000],
  ['resnet50', { freeze: ['conv1', 'conv2_x'] }, 4_089_184_256, 6_400_933_888],
  ['vit_b_16', { train: ['**/{bias,shift,in bias,out bias}'] }, 17_563_828_224, 18_163_550_208],
];

describe('MACs of a training step', () => {
  it.each(MEASURED)('of %s, %o', (model, options, forward, backward) => {
    const macs = macsOf(model, options);
    expect([macs.forward, macs.input_gradients + macs.weight_gradients]).toEqual([forward, backward]);
  });

  it('names a pattern that fits nothing', () => {
    expect(() => gradientFlowOf(open('resnet18'), { freeze: ['layer9'] })).toThrow('"layer9" fits no layer of resnet18');
  });
});

describe.skipIf(!existsSync(TRUTH))('every measured model (../shared/truth/training.json)', () => {
  interface Truth {
    readonly torchvision: Readonly<Record<string, { readonly macs: Macs; readonly macs_input_requires_grad: Macs }>>;
    readonly frozen: Readonly<Record<string, Readonly<Record<string, { readonly macs: Macs; readonly trained_parameters: number }>>>>;
  }
  const read = (): Truth => JSON.parse(readFileSync(TRUTH, 'utf8'));

  it('agrees on forward, input gradients and weight gradients, whatever is trained', () => {
    const { torchvision, frozen } = read();
    const keys = ['forward', 'input_gradients', 'weight_gradients'] as const;
    const figures = [
      ...Object.entries(torchvision).flatMap(([model, { macs, macs_input_requires_grad: all }]) => [
        { name: model, measured: macs, counted: macsOf(model) },
        { name: `${model}, input too`, measured: all, counted: macsOf(model, { inputGradient: true }) },
      ]),
      ...Object.entries(frozen).flatMap(([model, variants]) =>
        Object.entries(variants).map(([name, { macs }]) => ({
          name: `${model}: ${name}`,
          measured: macs,
          counted: macsOf(model, FROZEN[model]?.[name]),
        })),
      ),
    ].flatMap(({ name, measured, counted }) =>
      keys.map((key) => ({ figure: `${name} ${key}`, measured: measured[key], counted: counted[key] })),
    );
    const wrong = figures.filter(({ measured, counted }) => measured !== counted);
    console.info(`training MACs: ${figures.length - wrong.length} of ${figures.length} match`);
    expect(wrong).toEqual([]);
  });
});
