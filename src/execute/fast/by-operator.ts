import type { CountingAlu } from '../../core/alu.ts';
import type { Tensor } from '../../core/tensor.ts';
import { type OperatorName, operatorOf } from '../../operators/registry.ts';
import type { Elements } from '../elements.ts';
import type { Runnable } from '../kernels.ts';
import { batchnorm } from './batchnorm.ts';
import { concat } from './concat.ts';
import { conv } from './conv.ts';
import { copy, pass } from './copy.ts';
import { add, gelu, multiply, relu, silu } from './elementwise.ts';
import { linear } from './linear.ts';
import type { Machine } from './machine.ts';
import { matmul } from './matmul.ts';
import { cache, embedding, mergeheads, positions, split, splitheads } from './moves.ts';
import { adaptiveavgpool, globalavgpool, maxpool } from './pool.ts';
import { Resident } from './resident.ts';
import { sdpa } from './sdpa.ts';
import { layernorm, rmsnorm, rope, softmax } from './vectors.ts';

/** A node that is run. */
export interface Running {
  readonly machine: Machine;
  readonly node: Runnable;
  readonly inputs: readonly Tensor[];
  readonly weights: Readonly<Record<string, Elements>>;
  /** Tensors whose memory may become that of the output. */
  readonly spent: readonly Tensor[];
  /** For what is not computed in WebAssembly. */
  readonly alu: CountingAlu;
}

/** Gives the output, or several; nothing where this case is left to the reference kernel. */
export type FastKernel = (running: Running) => Resident | readonly Resident[] | undefined;

/** The operators that have a fast kernel. */
export const fastKernels: Partial<Record<OperatorName, FastKernel>> = {
  add,
  adaptiveavgpool,
  batchnorm,
  cache,
  concat,
  conv,
  dropout: pass,
  embedding,
  flatten: copy,
  gelu,
  globalavgpool,
  identity: pass,
  layernorm,
  linear,
  matmul,
  maxpool,
  mergeheads,
  multiply,
  positions,
  relu,
  reshape: copy,
  rmsnorm,
  rope,
  sdpa,
  silu,
  softmax,
  split,
  splitheads,
  stochasticdepth: pass,
};

/** Whether an operator does the same at every place of inputs of one rank, which lie in memory with the channels last. */
export const isPointwise = ({ operator, weights, inputs: edges }: Runnable, inputs: readonly Tensor[]): boolean =>
  operatorOf(operator).inPlace === true &&
  Object.keys(weights).length === 0 &&
  edges.every(({ shape }) => shape.length === edges[0]?.shape.length) &&
  inputs.some((input) => input instanceof Resident && input.layout === 'channels last');
