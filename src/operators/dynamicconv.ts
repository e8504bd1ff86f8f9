import * as z from 'zod/mini';
import { formatShape, type Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import type { Term, Work } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { type ConvAttributes, conv, convolved, convolvedBack } from './conv.ts';
import { about, padding, perAxis, positive, withDefault } from './kit/attributes.ts';
import { checkGroups } from './kit/axes.ts';
import { GradientSum, inputSums, productsFor, savedInput } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';
import { checkSpatial } from './kit/window.ts';

const attributes = z.strictObject({
  stride: about(withDefault(perAxis, 1), 'Step between two positions of the filters.'),
  padding: about(withDefault(padding, 0), 'Zeros added at the edges.'),
  dilation: about(withDefault(perAxis, 1), 'Distance between neighbouring taps of a filter.'),
  groups: about(
    withDefault(positive, 1),
    'Parts that the channels are split into, each with its own filters; as many as input channels for a depthwise convolution.',
  ),
});

type Attributes = z.infer<typeof attributes>;

/** Checks that the kernel and the bias fit the input, and gives the attributes of a convolution that holds them. */
function asConv(a: Attributes, [x, kernel, bias]: readonly (Shape | undefined)[]): ConvAttributes {
  const [input, filters] = [x as Shape, kernel as Shape];
  checkSpatial('dynamicconv', input);
  const [n, channels] = input as [number, number];
  const isOwn = filters.length === input.length + 1;
  const [out, perGroup, ...taps] = filters.slice(isOwn ? 1 : 0) as [number, number, ...number[]];
  const shapes = [input, filters, ...(bias === undefined ? [] : [bias])];
  if (taps.length !== input.length - 2 || (isOwn && filters[0] !== n)) {
    const rule = `the kernel must be [out, channels / groups, …], or [${n}, out, channels / groups, …] with one for each of the batch`;
    throw fail('SHAPES_DO_NOT_FIT', { operator: 'dynamicconv', rule, shapes });
  }
  checkGroups(channels, out, a.groups);
  if (perGroup * a.groups !== channels) {
    const rule = `a kernel of ${formatShape(filters)} is for ${perGroup * a.groups} input channels in ${a.groups} groups, not for ${channels}`;
    throw fail('SHAPES_DO_NOT_FIT', { operator: 'dynamicconv', rule, shapes });
  }
  if (bias !== undefined && bias.join() !== `${out}` && bias.join() !== `${n},${out}`) {
    const rule = `the bias must be [${out}], or [${n}, ${out}] with one for each of the batch`;
    throw fail('SHAPES_DO_NOT_FIT', { operator: 'dynamicconv', rule, shapes });
  }
  return { ...a, out, kernel: taps, bias: bias !== undefined };
}

const workOf = (a: Attributes, inputs: readonly Shape[]): Work => conv.work(asConv(a, inputs), inputs.slice(0, 1));

export const dynamicconv = defineOperator({
  name: 'dynamicconv',
  summary:
    'Slide filters that are computed over [n, c, …]: the second input, [out, c / groups, …], or [n, out, c / groups, …] with filters of its own for each of the batch; a bias [out] or [n, out] may follow. Cross-correlation too, of what is searched with what is looked for.',
  attributes,
  rule: 'As a convolution that holds its kernel: one multiply-accumulate per output element, input channel of its group and kernel tap, taps on padding included; a bias adds once per output element. It has no parameters.',
  source: 'torch.nn.functional.conv2d; Bertinetto et al. 2016, arXiv:1606.09549; Yang et al. 2019, arXiv:1904.04971',
  inputs: { min: 2, max: 3 },
  shape: (a, inputs) => conv.shapes(asConv(a, inputs), inputs.slice(0, 1)),
  reach: (a, inputs) => conv.reach(asConv(a, inputs), inputs.slice(0, 1)) as ReturnType<NonNullable<typeof conv.reach>>,
  givesMap: true,
  margins: (a, inputs) => (conv.margins as NonNullable<typeof conv.margins>)(asConv(a, inputs), inputs.slice(0, 1)),
  window: (a, inputs) => (conv.window as NonNullable<typeof conv.window>)(asConv(a, inputs), inputs.slice(0, 1)),
  work: workOf,
  padding: (a, inputs) => conv.padding(asConv(a, inputs), inputs.slice(0, 1)),
  gradient: {
    saves: () => [savedInput(0), savedInput(1)],
    inputs(a, inputs) {
      const [products, ...biases] = workOf(a, inputs) as [Term, ...Term[]];
      return inputs.map((shape, index) => (index === 2 ? biases : productsFor([products], shape)));
    },
    run(a, pass, { inputs: alu }) {
      const [x, kernel, bias] = pass.inputs as [Tensor, Tensor, Tensor | undefined];
      const sums = inputSums(pass, alu) as [GradientSum, GradientSum, GradientSum?];
      const [toX, toKernel, toBias = new GradientSum([], false, alu)] = sums;
      const held = asConv(
        a,
        pass.inputs.map(({ shape }) => shape),
      );
      convolvedBack(held, x, kernel, bias, pass.gradients[0] as Tensor, { x: toX, kernel: toKernel, bias: toBias });
      return { inputs: sums.map((sum) => sum?.tensor), weights: {} };
    },
  },
  run(a, inputs, _, alu) {
    const [x, kernel, bias] = inputs as readonly Tensor[] as [Tensor, Tensor, Tensor | undefined];
    const held = asConv(
      a,
      inputs.map(({ shape }) => shape),
    );
    return convolved(held, x, kernel, bias, alu);
  },
});
