import { elementCount, type Shape } from '../../core/shape.ts';
import { charge } from '../../problems/allowance.ts';
import type { ProblemError } from '../../problems/problem.ts';
import { fail } from '../../problems/problem.ts';
import type { ElementType, OnnxDimension, OnnxGraph, OnnxModel, OnnxValue } from '../file/model.ts';
import { namesInExpression, sizeOfExpression } from './dimension.ts';
import { known, type ReadValue } from './value.ts';

/** What is not in the file: sizes that it leaves open. */
export interface OnnxSettings {
  /** Shapes for inputs, by name, whole shapes with the batch; under the name 'input' for a model that has a single input. */
  readonly inputs?: Readonly<Record<string, readonly number[]>> | undefined;
  /** Values for symbolic dimensions, by name. */
  readonly dims?: Readonly<Record<string, number>> | undefined;
  /** The batch: the first dimension of every input where it is symbolic. */
  readonly batch?: number | undefined;
  /** What inputs and other values hold that shapes depend on, by name: one number, or one for each element. */
  readonly values?: Readonly<Record<string, readonly number[]>> | undefined;
  /** Called with every value of the main graph and the shape that was derived for it. */
  readonly onValue?: ((name: string, shape: Shape) => void) | undefined;
}

/** Sizes of the symbols of a model, and shapes of its inputs. */
export interface Bindings {
  readonly symbols: ReadonlyMap<string, number>;
  readonly inputs: ReadonlyMap<string, Shape>;
  /** Inputs that the file does not give, and those of which it gives a default that the settings replace. */
  readonly free: readonly OnnxValue[];
  readonly values: ReadonlyMap<string, readonly number[]>;
  readonly onValue: OnnxSettings['onValue'];
  readonly problems: readonly ProblemError[];
}

const isOpen = (dimension: OnnxDimension): dimension is string | undefined => typeof dimension !== 'number' || dimension < 0;

/** `batch×3×640×640` */
const inWords = (shape: readonly OnnxDimension[]): string =>
  shape.map((dimension) => (isOpen(dimension) ? (dimension ?? '?') : String(dimension))).join('×') || 'scalar';

/** The inputs that are not given by the file: those that are initialised are weights, unless a shape is given for them. */
export const freeInputs = ({ graph }: OnnxModel, { inputs = {} }: OnnxSettings = {}): OnnxValue[] =>
  graph.inputs.filter(({ name }) => !graph.initializers.has(name) || Object.hasOwn(inputs, name));

/** A value of which the settings give the elements. Throws a `ProblemError` where they are neither one nor as many as it has. */
export function givenValue(name: string, type: ElementType | undefined, shape: Shape | undefined, numbers: readonly number[]): ReadValue {
  const own = shape ?? (numbers.length === 1 ? [] : [numbers.length]);
  const size = elementCount(own);
  if (numbers.length !== 1 && numbers.length !== size) throw fail('ONNX_VALUE_DIFFERS', { name, count: numbers.length, shape: own });
  charge('elements', size);
  return known(type, own, numbers.length === size ? numbers : new Array<number>(size).fill(numbers[0] as number));
}

/** The shape that the settings give for an input. */
function givenShape(input: OnnxValue, inputs: readonly OnnxValue[], settings: OnnxSettings): Shape | undefined {
  const given = settings.inputs ?? {};
  if (Object.hasOwn(given, input.name)) return given[input.name];
  return inputs.length === 1 && Object.hasOwn(given, 'input') ? given.input : undefined;
}

/** Names that graphs have for sizes and for values, those within others included. */
function namesIn(graph: OnnxGraph, symbols: Set<string>, values: Set<string>): void {
  for (const { shape } of [...graph.inputs, ...graph.values, ...graph.outputs])
    for (const size of shape ?? []) if (typeof size === 'string') for (const name of [size, ...namesInExpression(size)]) symbols.add(name);
  for (const { name } of graph.inputs) values.add(name);
  for (const { outputs, attributes } of graph.nodes) {
    for (const output of outputs) values.add(output);
    for (const attribute of Object.values(attributes)) if (attribute.kind === 'graph') namesIn(attribute.value, symbols, values);
  }
}

/** Names of settings that the model does not have. */
function strangers({ graph, functions }: OnnxModel, inputs: readonly OnnxValue[], settings: OnnxSettings): ProblemError[] {
  const names = inputs.map(({ name }) => name);
  const symbols = new Set<string>();
  const values = new Set<string>();
  if (settings.dims !== undefined || settings.values !== undefined) namesIn(graph, symbols, values);
  for (const { nodes } of settings.values === undefined ? [] : functions)
    for (const { outputs } of nodes) for (const output of outputs) values.add(output);
  const isKnown = (name: string): boolean => names.includes(name) || (name === 'input' && names.length === 1);
  return [
    ...Object.keys(settings.inputs ?? {})
      .filter((name) => !isKnown(name))
      .map((name) => fail('ONNX_UNKNOWN_INPUT', { name, inputs: names, symbols: [...symbols] })),
    ...Object.keys(settings.dims ?? {})
      .filter((name) => !symbols.has(name))
      .map((name) => fail('ONNX_UNKNOWN_DIMENSION', { name, symbols: [...symbols] })),
    ...Object.keys(settings.values ?? {})
      .filter((name) => !values.has(name))
      .map((name) => fail('ONNX_UNKNOWN_VALUE', { name, inputs: names })),
  ];
}

