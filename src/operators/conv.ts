import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import { product } from '../core/exact.ts';
import { eachPlace, placesOf } from '../core/places.ts';
import type { Shape } from '../core/shape.ts';
import { type Element, type Elements, type Tensor, ZERO } from '../core/tensor.ts';
import { each, factor, macs, type Term, type Work } from '../core/work.ts';
import { about, flag, padding, perAxis, positive, withDefault } from './kit/attributes.ts';
import { checkGroups } from './kit/axes.ts';
import {
  type Alus,
  type GradientSum,
  type Gradients,
  inputSums,
  type Pass,
  productsFor,
  savedInput,
  weightGradients,
  weightSum,
} from './kit/gradient.ts';
import { defineOperator, learned } from './kit/operator.ts';
import { tapsOnPadding } from './kit/padding.ts';
import { asFarAs } from './kit/reach.ts';
import { placeOn, walkedAxes, walkedReach } from './kit/walk.ts';
import { marginsOf, sights, threeAxes, type WindowAxis, windowAxes } from './kit/window.ts';

const attributes = z.strictObject({
  out: about(positive, 'Output channels: how many filters there are.'),
  kernel: about(perAxis, 'Size of the filters.'),
  stride: about(withDefault(perAxis, 1), 'Step between two positions of the filters.'),
  padding: about(withDefault(padding, 0), 'Zeros added at the edges.'),
  dilation: about(withDefault(perAxis, 1), 'Distance between neighbouring taps of a filter.'),
  groups: about(
    withDefault(positive, 1),
    'Parts that the channels are split into, each with its own filters; as many as input channels for a depthwise convolution.',
  ),
  bias: about(withDefault(flag, true), 'Whether a learned bias is added to each output channel.'),
});

export type ConvAttributes = z.infer<typeof attributes>;

/** Checks the input and names every quantity. */
function geometry(a: ConvAttributes, x: Shape) {
  const axes = windowAxes('conv', a, x);
  const [n, channels] = x as [number, number];
  checkGroups(channels, a.out, a.groups);
  return { n, axes, channelsPerGroup: channels / a.groups, output: [n, a.out, ...axes.map((axis) => axis.out)] };
}

const kernelOf = (a: ConvAttributes, x: Shape): Shape => {
  const { axes, channelsPerGroup } = geometry(a, x);
  return [a.out, channelsPerGroup, ...axes.map((axis) => axis.kernel)];
};

/** The products, and a bias for each output element. */
function workOf(a: ConvAttributes, x: Shape): Work {
  const { n, axes, channelsPerGroup, output } = geometry(a, x);
  const batch = factor('n', n);
  const positions = axes.map((axis) => factor(`o${axis.letter}`, axis.out));
  const out = factor('out', a.out);
  const taps = axes.map((axis) => factor(`k${axis.letter}`, axis.kernel));
  const products = macs([batch, ...taps, factor('in/groups', channelsPerGroup), ...positions, out], output);
  return a.bias ? [products, each({ add: 1 }, [batch, ...positions, out])] : [products];
}

interface Filters {
  readonly x: Elements;
  readonly weights: Elements;
  /** Of one group. */
  readonly channels: number;
  readonly depth: WindowAxis;
  readonly height: WindowAxis;
  readonly width: WindowAxis;
}

/** One output: a filter laid on the channels of its group, with zeros where a tap falls on padding. */
function sumOfTaps(filters: Filters, firstChannel: number, filter: number, od: number, oh: number, ow: number, alu: Alu): Element {
  const { x, weights, channels, depth, height, width } = filters;
  const size = depth.size * height.size * width.size;
  const taps = depth.kernel * height.kernel * width.kernel;
  let sum = ZERO;
  let tap = 0;
  for (let kd = 0; kd < depth.kernel; kd++)
    for (let kh = 0; kh < height.kernel; kh++) {
      const d = od * depth.stride + kd * depth.dilation - depth.before;
      const h = oh * height.stride + kh * height.dilation - height.before;
      const isRowInside = d >= 0 && d < depth.size && h >= 0 && h < height.size;
      const row = (d * height.size + h) * width.size;
      for (let kw = 0; kw < width.kernel; kw++) {
        const w = ow * width.stride + kw * width.dilation - width.before;
        const isInside = isRowInside && w >= 0 && w < width.size;
        const place = row + w;
        for (let channel = 0; channel < channels; channel++) {
          const weight = weights[(filter * channels + channel) * taps + tap];
          if (isInside) sum = alu.multiplyAdd(sum, x[(firstChannel + channel) * size + place], weight);
          else sum = alu.multiplyAddOnPadding(sum, ZERO, weight);
        }
        tap++;
      }
    }
  return sum;
}

/** A sum plus the bias of its channel, if there is one. */
export const withBias = (sum: Element, bias: Tensor | undefined, channel: number, alu: Alu): Element =>
  bias === undefined ? sum : alu.add(sum, bias.data[channel]);

/** Which filter, or bias, an output channel of an image has: its own where images have their own, with an axis for them in front. */
const ofImage =
  ({ shape }: Tensor, plain: number, out: number) =>
  (image: number, channel: number): number =>
    (shape.length > plain ? image * out : 0) + channel;

const NO_AXES = 1;

