import type { Shape } from '../../src/core/shape.ts';
import { zooModels } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node/disk.ts';

/** The smallest input that models of a family take, or near it, where 32×32 is too small. */
const INPUTS: Readonly<Record<string, Shape>> = {
  alexnet: [3, 64, 64],
  inception_v3: [3, 75, 75],
  maxvit: [3, 224, 224],
  swin: [3, 64, 64],
  swin_v2: [3, 64, 64],
};

/** Each takes as many patches as it has positions learned for. */
const VISION_TRANSFORMERS: Readonly<Record<string, number>> = { vit_b_16: 32, vit_b_32: 64, vit_l_16: 32, vit_l_32: 64, vit_h_14: 28 };

/** Every model of the zoo, with a small input that it takes. */
export const smallModels = (): [string, Shape][] =>
  zooModels(diskLibrary.zoo).map(({ name, family }): [string, Shape] => {
    const resolution = VISION_TRANSFORMERS[name];
    if (resolution !== undefined) return [`${name}:resolution=${resolution}`, [3, resolution, resolution]];
    return [name, INPUTS[family] ?? [3, 32, 32]];
  });
