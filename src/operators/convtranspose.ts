import * as z from 'zod/mini';
import { fail } from '../core/problem.ts';
import type { Shape } from '../core/shape.ts';
import { each, factor, macs } from '../core/work.ts';
import { flag, paddingInNumbers, perAxis, perAxisOrZero, positive, withDefault } from './attributes.ts';
import { checkGroups } from './axes.ts';
import { defineOperator, learned } from './operator.ts';
import { along, spatialWindow } from './window.ts';

const attributes = z.strictObject({
  out: positive,
  kernel: perAxis,
  stride: withDefault(perAxis, 1),
  padding: withDefault(paddingInNumbers, 0),
  outputpadding: withDefault(perAxisOrZero, 0),
  dilation: withDefault(perAxis, 1),
  groups: withDefault(positive, 1),
  bias: withDefault(flag, true),
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

export const convtranspose = defineOperator({
  name: 'convtranspose',
  summary: 'Spread every element of [n, c, …] by a bank of filters; with a stride the output is larger than the input.',
  attributes,
  rule: 'One multiply-accumulate per input element, output channel of its group and kernel tap, taps that the padding crops away included; a bias adds once per output element.',
  source: 'torch.nn.ConvTranspose1d, ConvTranspose2d, ConvTranspose3d; ONNX operator ConvTranspose',
  shape: (a, [x]) => geometry(a, x).output,
  weights(a, [x]) {
    const { axes, channels, outPerGroup } = geometry(a, x);
    const kernel = learned([channels, outPerGroup, ...axes.map((axis) => axis.kernel)]);
    return a.bias ? { kernel, bias: learned([a.out]) } : { kernel };
  },
  window: (a, [x]) => geometry(a, x).axes.map(({ span, stride }) => ({ span: Math.ceil(span / stride), stride: 1 / stride })),
  work(a, [x]) {
    const { n, axes, channels, outPerGroup, output } = geometry(a, x);
    const batch = factor('n', n);
    const taps = axes.map((axis) => factor(`k${axis.letter}`, axis.kernel));
    const positions = axes.map((axis) => factor(`i${axis.letter}`, axis.size));
    const products = macs([batch, ...taps, factor('in', channels), ...positions, factor('out/groups', outPerGroup)], output);
    if (!a.bias) return [products];
    return [products, each({ add: 1 }, [batch, ...axes.map((axis) => factor(`o${axis.letter}`, axis.out)), factor('out', a.out)])];
  },
});
