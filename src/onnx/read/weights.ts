import { type Shape, sameShape } from '../../core/shape.ts';
import type { Weight } from '../../graph/graph.ts';
import { SharedWeights } from '../../graph/shared-weights.ts';
import { fail } from '../../problems/problem.ts';
import { ENCODINGS } from '../file/element-types.ts';
import { rememberOrigin } from './contents.ts';
import type { ReadValue } from './value.ts';

/** What a file holds, or has in place of it; what follows from constants is not learned. */
const isLearned = ({ origin, isFilled, isHeld }: ReadValue): boolean => isHeld !== true && (origin !== undefined || isFilled === true);

const withoutOnes = (shape: Shape): Shape => shape.filter((size) => size !== 1);

/** Makes the weights of nodes of what the file holds: the same tensor is the same weight, whoever uses it. */
export class LayerWeights {
  readonly #shared = new SharedWeights<object>();

  /**
   * What a layer holds in one of its roles. A constant is learned, unless it is known to be none; its elements count once, whatever
   * shape they are used in. What else a layer is given there, as what was computed from the input, it only holds. Throws a
   * `ProblemError` where it has another shape than the layer needs, but for axes of size 1.
   */
  of(operator: string, role: string, value: ReadValue | undefined, { shape, learned, around, lookedUp, copies }: Weight): Weight {
    if (value !== undefined && !sameShape(withoutOnes(value.shape), withoutOnes(shape)))
      throw fail('ONNX_WEIGHT_MISFIT', { operator, role, given: value.shape, wanted: shape });
    const { origin } = value ?? {};
    const bits = origin && ENCODINGS[origin.type].bits;
    const wanted = { shape, around, lookedUp, copies, bits, learned: learned && value !== undefined && isLearned(value) };
    const weight = value?.isConstant ? this.#shared.of(origin ?? value, wanted) : { ...wanted, learned: false, madeBy: value?.tensor };
    if (value !== undefined) rememberOrigin(weight, value);
    return weight;
  }
}
