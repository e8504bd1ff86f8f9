import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import { placesOf } from '../core/places.ts';
import type { Shape } from '../core/shape.ts';
import { type Element, type Elements, ONE, type Tensor, ZERO } from '../core/tensor.ts';
import { each, type Factor, factor, macs, type Term } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { about, flag, oneOf, positive, withDefault } from './kit/attributes.ts';
import {
  type Alus,
  type GradientSum,
  type Gradients,
  inputSums,
  type Pass,
  savedInput,
  savedOutput,
  weightGradients,
  weightSum,
} from './kit/gradient.ts';
import { defineOperator, learned } from './kit/operator.ts';
import { asFarAs, type Extent, type Reach, reached } from './kit/reach.ts';
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
interface GateSums {
  /** The sum of a gate: of the input and of the state before, apart where the two are needed apart. */
  gate(index: number): Element;
  /** The state before, of the unit. */
  readonly h: Element;
  readonly c: Element;
  /** Adds a peephole on a state to a sum. */
  peep(sum: Element, index: number, state: Element): Element;
}

/** What one unit is after a step: its states, and what its gates gave, which the gradients are computed from. */
interface After {
  readonly h: Element;
  readonly c: Element;
  readonly gates: readonly Element[];
}

/** A unit of which the gradients of the states are known, and the states before. */
interface Turn {
  readonly after: After;
  readonly h: Element;
  readonly c: Element;
  readonly toH: Element;
  readonly toC: Element;
  /** Adds a gradient times a peephole. */
  peep(sum: Element, index: number, gradient: Element): Element;
}

interface Cell {
  readonly gates: number;
  readonly states: number;
  /** Operations per unit and step beside the products. */
  readonly operations: Term['each'];
  /** The states after. */
  next(step: GateSums, alu: Alu): After;
  /** Operations of its gradient per unit and step beside the products, without the reset of a GRU. */
  readonly back: Term['each'];
  /** Gradients of the sums that the gates get, and of the states before as far as they do not go through gates. */
  turn(turn: Turn, alu: Alu): { readonly sums: readonly Element[]; readonly h: Element; readonly c: Element };
}

/** The gradient through a sigmoid that gave a share. */
const throughSigmoid = (gradient: Element, share: Element, alu: Alu): Element =>
  alu.multiply(gradient, alu.multiply(share, alu.subtract(ONE, share)));

/** The gradient through tanh. */
const throughTanh = (gradient: Element, tanh: Element, alu: Alu): Element =>
  alu.multiply(gradient, alu.subtract(ONE, alu.multiply(tanh, tanh)));

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

/** As far as the input along its batch and its steps, for each direction and unit; and the last states. */
function reachOf({ cell, hidden, both, batchfirst }: Attributes, [first, second]: Shape): readonly Extent[] {
  const [n, steps, directions, units] = asFarAs([
    ...(batchfirst ? [first, second] : [second, first]),
    both ? 2 : 1,
    hidden,
  ] as number[]) as [Reach, Reach, Reach, Reach];
  const state = batchfirst ? [n, directions, units] : [directions, n, units];
  const all = batchfirst ? [n, steps, directions, units] : [steps, directions, n, units];
  return [all, ...new Array<Extent>(cell === 'lstm' ? 2 : 1).fill(state)];
}

