import type { Shape } from '../../core/shape.ts';
import type { ProblemError } from '../../problems/problem.ts';
import { fail } from '../../problems/problem.ts';
import type { OnnxDimension, OnnxModel, OnnxValue } from '../file/model.ts';

/** What is not in the file: sizes that it leaves open. */
export interface OnnxSettings {
  /** Shapes for inputs, by name, whole shapes with the batch; under the name 'input' for a model that has a single input. */
  readonly inputs?: Readonly<Record<string, readonly number[]>> | undefined;
  /** Values for symbolic dimensions, by name. */
  readonly dims?: Readonly<Record<string, number>> | undefined;
  /** The batch: the first dimension of every input where it is symbolic. */
  readonly batch?: number | undefined;
}

/** Sizes of the symbols of a model, and shapes of its inputs. */
export interface Bindings {
  readonly symbols: ReadonlyMap<string, number>;
  readonly inputs: ReadonlyMap<string, Shape>;
  readonly problems: readonly ProblemError[];
}

const isOpen = (dimension: OnnxDimension): dimension is string | undefined => typeof dimension !== 'number' || dimension < 0;

/** `batch×3×640×640` */
const inWords = (shape: readonly OnnxDimension[]): string =>
  shape.map((dimension) => (isOpen(dimension) ? (dimension ?? '?') : String(dimension))).join('×') || 'scalar';

/** The inputs that are not given by the file: those that are initialised are weights. */
export const freeInputs = ({ graph }: OnnxModel): OnnxValue[] => graph.inputs.filter(({ name }) => !graph.initializers.has(name));

/** The shape that the settings give for an input. */
function givenShape(input: OnnxValue, inputs: readonly OnnxValue[], settings: OnnxSettings): Shape | undefined {
  const given = settings.inputs ?? {};
  if (Object.hasOwn(given, input.name)) return given[input.name];
  return inputs.length === 1 && Object.hasOwn(given, 'input') ? given.input : undefined;
}

/** Names of settings that the model does not have. */
function strangers(inputs: readonly OnnxValue[], settings: OnnxSettings): ProblemError[] {
  const names = inputs.map(({ name }) => name);
  const symbols = [...new Set(inputs.flatMap(({ shape }) => shape ?? []).filter((dimension) => typeof dimension === 'string'))];
  const isKnown = (name: string): boolean => names.includes(name) || (name === 'input' && names.length === 1);
  return Object.keys(settings.inputs ?? {})
    .filter((name) => !isKnown(name))
    .map((name) => fail('ONNX_UNKNOWN_INPUT', { name, inputs: names, symbols }));
}

/** What is still open of a shape, and what it could be given. */
const openShape = ({ name, shape }: OnnxValue, resolved: readonly (number | undefined)[] | undefined): ProblemError => {
  const open = (shape ?? []).filter((size, axis) => typeof size === 'string' && resolved?.[axis] === undefined) as string[];
  const example = shape?.map((size, axis) => (isOpen(size) ? (resolved?.[axis] ?? (axis === 0 ? 1 : EXAMPLE)) : size)) ?? [1, 3, 224, 224];
  return fail('ONNX_OPEN_SHAPE', { name, shape: shape && inWords(shape), open: [...new Set(open)], example });
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
  if (inputs.length === 0 || isTaken || inputs.every(({ shape }) => shape?.[0] === batch)) return [];
  return [fail('ONNX_FIXED_BATCH', { batch, inputs: inputs.map(({ name, shape }) => `${name} ${inWords(shape ?? [])}`) })];
}

/** Binds what settings bind. All that stays open is a problem each. */
export function bind(model: OnnxModel, settings: OnnxSettings): Bindings {
  const inputs = freeInputs(model);
  const problems = strangers(inputs, settings);
  const symbols = new Map(Object.entries(settings.dims ?? {}));
  const shapes = bindGiven(inputs, settings, symbols, problems);
  const { batch } = settings;
  if (batch !== undefined) problems.push(...bindBatch(batch, inputs, symbols, shapes));
  for (const input of inputs.filter(({ name }) => !shapes.has(name))) {
    const resolved = input.shape?.map((size, axis) => {
      if (!isOpen(size)) return size;
      return isSymbol(size) && symbols.has(size) ? symbols.get(size) : axis === 0 ? batch : undefined;
    });
    if (resolved?.every((size) => size !== undefined)) shapes.set(input.name, resolved);
    else problems.push(openShape(input, resolved));
  }
  return { symbols, inputs: shapes, problems };
}
