import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import { placesOf } from '../core/places.ts';
import type { Shape } from '../core/shape.ts';
import { ONE, type Tensor, type Value, type Values, ZERO } from '../core/tensor.ts';
import { each, type Factor, factor, macs, type Term } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { about, flag, oneOf, positive, withDefault } from './kit/attributes.ts';
import { type Alus, type Gradients, type Pass, savedInput, savedOutput } from './kit/gradient.ts';
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

/** What one unit is after a step: its states, and what its gates gave, which the gradients are computed from. */
interface After {
  readonly h: Value;
  readonly c: Value;
  readonly gates: readonly Value[];
}

/** A unit of which the gradients of the states are known, and the states before. */
interface Turn {
  readonly after: After;
  readonly h: Value;
  readonly c: Value;
  readonly toH: Value;
  readonly toC: Value;
  /** Adds a gradient times a peephole. */
  peep(sum: Value, index: number, gradient: Value): Value;
}

interface Cell {
  readonly gates: number;
  readonly states: number;
  /** Operations per unit and step beside the products. */
  readonly operations: Term['each'];
  /** The states after. */
  next(step: Step, alu: Alu): After;
  /** Operations of its gradient per unit and step beside the products, without the reset of a GRU. */
  readonly back: Term['each'];
  /** Gradients of the sums that the gates get, and of the states before as far as they do not go through gates. */
  turn(turn: Turn, alu: Alu): { readonly sums: readonly Value[]; readonly h: Value; readonly c: Value };
}

/** The gradient through a sigmoid that gave a share. */
const throughSigmoid = (gradient: Value, share: Value, alu: Alu): Value =>
  alu.multiply(gradient, alu.multiply(share, alu.subtract(ONE, share)));

/** The gradient through tanh. */
const throughTanh = (gradient: Value, tanh: Value, alu: Alu): Value => alu.multiply(gradient, alu.subtract(ONE, alu.multiply(tanh, tanh)));

/** The gates, in the order of ONNX: input, output, forget, cell; update, reset, hidden. */
const CELLS: Readonly<Record<Attributes['cell'], Cell>> = {
  lstm: {
    gates: 4,
    states: 2,
    operations: { multiply: 3, add: 4, subtract: 3, divide: 3, exp: 3, tanh: 2 },
    next({ gate, c, peep }, alu) {
      const input = sigmoidOf(peep(gate(0), 0, c), alu);
      const forget = sigmoidOf(peep(gate(2), 2, c), alu);
      const candidate = alu.tanh(gate(3));
      const cell = alu.add(alu.multiply(forget, c), alu.multiply(input, candidate));
      const output = sigmoidOf(peep(gate(1), 1, cell), alu);
      const bounded = alu.tanh(cell);
      return { h: alu.multiply(output, bounded), c: cell, gates: [input, output, forget, candidate, bounded] };
    },
    back: { multiply: 16, add: 1, subtract: 5 },
    turn({ after, c, toH, toC, peep }, alu) {
      const [input, output, forget, candidate, bounded] = after.gates;
      const toOutput = throughSigmoid(alu.multiply(toH, bounded), output, alu);
      const cell = peep(alu.add(toC, throughTanh(alu.multiply(toH, output), bounded, alu)), 1, toOutput);
      const toForget = throughSigmoid(alu.multiply(cell, c), forget, alu);
      const toInput = throughSigmoid(alu.multiply(cell, candidate), input, alu);
      const toCandidate = throughTanh(alu.multiply(cell, input), candidate, alu);
      const before = peep(peep(alu.multiply(cell, forget), 0, toInput), 2, toForget);
      return { sums: [toInput, toOutput, toForget, toCandidate], h: ZERO, c: before };
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
      const after = alu.add(alu.multiply(alu.subtract(ONE, update), hidden), alu.multiply(update, h));
      return { h: after, c: ZERO, gates: [update, hidden] };
    },
    back: { multiply: 7, subtract: 4 },
    // The reset gate is between the sum of the hidden gate and the state before.
    turn({ after, h, toH }, alu) {
      const [update, hidden] = after.gates;
      const toUpdate = throughSigmoid(alu.multiply(toH, alu.subtract(h, hidden)), update, alu);
      const toHidden = throughTanh(alu.multiply(toH, alu.subtract(ONE, update)), hidden, alu);
      return { sums: [toUpdate, ZERO, toHidden], h: alu.multiply(toH, update), c: ZERO };
    },
  },
  rnn: {
    gates: 1,
    states: 1,
    operations: { tanh: 1 },
    next({ gate }, alu) {
      const h = alu.tanh(gate(0));
      return { h, c: ZERO, gates: [h] };
    },
    back: { multiply: 2, subtract: 1 },
    turn: ({ after, toH }, alu) => ({ sums: [throughTanh(toH, after.h, alu)], h: ZERO, c: ZERO }),
  },
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
    const scaled = alu.multiply(reset[unit], inner[unit]);
    return alu.add(biased(onInput(ZERO, HIDDEN, unit), 0, HIDDEN, unit), scaled);
  };
  const inner = a.resetafter ? units.map((unit) => biased(onState(ZERO, h, HIDDEN, unit), 1, HIDDEN, unit)) : [];
  const after = units.map((unit) =>
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
  return { after, reset, inner };
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
    const { after } = advance(sources, direction, from, features, h, c, alu);
    [h, c] = [after.map((unit) => unit.h), after.map((unit) => unit.c)];
    const to = (a.batchfirst ? (image * steps + step) * directions + direction : (step * directions + direction) * n + image) * a.hidden;
    for (const [unit, element] of h.entries()) y.data[to + unit] = element;
  }
  for (const [unit, element] of h.entries()) lastH.data[at + unit] = element;
  for (const [unit, element] of c.entries()) lastC.data[at + unit] = element;
}

