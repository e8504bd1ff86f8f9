import { broadcast, type Shape } from '../../../core/shape.ts';
import { fixedOperand } from '../../../operators/arithmetic.ts';
import { axisOf } from '../../../operators/kit/axes.ts';
import { numbersFor, type PointwiseFunction } from '../../../operators/pointwise.ts';
import type { OnnxOutput } from '../../file/proto.ts';
import type { Attributes, LayerWriter } from '../../write/emission.ts';
import { cast, perChannel } from '../../write/shaping.ts';

/** Writes what becomes of a value, element by element. */
export type ElementWriter = (writer: LayerWriter, x: OnnxOutput) => OnnxOutput;

/** One operator of ONNX. */
export const nodeOf =
  (operator: string, attributes: Attributes = {}): ElementWriter =>
  (writer, x) =>
    writer.node(operator, [x], x.shape, attributes);

/** One operator of ONNX, with a number as its second input. */
const withNumber =
  (operator: string, number: number): ElementWriter =>
  (writer, x) =>
    writer.node(operator, [x, writer.number(number)], x.shape);

const clip =
  (least: number, most: number): ElementWriter =>
  (writer, x) =>
    writer.node('Clip', [x, writer.number(least), writer.number(most)], x.shape);

/** x times what other steps make of it. */
const timesSelf =
  (...steps: readonly ElementWriter[]): ElementWriter =>
  (writer, x) =>
    writer.node('Mul', [x, inTurn(...steps)(writer, x)], x.shape);

const inTurn =
  (...steps: readonly ElementWriter[]): ElementWriter =>
  (writer, x) =>
    steps.reduce((value, next) => next(writer, value), x);

/** The input of a layer, through steps. */
export const through =
  (...steps: readonly ElementWriter[]) =>
  (writer: LayerWriter): OnnxOutput =>
    inTurn(...steps)(writer, writer.inputs[0] as OnnxOutput);

export const relu6 = through(clip(0, 6));
/** One half of an axis times the sigmoid of the other. */
export function gated(writer: LayerWriter, { axis }: { readonly axis: number }): OnnxOutput {
  const [[x], [y]] = [writer.inputs as [OnnxOutput], writer.outputs as [Shape]];
  const counted = axisOf(axis, y);
  const half = y[counted] as number;
  const [value, gate] = writer.nodes('Split', [x, writer.ints(half, half)], [y, y], { axis: { int: counted } }) as [OnnxOutput, OnnxOutput];
  return writer.node('Mul', [value, nodeOf('Sigmoid')(writer, gate)], y);
}

export const silu = through(timesSelf(nodeOf('Sigmoid')));

interface Line {
  readonly slope?: number | undefined;
  readonly offset?: number | undefined;
}

export const hardSigmoid = (writer: LayerWriter, { slope, offset = 0.5 }: Line): OnnxOutput =>
  through(nodeOf('HardSigmoid', { alpha: { float: slope ?? 1 / 6 }, beta: { float: slope === undefined ? 0.5 : offset } }))(writer);

const HALF = withNumber('Mul', 0.5);

/** Opset 17 has no Gelu: 0.5·x·(1 + erf(x·√½)), or with tanh(√(2/π)·(x + 0.044715·x³)) in place of erf. */
const GELU: Readonly<Record<'none' | 'tanh', ElementWriter>> = {
  none: inTurn(timesSelf(withNumber('Mul', Math.SQRT1_2), nodeOf('Erf'), withNumber('Add', 1)), HALF),
  tanh: inTurn(
    timesSelf(
      (writer, x) => {
        const cube = inTurn(timesSelf(timesSelf(withNumber('Mul', 0.044715))))(writer, x);
        return writer.node('Add', [x, cube], x.shape);
      },
      withNumber('Mul', Math.sqrt(2 / Math.PI)),
      nodeOf('Tanh'),
      withNumber('Add', 1),
    ),
    HALF,
  ),
};

export const gelu = (writer: LayerWriter, { approximate }: { readonly approximate: 'none' | 'tanh' }): OnnxOutput =>
  through(GELU[approximate])(writer);

