import type { Shape } from '../../../core/shape.ts';
import { elementType } from '../../file/element-types.ts';
import {
  broken,
  type Call,
  choice,
  decimal,
  input,
  int,
  ints,
  type ReadRule,
  type ReadRules,
  shortest,
  textAttribute,
} from '../../read/call.ts';
import { layerShape, movedByData, uncounted } from '../../read/layers.ts';
import { numberIn, type ReadValue } from '../../read/value.ts';
import { joinedBy } from '../elementwise/read.ts';

/** Of the type that an attribute names, or of the first input's. */
const typeOf = ({ node }: Call, x: ReadValue | undefined) => {
  const number = int(node, 'dtype');
  return number === undefined ? x?.type : elementType(number);
};

const flowingInputs = ({ inputs }: Call): ReadValue[] => inputs.filter((value) => value !== undefined && !value.isConstant) as ReadValue[];

/** An operator whose shapes are known, and whose work is not. */
const shaped =
  (shapeOf: (call: Call, x: Shape) => Shape): ReadRule =>
  (call) => {
    const x = input(call, 0);
    return uncounted(call, flowingInputs(call), [shapeOf(call, x.shape)], [typeOf(call, x)]);
  };

/** Numbers that are drawn: of an input only the shape is read. */
const drawn =
  (mode: 'uniform' | 'normal', shapeOf: (call: Call) => Shape): ReadRule =>
  (call) => {
    const shape = shapeOf(call);
    const type = typeOf(call, call.inputs[0]) ?? 'float32';
    return call.layer('move', { by: 'random', to: [layerShape(shape)], mode }, [], { shapes: [shape], types: [type] });
  };

const statedShape = (call: Call): Shape => {
  const shape = ints(call.node, 'shape');
  if (shape === undefined) throw broken(call.node, 'it has no "shape"');
  return shape;
};

const shapeOfInput = (call: Call): Shape => input(call, 0).shape;

/** 1 where a number that is drawn is less than what the input has there. */
const bernoulli: ReadRule = (call) => {
  const x = input(call, 0);
  const [numbers] = drawn('uniform', shapeOfInput)(call);
  return joinedBy(call, 'less', [numbers as ReadValue, x], x.shape, typeOf(call, x));
};

/** Modes by their names before opset 20, and since. */
const GRID_MODES = { bilinear: 'linear', nearest: 'nearest', bicubic: 'cubic', linear: 'linear', cubic: 'cubic' } as const;

/** How many samples are taken is known where it does not depend on how large a region is. */
const regions: ReadRule = (call) => {
  const { node } = call;
  const [x, boxes, images] = [input(call, 0), input(call, 1), input(call, 2)];
  const size = [int(node, 'output_height') ?? 1, int(node, 'output_width') ?? 1];
  const samples = int(node, 'sampling_ratio') ?? 0;
  if (samples < 1 || (textAttribute(node, 'mode') ?? 'avg') !== 'avg')
    return uncounted(call, flowingInputs(call), [[boxes.shape[0] as number, x.shape[1] as number, ...size]], [x.type]);
  const half = call.opset < 16 ? 'output_half_pixel' : 'half_pixel';
  const aligned = (textAttribute(node, 'coordinate_transformation_mode') ?? half) === 'half_pixel';
  return call.layer('roialign', { size, samples, scale: decimal(node, 'spatial_scale') ?? 1, aligned }, [x, boxes, images]);
};

/** How many boxes are kept depends on data: as many as the file declares, or else as may be. */
const suppression: ReadRule = (call) => {
  const [boxes, scores] = [input(call, 0), input(call, 1)];
  const [most, overlap, score] = [2, 3, 4].map((index) => (call.inputs[index] === undefined ? undefined : numberIn(call.inputs[index])));
  const [images = 0, candidates = 0] = boxes.shape;
  // Without a limit nothing is kept, as ONNX has it; with one that only a run knows, at most all.
  const perClass = Math.min(call.inputs[2] === undefined ? 0 : (most ?? candidates), candidates);
  const [shape] = call.atMost([[images * (scores.shape[1] ?? 0) * perClass, 3]]) as [Shape];
  const [rows = 0] = shape;
  if (rows === 0) return movedByData(call, [boxes, scores], [shape], ['int64']);
  const isOpen = [2, 3, 4].some((index) => call.inputs[index] !== undefined && numberIn(call.inputs[index]) === undefined);
  if (isOpen) return uncounted(call, flowingInputs(call), [shape], ['int64']);
  const thresholds = {
    ...(overlap !== undefined && { overlap: shortest(overlap) }),
    ...(score !== undefined && { score: shortest(score) }),
  };
  const attributes = { most: most ?? candidates, rows, ...thresholds, centres: int(call.node, 'center_point_box') === 1 };
  return call.layer('nms', attributes, [boxes, scores], { types: ['int64'] });
};

/** What is listed as not known, though its shapes are. */
export const unknownWork: ReadRules = {
  GridSample: (call) => {
    const [x, grid] = [input(call, 0), input(call, 1)];
    const isOld = call.opset < 20;
    const mode = GRID_MODES[choice(call.node, 'mode', isOld ? ['bilinear', 'nearest', 'bicubic'] : ['linear', 'nearest', 'cubic'])];
    const attributes = {
      mode,
      padding: choice(call.node, 'padding_mode', ['zeros', 'border', 'reflection']),
      corners: int(call.node, 'align_corners') === 1,
    };
    return call.layer('gridsample', attributes, [x, grid]);
  },
  NonMaxSuppression: suppression,
  RoiAlign: regions,
  Det: shaped((_, x) => x.slice(0, -2)),
  Bernoulli: bernoulli,
  RandomNormalLike: drawn('normal', shapeOfInput),
  RandomUniformLike: drawn('uniform', shapeOfInput),
  RandomNormal: drawn('normal', statedShape),
  RandomUniform: drawn('uniform', statedShape),
  Multinomial: shaped((call, x) => [x[0] as number, int(call.node, 'sample_size') ?? 1]),
};
