import type { Shape } from '../core/shape.ts';
import type { Work } from '../core/work.ts';
import type { OperatorName } from '../operators/registry.ts';
import type { Position, Problem } from '../problems/problem.ts';
import type { Written } from './written.ts';

/** A value that flows between nodes. Two nodes use the same tensor where they hold the same object. */
export interface Edge {
  readonly shape: Shape;
}

/** A tensor that nodes hold. Nodes that share it hold the same object. */
export interface Weight {
  readonly shape: Shape;
  /** Learned, so its elements count as parameters. */
  readonly learned: boolean;
  /** What its elements lie around in a network that works. */
  readonly around: 0 | 1;
  /** A table of which rows are looked up: an embedding. */
  readonly lookedUp?: boolean | undefined;
  /** So many of the same shape, one after the other along the first axis: one for each expert. */
  readonly copies?: number | undefined;
  /** Bits of one element as they are stored, where the file of the network says so. */
  readonly bits?: number | undefined;
  /** The weight that has the same elements in another shape: they are there, and count, once. */
  readonly of?: Weight;
  /** The tensor that it is, where another layer computes it. */
  readonly madeBy?: Edge | undefined;
}

/** How many alike layers a layer stands for, each with weights of its own, and how many of them a position goes through. */
export interface Experts {
  readonly count: number;
  readonly best: number;
}

/** One layer: an operator with all that it needs to be counted and run. */
export interface Node {
  /** `stage/block/layer`, unique in the graph. */
  readonly path: string;
  readonly operator: OperatorName;
  /** As the operator's schema gives them, defaults filled in. */
  readonly attributes: object;
  readonly inputs: readonly Edge[];
  readonly outputs: readonly Edge[];
  readonly weights: Readonly<Record<string, Weight>>;
  /** Its weights are those of all experts, one after the other along a first axis, and the rows of its inputs are dealt to them. */
  readonly experts?: Experts | undefined;
  /** Its weights stay as they are in training. */
  readonly frozen?: boolean | undefined;
  /** What it computes, as products of named factors. */
  readonly work: Work;
  /** How the published implementation writes it. */
  readonly written: Written;
  /** The place of the layer in its file; reads the file, so ask only when it is shown. */
  readonly locate?: (() => Position | undefined) | undefined;
}

/** An operator of another format that is not known. */
export interface UnknownOperator {
  readonly operator: string;
  /** Empty for the operators of the format itself. */
  readonly domain: string;
  /** How many nodes have it. */
  readonly count: number;
  /** The layers that stand for them. */
  readonly paths: readonly string[];
}

/** A network, expanded: nodes in execution order, every shape known. */
export interface Graph {
  readonly name: string;
  /** The file it comes from. */
  readonly source: string;
  readonly inputs: readonly { readonly name: string; readonly tensor: Edge }[];
  readonly outputs: readonly Edge[];
  readonly nodes: readonly Node[];
  /** Operators that count nothing because they are not known; left out where there are none. */
  readonly unknown?: readonly UnknownOperator[];
  /** Where what is counted is one of several things that a run could do; left out where there is no such place. */
  readonly warnings?: readonly Problem[];
  /** How a config.json gave the spec its values, where one did. */
  readonly config?: ConfigReading;
  /** The file of weights that lies beside it, and was held against its layers. */
  readonly stored?: StoredWeights;
}

/** What a file of weights has of a network. */
export interface StoredWeights {
  readonly file: string;
  readonly tensors: number;
  /** Tensors that layers hold. */
  readonly matched: number;
  /** Names of those that no layer holds: buffers, or what the spec leaves out. */
  readonly alone: readonly string[];
  /** Layers, with the role, whose tensors are not in the file: they may be packed, or made when it is read. */
  readonly missing: readonly string[];
  readonly parameters: bigint;
  readonly bytes: bigint;
  readonly bytesByType: ReadonlyMap<string, bigint>;
  /** Numbers are packed into other types, so that shapes tell nothing. */
  readonly isPacked: boolean;
}

/** What was read in a config.json. */
export interface ConfigReading {
  readonly file: string;
  readonly modelType: string;
  /** The spec that describes the type. */
  readonly spec: string;
  readonly parameters: ReadonlyMap<string, unknown>;
  /** Fields that are left out, with what they are taken for. */
  readonly defaults: ReadonlyMap<string, unknown>;
  /** Fields that change no cost. */
  readonly free: readonly string[];
}
