import { countedAxis } from '../../core/places.ts';
import { broadcast, type Shape } from '../../core/shape.ts';
import type { Experts } from '../../graph/graph.ts';
import type { OperatorName } from '../../operators/registry.ts';
import { fail } from '../../problems/problem.ts';
import type { ElementType, OnnxAttribute, OnnxNode, OnnxTensor } from '../file/model.ts';
import type { ReadValue } from './value.ts';

/** What a layer has beside its operator, attributes and inputs. */
export interface LayerOptions {
  /** Values whose elements its weights are, by role. */
  readonly weights?: Readonly<Record<string, ReadValue>> | undefined;
  /** Shapes of the outputs where they are scalars, which layers have as vectors of one element. */
  readonly shapes?: readonly Shape[] | undefined;
  /** Types of the outputs; the first input's if not given. */
  readonly types?: readonly (ElementType | undefined)[] | undefined;
  /** The layer is in one of several experts: its weights are those of all, along a first axis. */
  readonly experts?: Experts | undefined;
}

/** A node, with what is known of its inputs, and the means to add layers for it. */
export interface Call {
  readonly node: OnnxNode;
  /** The version of the operators of the node's domain. */
  readonly opset: number;
  /** `undefined` where an optional one is left out. */
  readonly inputs: readonly (ReadValue | undefined)[];
  /** Adds a layer, and gives its outputs. */
  layer(operator: OperatorName, attributes: object, inputs: readonly ReadValue[], options?: LayerOptions): ReadValue[];
  /** The shape that the file declares for an output; `undefined` where it is not known. */
  declared(output: number): Shape | undefined;
  /** The tensor that a node writes; those of several nodes that have the same elements are one. */
  literal(tensor: OnnxTensor): ReadValue;
  /** By a tensor of the file with packed bytes, the one that it means: whoever reads it reads the same weight. */
  readonly unpacked: Map<OnnxTensor, OnnxTensor>;
  /** Shapes of outputs that depend on data: as the file declares them, or the most that they can be, with a warning. */
  atMost(bounds: readonly Shape[]): Shape[];
  /** Of what the node computes, which depends on data, the most is counted, with a warning. */
  countsMost(): void;
  /** Something in which the node is not as ONNX has it, though what it means can be counted: a warning says so. */
  fault(reason: string): void;
  /** An operator that is not known: of what it makes only what the file declares is known. */
  unknown(): readonly ReadValue[];
  /** The shape that a layer would give, without adding it. */
  shapeOf(operator: OperatorName, attributes: object, inputs: readonly ReadValue[]): Shape;
}

/** What an operator of ONNX means: its outputs, in order. */
export type ReadRule = (call: Call) => readonly ReadValue[];
export type ReadRules = Readonly<Record<string, ReadRule>>;

/** An input that must be there. */
export function input({ node, inputs }: Pick<Call, 'node' | 'inputs'>, index: number): ReadValue {
  const value = inputs[index];
  if (value === undefined) throw broken(node, `it has no input ${index}`);
  if (value.items !== undefined && node.operator !== 'Identity') throw broken(node, 'it takes tensors, not a list of them');
  return value;
}

/** A node that means nothing. */
export const broken = ({ operator }: OnnxNode, reason: string) => fail('ONNX_NODE', { operator, reason });

/** A node whose output depends on values that only a run knows. */
export const unresolved = ({ operator }: OnnxNode, value: string) => fail('ONNX_UNRESOLVED', { operator, value });

/** An attribute of a kind; `undefined` where it is not given. */
function attributeOf<K extends OnnxAttribute['kind']>(
  node: OnnxNode,
  name: string,
  kind: K,
): Extract<OnnxAttribute, { readonly kind: K }> | undefined {
  const attribute = Object.hasOwn(node.attributes, name) ? node.attributes[name] : undefined;
  if (attribute === undefined) return undefined;
  if (attribute.kind !== kind) throw broken(node, `its attribute "${name}" is of the wrong type`);
  return attribute as Extract<OnnxAttribute, { readonly kind: K }>;
}

export const int = (node: OnnxNode, name: string): number | undefined => attributeOf(node, name, 'int')?.value;
export const real = (node: OnnxNode, name: string): number | undefined => attributeOf(node, name, 'float')?.value;
/** The same as a decimal number: a float of the file is the nearest to one that was meant. */
export function decimal(node: OnnxNode, name: string): number | undefined {
  const value = real(node, name);
  return value === undefined ? undefined : shortest(value);
}

/** The shortest decimal number that is the same in single precision. */
export function shortest(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === Math.fround(value)) return rounded;
  }
  return value;
}

export const textAttribute = (node: OnnxNode, name: string): string | undefined => attributeOf(node, name, 'string')?.value;
/** A text that must be one of these; the first if it is not given. */
export function choice<T extends string>(node: OnnxNode, name: string, choices: readonly [T, ...T[]]): T {
  const text = textAttribute(node, name);
  const found = text === undefined ? choices[0] : choices.find((one) => one === text);
  if (found === undefined) throw broken(node, `its "${name}" is "${text}", which is none of ${choices.join(', ')}`);
  return found;
}

export const ints = (node: OnnxNode, name: string): readonly number[] | undefined => attributeOf(node, name, 'ints')?.value;
export const reals = (node: OnnxNode, name: string): readonly number[] | undefined => attributeOf(node, name, 'floats')?.value;
export const texts = (node: OnnxNode, name: string): readonly string[] | undefined => attributeOf(node, name, 'strings')?.value;
export const has = (node: OnnxNode, name: string): boolean => Object.hasOwn(node.attributes, name);

/** An axis as it is counted from 0; a scalar has one. */
export function axisIn(node: OnnxNode, axis: number, rank: number): number {
  const counted = countedAxis(axis, rank);
  if (counted === undefined) throw broken(node, `there is no axis ${axis} among ${rank}`);
  return counted;
}

/** The same for several axes: an axis that is named twice is there once. */
export const axesOf = (node: OnnxNode, axes: readonly number[], rank: number): number[] => [
  ...new Set(axes.map((axis) => axisIn(node, axis, rank))),
];

/** The shape all broadcast to. */
export function broadcastAll({ operator }: OnnxNode, shapes: readonly Shape[]): Shape {
  const shape = broadcast(...shapes);
  if (shape === undefined)
    throw fail('SHAPES_DO_NOT_FIT', { operator, rule: 'sizes must be equal, or 1, axis by axis from the last', shapes });
  return shape;
}
