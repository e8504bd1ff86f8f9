import type { Alu } from '../../core/alu.ts';
import { placesOf } from '../../core/places.ts';
import type { Shape } from '../../core/shape.ts';
import { type Element, type Tensor, ZERO } from '../../core/tensor.ts';
import { sigmoidOf } from '../sigmoid.ts';
import { type After, CELLS, type CellName, throughSigmoid } from './cells.ts';
import type { GradientSum } from './gradient.ts';
import type { Weights } from './operator.ts';

/** How a recurrent layer is written. */
export interface Recurrence {
  readonly cell: CellName;
  readonly hidden: number;
  readonly layers: number;
  readonly projection?: number | undefined;
  readonly both: boolean;
  readonly bias: boolean;
  readonly peepholes: boolean;
  readonly resetafter: boolean;
  readonly batchfirst: boolean;
}

/** What one of the layers that stand on each other holds. */
export const ROLES = ['matrix', 'recurrent', 'bias', 'peepholes', 'projection'] as const;
export type Role = (typeof ROLES)[number];

/** The roles of the first layer have plain names, as there is mostly no other. */
export const roleIn = (layer: number, role: Role): string => (layer === 0 ? role : `layer${layer + 1} ${role}`);

/** One of the layers that stand on each other, with the input that it gets, or what it passes on. */
export interface Layer {
  readonly a: Recurrence;
  /** From 0. */
  readonly index: number;
  readonly n: number;
  readonly steps: number;
  readonly features: number;
  readonly directions: number;
  /** Features of the state that goes to the next step, and out. */
  readonly width: number;
}

/** All layers, from the shape of the input of the first. */
export function layersOf(a: Recurrence, [first, second, features]: Shape): readonly Layer[] {
  const [n, steps] = (a.batchfirst ? [first, second] : [second, first]) as [number, number];
  const [directions, width] = [a.both ? 2 : 1, a.projection ?? a.hidden];
  return Array.from({ length: a.layers }, (_, index) => {
    const own = index === 0 ? (features as number) : directions * width;
    return { a, index, n, steps, features: own, directions, width };
  });
}

/** The shape of what a layer has for each step and direction. */
export const alongSteps = ({ a, n, steps, directions }: Layer, features: number): Shape =>
  a.batchfirst ? [n, steps, directions, features] : [steps, directions, n, features];

/** What all layers keep of each direction: a state, or the memory of an LSTM. */
export const statesShape = ({ a, n, directions }: Layer, features: number): Shape =>
  a.batchfirst ? [n, a.layers * directions, features] : [a.layers * directions, n, features];

/** The input of the next layer: both directions as one vector. */
export function joined(layer: Layer, y: Tensor, alu: Alu): Tensor {
  const { a, n, steps, directions, width } = layer;
  if (a.batchfirst) return { shape: [n, steps, directions * width], data: y.data };
  const x = alu.zeros([steps, n, directions * width]);
  eachFeature(layer, (out, into) => {
    x.data[into] = y.data[out];
  });
  return x;
}

/** Gradients of that input, as the layer before gave it. */
export function parted(layer: Layer, g: Tensor, alu: Alu): Tensor {
  const shape = alongSteps(layer, layer.width);
  if (layer.a.batchfirst) return { shape, data: g.data };
  const y = alu.zeros(shape);
  eachFeature(layer, (out, into) => {
    y.data[out] = g.data[into];
  });
  return y;
}

/** With the steps first the batch is between the directions and their features. */
function eachFeature({ n, steps, directions, width }: Layer, visit: (out: number, into: number) => void): void {
  for (const [out, [step, direction, image, i]] of placesOf([steps, directions, n, width]).entries() as IterableIterator<
    [number, [number, number, number, number]]
  >)
    visit(out, ((step * n + image) * directions + direction) * width + i);
}

const RESET = 1;
const HIDDEN = 2;