interface Sources {
  readonly a: Attributes;
  readonly x: Elements;
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
  h: readonly Element[],
  c: readonly Element[],
  alu: Alu,
) {
  const { gates, next } = CELLS[a.cell];
  const rows = gates * a.hidden;
  const row = (gate: number, unit: number): number => direction * rows + gate * a.hidden + unit;
  const onInput = (sum: Element, gate: number, unit: number): Element => {
    let total = sum;
    for (let i = 0; i < features; i++) total = alu.multiplyAdd(total, x[from + i], matrix.data[row(gate, unit) * features + i]);
    return total;
  };
  const onState = (sum: Element, state: readonly Element[], gate: number, unit: number): Element => {
    let total = sum;
    for (let i = 0; i < a.hidden; i++) total = alu.multiplyAdd(total, state[i], recurrent.data[row(gate, unit) * a.hidden + i]);
    return total;
  };
  const biased = (sum: Element, part: 0 | 1, gate: number, unit: number): Element =>
    bias === undefined ? sum : alu.add(sum, bias.data[(direction * 2 + part) * rows + gate * a.hidden + unit]);
  const whole = (state: readonly Element[], gate: number, unit: number): Element =>
    biased(biased(onState(onInput(ZERO, gate, unit), state, gate, unit), 0, gate, unit), 1, gate, unit);
  const units = h.map((_, unit) => unit);
  const reset = a.cell === 'gru' ? units.map((unit) => sigmoidOf(whole(h, RESET, unit), alu)) : [];
  const kept = a.cell === 'gru' && !a.resetafter ? units.map((unit) => alu.multiply(reset[unit], h[unit])) : h;
  const hidden = (unit: number): Element => {
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
  const [outer, inner, features] = shape as [number, number, number];
  const [n, steps] = a.batchfirst ? [outer, inner] : [inner, outer];
  const directions = a.both ? 2 : 1;
  const at = (a.batchfirst ? image * directions + direction : direction * n + image) * a.hidden;
  const first = (from: Tensor | undefined): Element[] =>
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

/** Where things are for one direction of one of the batch. */
interface Run {
  readonly a: Attributes;
  readonly direction: number;
  readonly features: number;
  /** The first unit of the states to start from, and of the last. */
  readonly at: number;
  /** The first feature of a step in the input, and the first unit in the output. */
  from(step: number): number;
  out(step: number): number;
  /** The row of a unit of a gate in matrices. */
  row(gate: number, unit: number): number;
}

function runOf(a: Attributes, x: Shape, direction: number, image: number): Run {
  const { n, steps, features, directions } = geometry(a, x);
  const rows = CELLS[a.cell].gates * a.hidden;
  return {
    a,
    direction,
    features,
    at: (a.batchfirst ? image * directions + direction : direction * n + image) * a.hidden,
    from: (step) => (a.batchfirst ? image * steps + step : step * n + image) * features,
    out: (step) =>
      (a.batchfirst ? (image * steps + step) * directions + direction : (step * directions + direction) * n + image) * a.hidden,
    row: (gate, unit) => direction * rows + gate * a.hidden + unit,
  };
}

/** A step as the forward pass left it. */
interface Done {
  readonly step: number;
  readonly before: { readonly h: readonly Element[]; readonly c: readonly Element[] };
  readonly after: readonly After[];
  /** Of a GRU: the reset gate of each unit, and what it scales if it resets after the product. */
  readonly reset: readonly Element[];
  readonly inner: readonly Element[];
}

/** The gradients of the sums that the gates of each unit get: the whole, and the part of the state before, which a GRU may scale. */
interface GateGradients {
  readonly whole: readonly Element[][];
  readonly state: readonly Element[][];
}

type Row = (gate: number, unit: number) => number;

/** Adds what the sums of a gate give to the gradient of the state before. */
function stateBack(a: Attributes, states: Tensor, row: Row, gate: number, sums: readonly Element[][], into: Element[], alu: Alu): void {
  for (const [unit, own] of sums.entries())
    for (let i = 0; i < a.hidden; i++) into[i] = alu.multiplyAdd(into[i], own[gate], states.data[row(gate, unit) * a.hidden + i]);
}

/** The hidden gate of a GRU gets the state before through the reset gate: before the product or after it. */
function resetBack({ a, row }: Run, states: Tensor, done: Done, { whole, state }: GateGradients, toH: Element[], alu: Alu): void {
  const { before, reset, inner } = done;
  const through = (unit: number, gradient: Element): void => {
    const share = throughSigmoid(gradient, reset[unit], alu);
    (whole[unit] as Element[])[RESET] = share;
    (state[unit] as Element[])[RESET] = share;
  };
  if (a.resetafter) {
    for (const [unit, own] of state.entries()) {
      const hidden = own[HIDDEN];
      own[HIDDEN] = alu.multiply(hidden, reset[unit]);
      through(unit, alu.multiply(hidden, inner[unit]));
    }
    stateBack(a, states, row, HIDDEN, state, toH, alu);
    return;
  }
  const scaled = toH.map((): Element => ZERO);
  stateBack(a, states, row, HIDDEN, state, scaled, alu);
  for (const [unit, gradient] of scaled.entries()) {
    through(unit, alu.multiply(gradient, before.h[unit]));
    toH[unit] = alu.add(toH[unit], alu.multiply(gradient, reset[unit]));
  }
}

type WeightSums = Readonly<Record<'matrix' | 'recurrent' | 'bias' | 'peepholes', GradientSum>>;

/** Adds what the gates of one step give to the gradients of its input and of all weights. */
function gatesBack(run: Run, pass: Pass, done: Done, { whole, state }: GateGradients, toX: GradientSum, to: WeightSums, kept: Alu): void {
  const { a, features, row, direction } = run;
  const [x, matrix] = [pass.inputs[0], pass.weights.matrix] as [Tensor, Tensor];
  const { gates } = CELLS[a.cell];
  const from = run.from(done.step);
  // The hidden gate of a GRU may see the state after it was reset.
  const reset = a.cell === 'gru' && !a.resetafter ? done.before.h.map((h, i) => kept.multiply(done.reset[i], h)) : done.before.h;
  for (const [unit, gate] of placesOf([a.hidden, gates]) as [number, number][]) {
    const [sum, ofState] = [whole[unit]?.[gate], state[unit]?.[gate]];
    for (let i = 0; i < features; i++) {
      const of = row(gate, unit) * features + i;
      toX.product(from + i, sum, matrix.data[of]);
      to.matrix.product(of, sum, x.data[from + i]);
    }
    const seen = gate === HIDDEN ? reset : done.before.h;
    for (let i = 0; i < a.hidden; i++) to.recurrent.product(row(gate, unit) * a.hidden + i, ofState, seen[i]);
    for (const [part, gradient] of [sum, ofState].entries())
      to.bias.add((direction * 2 + part) * gates * a.hidden + gate * a.hidden + unit, gradient);
    // The output gate sees the cell after the step.
    const cell = gate === 1 ? done.after[unit]?.c : done.before.c[unit];
    if (gate < 3) to.peepholes.scaled((direction * 3 + gate) * a.hidden + unit, sum, cell);
  }
}

/** The gradients of everything, from the last step back to the first. */
function throughTime(a: Attributes, pass: Pass, { inputs: alu, weights: own, kept }: Alus): Gradients {
  const { inputs, weights } = pass;
  const [x] = inputs as [Tensor];
  const { n, directions } = geometry(a, x.shape);
  const to = inputSums(pass, alu);
  const sums = {
    matrix: weightSum(pass, 'matrix', own),
    recurrent: weightSum(pass, 'recurrent', own),
    bias: weightSum(pass, 'bias', own),
    peepholes: weightSum(pass, 'peepholes', own),
  };
  for (const [direction, image] of placesOf([directions, n]) as [number, number][]) {
    const run = runOf(a, x.shape, direction, image);
    const first = (from: Tensor | undefined): Element[] =>
      Array.from({ length: a.hidden }, (_, unit) => (from === undefined ? ZERO : from.data[run.at + unit]));
    let [toH, toC] = [first(pass.gradients[1]), first(pass.gradients[2])];
    for (const done of stepsOf(run, pass, first, kept).toReversed()) {
      const turned = turnedBack(run, pass, done, toH, toC, alu);
      const gates = { whole: turned.map((unit) => [...unit.sums]), state: turned.map((unit) => [...unit.sums]) };
      const before = turned.map((unit) => unit.h);
      const states = weights.recurrent as Tensor;
      if (a.cell === 'gru') resetBack(run, states, done, gates, before, alu);
      for (let gate = 0; gate < CELLS[a.cell].gates; gate++)
        if (gate !== HIDDEN || a.cell !== 'gru') stateBack(a, states, run.row, gate, gates.state, before, alu);
      gatesBack(run, pass, done, gates, to[0] as GradientSum, sums, kept);
      [toH, toC] = [before, turned.map((unit) => unit.c)];
    }
    put(to[1], run.at, toH);
    put(to[2], run.at, toC);
  }
  return { inputs: to.map(({ tensor }) => tensor), weights: weightGradients(sums) };
}

/** Writes the gradients of a state to start from, if it is asked for. */
function put(to: GradientSum | undefined, at: number, gradients: readonly Element[]): void {
  if (to?.tensor !== undefined) for (const [unit, gradient] of gradients.entries()) to.tensor.data[at + unit] = gradient;
}

/** Each unit of a step, from the gradients of its states, which come from the step after and from the output. */
function turnedBack(
  { a, direction, out }: Run,
  { weights, gradients }: Pass,
  done: Done,
  toH: readonly Element[],
  toC: readonly Element[],
  alu: Alu,
) {
  const { peepholes } = weights;
  return done.after.map((after, unit) => {
    const peep = (sum: Element, gate: number, gradient: Element): Element =>
      peepholes === undefined ? sum : alu.add(sum, alu.multiply(peepholes.data[(direction * 3 + gate) * a.hidden + unit], gradient));
    const whole = alu.add(toH[unit], gradients[0]?.data[out(done.step) + unit]);
    const [h, c] = [done.before.h[unit], done.before.c[unit]];
    return CELLS[a.cell].turn({ after, h, c, toH: whole, toC: toC[unit], peep }, alu);
  });
}

/** The steps of one run, forward. */
function stepsOf(run: Run, { inputs, weights }: Pass, first: (from: Tensor | undefined) => Element[], alu: Alu): Done[] {
  const { a, direction, features } = run;
  const [x, start, cell] = inputs as [Tensor, Tensor | undefined, Tensor | undefined];
  const { steps } = geometry(a, x.shape);
  const { matrix, recurrent: states, bias, peepholes } = weights;
  const sources = { a, x: x.data, matrix: matrix as Tensor, recurrent: states as Tensor, bias, peepholes };
  let [h, c] = [first(start), first(cell)];
  return Array.from({ length: steps }, (_, i) => {
    const step = direction === 0 ? i : steps - 1 - i;
    const before = { h, c };
    const made = advance(sources, direction, run.from(step), features, h, c, alu);
    [h, c] = [made.after.map((unit) => unit.h), made.after.map((unit) => unit.c)];
    return { step, before, ...made };
  });
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
  reach: (a, [x]) => reachOf(a, x),
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
    const [all, state] = reachOf(a, x.shape).map(reached) as [Shape, Shape];
    const outputs = [alu.zeros(all), alu.zeros(state), alu.zeros(state)] as const;
    const [n, directions] = a.batchfirst ? [all[0], all[2]] : [all[2], all[1]];
    const sources = { a, x: x.data, matrix: matrix as Tensor, recurrent: states as Tensor, bias, peepholes };
    for (let direction = 0; direction < (directions as number); direction++)
      for (let image = 0; image < (n as number); image++) runOne(sources, x.shape, direction, image, [start, cell], outputs, alu);
    return outputs.slice(0, 1 + CELLS[a.cell].states);
  },
});
