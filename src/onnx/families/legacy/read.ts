import { broken, type Call, decimal, input, ints, type ReadRule, type ReadRules, reals } from '../../read/call.ts';
import { known, type ReadValue } from '../../read/value.ts';
import { joinedBy } from '../elementwise/read.ts';

/** Operators that the standard had on trial, and that converters of other formats still write. */

const only = (values: readonly ReadValue[]): ReadValue => values[0] as ReadValue;

const byNumber = (call: Call, operation: 'multiply' | 'add', x: ReadValue, number: number): ReadValue =>
  number === (operation === 'add' ? 0 : 1) ? x : only(call.layer('arithmetic', { operation, number }, [x], { shapes: [x.shape] }));

/** An image times a number, plus one for each channel. */
const imageScaler: ReadRule = (call) => {
  const x = input(call, 0);
  const scaled = byNumber(call, 'multiply', x, decimal(call.node, 'scale') ?? 1);
  const bias = reals(call.node, 'bias');
  if (bias === undefined) return [scaled];
  if (bias.length !== x.shape[1]) throw broken(call.node, `it has ${bias.length} offsets for ${x.shape[1]} channels`);
  return joinedBy(call, 'add', [scaled, known(x.type, [bias.length, 1, 1], bias)], x.shape, x.type);
};

const affine: ReadRule = (call) => {
  const scaled = byNumber(call, 'multiply', input(call, 0), decimal(call.node, 'alpha') ?? 1);
  return [byNumber(call, 'add', scaled, decimal(call.node, 'beta') ?? 0)];
};

/** An image without what is beyond its borders: left, top, right and bottom; or so much from the left and the top on. */
const crop: ReadRule = (call) => {
  const x = input(call, 0);
  const [left = 0, top = 0, right = 0, bottom = 0] = ints(call.node, 'border') ?? [];
  const sizes = ints(call.node, 'scale');
  const [, , height = 0, width = 0] = x.shape;
  const ends = sizes === undefined ? [height - bottom, width - right] : [top + (sizes[0] ?? 0), left + (sizes[1] ?? 0)];
  const [end = 0, edge = 0] = ends;
  if (x.shape.length !== 4 || !(top >= 0 && top < end && end <= height && left >= 0 && left < edge && edge <= width))
    throw broken(call.node, `it cuts ${x.shape.join('×')} to rows ${top} to ${end} and columns ${left} to ${edge}`);
  const rows = call.layer('slice', { axis: 2, start: top, end }, [x]);
  return call.layer('slice', { axis: 3, start: left, end: edge }, rows);
};

export const legacy: ReadRules = { ImageScaler: imageScaler, Affine: affine, Crop: crop };
