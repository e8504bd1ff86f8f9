import * as z from 'zod/mini';
import type { Shape } from '../core/shape.ts';
import { each, factor, macs } from '../core/work.ts';
import { flag, padding, perAxis, positive, withDefault } from './attributes.ts';
import { checkGroups } from './axes.ts';
import { defineOperator, learned } from './operator.ts';
import { sights, windowAxes } from './window.ts';

const attributes = z.strictObject({
  out: positive,
  kernel: perAxis,
  stride: withDefault(perAxis, 1),
  padding: withDefault(padding, 0),
  dilation: withDefault(perAxis, 1),
  groups: withDefault(positive, 1),
  bias: withDefault(flag, true),
});

/** Checks the input and names every quantity. */
function geometry(a: z.infer<typeof attributes>, x: Shape) {
  const axes = windowAxes('conv', a, x);
  const [n, channels] = x as [number, number];
  checkGroups(channels, a.out, a.groups);
  return { n, axes, channelsPerGroup: channels / a.groups, output: [n, a.out, ...axes.map((axis) => axis.out)] };
}

export const conv = defineOperator({
  name: 'conv',
  summary: 'Slide a bank of filters over [n, c, …] with one, two or three spatial axes.',
  attributes,
  rule: 'One multiply-accumulate per output element, input channel of its group and kernel tap, taps on padding included; a bias adds once per output element.',
  source: 'ONNX operator Conv; torch.nn.Conv1d, Conv2d, Conv3d',
  shape: (a, [x]) => geometry(a, x).output,
  weights(a, [x]) {
    const { axes, channelsPerGroup } = geometry(a, x);
    const kernel = learned([a.out, channelsPerGroup, ...axes.map((axis) => axis.kernel)]);
    return a.bias ? { kernel, bias: learned([a.out]) } : { kernel };
  },
  window: (a, [x]) => sights(geometry(a, x).axes),
  work(a, [x]) {
    const { n, axes, channelsPerGroup, output } = geometry(a, x);
    const batch = factor('n', n);
    const positions = axes.map((axis) => factor(`o${axis.letter}`, axis.out));
    const out = factor('out', a.out);
    const taps = axes.map((axis) => factor(`k${axis.letter}`, axis.kernel));
    const products = macs([batch, ...taps, factor('in/groups', channelsPerGroup), ...positions, out], output);
    return a.bias ? [products, each({ add: 1 }, [batch, ...positions, out])] : [products];
  },
});
