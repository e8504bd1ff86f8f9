import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import type { Shape } from '../core/shape.ts';
import { ONE, type Tensor, type Value, type Values, ZERO } from '../core/tensor.ts';
import { each, factor, macs, type Term } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { about, flag, oneOf, positive, withDefault } from './kit/attributes.ts';
import { defineOperator, learned } from './kit/operator.ts';
import { sigmoidOf } from './sigmoid.ts';

const attributes = z.strictObject({
  cell: about(oneOf('lstm', 'gru', 'rnn'), 'Kind of cell.'),
  hidden: about(positive, 'Features of the state.'),
  both: about(withDefault(flag, false), 'Whether it runs backwards too: two directions.'),
  bias: about(withDefault(flag, true), 'Whether each gate adds two learned biases.'),
  peepholes: about(withDefault(flag, false), 'Whether the gates of an LSTM see its cell state.'),
  resetafter: about(withDefault(flag, false), 'Whether a GRU resets the state after its product with the matrix, not before.'),
  batchfirst: about(withDefault(flag, true), 'Whether the batch comes before the steps.'),
});

type Attributes = z.infer<typeof attributes>;

/** What the gates of one unit give in one step: the sums that they get, and the state before. */
interface Step {
  /** The sum of a gate: of the input and of the state before, apart where the two are needed apart. */
  gate(index: number): Value;
  /** The state before, of the unit. */
  readonly h: Value;
  readonly c: Value;
  /** Adds a peephole on a state to a sum. */
  peep(sum: Value, index: number, state: Value): Value;
}

interface Cell {
  readonly gates: number;
  readonly states: number;
  /** Operations per unit and step beside the products. */
  readonly operations: Term['each'];
  /** The states after. */
  next(step: Step, alu: Alu): { readonly h: Value; readonly c: Value };
}

/** The gates, in the order of ONNX: input, output, forget, cell; update, reset, hidden. */
const CELLS: Readonly<Record<Attributes['cell'], Cell>> = {
  lstm: {
    gates: 4,
    states: 2,
    operations: { multiply: 3, add: 4, subtract: 3, divide: 3, exp: 3, tanh: 2 },
    next({ gate, c, peep }, alu) {
      const input = sigmoidOf(peep(gate(0), 0, c), alu);
      const forget = sigmoidOf(peep(gate(2), 2, c), alu);
      const cell = alu.add(alu.multiply(forget, c), alu.multiply(input, alu.tanh(gate(3))));
      const output = sigmoidOf(peep(gate(1), 1, cell), alu);
      return { h: alu.multiply(output, alu.tanh(cell)), c: cell };
    },
  },
  gru: {
    gates: 3,
    states: 1,
    // The reset gate and its product are made before the sums of the hidden gate.
    operations: { multiply: 3, add: 3, subtract: 3, divide: 2, exp: 2, tanh: 1 },
    next({ gate, h }, alu) {
      const update = sigmoidOf(gate(0), alu);
      const hidden = alu.tanh(gate(2));
      return { h: alu.add(alu.multiply(alu.subtract(ONE, update), hidden), alu.multiply(update, h)), c: ZERO };
    },
  },
  rnn: { gates: 1, states: 1, operations: { tanh: 1 }, next: ({ gate }, alu) => ({ h: alu.tanh(gate(0)), c: ZERO }) },
};

/** Checks the input and names every quantity. */
function geometry(a: Attributes, x: Shape) {
  if (x.length !== 3) throw fail('WRONG_RANK', { operator: 'recurrent', expected: 'a batch, steps and features', shape: x });
  for (const [attribute, cell] of [
    ['peepholes', 'lstm'],
    ['resetafter', 'gru'],
  ] as const)
    if (a[attribute] && a.cell !== cell)
      throw fail('CONTRADICTION', { message: `Only a ${cell} has "${attribute}". Leave it out` }, attribute);
  const [first, second, features] = x as [number, number, number];
  const [n, steps] = a.batchfirst ? [first, second] : [second, first];
  const directions = a.both ? 2 : 1;
  const along = (width: number): Shape => (a.batchfirst ? [n, steps, directions, width] : [steps, directions, n, width]);
  const state: Shape = a.batchfirst ? [n, directions, a.hidden] : [directions, n, a.hidden];
  return { n, steps, features, directions, along, state };
}