/** What is still open of a shape, and what it could be given. */
const openShape = (
  { name, shape }: OnnxValue,
  resolved: readonly (number | undefined)[] | undefined,
  symbols: ReadonlyMap<string, number>,
): ProblemError => {
  const open = (shape ?? []).filter((size, axis) => typeof size === 'string' && resolved?.[axis] === undefined) as string[];
  const example = shape?.map((size, axis) => (isOpen(size) ? (resolved?.[axis] ?? (axis === 0 ? 1 : EXAMPLE)) : size)) ?? [1, 3, 224, 224];
  // Of an expression its names are asked for.
  const names = open.flatMap((symbol) => {
    const parts = namesInExpression(symbol);
    return parts.length === 0 ? [symbol] : parts.filter((part) => !symbols.has(part));
  });
  return fail('ONNX_OPEN_SHAPE', { name, shape: shape && inWords(shape), open: [...new Set(names)], example });
};

/** A size to show in an example. */
const EXAMPLE = 64;

const isSymbol = (size: OnnxDimension): size is string => typeof size === 'string';

/** The inputs whose shapes are given, and what their symbols are then. */
function bindGiven(
  inputs: readonly OnnxValue[],
  settings: OnnxSettings,
  symbols: Map<string, number>,
  problems: ProblemError[],
): Map<string, Shape> {
  const shapes = new Map<string, Shape>();
  for (const input of inputs) {
    const given = givenShape(input, inputs, settings);
    if (given === undefined) continue;
    const declared = input.shape ?? given;
    const fits = declared.length === given.length && declared.every((size, axis) => isOpen(size) || size === given[axis]);
    if (!fits) problems.push(fail('ONNX_INPUT_DIFFERS', { name: input.name, given: [...given], declared: inWords(declared) }));
    for (const [axis, size] of declared.entries()) if (isSymbol(size) && !symbols.has(size)) symbols.set(size, given[axis] as number);
    shapes.set(input.name, given);
  }
  return shapes;
}

/** The first size of every input where it is open; a problem where it never is. */
function bindBatch(
  batch: number,
  inputs: readonly OnnxValue[],
  symbols: Map<string, number>,
  given: ReadonlyMap<string, Shape>,
): ProblemError[] {
  for (const { shape } of inputs) {
    const first = shape?.[0];
    if (isSymbol(first) && !symbols.has(first)) symbols.set(first, batch);
  }
  const isTaken = inputs.some(({ shape, name }) => shape === undefined || (shape.length > 0 && isOpen(shape[0])) || given.has(name));
  if (inputs.length === 0 || isTaken || inputs.some(({ shape }) => shape?.[0] === batch)) return [];
  return [fail('ONNX_FIXED_BATCH', { batch, inputs: inputs.map(({ name, shape }) => `${name} ${inWords(shape ?? [])}`) })];
}

/** The shape that the values which are given for an input have. */
const shapeOfValues = ({ shape }: OnnxValue, { length }: readonly number[]): Shape | undefined => {
  if (shape === undefined) return length === 1 ? [] : [length];
  return shape.length < 2 ? shape.map((size) => (typeof size === 'number' ? size : length)) : undefined;
};

/** Defaults of inputs fix the sizes that these leave open. */
function bindDefaults({ graph }: OnnxModel, free: readonly OnnxValue[], symbols: Map<string, number>): void {
  for (const { name, shape = [] } of graph.inputs) {
    const own = free.some((input) => input.name === name) ? undefined : graph.initializers.get(name)?.shape;
    if (own?.length !== shape.length) continue;
    for (const [axis, size] of shape.entries()) if (isSymbol(size) && !symbols.has(size)) symbols.set(size, own[axis] as number);
  }
}

/** Binds what settings bind. All that stays open is a problem each. */
export function bind(model: OnnxModel, settings: OnnxSettings): Bindings {
  const inputs = freeInputs(model, settings);
  const values = new Map(Object.entries(settings.values ?? {}));
  const problems = strangers(model, inputs, settings);
  const symbols = new Map(Object.entries(settings.dims ?? {}));
  const shapes = bindGiven(inputs, settings, symbols, problems);
  bindDefaults(model, inputs, symbols);
  const { batch } = settings;
  if (batch !== undefined) problems.push(...bindBatch(batch, inputs, symbols, shapes));
  const sizeOf = (symbol: string): number | undefined => symbols.get(symbol) ?? sizeOfExpression(symbol, (name) => symbols.get(name));
  for (const input of inputs.filter(({ name }) => !shapes.has(name))) {
    const resolved = input.shape?.map((size, axis) => {
      if (!isOpen(size)) return size;
      return (isSymbol(size) ? sizeOf(size) : undefined) ?? (axis === 0 ? batch : undefined);
    });
    const numbers = values.get(input.name);
    const ofValues = numbers && shapeOfValues(input, numbers);
    if (resolved?.every((size) => size !== undefined)) shapes.set(input.name, resolved);
    else if (ofValues !== undefined) shapes.set(input.name, ofValues);
    else problems.push(openShape(input, resolved, symbols));
  }
  return { symbols, inputs: shapes, free: inputs, values, onValue: settings.onValue, problems };
}
