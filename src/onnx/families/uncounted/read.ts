import { elementCount, type Shape } from '../../../core/shape.ts';
import { elementType } from '../../file/element-types.ts';
import type { ElementType } from '../../file/model.ts';
import {
  broadcastAll,
  broken,
  type Call,
  choice,
  decimal,
  has,
  input,
  int,
  ints,
  type ReadRule,
  type ReadRules,
  shortest,
  textAttribute,
  unresolved,
} from '../../read/call.ts';
import { layerShape, movedByData, reshapedTo, uncounted } from '../../read/layers.ts';
import { shapeIn } from '../../read/steering.ts';
import { known, numberIn, type ReadValue } from '../../read/value.ts';
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

/** Larger matrices are not taken apart row by row. */
const MOST_ROWS = 64;

/** By Gaussian elimination without a search for pivots: at each step a row times the shares of a column is taken from the others. */
const determinant: ReadRule = (call) => {
  const x = input(call, 0);
  const [rows = 0, columns = -1] = x.shape.slice(-2);
  if (x.shape.length < 2 || rows !== columns) throw broken(call.node, `it takes square matrices, not ${x.shape.join('×')}`);
  const outer = x.shape.slice(0, -2);
  if (rows > MOST_ROWS || elementCount(x.shape) === 0) return uncounted(call, flowingInputs(call), [outer], [x.type]);
  const rank = x.shape.length;
  const cut = (from: ReadValue, axis: number, start: number, end: number): ReadValue =>
    from.shape[axis] === end - start ? from : (call.layer('slice', { axis, start, end }, [from])[0] as ReadValue);
  const corner = (from: ReadValue): ReadValue => cut(cut(from, rank - 2, 0, 1), rank - 1, 0, 1);
  let [rest, result]: [ReadValue, ReadValue | undefined] = [x, undefined];
  for (let left = rows; left > 0; left--) {
    const pivot = corner(rest);
    result = result === undefined ? pivot : (joinedBy(call, 'multiply', [result, pivot], pivot.shape, x.type)[0] as ReadValue);
    if (left === 1) break;
    const below = cut(rest, rank - 2, 1, left);
    const [column, row] = [cut(below, rank - 1, 0, 1), cut(cut(rest, rank - 2, 0, 1), rank - 1, 1, left)];
    const inner = cut(below, rank - 1, 1, left);
    const [shares] = joinedBy(call, 'divide', [column, pivot], column.shape, x.type);
    const [taken] = joinedBy(call, 'multiply', [shares as ReadValue, row], inner.shape, x.type);
    rest = joinedBy(call, 'subtract', [inner, taken as ReadValue], inner.shape, x.type)[0] as ReadValue;
  }
  return reshapedTo(call, result as ReadValue, outer);
};

/** Shares by the softmax of log-probabilities, added up; of each draw, how many sums are below a number that is drawn. */
const multinomial: ReadRule = (call) => {
  const x = input(call, 0);
  if (x.shape.length !== 2) throw broken(call.node, `it takes a batch of classes, not ${x.shape.join('×')}`);
  const [n, classes] = x.shape as [number, number];
  const draws = int(call.node, 'sample_size') ?? 1;
  const type = elementType(int(call.node, 'dtype') ?? 6);
  if (n * classes === 0 || draws < 1) throw broken(call.node, `it draws ${draws} times of ${x.shape.join('×')}`);
  const shares = call.layer('softmax', { axis: 1 }, [x]);
  const [sums] = call.layer('cumsum', { axis: 1 }, shares);
  const [numbers] = call.layer('move', { by: 'random', to: [[n, draws, 1]], mode: 'uniform' }, [], { types: [x.type] });
  const [bounds] = reshapedTo(call, sums as ReadValue, [n, 1, classes]);
  const below = joinedBy(call, 'less', [bounds as ReadValue, numbers as ReadValue], [n, draws, classes], x.type);
  return call.layer('reduce', { by: 'sum', axis: -1, keep: false }, below, { shapes: [[n, draws]], types: [type] });
};

/** Each place of a grid, as a vector with a one, times a matrix of each of the batch. */
const affineGrid: ReadRule = (call) => {
  const [theta, size] = [input(call, 0), shapeIn(call, 1)];
  const spatial = size.slice(2);
  const [n, rows, columns] = theta.shape as [number, number, number];
  if (n !== size[0] || rows !== spatial.length || columns !== rows + 1)
    throw broken(call.node, `its matrices of ${theta.shape.join('×')} do not fit a grid for ${size.join('×')}`);
  const places = elementCount(spatial);
  if (places * n === 0) return movedByData(call, [theta], [[n, ...spatial, rows]]);
  const numbers = new Array<number>(places * columns).fill(1);
  const grid: ReadValue = { ...known(theta.type, [places, columns], numbers), isHeld: true };
  const y = call.layer('matmul', { transpose: true }, [grid, theta]);
  return reshapedTo(call, y[0] as ReadValue, [n, ...spatial, rows]);
};

/** A constant, whose sizes are inputs. */
const melWeights: ReadRule = (call) => {
  const [bins, length] = [0, 1].map((index) => numberIn(input(call, index)));
  if (bins === undefined || length === undefined) throw unresolved(call.node, call.node.inputs[bins === undefined ? 0 : 1] ?? '');
  const shape = [Math.floor(length / 2) + 1, bins];
  const type = elementType(int(call.node, 'output_datatype') ?? 1);
  return [{ type, shape, isConstant: true, isHeld: true, elements: () => undefined }];
};

/** Texts are moved and compared, which is no arithmetic. */
const texts =
  (shapeOf: (call: Call) => Shape, type: ElementType): ReadRule =>
  (call) =>
    movedByData(call, flowingInputs(call), [shapeOf(call)], [type]);

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
  Det: determinant,
  Bernoulli: bernoulli,
  RandomNormalLike: drawn('normal', shapeOfInput),
  RandomUniformLike: drawn('uniform', shapeOfInput),
  RandomNormal: drawn('normal', statedShape),
  RandomUniform: drawn('uniform', statedShape),
  Multinomial: multinomial,
  AffineGrid: affineGrid,
  MaxRoiPool: shaped((call, x) => [input(call, 1).shape[0] as number, x[1] as number, ...(ints(call.node, 'pooled_shape') ?? [])]),
  MelWeightMatrix: melWeights,
  CumProd: shaped((_, x) => x),
  BitCast: shaped((_, x) => x),
  TfIdfVectorizer: shaped((call, x) => [...x.slice(0, -1), Math.max(-1, ...(ints(call.node, 'ngram_indexes') ?? [])) + 1]),
  RegexFullMatch: texts((call) => input(call, 0).shape, 'bool'),
  StringConcat: texts((call) => broadcastAll(call.node, [input(call, 0).shape, input(call, 1).shape]), 'string'),
  // Words to leave out may make it shorter.
  StringNormalizer: (call) =>
    has(call.node, 'stopwords')
      ? movedByData(call, flowingInputs(call), call.atMost([input(call, 0).shape]), ['string'])
      : texts((one) => input(one, 0).shape, 'string')(call),
};