interface Sources {
  readonly a: Attributes;
  readonly x: Values;
  readonly matrix: Tensor;
  readonly recurrent: Tensor;
  readonly bias: Tensor | undefined;
  readonly peepholes: Tensor | undefined;
}

const RESET = 1;
const HIDDEN = 2;

/** One step of one direction for one of the batch: the new states of all units. */
function advance(
  { a, x, matrix, recurrent, bias, peepholes }: Sources,
  direction: number,
  from: number,
  features: number,
  h: readonly Value[],
  c: readonly Value[],
  alu: Alu,
) {
  const { gates, next } = CELLS[a.cell];
  const rows = gates * a.hidden;
  const row = (gate: number, unit: number): number => direction * rows + gate * a.hidden + unit;
  const onInput = (sum: Value, gate: number, unit: number): Value => {
    let total = sum;
    for (let i = 0; i < features; i++) total = alu.multiplyAdd(total, x[from + i], matrix.data[row(gate, unit) * features + i]);
    return total;
  };
  const onState = (sum: Value, state: readonly Value[], gate: number, unit: number): Value => {
    let total = sum;
    for (let i = 0; i < a.hidden; i++) total = alu.multiplyAdd(total, state[i], recurrent.data[row(gate, unit) * a.hidden + i]);
    return total;
  };
  const biased = (sum: Value, part: 0 | 1, gate: number, unit: number): Value =>
    bias === undefined ? sum : alu.add(sum, bias.data[(direction * 2 + part) * rows + gate * a.hidden + unit]);
  const whole = (state: readonly Value[], gate: number, unit: number): Value =>
    biased(biased(onState(onInput(ZERO, gate, unit), state, gate, unit), 0, gate, unit), 1, gate, unit);
  const units = h.map((_, unit) => unit);
  const reset = a.cell === 'gru' ? units.map((unit) => sigmoidOf(whole(h, RESET, unit), alu)) : [];
  const kept = a.cell === 'gru' && !a.resetafter ? units.map((unit) => alu.multiply(reset[unit], h[unit])) : h;
  const hidden = (unit: number): Value => {
    if (!a.resetafter) return whole(kept, HIDDEN, unit);
    const scaled = alu.multiply(reset[unit], biased(onState(ZERO, h, HIDDEN, unit), 1, HIDDEN, unit));
    return alu.add(biased(onInput(ZERO, HIDDEN, unit), 0, HIDDEN, unit), scaled);
  };
  return units.map((unit) =>
    next(
      {
        gate: (gate) => (a.cell === 'gru' && gate === HIDDEN ? hidden(unit) : whole(h, gate, unit)),
        h: h[unit],
        c: c[unit],
        peep: (sum, gate, state) =>
          peepholes === undefined ? sum : alu.add(sum, alu.multiply(peepholes.data[(direction * 3 + gate) * a.hidden + unit], state)),
      },
      alu,
    ),
  );
}

