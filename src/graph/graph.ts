import type { Position } from '../core/problem.ts';
import type { Shape } from '../core/shape.ts';
import type { Work } from '../core/work.ts';
import type { OperatorName } from '../operators/index.ts';
import type { Written } from './written.ts';

/** A value that flows between nodes. Two nodes use the same tensor where they hold the same object. */
export interface Tensor {
  readonly shape: Shape;
}

/** A tensor that nodes hold. Nodes that share it hold the same object. */
export interface Weight {
  readonly shape: Shape;
  /** Learned, so its elements count as parameters. */
  readonly learned: boolean;
  /** What its elements lie around in a network that works. */
  readonly around: 0 | 1;
  /** Bits of one element as they are stored, where the file of the network says so. */
  readonly bits?: number | undefined;
}

/** An operator of a file that flopwise does not know: its nodes are left out, and count as nothing. */
export interface UnknownOperator {
  readonly operator: string;
  /** '' for the standard operators of ONNX. */
  readonly domain: string;
  /** How many nodes have it. */
  readonly count: number;
  /** Where these nodes are. */
  readonly paths: readonly string[];
}

/** One layer: an operator with all that it needs to be counted and run. */
export interface Node {
  /** `stage/block/layer`, unique in the graph. */
  readonly path: string;
  readonly operator: OperatorName;
  /** As the operator's schema gives them, defaults filled in. */
  readonly attributes: object;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly weights: Readonly<Record<string, Weight>>;
  /** What it computes, as products of named factors. */
  readonly work: Work;
  /** How the published implementation writes it. */
  readonly written: Written;
  /** Where the layer stands in its file; reads the file, so ask only when it is shown. */
  readonly locate?: (() => Position | undefined) | undefined;
}

/** A network, expanded: nodes in execution order, every shape known. */
export interface Graph {
  readonly name: string;
  /** The file it comes from. */
  readonly source: string;
  readonly inputs: readonly { readonly name: string; readonly tensor: Tensor }[];
  readonly outputs: readonly Tensor[];
  readonly nodes: readonly Node[];
  /** What of the file is not counted; none if not given. */
  readonly unknown?: readonly UnknownOperator[];
}
