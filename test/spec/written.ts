import { expect } from 'vitest';
import { analyse } from '../../src/analysis/cost.ts';
import type { Edge, Graph } from '../../src/graph/graph.ts';
import { shortest } from '../../src/operators/kit/attributes.ts';
import { operatorOf } from '../../src/operators/registry.ts';
import type { Spec } from '../../src/spec/compiled.ts';
import { MAX_LENGTH } from '../../src/spec/limits.ts';
import { expandSpec, parseSpec } from '../../src/spec/model.ts';
import { writeSpec } from '../../src/spec/write.ts';

/** All that a graph is: its layers, what flows from which to which, which share weights, and what they cost. */
function told(graph: Graph) {
  const numbers = new Map<object, number>();
  const number = (one: object): number => numbers.get(one) ?? numbers.set(one, numbers.size).size - 1;
  const flow = (tensors: readonly Edge[]) => tensors.map(number);
  const inputs = flow(graph.inputs.map(({ tensor }) => tensor));
  const nodes = graph.nodes.map((node) => ({
    ...node,
    attributes: shortest(operatorOf(node.operator).attributes, node.attributes as object),
    locate: undefined,
    flow: [flow(node.inputs), flow(node.outputs), Object.values(node.weights).map(number)],
  }));
  const rows = analyse(graph).rows.map((row) => ({ ...row, node: undefined, graph: undefined }));
  const all = { inputs, names: graph.inputs.map(({ name }) => name), nodes, outputs: flow(graph.outputs), rows };
  return JSON.stringify(all, (_, value) => (typeof value === 'bigint' ? String(value) : value), 1).split('\n');
}

/** The first line that differs: a diff of a whole network takes minutes. */
export function difference(graph: Graph, other: Graph): string {
  const [a, b] = [told(graph), told(other)];
  const at = a.findIndex((line, i) => line !== b[i]);
  return at < 0 && a.length === b.length ? '' : `${a.slice(at - 3, at + 1).join('')} is ${b[at]}`;
}

export const again = (text: string, batch?: number): Graph => expandSpec(parseSpec(text), { batch });

/** Models that are longer, written without blocks, than a file may be. */
const TOO_LONG = [
  'stable_diffusion_xl',
  'mobilebert-uncased',
  'deepseek-v2',
  'deepseek-v3',
  'kimi-k2',
  'llama-4-scout',
  'glm-4.5',
  'glm-4.5-air',
  'nemotron-4-340b',
  'gemma-3-vision-12b',
  'gemma-3-vision-27b',
  'qwen2-vl-72b',
  'dbrx',
  'falcon-mamba-7b',
  'falcon-h1-0.5b',
  'jamba-v0.1',
  'jamba-1.5-large',
  'llama-65b',
  'llama-2-70b',
  'llama-3-70b',
  'llama-3.1-70b',
  'llama-3.1-405b',
  'mistral-large-123b',
  'mixtral-8x22b',
  'qwen2-72b',
  'qwen2.5-72b',
  'qwen3-235b-a22b',
  'swin_v2_s',
  'swin_v2_b',
  'command-r-plus',
  'command-a',
  'falcon-180b',
  'mamba-370m',
  'mamba-790m',
  'mamba-1.4b',
  'mamba-2.8b',
  'mamba2-370m',
  'mamba2-780m',
  'mamba2-1.3b',
  'mamba2-2.7b',
  'gemma-3-27b',
  'qwen3-next-80b-a3b',
  'recurrent-gemma-9b',
  'rwkv-4-430m',
  'rwkv-4-1b5',
  'rwkv-4-3b',
  'rwkv-4-7b',
  'rwkv-4-14b',
];

/** A graph, written without blocks and read again, is the same. */
export function expectSameAgain(graph: Graph): void {
  expect(difference(graph, again(writeSpec(graph)))).toBe('');
}

/** So is that of a spec, unless it is too long for a file. */
export function expectSameOrTooLong(spec: Spec): void {
  const graph = expandSpec(spec);
  const text = writeSpec(graph);
  expect(text.length > MAX_LENGTH).toBe(TOO_LONG.includes(spec.name));
  if (text.length <= MAX_LENGTH) expect(difference(graph, again(text))).toBe('');
}