/** One direction of a layer for one of the batch: where things are. */
interface Run {
  readonly layer: Layer;
  readonly direction: number;
  /** Which of all directions of all layers of the batch it is, in the states. */
  readonly place: number;
  /** The first feature of a step in the input, and the first of the state in the output. */
  from(step: number): number;
  out(step: number): number;
  /** The row of a unit of a gate in matrices. */
  row(gate: number, unit: number): number;
}

function runOf(layer: Layer, direction: number, image: number): Run {
  const { a, n, steps, features, directions, width, index } = layer;
  const rows = CELLS[a.cell].gates * a.hidden;
  const among = index * directions + direction;
  return {
    layer,
    direction,
    place: a.batchfirst ? image * a.layers * directions + among : among * n + image,
    from: (step) => (a.batchfirst ? image * steps + step : step * n + image) * features,
    out: (step) => (a.batchfirst ? (image * steps + step) * directions + direction : (step * directions + direction) * n + image) * width,
    row: (gate, unit) => direction * rows + gate * a.hidden + unit,
  };
}

/** All runs of a layer. */
const runsOf = (layer: Layer): Run[] =>
  (placesOf([layer.directions, layer.n]) as [number, number][]).map(([direction, image]) => runOf(layer, direction, image));

/** Part of a tensor of states: of one run. */
const partOf = (states: Tensor | undefined, place: number, features: number): Element[] =>
  Array.from({ length: features }, (_, i) => (states === undefined ? ZERO : states.data[place * features + i]));

function put(states: Tensor | undefined, place: number, elements: readonly Element[]): void {
  if (states !== undefined) for (const [i, element] of elements.entries()) states.data[place * elements.length + i] = element;
}

/** What a layer holds. */
type LayerWeights = { readonly [R in Role]: Tensor | undefined };

export const weightsOf = (weights: Weights, layer: number): LayerWeights =>
  Object.fromEntries(ROLES.map((role) => [role, weights[roleIn(layer, role)]])) as LayerWeights;

/** One step of a run: the new states of all units, and what goes on to the next step. */
function advance(run: Run, x: Tensor, weights: LayerWeights, step: number, h: readonly Element[], c: readonly Element[], alu: Alu) {
  const { layer, direction, row } = run;
  const { a, features, width } = layer;
  const { gates, next } = CELLS[a.cell];
  const [matrix, recurrent] = [weights.matrix as Tensor, weights.recurrent as Tensor];
  const { bias, peepholes, projection } = weights;
  const [from, rows] = [run.from(step), gates * a.hidden];
  const onInput = (sum: Element, gate: number, unit: number): Element => {
    let total = sum;
    for (let i = 0; i < features; i++) total = alu.multiplyAdd(total, x.data[from + i], matrix.data[row(gate, unit) * features + i]);
    return total;
  };
  const onState = (sum: Element, state: readonly Element[], gate: number, unit: number): Element => {
    let total = sum;
    for (let i = 0; i < width; i++) total = alu.multiplyAdd(total, state[i], recurrent.data[row(gate, unit) * width + i]);
    return total;
  };
  const biased = (sum: Element, part: 0 | 1, gate: number, unit: number): Element =>
    bias === undefined ? sum : alu.add(sum, bias.data[(direction * 2 + part) * rows + gate * a.hidden + unit]);
  const whole = (state: readonly Element[], gate: number, unit: number): Element =>
    biased(biased(onState(onInput(ZERO, gate, unit), state, gate, unit), 0, gate, unit), 1, gate, unit);
  const units = c.map((_, unit) => unit);
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
  const made = after.map((unit) => unit.h);
  const passed = projection === undefined ? made : projected(run, projection, made, alu);
  return { after, h: passed, c: after.map((unit) => unit.c), reset, inner };
}

/** What units give, times the matrix of the projection. */
function projected({ layer, direction }: Run, projection: Tensor, units: readonly Element[], alu: Alu): Element[] {
  const { a, width } = layer;
  return Array.from({ length: width }, (_, feature) => {
    let sum = ZERO;
    for (const [i, unit] of units.entries())
      sum = alu.multiplyAdd(sum, unit, projection.data[(direction * width + feature) * a.hidden + i]);
    return sum;
  });
}

