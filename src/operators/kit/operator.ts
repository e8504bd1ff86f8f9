import type * as z from 'zod/mini';
import type { Alu } from '../../core/alu.ts';
import type { Shape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { Work } from '../../core/work.ts';
import { fail } from '../../problems/problem.ts';
import { completed, type Differentiation, type Gradient, type NoGradient } from './gradient.ts';
import { asFarAs, type Extent } from './reach.ts';

/** One tensor that an operator holds. */
export interface WeightShape {
  readonly shape: Shape;
  /** Learned, so it counts as parameters. The running statistics of batch norm are held, not learned. */
  readonly learned: boolean;
  /** What its elements lie around in a network that works: 1 for factors and variances. */
  readonly around: 0 | 1;
  /** A table of which rows are looked up, by ids or positions: an embedding. */
  readonly lookedUp?: boolean;
}

export type WeightShapes = Readonly<Record<string, WeightShape>>;

export const learned = (shape: Shape, around: 0 | 1 = 0): WeightShape => ({ shape, learned: true, around });
export const held = (shape: Shape, around: 0 | 1 = 0): WeightShape => ({ shape, learned: false, around });
/** A learned table of which rows are looked up. */
export const lookedUp = (shape: Shape): WeightShape => ({ shape, learned: true, around: 0, lookedUp: true });

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

/** How many elements of padding are before each axis: as shapes and counts are predicted from them, and as kernels lay windows. */
export interface Margins {
  readonly predicted: readonly number[];
  readonly laid: readonly number[];
}

/** What is kept from one step of a sequence to the next: keys and values, or the state of a recurrence. */
export interface State {
  readonly shape: Shape;
  /** The axis that grows with the positions; a state that does not grow has none. */
  readonly positions?: number;
}

/** The tensors that an operator holds, by role. */
export type Weights = Readonly<Record<string, Tensor>>;

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
  readonly source?: string | undefined;
  /** Shapes of the outputs. */
  shapes(attributes: A, inputs: readonly Shape[]): readonly Shape[];
  /**
   * How far it reaches along the axes of its outputs, as its definition has it: asked place by place by who proves the shapes, and of
   * no formula of theirs. `stated` where only its attributes say so.
   */
  reach(attributes: A, inputs: readonly Shape[]): readonly Extent[] | 'stated';
  /** The tensors it holds, by role. */
  weights(attributes: A, inputs: readonly Shape[]): WeightShapes;
  /** What it computes. */
  work(attributes: A, inputs: readonly Shape[]): Work;
  /** How far it looks; without it, every output position sees the same position of its inputs. */
  window?(attributes: A, inputs: readonly Shape[]): Window;
  /** Each output element needs only the element in its place of the first input, so it may be written over it. */
  readonly inPlace?: boolean | undefined;
  /** How many of its multiply-accumulates only padding needs. */
  padding(attributes: A, inputs: readonly Shape[]): bigint;
  /** Where windows begin. */
  margins?(attributes: A, inputs: readonly Shape[]): Margins;
  /** It gives `[n, c, …]`, channels before the axes that it slides over. */
  readonly givesMap?: boolean | undefined;
  /** It takes the last axis of its input for features. */
  readonly takesVectors?: boolean | undefined;
  /** It gives all elements other axes, the batch included. */
  readonly regroups?: boolean | undefined;
  /** Whether it is there for each input of a batch: for the network's, its attribute `batch`, where no input is named. */
  takesBatch?(attributes: A): boolean;
  /** The first input holds ids, whole numbers from 0 to below this. */
  ids?(attributes: A): number;
  /** What it keeps for the next step. */
  state(attributes: A, inputs: readonly Shape[]): readonly State[];
  /** Its backward half; or why it has none. */
  readonly gradient: Gradient<A> | NoGradient;
  /** What it makes of its weights once, when a network is loaded. Not executed at inference, so not counted. */
  prepare(attributes: A, weights: Weights, alu: Alu): Weights;
  /**
   * The reference kernel: the obvious loops. Computes with nothing but the arithmetic that it is given, which counts;
   * outputs have their memory from there too.
   */
  run(attributes: A, inputs: readonly Tensor[], weights: Weights, alu: Alu): readonly Tensor[];
}

