import * as z from 'zod/mini';
import { broadcastOffset, eachPlace, type Place } from '../core/places.ts';
import { type Shape, sameShape } from '../core/shape.ts';
import { type Tensor, ZERO } from '../core/tensor.ts';
import { each, elementFactors, type Work } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { about, flag, withDefault } from './kit/attributes.ts';
import { checkChannels } from './kit/axes.ts';
import { fill, read } from './kit/elements.ts';
import { joined } from './kit/elementwise.ts';
import { savedInput } from './kit/gradient.ts';
import { defineOperator, learned, NO_WEIGHTS } from './kit/operator.ts';

/** Σ g·x over what is negative. */
const sloped = (x: Shape): Work => [each({ compare: 1, multiply: 1, add: 1 }, elementFactors(x))];

/** Which slope an element has. */
const slopePlace = (shared: boolean, given: Shape | undefined): ((at: Place) => number) =>
  given === undefined ? ([, channel]) => (shared ? 0 : (channel as number)) : (at) => broadcastOffset(given, at);

export const prelu = defineOperator({
  name: 'prelu',
  summary:
    'Multiply what is negative by a learned slope: one for all, or with shared: false one for each channel of [n, c, …]; or by slopes that are a second input, which broadcasts.',
  attributes: z.strictObject({ shared: about(withDefault(flag, true), 'Whether there is one slope for all channels, not one each.') }),
  rule: 'x > 0 ? x : slope·x, both arms computed: one compare and one multiply per element.',
  source: 'He et al. 2015, arXiv:1502.01852; torch.nn.PReLU',
  inputs: { min: 1, max: 2 },
  shape({ shared }, [x, slope]) {
    if (slope !== undefined && !sameShape(joined('prelu', [x, slope]), x))
      throw fail('SHAPES_DO_NOT_FIT', { operator: 'prelu', rule: 'slopes must broadcast to the first input', shapes: [x, slope] });
    if (!shared) checkChannels('prelu', x);
    return x;
  },
  weights: ({ shared }, [x, slope]) => (slope === undefined ? { slope: learned([shared ? 1 : (x[1] as number)]) } : NO_WEIGHTS),
  work: (_, [x]) => [each({ compare: 1, multiply: 1 }, elementFactors(x))],
  inPlace: true,
  gradient: {
    saves: () => [savedInput(0)],
    inputs: (_, inputs) =>
      inputs.map((input, index) => (index === 0 ? [each({ compare: 1, multiply: 1 }, elementFactors(input))] : sloped(inputs[0] as Shape))),
    weights: (_, inputs) => (inputs.length > 1 ? {} : { slope: sloped(inputs[0] as Shape) }),
    run({ shared }, { inputs: [x, given], weights: { slope }, gradients: [gradient], needs }, { inputs: alu, weights: own }) {
      const [{ shape, data }, g] = [x as Tensor, (gradient as Tensor).data];
      const slopes = (given ?? slope) as Tensor;
      const placeOf = slopePlace(shared, given?.shape);
      const toX = needs.inputs[0] === true ? alu.zeros(shape) : undefined;
      const sums = given === undefined ? own : alu;
      const isAsked = given === undefined ? needs.weights.slope === true : needs.inputs[1] === true;
      const toSlope = isAsked ? sums.zeros(slopes.shape) : undefined;
      eachPlace(shape, (at, i) => {
        const place = placeOf(at);
        if (toX !== undefined) {
          const scaled = alu.multiply(g[i], slopes.data[place]);
          toX.data[i] = alu.compare(data[i], ZERO) ? g[i] : scaled;
        }
        if (toSlope !== undefined) {
          const one = sums.multiply(g[i], data[i]);
          toSlope.data[place] = sums.add(toSlope.data[place], sums.compare(data[i], ZERO) ? ZERO : one);
        }
      });
      if (given !== undefined) return { inputs: [toX, toSlope], weights: {} };
      return { inputs: [toX], weights: toSlope === undefined ? {} : { slope: toSlope } };
    },
  },
  run({ shared }, [x, given], { slope }, alu) {
    const slopes = (given ?? slope) as Tensor;
    const placeOf = slopePlace(shared, given?.shape);
    return fill(x.shape, alu, (at) => {
      const element = read(x, at);
      const scaled = alu.multiply(slopes.data[placeOf(at)], element);
      return alu.compare(element, ZERO) ? element : scaled;
    });
  },
});