/** The convolution with a kernel `[out, in/groups, …]` and a bias `[out]`; or with one of each for each image, `[n, …]`. */
export function convolved(a: ConvAttributes, x: Tensor, kernel: Tensor, bias: Tensor | undefined, alu: Alu): Tensor {
  const axes = walkedAxes(a, x.shape);
  const [n, channels] = x.shape as [number, number];
  const channelsPerGroup = channels / a.groups;
  const [depth, height, width] = threeAxes(axes);
  const filters = { x: x.data, weights: kernel.data, channels: channelsPerGroup, depth, height, width };
  const filterOf = ofImage(kernel, x.shape.length, a.out);
  const biasOf = bias && ofImage(bias, NO_AXES, a.out);
  const y = alu.zeros([n, a.out, ...axes.map(({ out }) => out)]);
  let o = 0;
  for (let image = 0; image < n; image++)
    for (let out = 0; out < a.out; out++) {
      const group = Math.floor(out / (a.out / a.groups));
      const firstChannel = (image * a.groups + group) * channelsPerGroup;
      const [filter, ownBias] = [filterOf(image, out), biasOf?.(image, out) ?? 0];
      for (let od = 0; od < depth.out; od++)
        for (let oh = 0; oh < height.out; oh++)
          for (let ow = 0; ow < width.out; ow++) {
            const sum = sumOfTaps(filters, firstChannel, filter, od, oh, ow, alu);
            y.data[o] = withBias(sum, bias, ownBias, alu);
            o++;
          }
    }
  return y;
}

/** Where the gradients of a convolution go. */
interface ConvSums {
  readonly x: GradientSum;
  readonly kernel: GradientSum;
  readonly bias: GradientSum;
}

/** The same taps backward: each output's gradient to the elements and to the weights that made it; taps on padding count, and go nowhere. */
export function convolvedBack(
  a: ConvAttributes,
  x: Tensor,
  kernel: Tensor,
  bias: Tensor | undefined,
  gradient: Tensor,
  to: ConvSums,
): void {
  const { axes, channelsPerGroup: channels } = geometry(a, x.shape);
  const [depth, height, width] = threeAxes(axes);
  const size = depth.size * height.size * width.size;
  const perGroup = a.out / a.groups;
  const filterOf = ofImage(kernel, x.shape.length, a.out);
  const biasOf = bias && ofImage(bias, NO_AXES, a.out);
  const taps = placesOf([depth.kernel, height.kernel, width.kernel]);
  eachPlace([x.shape[0] as number, a.out, depth.out, height.out, width.out], ([image, out, od, oh, ow], o) => {
    const g = gradient.data[o];
    const first = ((image as number) * a.groups + Math.floor((out as number) / perGroup)) * channels;
    const filter = filterOf(image as number, out as number);
    for (const [tap, [kd, kh, kw]] of taps.entries()) {
      const d = placeOn(depth, od as number, kd as number);
      const h = placeOn(height, oh as number, kh as number);
      const w = placeOn(width, ow as number, kw as number);
      const isPadding = d === undefined || h === undefined || w === undefined;
      const by = isPadding ? 'multiplyAddOnPadding' : 'multiplyAdd';
      for (let channel = 0; channel < channels; channel++) {
        const at = isPadding ? undefined : (first + channel) * size + (d * height.size + h) * width.size + w;
        const of = (filter * channels + channel) * taps.length + tap;
        to.x.product(at, g, kernel.data[of], by);
        to.kernel.product(of, g, at === undefined ? ZERO : x.data[at], by);
      }
    }
    if (biasOf !== undefined) to.bias.add(biasOf(image as number, out as number), g);
  });
}

function convBack(a: ConvAttributes, pass: Pass, { inputs: alu, weights: own }: Alus): Gradients {
  const [x, gradient, kernel] = [pass.inputs[0], pass.gradients[0], pass.weights.kernel] as [Tensor, Tensor, Tensor];
  const [toX] = inputSums(pass, alu) as [GradientSum];
  const [toKernel, toBias] = [weightSum(pass, 'kernel', own), weightSum(pass, 'bias', own)];
  convolvedBack(a, x, kernel, pass.weights.bias, gradient, { x: toX, kernel: toKernel, bias: toBias });
  return { inputs: [toX.tensor], weights: weightGradients({ kernel: toKernel, bias: toBias }) };
}

export const conv = defineOperator({
  name: 'conv',
  summary: 'Slide a bank of filters over [n, c, …] with one, two or three spatial axes.',
  attributes,
  rule: 'One multiply-accumulate per output element, input channel of its group and kernel tap, taps on padding included; a bias adds once per output element.',
  source: 'ONNX operator Conv; torch.nn.Conv1d, Conv2d, Conv3d',
  shape: (a, [x]) => geometry(a, x).output,
  reach: (a, [x]) => [...asFarAs([x[0] as number, a.out]), ...walkedReach(a, x)],
  weights(a, [x]) {
    const kernel = learned(kernelOf(a, x));
    return a.bias ? { kernel, bias: learned([a.out]) } : { kernel };
  },
  givesMap: true,
  margins: (a, [x]) => marginsOf(geometry(a, x).axes, walkedAxes(a, x)),
  window: (a, [x]) => sights(geometry(a, x).axes),
  work: (a, [x]) => workOf(a, x),
  padding(a, [x]) {
    const { n, axes, channelsPerGroup } = geometry(a, x);
    return (
      product([n, a.out, channelsPerGroup]) *
      tapsOnPadding(
        axes,
        ({ out }) => out,
        ({ size }) => size,
      )
    );
  },
  gradient: {
    saves: () => [savedInput(0)],
    inputs: (a, [x]) => [productsFor(workOf(a, x as Shape), x as Shape)],
    weights(a, [x]) {
      const [products, ...biases] = workOf(a, x as Shape);
      return { kernel: productsFor([products as Term], kernelOf(a, x as Shape)), ...(a.bias && { bias: biases }) };
    },
    run: convBack,
  },
  run: (a, [x], { kernel, bias }, alu) => convolved(a, x, kernel as Tensor, bias, alu),
});
