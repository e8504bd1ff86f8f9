import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { analyse } from '../../src/analysis/cost.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { openOnnx } from '../../src/node/onnx.ts';
import { writeSpec } from '../../src/spec/write.ts';
import { again } from '../spec/written.ts';

// Networks as an exporter writes them, their weights absent, held against counts that another tool made.

const shared = (name: string): string => fileURLToPath(new URL(`../../../shared/onnx-models/${name}`, import.meta.url));

interface Expected {
  readonly models: Readonly<
    Record<string, { readonly macs: number; readonly float_initializer_elements: number; readonly output: readonly (readonly number[])[] }>
  >;
}

describe('exported networks', () => {
  if (!existsSync(shared('expected.json'))) {
    it.skip('have the MACs, parameters and output that they should: shared/onnx-models is not beside this repository');
    return;
  }
  const { models }: Expected = JSON.parse(readFileSync(shared('expected.json'), 'utf8'));
  it.each(Object.entries(models))('%s has the MACs, parameters and output that it should', (name, expected) => {
    const graph = openOnnx(shared(`${name}.onnx`), {});
    const { totals, output } = analyse(graph);
    expect({ macs: totals.macs, parameters: totals.parameters, output, unknown: graph.unknown, warnings: graph.warnings }).toEqual({
      macs: BigInt(expected.macs),
      parameters: BigInt(expected.float_initializer_elements),
      output: expected.output,
      unknown: undefined,
      warnings: undefined,
    });
  });

  it.each(Object.keys(models))('%s, written as a spec, has the same rows', (name) => {
    const graph = openOnnx(shared(`${name}.onnx`), {});
    const rows = (some: Graph) => analyse(some).rows.map(({ work: _, weights: _own, node: _node, graph: _graph, ...row }) => row);
    expect(rows(again(writeSpec(graph)))).toEqual(rows(graph));
  });
});
