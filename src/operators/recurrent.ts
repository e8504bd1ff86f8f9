import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import { type Shape, sameShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { each, type Factor, factor, macs, type Term, type Work } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { about, flag, oneOf, optional, parts, positive, withDefault } from './kit/attributes.ts';
import { CELL_NAMES, CELLS } from './kit/cells.ts';
import {
  type Alus,
  GradientSum,
  type Gradients,
  inputSums,
  type Pass,
  type Saved,
  savedInput,
  savedOutput,
  weightGradients,
  weightSum,
} from './kit/gradient.ts';
import { defineOperator, learned, type WeightShapes } from './kit/operator.ts';
import { type Extent, reached, upTo } from './kit/reach.ts';
import {
  alongSteps,
  joined,
  type Layer,
  layerBack,
  layersOf,
  parted,
  ROLES,
  type Role,
  roleIn,
  runLayer,
  type States,
  statesShape,
  type WeightSums,
  weightsOf,
} from './kit/recurrence.ts';

const attributes = z.strictObject({
  cell: about(oneOf(...CELL_NAMES), 'Kind of cell.'),
  hidden: about(positive, 'Features of the state.'),
  layers: about(
    withDefault(parts, 1),
    'How many stand on each other: each gets all states of the one before, both directions as one vector.',
  ),
  projection: about(optional(positive), 'Features that an LSTM projects its output to, in each step, before it goes out and on.'),
  both: about(withDefault(flag, false), 'Whether it runs backwards too: two directions.'),
  bias: about(withDefault(flag, true), 'Whether each gate adds two learned biases.'),
  peepholes: about(withDefault(flag, false), 'Whether the gates of an LSTM see its cell state.'),
  resetafter: about(withDefault(flag, false), 'Whether a GRU resets the state after its product with the matrix, not before.'),
  batchfirst: about(withDefault(flag, true), 'Whether the batch comes before the steps.'),
});

type Attributes = z.infer<typeof attributes>;

/** Checks the inputs, and gives the layers. */
function geometry(a: Attributes, [x, start, cell]: readonly (Shape | undefined)[]): readonly Layer[] {
  if (x?.length !== 3) throw fail('WRONG_RANK', { operator: 'recurrent', expected: 'a batch, steps and features', shape: x as Shape });
  for (const [attribute, name] of [
    ['peepholes', 'lstm'],
    ['projection', 'lstm'],
    ['resetafter', 'gru'],
  ] as const)
    if (a[attribute] && a.cell !== name)
      throw fail('CONTRADICTION', { message: `Only a ${name} has "${attribute}". Leave it out` }, attribute);
  const layers = layersOf(a, x);
  const [first] = layers as [Layer];
  const wanted = [statesShape(first, first.width), statesShape(first, a.hidden)] as const;
  for (const [index, state] of [start, a.cell === 'lstm' ? cell : undefined].entries())
    if (state !== undefined && !sameShape(state, wanted[index] as Shape)) {
      const rule = `${index === 0 ? 'states' : 'cell states'} to start from must be ${(wanted[index] as Shape).join('×')}`;
      throw fail('SHAPES_DO_NOT_FIT', { operator: 'recurrent', rule, shapes: [x, state] });
    }
  return layers;
}

/** As far as the input along its batch and its steps, for each direction and feature; and the last states of each layer. */
function reachOf(a: Attributes, [first, second]: Shape): readonly Extent[] {
  const [n, steps] = (a.batchfirst ? [first, second] : [second, first]).map((size) => upTo(size as number)) as [Extent[0], Extent[0]];
  const [directions, width] = [a.both ? 2 : 1, upTo(a.projection ?? a.hidden)];
  const runs: Extent[0] = (place) => Math.floor(place / directions) < a.layers;
  const state = (features: Extent[0]): Extent => (a.batchfirst ? [n, runs, features] : [runs, n, features]);
  const all = a.batchfirst ? [n, steps, upTo(directions), width] : [steps, upTo(directions), n, width];
  return [all, state(width), ...(a.cell === 'lstm' ? [state(upTo(a.hidden))] : [])];
}

/** Factors of one layer: its units in each step and direction, and the products of all its parts. */
function factorsOf({ a, n, steps, directions, features, width }: Layer) {
  const runs = [factor('n', n), factor('steps', steps), factor('directions', directions)];
  const [units, gates] = [[...runs, factor('hidden', a.hidden)], factor('gates', CELLS[a.cell].gates)];
  return {
    outputs: [...runs, factor('width', width)],
    units,
    gates: [...units, gates],
    onInput: [...units, gates, factor('in', features)],
    onState: [...units, gates, factor('state', width)],
    projection: [...units, factor('projection', width)],
  } satisfies Record<string, readonly Factor[]>;
}

/** What each layer holds. */
function weightShapes({ a, features, directions, width }: Layer): { readonly [R in Role]?: Shape } {
  const rows = CELLS[a.cell].gates * a.hidden;
  return {
    matrix: [directions, rows, features],
    recurrent: [directions, rows, width],
    ...(a.bias && { bias: [directions, 2 * rows] }),
    ...(a.peepholes && { peepholes: [directions, 3 * a.hidden] }),
    ...(a.projection !== undefined && { projection: [directions, width, a.hidden] }),
  };
}

function workOf(layer: Layer): Work {
  const { a, width } = layer;
  const { gates, operations } = CELLS[a.cell];
  const factors = factorsOf(layer);
  const more: Term[] = [each(operations, factors.units)];
  if (a.bias) more.push(each({ add: 2 }, factors.gates));
  if (a.peepholes) more.push(each({ multiply: 3, add: 3 }, factors.units));
  if (a.resetafter) more.push(each({ add: 1 }, factors.units));
  return [
    macs(factors.onInput, alongSteps(layer, gates * a.hidden)),
    macs(factors.onState, alongSteps(layer, a.hidden)),
    ...(a.projection === undefined ? [] : [macs(factors.projection, alongSteps(layer, width))]),
    ...more,
  ];
}

/** The gradients of states, and of the sums that gates get, from step to step back; and of what goes from a layer to the next. */
function workBack(layer: Layer): Work {
  const { a, index, width, features, directions } = layer;
  const factors = factorsOf(layer);
  const more: Term[] = [each({ add: 1 }, factors.outputs), each(CELLS[a.cell].back, factors.units)];
  if (a.cell === 'gru') more.push(each({ multiply: 4, subtract: 1, ...(!a.resetafter && { add: 1 }) }, factors.units));
  if (a.peepholes) more.push(each({ multiply: 3, add: 3 }, factors.units));
  return [
    ...(a.projection === undefined ? [] : [macs(factors.projection, alongSteps(layer, a.hidden))]),
    macs(factors.onState, alongSteps(layer, width)),
    ...(index === 0 ? [] : [macs(factors.onInput, alongSteps(layer, features / directions))]),
    ...more,
  ];
}

function weightWorkBack(layer: Layer): { readonly [R in Role]?: Work } {
  const [factors, shapes] = [factorsOf(layer), weightShapes(layer)];
  return {
    matrix: [macs(factors.onInput, shapes.matrix as Shape)],
    recurrent: [macs(factors.onState, shapes.recurrent as Shape)],
    ...(shapes.bias && { bias: [each({ add: 2 }, factors.gates)] }),
    ...(shapes.peepholes && { peepholes: [each({ multiply: 3, add: 3 }, factors.units)] }),
    ...(shapes.projection && { projection: [macs(factors.projection, shapes.projection)] }),
  };
}

/** What each layer keeps for its gradient: what its gates gave, and what it passes on. */
function savedBy(layer: Layer): Saved[] {
  const { a, width, index } = layer;
  const between = (features: number): Saved => ({ what: 'between', shape: alongSteps(layer, features), type: 'element' });
  return [
    between((CELLS[a.cell].gates + 1) * a.hidden),
    ...(a.projection === undefined ? [] : [between(a.hidden)]),
    ...(index === a.layers - 1 ? [] : [between(width)]),
  ];
}

/** Of all layers, by role. */
const byRole = <T>(layers: readonly Layer[], of: (layer: Layer) => { readonly [R in Role]?: T }): Readonly<Record<string, T>> =>
  Object.fromEntries(
    layers.flatMap((layer) => Object.entries(of(layer)).map(([role, value]) => [roleIn(layer.index, role as Role), value as T])),
  );

/** What each layer gets, and what the last one gives. */
function flowOf(layers: readonly Layer[], [x, start, cell]: readonly Tensor[], weights: Pass['weights'], last: States, alu: Alu) {
  const inputs: Tensor[] = [];
  let [input, output] = [x as Tensor, x as Tensor];
  for (const layer of layers) {
    inputs.push(input);
    output = runLayer(layer, input, [start, cell], weightsOf(weights, layer.index), last, alu);
    if (layer.index < layers.length - 1) input = joined(layer, output, alu);
  }
  return { inputs, output };
}

/** The gradients of everything, from the last layer back to the first. */
function throughLayers(a: Attributes, pass: Pass, { inputs: alu, weights: own, kept }: Alus): Gradients {
  const { inputs, weights, gradients } = pass;
  const [x, start, cell] = inputs as [Tensor, ...Tensor[]];
  const layers = layersOf(a, x.shape);
  const flow = flowOf(layers, inputs, weights, [undefined, undefined], kept);
  const [toX, toH, toC] = inputSums(pass, alu) as [GradientSum, ...GradientSum[]];
  const sums = layers.map(
    ({ index }) => Object.fromEntries(ROLES.map((role) => [role, weightSum(pass, roleIn(index, role), own)])) as WeightSums,
  );
  let gradient = gradients[0] as Tensor;
  for (const layer of layers.toReversed()) {
    const { index } = layer;
    const into = index === 0 ? toX : new GradientSum((flow.inputs[index] as Tensor).shape, true, alu);
    const layerPass = {
      x: flow.inputs[index] as Tensor,
      start: [start, cell] as const,
      weights: weightsOf(weights, index),
      gradient,
      last: [gradients[1], gradients[2]] as const,
      toX: into,
      toWeights: sums[index] as WeightSums,
      toStart: [toH?.tensor, toC?.tensor] as const,
    };
    layerBack(layer, layerPass, alu, kept);
    if (index > 0) gradient = parted(layers[index - 1] as Layer, into.tensor as Tensor, kept);
  }
  return {
    inputs: [toX, toH, toC].slice(0, inputs.length).map((to) => to?.tensor),
    weights: weightGradients(byRole(layers, ({ index }) => sums[index] as WeightSums)),
  };
}

export const recurrent = defineOperator({
  name: 'recurrent',
  summary:
    'Run an LSTM, a GRU or a plain cell over the steps of [n, steps, features], or of [steps, n, features] with batchfirst: false; both runs it backwards too. Gives all states of the last layer [n, steps, directions, hidden] and the last ones of all layers [n, layers · directions, hidden]; states to start from may follow as inputs.',
  attributes,
  rule: 'Per layer, step, direction and gate, a vector times the matrix of inputs and a vector times the matrix of states; a bias adds twice per gate; a projection is one vector times a matrix. Beside that per unit: an LSTM three sigmoids, two tanh, three multiplies and one add; a GRU two sigmoids, one tanh, three multiplies, one add and one subtract, and one add more with resetafter; a plain cell one tanh; peepholes three multiplies and three adds.',
  source:
    'Hochreiter and Schmidhuber 1997; Cho et al. 2014, arXiv:1406.1078; Sak et al. 2014, arXiv:1402.1128; torch.nn.LSTM, GRU and RNN; ONNX operators LSTM, GRU and RNN',
  inputs: { min: 1, max: 3 },
  shape(a, inputs) {
    const last = geometry(a, inputs).at(-1) as Layer;
    const state = statesShape(last, last.width);
    return [alongSteps(last, last.width), state, ...(CELLS[a.cell].states === 2 ? [statesShape(last, a.hidden)] : [])];
  },
  reach: (a, [x]) => reachOf(a, x),
  weights: (a, [x]): WeightShapes =>
    Object.fromEntries(Object.entries(byRole(layersOf(a, x), weightShapes)).map(([role, shape]) => [role, learned(shape)])),
  work: (a, [x]) => layersOf(a, x).flatMap(workOf),
  window: () => 'apart',
  gradient: {
    saves: (a, [x]) => [savedInput(0), savedOutput(), ...layersOf(a, x as Shape).flatMap(savedBy)],
    inputs(a, inputs) {
      const [first] = layersOf(a, inputs[0] as Shape) as [Layer];
      return inputs.map((input, index) => (index === 0 ? [macs(factorsOf(first).onInput, input)] : []));
    },
    weights: (a, [x]) => byRole(layersOf(a, x as Shape), weightWorkBack),
    between: (a, [x]) => layersOf(a, x as Shape).flatMap(workBack),
    run: throughLayers,
  },
  run(a, inputs, weights, alu) {
    const [, h, c = h] = reachOf(a, inputs[0].shape).map(reached) as [Shape, Shape, Shape | undefined];
    const last = [alu.zeros(h), alu.zeros(c)] as const;
    const { output } = flowOf(layersOf(a, inputs[0].shape), inputs, weights, last, alu);
    return [output, ...last].slice(0, 1 + CELLS[a.cell].states);
  },
});