/** As many as the operator takes. */
export type Inputs = [Shape, ...Shape[]];
export type Tensors = [Tensor, ...Tensor[]];

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
  /** As far as the first input unless given. */
  reach?(attributes: z.infer<S>, inputs: Inputs): Extent | readonly Extent[] | 'stated';
  weights?(attributes: z.infer<S>, inputs: Inputs): WeightShapes;
  work?(attributes: z.infer<S>, inputs: Inputs): Work;
  window?(attributes: z.infer<S>, inputs: Inputs): Window;
  readonly inPlace?: boolean;
  margins?(attributes: z.infer<S>, inputs: Inputs): Margins;
  readonly givesMap?: boolean;
  readonly takesVectors?: boolean;
  readonly regroups?: boolean;
  takesBatch?(attributes: z.infer<S>): boolean;
  padding?(attributes: z.infer<S>, inputs: Inputs): bigint;
  ids?(attributes: z.infer<S>): number;
  state?(attributes: z.infer<S>, inputs: Inputs): readonly State[];
  readonly gradient: Differentiation<z.infer<S>>;
  prepare?(attributes: z.infer<S>, weights: Weights, alu: Alu): Weights;
  /** The output, or several. */
  run(attributes: z.infer<S>, inputs: Tensors, weights: Weights, alu: Alu): Tensor | readonly Tensor[];
}

const ONE_INPUT: InputCount = { min: 1, max: 1 };

const inWords = ({ min, max }: InputCount): string => {
  const inputs = (count: number) => `${count} input${count === 1 ? '' : 's'}`;
  if (min === max) return inputs(min);
  return max === Number.POSITIVE_INFINITY ? `${inputs(min)} or more` : `${min} to ${inputs(max)}`;
};

/** No output is a scalar, so an empty list is one of no outputs. */
const isList = (shape: Shape | readonly Shape[]): shape is readonly Shape[] => shape.length === 0 || typeof shape[0] === 'object';

const isListOfExtents = (extents: Extent | readonly Extent[]): extents is readonly Extent[] => typeof extents[0] !== 'function';

const NOTHING_DEFINED = {
  inputs: ONE_INPUT,
  reach: (_: unknown, [x]: Inputs): Extent => asFarAs(x),
  weights: () => NO_WEIGHTS,
  work: (): Work => [],
  padding: () => 0n,
  state: (): readonly State[] => [],
  prepare: (_: unknown, weights: Weights): Weights => weights,
};

/** A definition made complete: one input, one output, no weights, no work, no padding and no state where it does not say otherwise. */
export function defineOperator<S extends z.ZodMiniObject>(definition: Definition<S>): Operator<z.infer<S>> {
  const complete = { ...NOTHING_DEFINED, ...definition } as Required<Definition<S>>;
  const { name, inputs: count } = complete;
  const run: Operator<z.infer<S>>['run'] = (attributes, inputs, weights, alu) => {
    const outputs = complete.run(attributes, inputs as Tensors, weights, alu);
    return 'data' in outputs ? [outputs] : outputs;
  };
  return {
    ...complete,
    shapes(attributes, inputs) {
      if (inputs.length < count.min || inputs.length > count.max)
        throw fail('WRONG_INPUT_COUNT', { operator: name, expected: inWords(count), actual: inputs.length });
      for (const input of inputs)
        if (input.length === 0) throw fail('WRONG_RANK', { operator: name, expected: 'at least a batch axis', shape: input });
      const shapes = complete.shape(attributes, inputs as Inputs);
      return isList(shapes) ? shapes : [shapes];
    },
    reach(attributes, inputs) {
      const extents = complete.reach(attributes, inputs as Inputs);
      return extents === 'stated' || isListOfExtents(extents) ? extents : [extents];
    },
    run,
    gradient: completed(complete.gradient, run),
  } as Operator<z.infer<S>>;
}
