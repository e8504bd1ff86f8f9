import type { Shape } from '../../../core/shape.ts';
import { elementType } from '../../file/element-types.ts';
import { axisIn, broken, type Call, decimal, input, int, ints, type Rule, type Rules, shortest, text } from '../../read/call.ts';
import { uncounted } from '../../read/layers.ts';
import { steering } from '../../read/steering.ts';
import { numberIn, type Value } from '../../read/value.ts';

/** Of the type that an attribute names, or of the first input's. */
const typeOf = ({ node }: Call, x: Value | undefined) => {
  const number = int(node, 'dtype');
  return number === undefined ? x?.type : elementType(number);
};

const flowingInputs = ({ inputs }: Call): Value[] => inputs.filter((value) => value !== undefined && !value.isConstant) as Value[];

/** An operator whose shapes are known, and whose work is not. */
const shaped =
  (shapeOf: (call: Call, x: Shape) => Shape): Rule =>
  (call) => {
    const x = input(call, 0);
    return uncounted(call, flowingInputs(call), [shapeOf(call, x.shape)], [typeOf(call, x)]);
  };

const random: Rule = (call) => {
  const shape = ints(call.node, 'shape');
  if (shape === undefined) throw broken(call.node, 'it has no "shape"');
  return uncounted(call, [], [shape], [typeOf(call, undefined) ?? 'float32']);
};

/** A Fourier transform: complex numbers are an axis of two. */
const dft = shaped((call, x) => {
  const isOld = call.opset < 20;
  const named = isOld ? (int(call.node, 'axis') ?? 1) : call.inputs[2] === undefined ? -2 : (numberIn(call.inputs[2]) ?? -2);
  const axis = axisIn(call.node, named, x.length);
  const length = call.inputs[1] === undefined ? (x[axis] as number) : (steering(call, 1)[0] as number);
  const isHalf = int(call.node, 'onesided') === 1;
  return [...x.with(axis, isHalf ? Math.floor(length / 2) + 1 : length).slice(0, -1), 2];
});

const stft = shaped((call, [n, samples]) => {
  const step = steering(call, 1)[0] as number;
  const window = call.inputs[2] as Value | undefined;
  const length = call.inputs[3] === undefined ? (window?.shape[0] as number) : (steering(call, 3)[0] as number);
  const isHalf = (int(call.node, 'onesided') ?? 1) === 1;
  return [n as number, Math.floor(((samples as number) - length) / step) + 1, isHalf ? Math.floor(length / 2) + 1 : length, 2];
});

const GRID_MODES: Partial<Record<string, string>> = {
  nearest: 'nearest',
  bilinear: 'linear',
  linear: 'linear',
  bicubic: 'cubic',
  cubic: 'cubic',
};

/** How many samples are taken is known where it does not depend on how large a region is. */
const regions: Rule = (call) => {
  const { node } = call;
  const [x, boxes, images] = [input(call, 0), input(call, 1), input(call, 2)];
  const size = [int(node, 'output_height') ?? 1, int(node, 'output_width') ?? 1];
  const samples = int(node, 'sampling_ratio') ?? 0;
  if (samples < 1 || (text(node, 'mode') ?? 'avg') !== 'avg')
    return uncounted(call, flowingInputs(call), [[boxes.shape[0] as number, x.shape[1] as number, ...size]], [x.type]);
  const half = call.opset < 16 ? 'output_half_pixel' : 'half_pixel';
  const aligned = (text(node, 'coordinate_transformation_mode') ?? half) === 'half_pixel';
  return call.layer('roialign', { size, samples, scale: decimal(node, 'spatial_scale') ?? 1, aligned }, [x, boxes, images]);
};

/** How many boxes are kept only the file says, where it declares the shape. */
const suppression: Rule = (call) => {
  const [boxes, scores] = [input(call, 0), input(call, 1)];
  const [most, overlap, score] = [2, 3, 4].map((index) => (call.inputs[index] === undefined ? undefined : numberIn(call.inputs[index])));
  const rows = call.declared(0)?.[0];
  const isOpen = [3, 4].some((index) => call.inputs[index] !== undefined && numberIn(call.inputs[index]) === undefined);
  if (isOpen || !most || !rows) return call.unknown();
  const thresholds = {
    ...(overlap !== undefined && { overlap: shortest(overlap) }),
    ...(score !== undefined && { score: shortest(score) }),
  };
  const attributes = { most, rows, ...thresholds, centres: int(call.node, 'center_point_box') === 1 };
  return call.layer('nms', attributes, [boxes, scores], { types: ['int64'] });
};

/** What is listed as not known, though its shapes are. */
export const unknownWork: Rules = {
  GridSample: (call) => {
    const [x, grid] = [input(call, 0), input(call, 1)];
    const mode = GRID_MODES[text(call.node, 'mode') ?? 'linear'];
    const attributes = { mode, padding: text(call.node, 'padding_mode') ?? 'zeros', corners: int(call.node, 'align_corners') === 1 };
    return call.layer('gridsample', attributes, [x, grid]);
  },
  NonMaxSuppression: suppression,
  RoiAlign: regions,
  Det: shaped((_, x) => x.slice(0, -2)),
  DFT: dft,
  STFT: stft,
  Bernoulli: shaped((_, x) => x),
  RandomNormalLike: shaped((_, x) => x),
  RandomUniformLike: shaped((_, x) => x),
  RandomNormal: random,
  RandomUniform: random,
  Multinomial: shaped((call, x) => [x[0] as number, int(call.node, 'sample_size') ?? 1]),
};
