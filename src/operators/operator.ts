import type * as z from 'zod/mini';
import { fail } from '../core/problem.ts';
import type { Shape } from '../core/shape.ts';
import type { Work } from '../core/work.ts';

/** One tensor that an operator holds. */
export interface WeightShape {
  readonly shape: Shape;
  /** Learned, so it counts as parameters. The running statistics of batch norm are held, not learned. */
  readonly learned: boolean;
}

export type WeightShapes = Readonly<Record<string, WeightShape>>;

export const learned = (shape: Shape): WeightShape => ({ shape, learned: true });
export const held = (shape: Shape): WeightShape => ({ shape, learned: false });

export const NO_WEIGHTS: WeightShapes = {};

/** What one output position sees of the input along one spatial axis. */
export interface Sight {
  /** From the first input position to the last, both included. */
  readonly span: number;
  /** Input positions between two neighbouring outputs; below 1 where the output is finer. */
  readonly stride: number;
}

/** Every spatial axis, outermost first; or `apart` where positions are mixed or moved, so that outputs no longer lie on the input's grid. */
export type Window = readonly Sight[] | 'apart';

/** How many inputs an operator takes: at least `min`, at most `max`. */
export interface InputCount {
  readonly min: number;
  readonly max: number;
}

/**
 * All that flopwise knows of one kind of layer. Pure functions of the attributes and the shapes of the
 * inputs; each throws a `ProblemError` where they make no sense.
 */
export interface Operator<A = unknown> {
  readonly name: string;
  /** One sentence: what it does, to which layout. */
  readonly summary: string;
  /** Attributes as they are written in a spec, with their defaults. */
  readonly attributes: z.ZodMiniObject;
  readonly inputs: InputCount;
  /** What it costs per element or position, in words: the counting rule. */
  readonly rule: string;
  /** Where the shape rule and the cost come from. */
  readonly source?: string;
  /** Shapes of the outputs. */
  shapes(attributes: A, inputs: readonly Shape[]): readonly Shape[];
  /** The tensors it holds, by role. */
  weights(attributes: A, inputs: readonly Shape[]): WeightShapes;
  /** What it computes. */
  work(attributes: A, inputs: readonly Shape[]): Work;
  /** How far it looks; without it, every output position sees the same position of its inputs. */
  window?(attributes: A, inputs: readonly Shape[]): Window;
  /** Each output element needs only the element in its place of the first input, so it may be written over it. */
  readonly inPlace?: boolean;
}

/** As many as the operator takes. */
export type Inputs = [Shape, ...Shape[]];

interface Definition<S extends z.ZodMiniObject> {
  readonly name: string;
  readonly summary: string;
  readonly attributes: S;
  readonly rule: string;
  readonly source?: string;
  /** One input unless said otherwise. */
  readonly inputs?: InputCount;
  /** The shape of the output, or the shapes of several. */
  shape(attributes: z.infer<S>, inputs: Inputs): Shape | readonly Shape[];
  weights?(attributes: z.infer<S>, inputs: Inputs): WeightShapes;
  work?(attributes: z.infer<S>, inputs: Inputs): Work;
  window?(attributes: z.infer<S>, inputs: Inputs): Window;
  readonly inPlace?: boolean;
}

const ONE_INPUT: InputCount = { min: 1, max: 1 };

const inWords = ({ min, max }: InputCount): string => {
  const inputs = (count: number) => `${count} input${count === 1 ? '' : 's'}`;
  if (min === max) return inputs(min);
  return max === Number.POSITIVE_INFINITY ? `${inputs(min)} or more` : `${min} to ${inputs(max)}`;
};

const isList = (shape: Shape | readonly Shape[]): shape is readonly Shape[] => typeof shape[0] === 'object';

const none = () => NO_WEIGHTS;
const free = (): Work => [];

/** Completes a definition: one input, one output, no weights and no work where it does not say otherwise. */
export function defineOperator<S extends z.ZodMiniObject>(definition: Definition<S>): Operator<z.infer<S>> {
  const { name, shape, weights = none, work = free, window, inputs: count = ONE_INPUT, ...rest } = definition;
  return {
    ...rest,
    name,
    inputs: count,
    shapes(attributes, inputs) {
      if (inputs.length < count.min || inputs.length > count.max)
        throw fail('WRONG_INPUT_COUNT', { operator: name, expected: inWords(count), actual: inputs.length });
      for (const input of inputs)
        if (input.length === 0) throw fail('WRONG_RANK', { operator: name, expected: 'at least a batch axis', shape: input });
      const shapes = shape(attributes, inputs as Inputs);
      return isList(shapes) ? shapes : [shapes];
    },
    weights: weights as Operator<z.infer<S>>['weights'],
    work: work as Operator<z.infer<S>>['work'],
    ...(window && { window: window as NonNullable<Operator<z.infer<S>>['window']> }),
  };
}
