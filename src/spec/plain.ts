import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Pair, type Node as YamlNode } from 'yaml';
import type { Position, Problem } from '../problems/problem.ts';
import { MAX_LENGTH } from './limits.ts';

/** Deepest nesting of a spec. */
export const MAX_DEPTH = 100;
/** As many values as a text of the greatest length can hold without aliases. */
const MAX_VALUES = MAX_LENGTH / 2;

/** A part of a document, as the parser gives it. */
export type YamlPart = YamlNode | null | undefined;

export const keyOf = ({ key }: Pair): string => String(isScalar(key) ? key.value : key);

/** The part that an alias stands for: the last one before it with that anchor. */
export type Resolve = (alias: Alias) => YamlPart;

/** Finds what every alias stands for, in one walk through the document. */
export function resolveAliases(document: Document.Parsed): Resolve {
  const anchors = new Map<string, YamlNode>();
  const targets = new Map<Alias, YamlNode | undefined>();
  const walk = (node: YamlPart): void => {
    if (node == null) return;
    if (isAlias(node)) {
      targets.set(node, anchors.get(node.source));
      return;
    }
    const { anchor } = node as { anchor?: string };
    if (anchor !== undefined) anchors.set(anchor, node);
    if (isSeq(node)) for (const item of node.items) walk(item as YamlPart);
    else if (isMap(node))
      for (const { key, value } of node.items) {
        walk(key as YamlPart);
        walk(value as YamlPart);
      }
  };
  walk(document.contents);
  return (alias) => targets.get(alias);
}

/**
 * Turns a parsed document into plain values: objects without a prototype, arrays, scalars. Aliases are
 * followed, but what they expand to is limited, and so is the depth; past a limit there is no value.
 */
export function plain(
  document: Document.Parsed,
  resolve: Resolve,
  positionOf: (node: YamlPart) => Position,
): { value: unknown; problems: Problem[] } {
  const problems: Problem[] = [];
  const inside = new Set<YamlPart>();
  let values = 0;
  let isBroken = false;

  /** Reports what leaves the document without a value. */
  const stop = (problem: Problem): undefined => {
    if (!isBroken) problems.push(problem);
    isBroken = true;
    return undefined;
  };

  const follow = (alias: Alias, depth: number): unknown => {
    const target = resolve(alias);
    const position = positionOf(alias);
    if (target === undefined) return stop({ code: 'UNKNOWN_ALIAS', data: { name: alias.source }, position });
    if (inside.has(target)) return stop({ code: 'CIRCLE', data: { of: 'aliases', names: [alias.source, alias.source] }, position });
    return convert(target, depth + 1);
  };

  const convertMap = (pairs: readonly Pair[], depth: number): Record<string, unknown> => {
    const object: Record<string, unknown> = Object.create(null);
    const first = new Map<string, Pair>();
    for (const pair of pairs) {
      const key = keyOf(pair);
      const earlier = first.get(key);
      if (earlier === undefined) {
        first.set(key, pair);
        object[key] = convert(pair.value as YamlPart, depth + 1);
      } else
        problems.push({
          code: 'DUPLICATE_KEY',
          data: { key, line: positionOf(earlier.key as YamlPart).line },
          position: positionOf(pair.key as YamlPart),
        });
    }
    return object;
  };

  const convert = (node: YamlPart, depth: number): unknown => {
    if (node == null || isBroken) return null;
    if (++values > MAX_VALUES) return stop({ code: 'TOO_MANY_ALIASES', data: { limit: MAX_VALUES }, position: positionOf(node) });
    if (depth > MAX_DEPTH) return stop({ code: 'NESTED_TOO_DEEPLY', data: { limit: MAX_DEPTH }, position: positionOf(node) });
    if (isAlias(node)) return follow(node, depth);
    if (node.tag !== undefined) return stop({ code: 'TAG', data: { tag: node.tag }, position: positionOf(node) });
    if (isScalar(node)) return node.value;
    inside.add(node);
    const value = isSeq(node)
      ? node.items.map((item) => convert(item as YamlPart, depth + 1))
      : convertMap(isMap(node) ? (node.items as Pair[]) : [], depth);
    inside.delete(node);
    return value;
  };

  const value = convert(document.contents, 0);
  return { value: isBroken ? undefined : value, problems };
}