export function prelu(writer: LayerWriter, { shared }: { readonly shared: boolean }): OnnxOutput {
  const [x, given] = writer.inputs as [OnnxOutput, OnnxOutput?];
  if (given !== undefined) return writer.node('PRelu', [x, given], x.shape);
  const slope = writer.weights.slope as OnnxOutput;
  return writer.node('PRelu', [x, shared ? slope : perChannel(writer, slope, x.shape.length)], x.shape);
}

const shapeOfBoth = (a: OnnxOutput, b: OnnxOutput): Shape => broadcast(a.shape, b.shape) as Shape;

/** What becomes of two values, element by element. */
type Pair = (writer: LayerWriter, a: OnnxOutput, b: OnnxOutput) => OnnxOutput;

const pair =
  (operator: string): Pair =>
  (writer, a, b) =>
    writer.node(operator, [a, b], shapeOfBoth(a, b));

/** A comparison, and 1 for true and 0 for false. */
const comparison =
  (operator: string): Pair =>
  (writer, a, b) => {
    const [holds] = writer.nodes(operator, [a, b], [shapeOfBoth(a, b)], {}, ['bool']) as [OnnxOutput];
    return cast(writer, holds, 'float32');
  };

const PAIRS = {
  add: pair('Add'),
  subtract: pair('Sub'),
  multiply: pair('Mul'),
  divide: pair('Div'),
  quotient(writer, a, b) {
    const exact = pair('Div')(writer, a, b);
    return cast(writer, cast(writer, exact, 'int64'), 'float32');
  },
  // Mod of ONNX takes the sign of the divisor for whole numbers only.
  modulo(writer, a, b) {
    const shape = shapeOfBoth(a, b);
    const times = writer.node('Floor', [pair('Div')(writer, a, b)], shape);
    return writer.node('Sub', [a, writer.node('Mul', [times, b], shape)], shape);
  },
  remainder: (writer, a, b) => writer.node('Mod', [a, b], shapeOfBoth(a, b), { fmod: { int: 1 } }),
  power: pair('Pow'),
  square: (writer, a, b) => {
    const squared = writer.node('Mul', [a, a], a.shape);
    const shape = shapeOfBoth(a, b);
    return shape.join() === a.shape.join() ? squared : writer.node('Expand', [squared, writer.ints(...shape)], shape);
  },
  maximum: pair('Max'),
  minimum: pair('Min'),
  greater: comparison('Greater'),
  less: comparison('Less'),
  atleast: comparison('GreaterOrEqual'),
  atmost: comparison('LessOrEqual'),
  equal: comparison('Equal'),
} as const satisfies Readonly<Record<string, Pair>>;

interface Arithmetic {
  readonly operation: keyof typeof PAIRS;
  readonly number?: number | undefined;
  readonly reversed: boolean;
}

export function arithmetic(writer: LayerWriter, { operation, number, reversed }: Arithmetic): OnnxOutput {
  const { inputs } = writer;
  const operand = fixedOperand({ operation, number }, writer.inputs.length);
  const fixed = operand === undefined ? [] : [writer.number(operand)];
  const [first, ...others] = (reversed ? [...fixed, ...inputs] : [...inputs, ...fixed]) as [OnnxOutput, ...OnnxOutput[]];
  return others.reduce((result, other) => PAIRS[operation](writer, result, other), first);
}

/** Two by two; Sum of ONNX adds up any number at once. */
export const join =
  (operator: 'Add' | 'Mul') =>
  (writer: LayerWriter): OnnxOutput => {
    const { inputs, outputs } = writer;
    const [first, ...others] = inputs as [OnnxOutput, ...OnnxOutput[]];
    if (operator === 'Add' && others.length > 1) return writer.node('Sum', inputs, outputs[0] as Shape);
    return others.reduce((result, other) => pair(operator)(writer, result, other), first);
  };

/** A step, and the fixed numbers that its function has. */
type WithNumbers = (writer: LayerWriter, x: OnnxOutput, numbers: readonly number[]) => OnnxOutput;

