import type { ProblemError } from '../core/problem.ts';
import { fail } from '../core/problem.ts';
import type { Shape } from '../core/shape.ts';
import type { OnnxDimension, OnnxModel, OnnxValue } from './model.ts';

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

/** Binds what settings bind. All that stays open is a problem each. */
export function bind(model: OnnxModel, settings: OnnxSettings): Bindings {
  const inputs = freeInputs(model);
  const problems: ProblemError[] = strangers(inputs, settings);
  const symbols = new Map<string, number>(Object.entries(settings.dims ?? {}));
  const shapes = new Map<string, Shape>();
  for (const input of inputs) {
    const given = givenShape(input, inputs, settings);
    if (given === undefined) continue;
    const declared = input.shape ?? given;
    const fits = declared.length === given.length && declared.every((size, axis) => isOpen(size) || size === given[axis]);
    if (!fits) problems.push(fail('ONNX_INPUT_DIFFERS', { name: input.name, given: [...given], declared: inWords(declared) }));
    for (const [axis, size] of declared.entries())
      if (typeof size === 'string' && !symbols.has(size)) symbols.set(size, given[axis] as number);
    shapes.set(input.name, given);
  }
  const batch = settings.batch;
  if (batch !== undefined)
    for (const { shape } of inputs) if (typeof shape?.[0] === 'string' && !symbols.has(shape[0])) symbols.set(shape[0], batch);
  if (
    batch !== undefined &&
    inputs.length > 0 &&
    !inputs.some(({ shape, name }) => shape === undefined || isOpen(shape[0]) || shapes.has(name))
  )
    problems.push(fail('ONNX_FIXED_BATCH', { batch, inputs: inputs.map(({ name, shape }) => `${name} ${inWords(shape ?? [])}`) }));
  for (const input of inputs.filter(({ name }) => !shapes.has(name))) {
    const { name, shape } = input;
    const resolved = shape?.map((size, axis) => {
      if (!isOpen(size)) return size;
      return size === undefined || !symbols.has(size) ? (axis === 0 ? batch : undefined) : symbols.get(size);
    });
    const open = shape?.filter((_, axis) => resolved?.[axis] === undefined) ?? [];
    if (resolved !== undefined && open.length === 0) shapes.set(name, resolved as number[]);
    else
      problems.push(
        fail('ONNX_OPEN_SHAPE', {
          name,
          shape: shape && inWords(shape),
          open: [...new Set(open.filter((size) => typeof size === 'string'))],
          example: shape?.map((size, axis) => (isOpen(size) ? (axis === 0 ? 1 : (resolved?.[axis] ?? 64)) : size)) ?? [1, 3, 224, 224],
        }),
      );
  }
  return { symbols, inputs: shapes, problems };
}
