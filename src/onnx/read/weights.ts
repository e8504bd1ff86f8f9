import { elements } from '../../core/shape.ts';
import type { Weight } from '../../graph/graph.ts';
import { SharedWeights } from '../../graph/shared-weights.ts';
import { ENCODINGS } from '../file/element-types.ts';
import type { OnnxTensor } from '../file/model.ts';
import { rememberOrigin } from './contents.ts';
import type { Value } from './value.ts';

/** Makes the weights of nodes of what the file holds: the same tensor is the same weight, whoever uses it. */
export class Weights {
  readonly #shared = new SharedWeights<OnnxTensor>();

  /**
   * What a layer holds in one of its roles. A tensor of the file is learned; its elements count once, whatever shape
   * they are used in. What else a layer is given there, as what was computed from the input, it only holds.
   */
  of(value: Value | undefined, { shape, learned, around }: Weight): Weight {
    const origin = value?.origin;
    if (value === undefined || origin === undefined || elements(origin.shape) !== elements(shape)) {
      const computed = { shape, learned: false, around };
      if (value !== undefined) rememberOrigin(computed, value);
      return computed;
    }
    const weight = this.#shared.of(origin, { shape, learned, around, bits: ENCODINGS[origin.type].bits });
    rememberOrigin(weight, value);
    return weight;
  }
}
