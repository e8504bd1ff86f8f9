import { isMap, isScalar, isSeq, type Pair, type YAMLMap, type YAMLSeq, type Node as YamlNode } from 'yaml';
import { isOperatorName, type OperatorName, operatorOf } from '../../operators/registry.ts';
import { keyOf } from '../plain.ts';

/** A layer of a list as it is written: its operator, its attributes, and where it stands. */
export interface WrittenLayer {
  readonly node: YamlNode;
  readonly operator: OperatorName;
  /** The map of attributes; `undefined` where the layer is its name alone. */
  readonly attributes: YAMLMap | undefined;
  /** Whether it carries nothing but its operator: no name, no condition. */
  readonly isPlain: boolean;
}

export const pairsOf = (map: YAMLMap): readonly Pair[] => map.items as Pair[];

export const pairOf = (map: YAMLMap | undefined, key: string): Pair | undefined =>
  map === undefined ? undefined : pairsOf(map).find((pair) => keyOf(pair) === key);

/** The value of a key as a number or a text. */
export function scalarOf(map: YAMLMap | undefined, key: string): number | string | boolean | undefined {
  const value = pairOf(map, key)?.value;
  return isScalar(value) && value.value !== null ? (value.value as number | string | boolean) : undefined;
}

export const hasKey = (map: YAMLMap | undefined, key: string): boolean => pairOf(map, key) !== undefined;

/** Offsets of a node's own text. */
export const spanOf = (node: unknown): readonly [number, number] => {
  const [from, to] = (node as YamlNode).range ?? [0, 0];
  return [from, to];
};

/** One item of a list of layers, if it is an operator. */
export function writtenLayer(node: unknown): WrittenLayer | undefined {
  if (isScalar(node)) {
    const name = String(node.value);
    return isOperatorName(name) ? { node, operator: name, attributes: undefined, isPlain: true } : undefined;
  }
  if (!isMap(node)) return undefined;
  const pair = pairsOf(node).find((one) => isOperatorName(keyOf(one)));
  if (pair === undefined) return undefined;
  const attributes = isMap(pair.value) ? pair.value : undefined;
  return { node, operator: keyOf(pair) as OperatorName, attributes, isPlain: node.items.length === 1 };
}

/** The layers of a list, if all of them are operators. */
export function writtenLayers(list: YAMLSeq): WrittenLayer[] | undefined {
  const layers = list.items.map(writtenLayer);
  return layers.includes(undefined) ? undefined : (layers as WrittenLayer[]);
}

export const isConvolution = ({ operator }: WrittenLayer): boolean => operator === 'conv';

/** Whether a layer leaves the shape as it is and multiplies by no matrix: a norm or an activation. */
export const isBetween = ({ operator }: WrittenLayer): boolean => operatorOf(operator).inPlace === true || operator.endsWith('norm');

/** Whether a size along every axis is the one that is wanted. */
export function isSize(map: YAMLMap | undefined, key: string, wanted: number, usual: number): boolean {
  const value = pairOf(map, key)?.value;
  if (value === undefined || value === null) return wanted === usual;
  if (isScalar(value)) return value.value === wanted;
  return isSeq(value) && value.items.every((item) => isScalar(item) && item.value === wanted);
}
