import type { Shape } from '../../../core/shape.ts';
import { type fft, type Products, productsOf } from '../../../operators/fft.ts';
import type { Transform } from '../../../operators/kit/fourier.ts';
import { SCALES } from '../../../operators/kit/fourier-passes.ts';
import type { OnnxOutput } from '../../file/proto.ts';
import type { LayerWriter } from '../../write/emission.ts';
import { concatenated, reshaped, sliced } from '../../write/shaping.ts';

/** Numbers with an axis for their parts: of one for real ones. */
const paired = (writer: LayerWriter, x: OnnxOutput, from: 1 | 2): OnnxOutput => (from === 2 ? x : reshaped(writer, x, [...x.shape, 1]));

/** The whole of a spectrum of which half is known: what is missing is zeros, and the other half the conjugate. */
function mirrored(writer: LayerWriter, { axis, samples, length }: Transform, x: OnnxOutput): OnnxOutput {
  const known = Math.floor(length / 2) + 1;
  const used = samples === x.shape[axis] ? x : sliced(writer, x, axis, 0, samples);
  const missing = x.shape.with(axis, known - samples);
  const zeros = (): OnnxOutput => writer.node('Expand', [writer.number(0), writer.ints(...missing)], missing);
  const half = samples === known ? used : concatenated(writer, [used, zeros()], axis, x.shape.with(axis, known));
  // From the last bin that is not its own mirror back to the first.
  const others = length - known;
  if (others === 0) return half;
  const shape = x.shape.with(axis, others);
  const picked = sliced(writer, half, axis, others, 0, -1);
  const conjugate = writer.node('Mul', [picked, writer.numbers([2], [1, -1])], shape);
  return concatenated(writer, [half, conjugate], axis, x.shape.with(axis, length));
}

/** One axis. DFT gives complex numbers, of which the real part may be what is wanted; it divides in the inverse. */
function transformed(writer: LayerWriter, transform: Transform, x: OnnxOutput): OnnxOutput {
  const { axis, length, bins, from, to, inverse, isHalf, factor, output } = transform;
  const given = isHalf ? mirrored(writer, transform, x) : paired(writer, x, from);
  const complex: Shape = [...(to === 2 ? output.slice(0, -1) : output), 2];
  const spectrum = writer.node('DFT', [given, writer.int(length)], complex, {
    axis: { int: axis },
    ...(inverse && { inverse: { int: 1 } }),
    ...(bins !== length && { onesided: { int: 1 } }),
  });
  const part = to === 2 ? spectrum : reshaped(writer, sliced(writer, spectrum, complex.length - 1, 0, 1), output);
  const share = inverse ? factor * length : factor;
  return share === 1 ? part : writer.node('Mul', [part, writer.number(share)], output);
}

export function fourier(writer: LayerWriter, a: Parameters<typeof fft.shapes>[0]): OnnxOutput {
  const [x] = writer.inputs as [OnnxOutput];
  const { inverse } = a;
  const transformOf = (products: Products): Transform => ({
    ...products,
    bins: products.output[products.axis] as number,
    inverse,
    factor: SCALES[a.norm](products.length, inverse),
  });
  return productsOf(a, x.shape).reduce((value, products) => transformed(writer, transformOf(products), value), x);
}
