import { describe, expect, it } from 'vitest';
import { analyse } from '../../src/analysis/cost.ts';
import { CountingAlu } from '../../src/core/alu.ts';
import { numbersOf, type Tensor } from '../../src/core/tensor.ts';
import { execute } from '../../src/execute/interpreter.ts';
import { verify } from '../../src/execute/verify.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node/disk.ts';
import { openKernels } from '../../src/node/kernels.ts';
import { ProblemError } from '../../src/problems/problem.ts';
import type { Settings } from '../../src/spec/expand.ts';
import { expandSpec, parseSpec } from '../../src/spec/model.ts';

const open = (reference: string, settings: Settings = {}): Graph => openModel(parseReference(reference), diskLibrary, settings);
const graphOf = (layers: string): Graph => expandSpec(parseSpec(`input: [3, 8, 8]\nlayers:\n${layers}`));

const kernels = await openKernels('fast');

/** For runs of up to a gigamultiply on a busy machine. */
const LONG = 60_000;

const SMALL = graphOf(`
  - conv: { kernel: 3, out: 4, padding: 1 }
  - batchnorm
  - relu
  - globalavgpool
  - flatten
  - linear: { out: 5 }`);

const lastOf = (graph: Graph, seed?: number): Tensor => [...execute(graph, { seed })].at(-1)?.outputs[0] as Tensor;

describe('verify', () => {
  it('confirms the two blocks of the ResNet paper', { timeout: LONG }, () => {
    for (const [block, macs] of [
      ['basic', 231_211_008n],
      ['bottleneck', 218_365_952n],
    ] as const) {
      const { holds, totals } = verify(open(block), { kernels });
      expect({ holds, predicted: totals.predicted.macs, executed: totals.executed.macs }).toEqual({
        holds: true,
        predicted: macs,
        executed: macs,
      });
    }
  });

  it.each([
    ['squeezenet1_1', [3, 32, 32]],
    ['mobilenet_v3_small', [3, 64, 64]],
    ['shufflenet_v2_x0_5', [3, 64, 64]],
    ['resnet18', [3, 32, 32]],
  ] as const)('holds for %s on %j', { timeout: LONG }, (model, input) => {
    const graph = open(model, { input: { input } });
    const verification = verify(graph);
    expect(verification.layers.filter(({ holds }) => !holds)).toEqual([]);
    expect(verification.totals.executed.operations).toEqual(analyse(graph).totals.operations);
    expect(verification.holds).toBe(true);
  });

  it('holds for a batch, as often as it has inputs', () => {
    const input = { input: [3, 32, 32] };
    const [one, three] = [verify(open('squeezenet1_1', { input })), verify(open('squeezenet1_1', { input, batch: 3 }))];
    expect(three.holds).toBe(true);
    expect(three.totals.executed.macs).toBe(3n * one.totals.executed.macs);
  });

  it('tells each layer and each count that does not hold', () => {
    const nodes = SMALL.nodes.map((node) => (node.path === 'linear' ? { ...node, work: node.work.slice(1) } : node));
    const { holds, layers } = verify({ ...SMALL, nodes });
    expect(holds).toBe(false);
    expect(layers.flatMap(({ mismatches }) => mismatches)).toEqual([
      { path: 'linear', kind: 'MACs', predicted: 0n, executed: 20n },
      { path: 'linear', kind: 'multiply', predicted: 0n, executed: 20n },
      { path: 'linear', kind: 'add', predicted: 5n, executed: 25n },
    ]);
  });

  it('tells of each layer before it runs', () => {
    const told: string[] = [];
    verify(SMALL, {}, ({ path }, index) => told.push(`${index} ${path}`));
    expect(told).toEqual(SMALL.nodes.map(({ path }, index) => `${index} ${path}`));
  });

  it('counts past 2^31', () => {
    class Rich extends CountingAlu {
      protected override macs = 2 ** 31 - 10;
    }
    const alu = new Rich();
    for (let i = 0; i < 100; i++) alu.multiplyAdd(undefined, undefined, undefined);
    expect(alu.counts().macs).toBe(2n ** 31n + 90n);
  });
});

describe('execute', () => {
  it('gives the same numbers for the same seed, and others for another', () => {
    expect(lastOf(SMALL, 3)).toEqual(lastOf(SMALL, 3));
    expect(lastOf(SMALL, 3)).not.toEqual(lastOf(SMALL, 4));
  });

  it('gives shared weights the same numbers', () => {
    const shared = graphOf(`
  - globalavgpool
  - { flatten: {}, name: flat }
  - { linear: { out: 3 }, weights: one, name: a }
  - { linear: { out: 3 }, weights: one, from: flat, name: b }
  - { add: {}, from: [a, b] }`);
    const outputs = [...execute(shared)].filter(({ node }) => node.operator === 'linear').map((executed) => executed.outputs[0]);
    expect(outputs).toHaveLength(2);
    expect(outputs[0]).toEqual(outputs[1]);
  });

  it('keeps what flows through a deep network of a size', () => {
    const last = numbersOf(lastOf(open('resnet18', { input: { input: [3, 32, 32] } })));
    const greatest = Math.max(...last.map(Math.abs));
    expect(greatest).toBeGreaterThan(1e-3);
    expect(greatest).toBeLessThan(1e3);
  });

  it('names the layer and the bytes where there is too little memory, before anything runs', () => {
    const run = () => execute(SMALL, { memory: 2000 }).next();
    expect(run).toThrow(ProblemError);
    // 3×8×8 and 4×8×8 elements and the weights of 4×3×3×3 + 4, 4 bytes each.
    expect(run).toThrow(
      expect.objectContaining({
        problem: expect.objectContaining({ code: 'OUT_OF_MEMORY', path: 'conv', data: { bytes: 2240n, limit: 2000 } }),
      }),
    );
    expect(() => execute(SMALL, { memory: 2240 }).next()).not.toThrow();
  });

  it('names the layer and the bytes of a tensor that cannot be had', () => {
    const graph = graphOf('  - pad: { amount: [0, 10000000, 10000000] }');
    expect(() => execute(graph).next()).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code: 'TENSOR_TOO_LARGE', path: 'pad' }) }),
    );
  });

  it('frees what no later layer needs', () => {
    const many = graphOf('  - sequence:\n      - relu\n    repeat: 50');
    // Never more than two tensors of 3×8×8 at once.
    expect(() => [...execute(many, { memory: 2 * 3 * 8 * 8 * 4 })]).not.toThrow();
    expect(() => [...execute(many, { memory: 2 * 3 * 8 * 8 * 4 - 1 })]).toThrow(ProblemError);
  });
});
