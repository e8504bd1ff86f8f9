import { describe, expect, it, vi } from 'vitest';
import { CountingAlu } from '../../../src/core/alu.ts';
import { each, factor, type Work } from '../../../src/core/work.ts';
import { ReferenceTraining } from '../../../src/execute/training/reference-training.ts';
import { verifyTraining } from '../../../src/execute/training/verify-training.ts';
import type { Graph } from '../../../src/graph/graph.ts';
import type { Gradient } from '../../../src/operators/kit/gradient.ts';
import { operatorOf } from '../../../src/operators/registry.ts';
import { runnable as cases } from '../../operators/cases.ts';
import { graphOf } from '../graph-of.ts';

// No self-deception: whatever is broken of a gradient, verify must not say that it holds.

const gradientOf = (graph: Graph): Gradient<unknown> | undefined => {
  const { gradient } = operatorOf((graph.nodes[0] as Graph['nodes'][0]).operator);
  return 'none' in gradient ? undefined : gradient;
};

const verified = (graph: Graph, kernels = new ReferenceTraining()) => verifyTraining(graph, { inputGradient: true }, { kernels });

/** One case of each operator through which gradients flow, and that computes something backward. */
const graphs = [...new Map(cases.map((one) => [one.name, one])).values()]
  .map((one) => ({ name: one.name, graph: graphOf(one) }))
  .filter(
    ({ graph }) => gradientOf(graph) !== undefined && verified(graph).layers.some(({ backwardKernel }) => backwardKernel !== undefined),
  );

const PARTS = ['inputs', 'weights', 'between'] as const;

const EXTRA = each({ add: 1 }, [factor('n', 1)]);

/** The stated work with one operation too many; nothing where there is none to state. */
const withOneMore = (work: unknown): unknown => {
  if (Array.isArray(work) && work.every((one) => one !== 'none' && !Array.isArray(one))) return [...(work as Work), EXTRA];
  if (Array.isArray(work)) return work.map((one) => (one === 'none' ? one : [...(one as Work), EXTRA]));
  return Object.fromEntries(Object.entries(work as Readonly<Record<string, Work>>).map(([role, one]) => [role, [...one, EXTRA]]));
};

describe('verify --training sees', () => {
  it('an operation too many in the stated work of any part of any gradient', () => {
    const survivors: string[] = [];
    let seen = 0;
    for (const { name, graph } of graphs)
      for (const part of PARTS) {
        const gradient = gradientOf(graph) as Gradient<unknown>;
        const before = gradient[part] as (...all: unknown[]) => unknown;
        const shapes = (graph.nodes[0] as Graph['nodes'][0]).inputs.map(({ shape }) => shape);
        const { attributes } = graph.nodes[0] as Graph['nodes'][0];
        if (part === 'inputs' && gradient.inputs(attributes, shapes).every((one) => one === 'none')) continue;
        if (part === 'weights' && Object.keys(gradient.weights(attributes, shapes)).length === 0) continue;
        const spy = vi.spyOn(gradient, part).mockImplementation(((...all: unknown[]) => withOneMore(before.apply(gradient, all))) as never);
        if (verified(graph).holds) survivors.push(`${name}: ${part}`);
        else seen++;
        spy.mockRestore();
      }
    console.info(`${seen} of ${seen + survivors.length} broken gradients are seen`);
    expect(survivors).toEqual([]);
    expect(seen).toBeGreaterThan(80);
  });

  it('a first operation of any kind that is lost, in whichever kernel', () => {
    const survivors: string[] = [];
    let seen = 0;
    for (const { name, graph } of graphs) {
      const [layer] = verified(graph).layers;
      const kinds = new Set([
        ...Object.keys(layer?.parts['input gradient'].executed.operations ?? {}),
        ...Object.keys(layer?.parts['weight gradient'].executed.operations ?? {}),
      ]);
      for (const kind of kinds) {
        const kernels = new ReferenceTraining(() => new Losing(kind));
        if (verified(graph, kernels).holds) survivors.push(`${name}: ${kind}`);
        else seen++;
      }
    }
    console.info(`${seen} of ${seen + survivors.length} lost operations are seen`);
    expect(survivors).toEqual([]);
    expect(seen).toBeGreaterThan(100);
  });
});

/** Does not count the first operation of one kind; a multiply-accumulate is a multiply and an add. */
class Losing extends CountingAlu {
  readonly #kind: string;
  #isLost = false;

  constructor(kind: string) {
    super();
    this.#kind = kind;
  }

  override counts(): ReturnType<CountingAlu['counts']> {
    const counts = super.counts();
    const there = counts.operations[this.#kind as keyof typeof counts.operations];
    if (this.#isLost || there === undefined || there === 0n) return counts;
    this.#isLost = true;
    return { ...counts, operations: { ...counts.operations, [this.#kind]: there - 1n } };
  }
}