/** The scale and the zero are inputs. */
const GIVEN: Partial<Record<PointwiseFunction, (writer: LayerWriter, x: OnnxOutput, numbers: readonly number[]) => OnnxOutput>> = {
  quantize(writer, x, [, zero = 0, least = -128, most = 127]) {
    const [, scale, start = writer.number(zero)] = writer.inputs as [OnnxOutput, OnnxOutput, OnnxOutput?];
    const whole = writer.node('Round', [writer.node('Div', [x, scale], x.shape)], x.shape);
    return clip(least, most)(writer, writer.node('Add', [whole, start], x.shape));
  },
  dequantize(writer, x, [, zero = 0]) {
    const [, scale, start = writer.number(zero)] = writer.inputs as [OnnxOutput, OnnxOutput, OnnxOutput?];
    return writer.node('Mul', [writer.node('Sub', [x, start], x.shape), scale], x.shape);
  },
};

/** To whole numbers in steps of a scale, and these as numbers again. */
const quantised: WithNumbers = (writer, x, [scale = 1e-3, zero = 0, least = -128, most = 127]) => {
  if (least !== -128 || most !== 127)
    return inTurn(withNumber('Div', scale), nodeOf('Round'), withNumber('Add', zero), clip(least, most))(writer, x);
  const [whole] = writer.nodes('QuantizeLinear', [x, writer.number(scale), writer.int8(zero)], [x.shape], {}, ['int8']) as [OnnxOutput];
  return cast(writer, whole, 'float32');
};

/** Whether something holds for an element: 1 or 0. */
const test =
  (operator: string, attributes: Attributes = {}): ElementWriter =>
  (writer, x) => {
    const [holds] = writer.nodes(operator, [x], [x.shape], attributes, ['bool']) as [OnnxOutput];
    return cast(writer, holds, 'float32');
  };

const FUNCTIONS = {
  sqrt: nodeOf('Sqrt'),
  exp: nodeOf('Exp'),
  log: nodeOf('Log'),
  erf: nodeOf('Erf'),
  reciprocal: nodeOf('Reciprocal'),
  negative: nodeOf('Neg'),
  absolute: nodeOf('Abs'),
  sign: nodeOf('Sign'),
  sin: nodeOf('Sin'),
  cos: nodeOf('Cos'),
  tan: nodeOf('Tan'),
  asin: nodeOf('Asin'),
  acos: nodeOf('Acos'),
  atan: nodeOf('Atan'),
  sinh: nodeOf('Sinh'),
  cosh: nodeOf('Cosh'),
  asinh: nodeOf('Asinh'),
  acosh: nodeOf('Acosh'),
  atanh: nodeOf('Atanh'),
  round: nodeOf('Round'),
  floor: nodeOf('Floor'),
  ceil: nodeOf('Ceil'),
  isnan: test('IsNaN'),
  isinf: (writer, x, [below = 1, above = 1]) =>
    test('IsInf', { detect_negative: { int: below }, detect_positive: { int: above } })(writer, x),
  clip: (writer, x, [least = 0, most = 1]) => clip(least, most)(writer, x),
  softplus: nodeOf('Softplus'),
  softsign: nodeOf('Softsign'),
  // Opset 17 has no Mish.
  mish: timesSelf(nodeOf('Softplus'), nodeOf('Tanh')),
  selu: nodeOf('Selu'),
  celu: (writer, x, [alpha = 1]) => nodeOf('Celu', { alpha: { float: alpha } })(writer, x),
  shrink: (writer, x, [, lambda = 0.5, bias = 0]) => nodeOf('Shrink', { lambd: { float: lambda }, bias: { float: bias } })(writer, x),
  threshold: (writer, x, [threshold = 0]) => nodeOf('ThresholdedRelu', { alpha: { float: threshold } })(writer, x),
  quantize: quantised,
  dequantize: (writer, x, [scale = 1e-3, zero = 0]) => inTurn(withNumber('Sub', zero), withNumber('Mul', scale))(writer, x),
} as const satisfies Readonly<Record<PointwiseFunction, WithNumbers>>;

interface Pointwise {
  readonly function: PointwiseFunction;
  readonly numbers?: readonly number[] | undefined;
}

export function pointwise(writer: LayerWriter, a: Pointwise): OnnxOutput {
  const write: WithNumbers = (writer.inputs.length > 1 ? GIVEN[a.function] : undefined) ?? FUNCTIONS[a.function];
  return write(writer, writer.inputs[0] as OnnxOutput, numbersFor(a));
}
