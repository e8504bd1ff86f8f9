import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import { product } from '../core/exact.ts';
import { eachPlace, offsetOf, placesOf } from '../core/places.ts';
import type { Shape } from '../core/shape.ts';
import { type Element, type Elements, type Tensor, ZERO } from '../core/tensor.ts';
import { each, factor, macs, type Term, type Work } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { withBias } from './conv.ts';
import { about, flag, paddingInNumbers, perAxis, perAxisOrZero, positive, withDefault } from './kit/attributes.ts';
import { checkGroups } from './kit/axes.ts';
import { fill, read, reshaped } from './kit/elements.ts';
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
import { spreadAxes, spreadReach } from './kit/walk.ts';
import { along, marginsOf, spatialWindow, threeAxes, type WindowAxis } from './kit/window.ts';

const attributes = z.strictObject({
  out: about(positive, 'Output channels.'),
  kernel: about(perAxis, 'Size of the filters.'),
  stride: about(withDefault(perAxis, 1), 'Distance in the output between what neighbouring inputs spread to.'),
  padding: about(withDefault(paddingInNumbers, 0), 'Elements cropped from the edges of the output.'),
  outputpadding: about(withDefault(perAxisOrZero, 0), 'Elements added to the end of each axis of the output.'),
  dilation: about(withDefault(perAxis, 1), 'Distance between neighbouring taps of a filter.'),
  groups: about(withDefault(positive, 1), 'Parts that the channels are split into, each with its own filters.'),
  bias: about(withDefault(flag, true), 'Whether a learned bias is added to each output channel.'),
});

/** Checks the input and names every quantity. */
function geometry(a: z.infer<typeof attributes>, x: Shape) {
  const axes = spatialWindow('convtranspose', a, x, ({ name, size, span, stride, dilation, before, after }, index) => {
    const extra = along('outputpadding', a.outputpadding, index, x.length - 2);
    if (extra >= Math.max(stride, dilation)) {
      const message = `${extra} of output padding along the ${name} is too much. Use less than the stride of ${stride} or the dilation of ${dilation}`;
      throw fail('CONTRADICTION', { message }, 'outputpadding');
    }
    const out = (size - 1) * stride + span + extra - before - after;
    if (out < 1) {
      const message = `${before + after} of padding along the ${name} leaves nothing of the ${out + before + after} outputs. Use less`;
      throw fail('CONTRADICTION', { message }, 'padding');
    }
    return out;
  });
  const [n, channels] = x as [number, number];
  checkGroups(channels, a.out, a.groups);
  return { n, axes, channels, outPerGroup: a.out / a.groups, output: [n, a.out, ...axes.map((axis) => axis.out)] };
}

/** The products, and a bias for each output element. */
function workOf(a: z.infer<typeof attributes>, x: Shape): Work {
  const { n, axes, channels, outPerGroup, output } = geometry(a, x);
  const batch = factor('n', n);
  const taps = axes.map((axis) => factor(`k${axis.letter}`, axis.kernel));
  const positions = axes.map((axis) => factor(`i${axis.letter}`, axis.size));
  const products = macs([batch, ...taps, factor('in', channels), ...positions, factor('out/groups', outPerGroup)], output);
  if (!a.bias) return [products];
  return [products, each({ add: 1 }, [batch, ...axes.map((axis) => factor(`o${axis.letter}`, axis.out)), factor('out', a.out)])];
}

/** How many elements an axis has before cropping, and at least so many that the output fits. */
const roomOf = ({ size, stride, span, before, out }: WindowAxis): number => Math.max((size - 1) * stride + span, before + out);

interface Filters {
  readonly weights: Elements;
  readonly sums: Elements;
  readonly outPerGroup: number;
  readonly depth: WindowAxis;
  readonly height: WindowAxis;
  readonly width: WindowAxis;
}

/** Adds one element times every tap of every filter of its channel to the outputs of its group that lie under them. */
function spread(filters: Filters, element: Element, channel: number, group: number, id: number, ih: number, iw: number, alu: Alu): void {
  const { weights, sums, outPerGroup, depth, height, width } = filters;
  let tap = channel * outPerGroup * depth.kernel * height.kernel * width.kernel;
  for (let out = group * outPerGroup; out < (group + 1) * outPerGroup; out++)
    for (let kd = 0; kd < depth.kernel; kd++)
      for (let kh = 0; kh < height.kernel; kh++)
        for (let kw = 0; kw < width.kernel; kw++) {
          const d = id * depth.stride + kd * depth.dilation;
          const h = ih * height.stride + kh * height.dilation;
          const w = iw * width.stride + kw * width.dilation;
          const place = ((out * roomOf(depth) + d) * roomOf(height) + h) * roomOf(width) + w;
          const isKept = isInside(depth, d) && isInside(height, h) && isInside(width, w);
          const multiplyAdd = isKept ? 'multiplyAdd' : 'multiplyAddOnPadding';
          sums[place] = alu[multiplyAdd](sums[place], element, weights[tap]);
          tap++;
        }
}

const isInside = ({ before, out }: WindowAxis, place: number): boolean => place >= before && place < before + out;

