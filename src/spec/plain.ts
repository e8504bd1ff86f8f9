import { type Document, isAlias, isMap, isScalar, isSeq, type Node as YamlNode } from 'yaml';
import type { Position, Problem } from '../core/problem.ts';

/** Deepest nesting of a spec. */
export const MAX_DEPTH = 100;
const MAX_VALUES = 200_000;

/**
 * Turns a parsed document into plain values: objects without a prototype, arrays, scalars. Aliases are
 * followed, but what they expand to is limited, and so is the depth.
 */
export function plain(document: Document.Parsed, positionOf: (node: YamlNode) => Position): { value: unknown; problems: Problem[] } {
  const problems: Problem[] = [];
  let values = 0;

  const stop = (problem: Problem): undefined => {
    if (problems.length === 0) problems.push(problem);
    return undefined;
  };

  const convert = (node: YamlNode | null | undefined, depth: number): unknown => {
    if (node == null || problems.length > 0) return null;
    if (++values > MAX_VALUES) return stop({ code: 'TOO_MANY_ALIASES', data: { limit: MAX_VALUES }, position: positionOf(node) });
    if (depth > MAX_DEPTH) return stop({ code: 'NESTED_TOO_DEEPLY', data: { limit: MAX_DEPTH }, position: positionOf(node) });
    if (isAlias(node)) return convert(node.resolve(document), depth + 1);
    if (isScalar(node)) return node.value;
    if (isSeq(node)) return node.items.map((item) => convert(item as YamlNode, depth + 1));
    if (!isMap(node)) return null;
    const object: Record<string, unknown> = Object.create(null);
    for (const { key, value } of node.items) object[String(isScalar(key) ? key.value : key)] = convert(value as YamlNode | null, depth + 1);
    return object;
  };

  return { value: convert(document.contents, 0), problems };
}