/** All steps of one direction for one of the batch, into the outputs. */
function runOne(
  sources: Sources,
  shape: Shape,
  direction: number,
  image: number,
  [start, cell]: readonly [Tensor | undefined, Tensor | undefined],
  [y, lastH, lastC]: readonly [Tensor, Tensor, Tensor],
  alu: Alu,
): void {
  const { a } = sources;
  const { n, steps, features, directions } = geometry(a, shape);
  const at = (a.batchfirst ? image * directions + direction : direction * n + image) * a.hidden;
  const first = (from: Tensor | undefined): Value[] =>
    Array.from({ length: a.hidden }, (_, unit) => (from === undefined ? ZERO : from.data[at + unit]));
  let [h, c] = [first(start), first(cell)];
  for (let i = 0; i < steps; i++) {
    const step = direction === 0 ? i : steps - 1 - i;
    const from = (a.batchfirst ? image * steps + step : step * n + image) * features;
    const after = advance(sources, direction, from, features, h, c, alu);
    [h, c] = [after.map((unit) => unit.h), after.map((unit) => unit.c)];
    const to = (a.batchfirst ? (image * steps + step) * directions + direction : (step * directions + direction) * n + image) * a.hidden;
    for (const [unit, element] of h.entries()) y.data[to + unit] = element;
  }
  for (const [unit, element] of h.entries()) lastH.data[at + unit] = element;
  for (const [unit, element] of c.entries()) lastC.data[at + unit] = element;
}

export const recurrent = defineOperator({
  name: 'recurrent',
  summary:
    'Run an LSTM, a GRU or a plain cell over the steps of [n, steps, features], or of [steps, n, features] with batchfirst: false; both runs it backwards too. Gives all states [n, steps, directions, hidden] and the last; states to start from may follow as inputs.',
  attributes,
  rule: 'Per step, direction and gate, a vector times the matrix of inputs and a vector times the matrix of states; a bias adds twice per gate. Beside that per unit: an LSTM three sigmoids, two tanh, three multiplies and one add; a GRU two sigmoids, one tanh, three multiplies, one add and one subtract, and one add more with resetafter; a plain cell one tanh; peepholes three multiplies and three adds.',
  source: 'Hochreiter and Schmidhuber 1997; Cho et al. 2014, arXiv:1406.1078; ONNX operators LSTM, GRU and RNN',
  inputs: { min: 1, max: 3 },
  shape(a, [x]) {
    const { along, state } = geometry(a, x);
    return [along(a.hidden), ...new Array<Shape>(CELLS[a.cell].states).fill(state)];
  },
  weights(a, [x]) {
    const { features, directions } = geometry(a, x);
    const rows = CELLS[a.cell].gates * a.hidden;
    return {
      matrix: learned([directions, rows, features]),
      recurrent: learned([directions, rows, a.hidden]),
      ...(a.bias && { bias: learned([directions, 2 * rows]) }),
      ...(a.peepholes && { peepholes: learned([directions, 3 * a.hidden]) }),
    };
  },
  work(a, [x]) {
    const { n, steps, features, directions, along } = geometry(a, x);
    const { gates, operations } = CELLS[a.cell];
    const units = [factor('n', n), factor('steps', steps), factor('directions', directions), factor('hidden', a.hidden)];
    const all = [...units, factor('gates', gates)];
    const more: Term[] = [each(operations, units)];
    if (a.bias) more.push(each({ add: 2 }, all));
    if (a.peepholes && a.cell === 'lstm') more.push(each({ multiply: 3, add: 3 }, units));
    if (a.resetafter && a.cell === 'gru') more.push(each({ add: 1 }, units));
    return [
      macs([...all, factor('in', features)], along(gates * a.hidden)),
      macs([...all, factor('state', a.hidden)], along(a.hidden)),
      ...more,
    ];
  },
  window: () => 'apart',
  gradient: { none: 'the gradient through time is not derived yet' },
  run(a, [x, start, cell], { matrix, recurrent: states, bias, peepholes }, alu) {
    const { n, directions, along, state } = geometry(a, x.shape);
    const outputs = [alu.zeros(along(a.hidden)), alu.zeros(state), alu.zeros(state)] as const;
    const sources = { a, x: x.data, matrix: matrix as Tensor, recurrent: states as Tensor, bias, peepholes };
    for (let direction = 0; direction < directions; direction++)
      for (let image = 0; image < n; image++) runOne(sources, x.shape, direction, image, [start, cell], outputs, alu);
    return outputs.slice(0, 1 + CELLS[a.cell].states);
  },
});
