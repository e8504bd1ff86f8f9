import type { Shape } from '../../../core/shape.ts';
import type { CellName } from '../../../operators/kit/cells.ts';
import { alongSteps, type Layer, layersOf, type Recurrence, type Role, roleIn, statesShape } from '../../../operators/kit/recurrence.ts';
import type { OnnxOutput } from '../../file/proto.ts';
import type { LayerWriter } from '../../write/emission.ts';
import { concatenated, reshaped, sliced, transposed } from '../../write/shaping.ts';

const CELLS: Readonly<Record<CellName, string>> = { lstm: 'LSTM', gru: 'GRU', rnn: 'RNN' };

/** All steps of a layer `[steps, directions, n, features]`, and its last states `[directions, n, features]`. */
type Outputs = readonly [all: OnnxOutput, ...last: OnnxOutput[]];

const stateOf = ({ n, directions }: Layer, features: number): Shape => [directions, n, features];

const heldBy = (writer: LayerWriter, { index }: Layer, role: Role): OnnxOutput | undefined => writer.weights[roleIn(index, role)];

function asNode(writer: LayerWriter, layer: Layer, x: OnnxOutput, start: readonly OnnxOutput[]): Outputs {
  const { a } = layer;
  const isLstm = a.cell === 'lstm';
  const [matrix, recurrent, bias, peepholes] = (['matrix', 'recurrent', 'bias', 'peepholes'] as const).map((role) =>
    heldBy(writer, layer, role),
  );
  const given = [x, matrix, recurrent, bias, undefined, start[0], ...(isLstm ? [start[1], peepholes] : [])];
  const state = stateOf(layer, a.hidden);
  return writer.nodes(CELLS[a.cell], given, [alongSteps(layer, a.hidden), state, ...(isLstm ? [state] : [])], {
    hidden_size: { int: a.hidden },
    direction: { text: a.both ? 'bidirectional' : 'forward' },
    ...(a.resetafter && { linear_before_reset: { int: 1 } }),
  }) as unknown as Outputs;
}

/** One of the parts that lie along the first axis. */
function part(writer: LayerWriter, x: OnnxOutput, index: number): OnnxOutput {
  const one = x.shape[0] === 1 ? x : sliced(writer, x, 0, index, index + 1);
  return reshaped(writer, one, x.shape.slice(1));
}

/** Gates of ONNX: input, output, forget, cell. */
const GATES = 4;

