/**
 * flopwise as a library: what a neural network costs, layer by layer. Runs in browsers too; reading
 * files from a disk is in `flopwise/node`.
 */
export {
  type CheckedLimit,
  type CheckedModel,
  type CheckResult,
  isBroken,
  type LayerChange,
  type ModelChange,
} from './analysis/check/result.ts';
export { type Convention, counterOf, countRow, countRows, countTotal, type Rule } from './analysis/conventions/convention.ts';
export { readConvention } from './analysis/conventions/file.ts';
export { quantities } from './analysis/conventions/quantities.ts';
export { conventionOf, conventions } from './analysis/conventions/registry.ts';
export { type Analysis, analyse, type Cost, type CostRow, type Counter, total } from './analysis/cost.ts';
export { type Explanation, explain, type Step, type Variant } from './analysis/explain.ts';
export { type Candidate, findNumber, type Match, parseNumber } from './analysis/find-number.ts';
export { type CostGroup, GROUPINGS, type Grouping, groupBy, groupByDepth } from './analysis/group.ts';
export { type Device, type Division, deviceOf } from './analysis/training/devices.ts';
export type { TrainingMemory, TrainingMemoryOptions } from './analysis/training/memory.ts';
export { OPTIMIZER_NAMES, OPTIMIZERS, type Optimizer, type OptimizerName } from './analysis/training/optimizers.ts';
export { type Dataset, type TrainingRun, trainingRun } from './analysis/training/run.ts';
export { type Training, type TrainingOptions, train } from './analysis/training/step.ts';
export type { Shape } from './core/shape.ts';
export { type Factor, OPERATIONS, type Operation, type OperationCounts, type Term, type Work } from './core/work.ts';
export type { ExecuteOptions } from './execute/interpreter.ts';
export type { Kernels } from './execute/kernels.ts';
export { type TrainingVerification, type VerifiedTrainingLayer, verifyTraining } from './execute/training/verify-training.ts';
export { type Verification, type VerifiedLayer, verify } from './execute/verify.ts';
export type { FlowOptions } from './gradients/flow.ts';
export type { TrainingRow } from './gradients/work.ts';
export type { Edge, Graph, Node, StoredWeights, Weight } from './graph/graph.ts';
export { type Library, openModel, parseReference, type Reference } from './library/reference.ts';
export { holdWeights } from './library/stored-weights.ts';
export { type ByteSource, bufferSource } from './onnx/file/bytes.ts';
export type { OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './onnx/file/model.ts';
export { readOnnx } from './onnx/file/read-model.ts';
export { type AskedInputs, bindInputs } from './onnx/read/bind-inputs.ts';
export { translate as translateOnnx } from './onnx/read/translate.ts';
export type { Operator } from './operators/kit/operator.ts';
export { type OperatorName, operators } from './operators/registry.ts';
export { FlopwiseError, type Position, type Problem, ProblemError, sentence } from './problems/problem.ts';
export type { ProblemCode, ProblemData } from './problems/sentences.ts';
export { macFormula } from './report/kit/formula.ts';
export { toJson } from './report/kit/json-text.ts';
export type { Source } from './schema/parse.ts';
export { checkModels, type Limits } from './service/check.ts';
export { type CompareOptions, compareReferences } from './service/compare.ts';
export { type Explained, type ExplainOptions, explainModel } from './service/explain.ts';
export type { ModelOptions, Models } from './service/models.ts';
export type { Block, Spec } from './spec/compiled.ts';
export type { Settings } from './spec/expand.ts';
export type { SpecFile, SpecFolder } from './spec/folder.ts';
export { specJsonSchema } from './spec/json-schema.ts';
export { expandBlock, expandSpec, parseSpec, readSpec } from './spec/model.ts';
export { readGguf } from './weights/gguf.ts';
export { byName, byType, type NameGroup, total as totalOfTensors } from './weights/name-tree.ts';
export { readSafetensors } from './weights/safetensors.ts';
export type { StoredTensor, WeightFile } from './weights/weight-file.ts';
