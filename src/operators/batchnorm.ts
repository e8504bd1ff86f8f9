import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import { elementCount, type Shape } from '../core/shape.ts';
import { type Element, elementOf, ONE, type Tensor, ZERO } from '../core/tensor.ts';
import { each, elementFactors } from '../core/work.ts';
import { checkChannels } from './kit/axes.ts';
import { fill, otherAxes, read } from './kit/elements.ts';
import { normalisation, normalisationAttributes, normalisationGradient, normalise, normaliseBack } from './kit/normalise.ts';
import { defineOperator, held, learned, type Weights } from './kit/operator.ts';

const MOMENTUM = elementOf(0.1);

/** The running mean and variance after a batch with so many elements per channel. */
export function runningMoved(
  weights: Weights,
  means: Tensor,
  variances: Tensor,
  size: number,
  alu: Alu,
): { mean: Tensor; variance: Tensor } {
  const moved = (from: Tensor, valueAt: (channel: number) => Element): Tensor => {
    const to = alu.zeros(from.shape);
    for (let channel = 0; channel < to.data.length; channel++) {
      const before = from.data[channel];
      to.data[channel] = alu.add(before, alu.multiply(MOMENTUM, alu.subtract(valueAt(channel), before)));
    }
    return to;
  };
  // Of one element alone there is no unbiased variance.
  const unbiased = elementOf(size / Math.max(size - 1, 1));
  return {
    mean: moved(weights.mean as Tensor, (channel) => means.data[channel]),
    variance: moved(weights.variance as Tensor, (channel) => alu.multiply(variances.data[channel], unbiased)),
  };
}

export const batchnorm = defineOperator({
  name: 'batchnorm',
  summary: 'Normalise each channel of [n, c, …] by its running mean and variance.',
  attributes: z.strictObject(normalisationAttributes(true)),
  rule: 'One multiply and one add per element: at inference mean, variance, scale and shift fold into one factor and one offset per channel.',
  source: 'Ioffe and Szegedy 2015, arXiv:1502.03167, section 3.1; torch.nn.BatchNorm1d, BatchNorm2d, BatchNorm3d',
  shape(_, [x]) {
    checkChannels('batchnorm', x);
    return x;
  },
  weights({ affine }, [x]) {
    const channels = [x[1] as number];
    const mean = held(channels);
    const variance = held(channels, 1);
    return affine ? { scale: learned(channels, 1), shift: learned(channels), mean, variance } : { mean, variance };
  },
  work: (_, [x]) => [each({ multiply: 1, add: 1 }, elementFactors(x))],
  inPlace: true,
  /** (x − mean) / √(variance + ε) · scale + shift as x · factor + offset, with a factor and an offset for each channel. */
  prepare({ affine, epsilon }, { scale, shift, mean, variance }, alu) {
    const [means, variances] = [mean as Tensor, variance as Tensor];
    const factor = alu.zeros(means.shape);
    const offset = alu.zeros(means.shape);
    for (let channel = 0; channel < means.data.length; channel++) {
      const deviation = alu.sqrt(alu.add(variances.data[channel], elementOf(epsilon)));
      const ratio = alu.divide(affine ? (scale as Tensor).data[channel] : ONE, deviation);
      factor.data[channel] = ratio;
      offset.data[channel] = alu.subtract(affine ? (shift as Tensor).data[channel] : ZERO, alu.multiply(means.data[channel], ratio));
    }
    return { factor, offset };
  },
  gradient: {
    ...normalisationGradient((_, x) => [x[1] as number]),
    run: ({ epsilon }, pass, alus) =>
      normaliseBack(otherAxes((pass.inputs[0] as Tensor).shape, [1]), epsilon, (channel) => channel, pass, alus),
    /** By mean and variance of the batch; the running ones move by a share: r + momentum · (new − r), and the variance by n / (n − 1). */
    training: {
      work: ({ affine }, [x]) => {
        const all = elementFactors(x as Shape);
        const channels = all.slice(1, 2);
        return [...normalisation(affine, all, channels), each({ multiply: 3, add: 2, subtract: 2 }, channels)];
      },
      run({ epsilon }, inputs, weights, alu) {
        const [x] = inputs as [Tensor];
        const { y, means, variances } = normalise(x, otherAxes(x.shape, [1]), epsilon, weights, (channel) => channel, alu);
        runningMoved(weights, means, variances, elementCount(x.shape) / means.data.length, alu);
        return y;
      },
    },
  },
  run(_, [x], { factor, offset }, alu) {
    const [factors, offsets] = [(factor as Tensor).data, (offset as Tensor).data];
    return fill(x.shape, alu, (at) => {
      const channel = at[1] as number;
      return alu.add(alu.multiply(read(x, at), factors[channel]), offsets[channel]);
    });
  },
});