/** ONNX knows no projection: the steps of one direction are written one by one. */
function unrolled(writer: LayerWriter, layer: Layer, direction: number, x: OnnxOutput, start: readonly OnnxOutput[]): Outputs {
  const { a, n, steps, width } = layer;
  const own = (role: Role): OnnxOutput | undefined => {
    const held = heldBy(writer, layer, role);
    return held && part(writer, held, direction);
  };
  const turned = (role: Role): OnnxOutput => transposed(writer, own(role) as OnnxOutput, [1, 0]);
  const [matrix, recurrent, projection] = [turned('matrix'), turned('recurrent'), turned('projection')];
  const [bias, peepholes] = [own('bias'), own('peepholes')];
  const [sums, unit] = [
    [n, GATES * a.hidden],
    [n, a.hidden],
  ];
  const halves =
    bias && writer.nodes('Split', [bias, writer.ints(GATES * a.hidden, GATES * a.hidden)], [[GATES * a.hidden], [GATES * a.hidden]]);
  const holes =
    peepholes && writer.nodes('Split', [peepholes, writer.ints(a.hidden, a.hidden, a.hidden)], [[a.hidden], [a.hidden], [a.hidden]]);
  const plus = (sum: OnnxOutput, more: OnnxOutput | undefined): OnnxOutput =>
    more === undefined ? sum : writer.node('Add', [sum, more], sum.shape);
  const peeped = (sum: OnnxOutput, gate: number, cell: OnnxOutput): OnnxOutput =>
    holes === undefined ? sum : plus(sum, writer.node('Mul', [cell, holes[gate]], unit));
  const through = (operator: string, value: OnnxOutput): OnnxOutput => writer.node(operator, [value], unit);
  const times = (one: OnnxOutput, other: OnnxOutput): OnnxOutput => writer.node('Mul', [one, other], unit);
  const zeros = (features: number): OnnxOutput => writer.node('Expand', [writer.number(0), writer.ints(n, features)], [n, features]);
  let h = start[0] === undefined ? zeros(width) : part(writer, start[0], direction);
  let c = start[1] === undefined ? zeros(a.hidden) : part(writer, start[1], direction);
  const outputs: OnnxOutput[] = [];
  for (let i = 0; i < steps; i++) {
    const now = part(writer, x, direction === 0 ? i : steps - 1 - i);
    const [ofInput, ofState] = [writer.node('MatMul', [now, matrix], sums), writer.node('MatMul', [h, recurrent], sums)];
    const whole = plus(plus(writer.node('Add', [ofInput, ofState], sums), halves?.[0]), halves?.[1]);
    const sizes = writer.ints(a.hidden, a.hidden, a.hidden, a.hidden);
    const [input, output, forget, cell] = writer.nodes('Split', [whole, sizes], [unit, unit, unit, unit], { axis: { int: 1 } }) as [
      OnnxOutput,
      OnnxOutput,
      OnnxOutput,
      OnnxOutput,
    ];
    const kept = times(through('Sigmoid', peeped(forget, 2, c)), c);
    const taken = times(through('Sigmoid', peeped(input, 0, c)), through('Tanh', cell));
    c = writer.node('Add', [kept, taken], unit);
    const made = times(through('Sigmoid', peeped(output, 1, c)), through('Tanh', c));
    h = writer.node('MatMul', [made, projection], [n, width]);
    outputs.push(reshaped(writer, h, [1, 1, n, width]));
  }
  const inOrder = direction === 0 ? outputs : outputs.toReversed();
  const all = concatenated(writer, inOrder, 0, [steps, 1, n, width]);
  return [all, reshaped(writer, h, [1, n, width]), reshaped(writer, c, [1, n, a.hidden])];
}

function projected(writer: LayerWriter, layer: Layer, x: OnnxOutput, start: readonly OnnxOutput[]): Outputs {
  const { a, directions, width } = layer;
  const runs = Array.from({ length: directions }, (_, direction) => unrolled(writer, layer, direction, x, start));
  const together = (index: number, axis: number, shape: Shape): OnnxOutput =>
    concatenated(
      writer,
      runs.map((run) => run[index] as OnnxOutput),
      axis,
      shape,
    );
  return [together(0, 1, alongSteps(layer, width)), together(1, 0, stateOf(layer, width)), together(2, 0, stateOf(layer, a.hidden))];
}

/** ONNX has the steps first, as onnxruntime needs them, and one node for each layer. */
export function recurrent(writer: LayerWriter, written: Recurrence): OnnxOutput[] {
  const [x, ...states] = writer.inputs as [OnnxOutput, ...OnnxOutput[]];
  const isTurned = written.batchfirst;
  const first = (value: OnnxOutput): OnnxOutput => (isTurned ? transposed(writer, value, [1, 0, 2]) : value);
  const [input, before] = [first(x), states.map(first)];
  const layers = layersOf({ ...written, batchfirst: false }, input.shape);
  let [flowing, all] = [input, input];
  const ends: OnnxOutput[][] = [];
  for (const layer of layers) {
    const { index, directions, steps, n, width, a } = layer;
    const start = before.map((state) => (a.layers === 1 ? state : sliced(writer, state, 0, index * directions, (index + 1) * directions)));
    const [made, ...last] = (a.projection === undefined ? asNode : projected)(writer, layer, flowing, start);
    all = made;
    ends.push(last);
    if (index < a.layers - 1) flowing = reshaped(writer, transposed(writer, made, [0, 2, 1, 3]), [steps, n, directions * width]);
  }
  const [end] = layers.slice(-1) as [Layer];
  const last = (ends[0] as OnnxOutput[]).map((one, index) =>
    concatenated(
      writer,
      ends.map((own) => own[index] as OnnxOutput),
      0,
      statesShape(end, one.shape[2] as number),
    ),
  );
  if (!isTurned) return [all, ...last];
  return [transposed(writer, all, [2, 0, 1, 3]), ...last.map((one) => transposed(writer, one, [1, 0, 2]))];
}