/** A step as the forward pass left it. */
interface Done {
  readonly step: number;
  readonly before: { readonly h: readonly Element[]; readonly c: readonly Element[] };
  readonly after: readonly After[];
  /** What goes out, and on. */
  readonly h: readonly Element[];
  readonly c: readonly Element[];
  /** Of a GRU: the reset gate of each unit, and what it scales if it resets after the product. */
  readonly reset: readonly Element[];
  readonly inner: readonly Element[];
}

/** The steps of one run, in the order in which they are made. */
function stepsOf(run: Run, x: Tensor, [start, cell]: States, weights: LayerWeights, alu: Alu): Done[] {
  const { a, steps, width } = run.layer;
  let [h, c] = [partOf(start, run.place, width), partOf(cell, run.place, a.hidden)];
  return Array.from({ length: steps }, (_, i) => {
    const step = run.direction === 0 ? i : steps - 1 - i;
    const before = { h, c };
    const made = advance(run, x, weights, step, h, c, alu);
    [h, c] = [made.h, made.c];
    return { step, before, ...made };
  });
}

/** States of all layers, `[…, width]`, and memories, `[…, hidden]`; none are zeros. */
export type States = readonly [h: Tensor | undefined, c: Tensor | undefined];

/** All steps of one layer; writes its last states among those of all layers, and gives what goes out. */
export function runLayer(layer: Layer, x: Tensor, start: States, weights: LayerWeights, last: States, alu: Alu): Tensor {
  const y = alu.zeros(alongSteps(layer, layer.width));
  for (const run of runsOf(layer)) {
    const done = stepsOf(run, x, start, weights, alu);
    for (const { step, h } of done) for (const [i, element] of h.entries()) y.data[run.out(step) + i] = element;
    const end = done.at(-1) as Done;
    put(last[0], run.place, end.h);
    put(last[1], run.place, end.c);
  }
  return y;
}

/** The gradients of the sums that the gates of each unit get: the whole, and the part of the state before, which a GRU may scale. */
interface GateGradients {
  readonly whole: readonly Element[][];
  readonly state: readonly Element[][];
}

/** Adds what the sums of a gate give to the gradient of the state before. */
function stateBack({ layer, row }: Run, states: Tensor, gate: number, sums: readonly Element[][], into: Element[], alu: Alu): void {
  for (const [unit, own] of sums.entries())
    for (let i = 0; i < layer.width; i++) into[i] = alu.multiplyAdd(into[i], own[gate], states.data[row(gate, unit) * layer.width + i]);
}

/** The hidden gate of a GRU gets the state before through the reset gate: before the product or after it. */
function resetBack(run: Run, states: Tensor, done: Done, { whole, state }: GateGradients, toH: Element[], alu: Alu): void {
  const { before, reset, inner } = done;
  const through = (unit: number, gradient: Element): void => {
    const share = throughSigmoid(gradient, reset[unit], alu);
    (whole[unit] as Element[])[RESET] = share;
    (state[unit] as Element[])[RESET] = share;
  };
  if (run.layer.a.resetafter) {
    for (const [unit, own] of state.entries()) {
      const hidden = own[HIDDEN];
      own[HIDDEN] = alu.multiply(hidden, reset[unit]);
      through(unit, alu.multiply(hidden, inner[unit]));
    }
    stateBack(run, states, HIDDEN, state, toH, alu);
    return;
  }
  const scaled = toH.map((): Element => ZERO);
  stateBack(run, states, HIDDEN, state, scaled, alu);
  for (const [unit, gradient] of scaled.entries()) {
    through(unit, alu.multiply(gradient, before.h[unit]));
    toH[unit] = alu.add(toH[unit], alu.multiply(gradient, reset[unit]));
  }
}

export type WeightSums = { readonly [R in Role]: GradientSum };

/** What a layer is given to go back over its steps. */
export interface LayerPass {
  readonly x: Tensor;
  readonly start: States;
  readonly weights: LayerWeights;
  /** Of what goes out, and of the last states of all layers. */
  readonly gradient: Tensor;
  readonly last: States;
  /** Where the gradients go: of the input, of the weights, and of the states to start from of all layers. */
  readonly toX: GradientSum;
  readonly toWeights: WeightSums;
  readonly toStart: States;
}

