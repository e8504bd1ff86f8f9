/**
 * flopwise as a library: what a neural network costs, layer by layer. Runs in browsers too; reading
 * files from a disk is in `flopwise/node`.
 */
export { type Analysis, analyse, type Cost, type CostRow, total } from './analysis/cost.ts';
export { type CostGroup, GROUPINGS, type Grouping, groupBy, groupByDepth } from './analysis/group.ts';
export { FlopwiseError, type Position, type Problem, ProblemError, sentence } from './core/problem.ts';
export type { ProblemCode, ProblemData } from './core/sentences.ts';
export type { Shape } from './core/shape.ts';
export { type Factor, OPERATIONS, type Operation, type OperationCounts, type Term, type Work } from './core/work.ts';
export type { Graph, Node, Tensor, Weight } from './graph/graph.ts';
export { type OperatorName, operators } from './operators/index.ts';
export type { Operator } from './operators/operator.ts';
export { macFormula } from './report/formula.ts';
export type { Block, Spec } from './spec/compiled.ts';
export type { Settings } from './spec/expand.ts';
export type { SpecFile, SpecFolder } from './spec/folder.ts';
export { specJsonSchema } from './spec/json-schema.ts';
export { expandBlock, expandSpec, parseSpec, readSpec } from './spec/model.ts';
export { type Library, openModel, parseReference, type Reference } from './spec/reference.ts';