/** The products of inputs, and those of states, with the matrices of all gates. */
function productsBack(a: Attributes, x: Shape): [onInput: readonly Factor[], onState: readonly Factor[]] {
  const { n, steps, features, directions } = geometry(a, x);
  const all = [factor('n', n), factor('steps', steps), factor('directions', directions), factor('hidden', a.hidden)];
  const gates = factor('gates', CELLS[a.cell].gates);
  return [
    [...all, gates, factor('in', features)],
    [...all, gates, factor('state', a.hidden)],
  ];
}

/** The gradients of everything, from the last step back to the first. */
function throughTime(a: Attributes, pass: Pass, { inputs: alu, weights: own, kept }: Alus): Gradients {
  const { inputs, weights, needs, gradients } = pass;
  const [x, start, cell] = inputs as [Tensor, Tensor | undefined, Tensor | undefined];
  const { n, steps, features, directions } = geometry(a, x.shape);
  const { gates, turn } = CELLS[a.cell];
  const rows = gates * a.hidden;
  const {
    matrix,
    recurrent: states,
    bias,
    peepholes,
  } = weights as { readonly [R in 'matrix' | 'recurrent' | 'bias' | 'peepholes']: Tensor };
  const to = inputs.map(({ shape }, index) => (needs.inputs[index] === true ? alu.zeros(shape) : undefined));
  const toWeights = Object.fromEntries(
    Object.entries(weights).flatMap(([role, { shape }]) => (needs.weights[role] === true ? [[role, own.zeros(shape)] as const] : [])),
  );
  const units = Array.from({ length: a.hidden }, (_, unit) => unit);
  const sources = { a, x: x.data, matrix, recurrent: states, bias, peepholes };

  for (const [direction, image] of placesOf([directions, n]) as [number, number][]) {
    const at = (a.batchfirst ? image * directions + direction : direction * n + image) * a.hidden;
    const first = (from: Tensor | undefined): Value[] => units.map((unit) => (from === undefined ? ZERO : from.data[at + unit]));
    const fromOf = (step: number): number => (a.batchfirst ? image * steps + step : step * n + image) * features;
    const outOf = (step: number): number =>
      (a.batchfirst ? (image * steps + step) * directions + direction : (step * directions + direction) * n + image) * a.hidden;
    const order = Array.from({ length: steps }, (_, i) => (direction === 0 ? i : steps - 1 - i));
    let [h, c] = [first(start), first(cell)];
    const done = order.map((step) => {
      const before = { h, c };
      const made = advance(sources, direction, fromOf(step), features, h, c, kept);
      [h, c] = [made.after.map((unit) => unit.h), made.after.map((unit) => unit.c)];
      return { step, before, ...made };
    });
    let [toH, toC] = [first(gradients[1]), first(gradients[2])];
    for (const { step, before, after, reset, inner } of done.toReversed()) {
      const peep = (sum: Value, gate: number, unit: number, gradient: Value): Value =>
        a.peepholes ? alu.add(sum, alu.multiply(peepholes.data[(direction * 3 + gate) * a.hidden + unit], gradient)) : sum;
      const turned = units.map((unit) =>
        turn(
          {
            after: after[unit] as After,
            h: before.h[unit],
            c: before.c[unit],
            toH: alu.add(toH[unit], gradients[0]?.data[outOf(step) + unit]),
            toC: toC[unit],
            peep: (sum, gate, gradient) => peep(sum, gate, unit, gradient),
          },
          alu,
        ),
      );
      const row = (gate: number, unit: number): number => direction * rows + gate * a.hidden + unit;
      const sums = turned.map((unit) => [...unit.sums]);
      // The gradient of what each gate gets from the state before: that of its whole sum, but for a hidden gate that is reset after.
      const stateSums = sums.map((all) => [...all]);
      const before0 = turned.map((unit) => unit.h);
      const back = (gate: number, into: Value[]): void => {
        for (const unit of units)
          for (const i of units)
            into[i] = alu.multiplyAdd(into[i], (stateSums[unit] as Value[])[gate], states.data[row(gate, unit) * a.hidden + i]);
      };
      if (a.cell === 'gru') {
        const toReset = units.map((unit) => {
          const hidden = (sums[unit] as Value[])[HIDDEN];
          if (!a.resetafter) return ZERO;
          (stateSums[unit] as Value[])[HIDDEN] = alu.multiply(hidden, reset[unit]);
          return alu.multiply(hidden, inner[unit]);
        });
        const scaled = units.map((): Value => ZERO);
        back(HIDDEN, a.resetafter ? before0 : scaled);
        for (const unit of units) {
          if (!a.resetafter) {
            toReset[unit] = alu.multiply(scaled[unit], before.h[unit]);
            before0[unit] = alu.add(before0[unit], alu.multiply(scaled[unit], reset[unit]));
          }
          const gradient = throughSigmoid(toReset[unit], reset[unit], alu);
          (sums[unit] as Value[])[RESET] = gradient;
          (stateSums[unit] as Value[])[RESET] = gradient;
        }
      }
      for (let gate = 0; gate < gates; gate++) if (!(a.cell === 'gru' && gate === HIDDEN)) back(gate, before0);
      const stateOf = (gate: number, i: number): Value =>
        a.cell === 'gru' && gate === HIDDEN && !a.resetafter ? kept.multiply(reset[i], before.h[i]) : before.h[i];
      const from = fromOf(step);
      for (const unit of units)
        for (let gate = 0; gate < gates; gate++) {
          const [whole, state] = [(sums[unit] as Value[])[gate], (stateSums[unit] as Value[])[gate]];
          for (let i = 0; i < features; i++) {
            const of = row(gate, unit) * features + i;
            const [toX] = to;
            if (toX !== undefined) toX.data[from + i] = alu.multiplyAdd(toX.data[from + i], whole, matrix.data[of]);
            const toMatrix = toWeights.matrix;
            if (toMatrix !== undefined) toMatrix.data[of] = own.multiplyAdd(toMatrix.data[of], whole, x.data[from + i]);
          }
          const toStates = toWeights.recurrent;
          if (toStates !== undefined)
            for (const i of units) {
              const of = row(gate, unit) * a.hidden + i;
              toStates.data[of] = own.multiplyAdd(toStates.data[of], state, stateOf(gate, i));
            }
          const toBias = toWeights.bias;
          if (toBias !== undefined)
            for (const [part, gradient] of [whole, state].entries()) {
              const of = (direction * 2 + part) * rows + gate * a.hidden + unit;
              toBias.data[of] = own.add(toBias.data[of], gradient);
            }
          const toPeepholes = toWeights.peepholes;
          if (toPeepholes !== undefined && gate < 3) {
            const of = (direction * 3 + gate) * a.hidden + unit;
            const seen = gate === 1 ? (after[unit] as After).c : before.c[unit];
            toPeepholes.data[of] = own.add(toPeepholes.data[of], own.multiply(whole, seen));
          }
        }
      [toH, toC] = [before0, turned.map((unit) => unit.c)];
    }
    for (const [index, last] of [toH, toC].entries())
      for (const unit of units) {
        const into = to[index + 1];
        if (into !== undefined) into.data[at + unit] = last[unit];
      }
  }
  return { inputs: to, weights: toWeights };
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
  gradient: {
    saves: (a, [x]) => {
      const { along } = geometry(a, x as Shape);
      return [savedInput(0), savedOutput(), { what: 'between', shape: along((CELLS[a.cell].gates + 1) * a.hidden), type: 'element' }];
    },
    inputs(a, inputs) {
      const [onInput] = productsBack(a, inputs[0] as Shape);
      return inputs.map((input, index) => (index === 0 ? [macs(onInput, input)] : []));
    },
    weights(a, [x]) {
      const { n, steps, features, directions } = geometry(a, x as Shape);
      const [onInput, onState] = productsBack(a, x as Shape);
      const rows = CELLS[a.cell].gates * a.hidden;
      const units = [factor('n', n), factor('steps', steps), factor('directions', directions), factor('hidden', a.hidden)];
      return {
        matrix: [macs(onInput, [directions, rows, features])],
        recurrent: [macs(onState, [directions, rows, a.hidden])],
        ...(a.bias && { bias: [each({ add: 2 }, [...units, factor('gates', CELLS[a.cell].gates)])] }),
        ...(a.peepholes && { peepholes: [each({ multiply: 3, add: 3 }, units)] }),
      };
    },
    /** From step to step back: the gradients of states, and of the sums that gates get. */
    between(a, [x]) {
      const { n, steps, directions, along } = geometry(a, x as Shape);
      const [, onState] = productsBack(a, x as Shape);
      const units = [factor('n', n), factor('steps', steps), factor('directions', directions), factor('hidden', a.hidden)];
      const more: Term[] = [each({ add: 1 }, units), each(CELLS[a.cell].back, units)];
      if (a.cell === 'gru') more.push(each({ multiply: 4, subtract: 1, ...(!a.resetafter && { add: 1 }) }, units));
      if (a.peepholes) more.push(each({ multiply: 3, add: 3 }, units));
      return [macs(onState, along(a.hidden)), ...more];
    },
    run: throughTime,
  },
  run(a, [x, start, cell], { matrix, recurrent: states, bias, peepholes }, alu) {
    const { n, directions, along, state } = geometry(a, x.shape);
    const outputs = [alu.zeros(along(a.hidden)), alu.zeros(state), alu.zeros(state)] as const;
    const sources = { a, x: x.data, matrix: matrix as Tensor, recurrent: states as Tensor, bias, peepholes };
    for (let direction = 0; direction < directions; direction++)
      for (let image = 0; image < n; image++) runOne(sources, x.shape, direction, image, [start, cell], outputs, alu);
    return outputs.slice(0, 1 + CELLS[a.cell].states);
  },
});