/** Adds what the gates of one step give to the gradients of its input and of all weights. */
function gatesBack(run: Run, { x, weights, toX, toWeights: to }: LayerPass, done: Done, { whole, state }: GateGradients, kept: Alu): void {
  const { layer, row, direction } = run;
  const { a, features, width } = layer;
  const matrix = weights.matrix as Tensor;
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
    for (let i = 0; i < width; i++) to.recurrent.product(row(gate, unit) * width + i, ofState, seen[i]);
    for (const [part, gradient] of [sum, ofState].entries())
      to.bias.add((direction * 2 + part) * gates * a.hidden + gate * a.hidden + unit, gradient);
    // The output gate sees the cell after the step.
    const cell = gate === 1 ? done.after[unit]?.c : done.before.c[unit];
    if (gate < 3) to.peepholes.scaled((direction * 3 + gate) * a.hidden + unit, sum, cell);
  }
}

/** From the gradients of what goes out to those of what units gave. */
function unitsBack(run: Run, { weights, toWeights }: LayerPass, { after }: Done, toH: readonly Element[], alu: Alu): readonly Element[] {
  const { projection } = weights;
  const { a, width } = run.layer;
  if (projection === undefined) return toH;
  const units = after.map((): Element => ZERO);
  for (const [feature, i] of placesOf([width, a.hidden]) as [number, number][]) {
    const of = (run.direction * width + feature) * a.hidden + i;
    units[i] = alu.multiplyAdd(units[i], toH[feature], projection.data[of]);
    toWeights.projection.product(of, toH[feature], after[i]?.h);
  }
  return units;
}

/** Each unit of a step, from the gradients of its states, which come from the step after and from the output. */
function turnedBack(
  { layer, direction }: Run,
  weights: LayerWeights,
  done: Done,
  toH: readonly Element[],
  toC: readonly Element[],
  alu: Alu,
) {
  const { a } = layer;
  const { peepholes } = weights;
  return done.after.map((after, unit) => {
    const peep = (sum: Element, gate: number, gradient: Element): Element =>
      peepholes === undefined ? sum : alu.add(sum, alu.multiply(peepholes.data[(direction * 3 + gate) * a.hidden + unit], gradient));
    const [h, c] = [done.before.h[unit], done.before.c[unit]];
    return CELLS[a.cell].turn({ after, h, c, toH: toH[unit], toC: toC[unit], peep }, alu);
  });
}

/** The gradients of everything in one layer, from the last step back to the first. */
export function layerBack(layer: Layer, pass: LayerPass, alu: Alu, kept: Alu): void {
  const { a, width } = layer;
  const { x, start, weights, gradient, last, toStart } = pass;
  const states = weights.recurrent as Tensor;
  for (const run of runsOf(layer)) {
    let [toH, toC] = [partOf(last[0], run.place, width), partOf(last[1], run.place, a.hidden)];
    for (const done of stepsOf(run, x, start, weights, kept).toReversed()) {
      const out = run.out(done.step);
      const whole = toH.map((own, i) => alu.add(own, gradient.data[out + i]));
      const turned = turnedBack(run, weights, done, unitsBack(run, pass, done, whole, alu), toC, alu);
      const gates = { whole: turned.map((unit) => [...unit.sums]), state: turned.map((unit) => [...unit.sums]) };
      const before = whole.map((_, i) => turned[i]?.h ?? ZERO);
      if (a.cell === 'gru') resetBack(run, states, done, gates, before, alu);
      for (let gate = 0; gate < CELLS[a.cell].gates; gate++)
        if (gate !== HIDDEN || a.cell !== 'gru') stateBack(run, states, gate, gates.state, before, alu);
      gatesBack(run, pass, done, gates, kept);
      [toH, toC] = [before, turned.map((unit) => unit.c)];
    }
    put(toStart[0], run.place, toH);
    put(toStart[1], run.place, toC);
  }
}