/** Each element takes back what it was spread to; products that the padding crops away count, and go nowhere. */
function spreadBack(a: z.infer<typeof attributes>, pass: Pass, { inputs: alu, weights: own }: Alus): Gradients {
  const [x, g, kernel] = [pass.inputs[0], pass.gradients[0], pass.weights.kernel] as [Tensor, Tensor, Tensor];
  const { n, axes, channels, outPerGroup } = geometry(a, x.shape);
  const [depth, height, width] = threeAxes(axes);
  const [toX] = inputSums(pass, alu) as [GradientSum];
  const [toKernel, toBias] = [weightSum(pass, 'kernel', own), weightSum(pass, 'bias', own)];
  const taps = placesOf([outPerGroup, depth.kernel, height.kernel, width.kernel]);
  eachPlace([n, channels, depth.size, height.size, width.size], ([image, channel, id, ih, iw], i) => {
    const group = Math.floor((channel as number) / (channels / a.groups));
    for (const [tap, [out, kd, kh, kw]] of taps.entries()) {
      const d = (id as number) * depth.stride + (kd as number) * depth.dilation;
      const h = (ih as number) * height.stride + (kh as number) * height.dilation;
      const w = (iw as number) * width.stride + (kw as number) * width.dilation;
      const isKept = isInside(depth, d) && isInside(height, h) && isInside(width, w);
      const at = [image as number, group * outPerGroup + (out as number), d - depth.before, h - height.before, w - width.before];
      const gradient = isKept ? g.data[offsetOf([n, a.out, depth.out, height.out, width.out], at)] : ZERO;
      const of = (channel as number) * taps.length + tap;
      const by = isKept ? 'multiplyAdd' : 'multiplyAddOnPadding';
      toX.product(i, gradient, kernel.data[of], by);
      toKernel.product(of, gradient, x.data[i], by);
    }
  });
  eachPlace([n, a.out, depth.out * height.out * width.out], ([, out], at) => toBias.add(out as number, g.data[at]));
  return { inputs: [toX.tensor], weights: weightGradients({ kernel: toKernel, bias: toBias }) };
}

export const convtranspose = defineOperator({
  name: 'convtranspose',
  summary: 'Spread every element of [n, c, …] by a bank of filters; with a stride the output is larger than the input.',
  attributes,
  rule: 'One multiply-accumulate per input element, output channel of its group and kernel tap, taps that the padding crops away included; a bias adds once per output element.',
  source: 'torch.nn.ConvTranspose1d, ConvTranspose2d, ConvTranspose3d; ONNX operator ConvTranspose',
  shape: (a, [x]) => geometry(a, x).output,
  reach: (a, [x]) => [...asFarAs([x[0] as number, a.out]), ...spreadReach(a, a.outputpadding, x)],
  weights(a, [x]) {
    const { axes, channels, outPerGroup } = geometry(a, x);
    const kernel = learned([channels, outPerGroup, ...axes.map((axis) => axis.kernel)]);
    return a.bias ? { kernel, bias: learned([a.out]) } : { kernel };
  },
  givesMap: true,
  margins: (a, [x]) => marginsOf(geometry(a, x).axes, spreadAxes(a, a.outputpadding, x)),
  window: (a, [x]) => geometry(a, x).axes.map(({ span, stride }) => ({ span: Math.ceil(span / stride), stride: 1 / stride })),
  work: (a, [x]) => workOf(a, x),
  /** Products that the padding crops away. */
  padding(a, [x]) {
    const { n, axes, channels, outPerGroup } = geometry(a, x);
    const pairs = tapsOnPadding(
      axes,
      ({ size }) => size,
      ({ out }) => out,
    );
    return product([n, channels, outPerGroup]) * pairs;
  },
  gradient: {
    saves: () => [savedInput(0)],
    inputs: (a, [x]) => [productsFor(workOf(a, x as Shape), x as Shape)],
    weights(a, [x]) {
      const { axes, channels, outPerGroup } = geometry(a, x as Shape);
      const [products, ...biases] = workOf(a, x as Shape);
      const kernel = productsFor([products as Term], [channels, outPerGroup, ...axes.map((axis) => axis.kernel)]);
      return { kernel, ...(a.bias && { bias: biases }) };
    },
    run: spreadBack,
  },
  run(a, [x], { kernel, bias }, alu) {
    const axes = spreadAxes(a, a.outputpadding, x.shape);
    const [n, channels] = x.shape as [number, number];
    const outPerGroup = a.out / a.groups;
    const [depth, height, width] = threeAxes(axes);
    // Room for every product; what the padding crops away lies at the rims.
    const [d, h, w] = [roomOf(depth), roomOf(height), roomOf(width)];
    const sums = alu.zeros([n, a.out, d, h, w]);
    const filters = { weights: (kernel as Tensor).data, sums: sums.data, outPerGroup, depth, height, width };
    let i = 0;
    for (let image = 0; image < n; image++)
      for (let channel = 0; channel < channels; channel++) {
        const group = Math.floor(channel / (channels / a.groups));
        for (let id = 0; id < depth.size; id++)
          for (let ih = 0; ih < height.size; ih++)
            for (let iw = 0; iw < width.size; iw++) {
              spread(filters, x.data[i], channel, image * a.groups + group, id, ih, iw, alu);
              i++;
            }
      }
    const cropped = fill([n, a.out, depth.out, height.out, width.out], alu, ([image, out, od, oh, ow]) => {
      const [down, right, deep] = [(oh as number) + height.before, (ow as number) + width.before, (od as number) + depth.before];
      const sum = read(sums, [image as number, out as number, deep, down, right]);
      return withBias(sum, bias, out as number, alu);
    });
    return reshaped(cropped, [n, a.out, ...axes.map(({ out }) => out)]);
  },
});
