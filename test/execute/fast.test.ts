import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Shape } from '../../src/core/shape.ts';
import { numbersOf } from '../../src/core/tensor.ts';
import { fastKernels } from '../../src/execute/fast/by-operator.ts';
import { type Executed, execute } from '../../src/execute/interpreter.ts';
import { verified } from '../../src/execute/verify.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node/disk.ts';
import { openKernels } from '../../src/node/kernels.ts';
import type { OperatorName } from '../../src/operators/registry.ts';
import { ProblemError } from '../../src/problems/problem.ts';
import { runnable as cases } from '../operators/cases.ts';
import { graphOf } from './graph-of.ts';

const kernels = await openKernels('fast');

/** Greatest difference of two lists of numbers, to be held against their size. */
function difference(a: Float32Array, b: Float32Array): number {
  let greatest = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  let size = 1;
  for (const [index, one] of a.entries()) {
    // Where a window holds nothing but padding, both are −∞.
    if (one !== b[index]) greatest = Math.max(greatest, Math.abs(one - (b[index] as number)));
    if (Number.isFinite(one)) size = Math.max(size, Math.abs(one));
  }
  return greatest / size;
}

/** Sums of some hundred products in single precision stay this close. */
const ROUNDING = 1e-5;

/** Runs a graph with both kernels: the same numbers to rounding, the same counts exactly, and those that are predicted. */
function expectSame(graph: Graph): Executed[] {
  const reference = execute(graph);
  const runs: Executed[] = [];
  for (const fast of execute(graph, { kernels })) {
    const plain = reference.next().value as Executed;
    const { path } = fast.node;
    expect({ path, counts: fast.counts, shapes: shapesOf(fast) }).toEqual({ path, counts: plain.counts, shapes: shapesOf(plain) });
    for (const [index, output] of fast.outputs.entries()) {
      const off = difference(numbersOf(plain.outputs[index] as (typeof plain.outputs)[number]), numbersOf(output));
      expect(off, path).toBeLessThan(ROUNDING);
    }
    runs.push(fast);
  }
  expect(reference.next().done).toBe(true);
  const outcomes = runs.map((run) => ({ ...run, output: shapesOf(run) }));
  expect(verified(graph, outcomes).layers.filter(({ holds }) => !holds)).toEqual([]);
  return runs;
}

const shapesOf = ({ outputs }: Executed): Shape[] => outputs.map(({ shape }) => shape);

describe('fast kernels agree with the reference kernels', () => {
  it.each(cases)('$name $attributes on $inputs', (one) => {
    expectSame(graphOf(one));
  });

  const size = (max: number, min = 1) => fc.integer({ min, max });
  const perAxis = (axes: number, value: fc.Arbitrary<number>) => fc.array(value, { minLength: axes, maxLength: axes });
  const image = (axes: number, channels: number) =>
    fc.tuple(size(2), perAxis(axes, size(9))).map(([n, rest]): Shape => [n, channels, ...rest]);

  /** Filters and channels that fill lanes, and that do not. */
  const convolution = fc
    .record({ axes: size(3), groups: fc.constantFrom(1, 1, 2, 3, 5), inPerGroup: size(9), outPerGroup: size(21), depthwise: fc.boolean() })
    .chain(({ axes, groups, inPerGroup, outPerGroup, depthwise }) => {
      const channels = depthwise ? inPerGroup * 3 : groups * inPerGroup;
      return fc.record({
        name: fc.constant<OperatorName>('conv'),
        attributes: fc.record({
          out: fc.constant(depthwise ? channels : groups * outPerGroup),
          groups: fc.constant(depthwise ? channels : groups),
          kernel: perAxis(axes, size(4)),
          stride: perAxis(axes, size(3)),
          dilation: perAxis(axes, size(3)),
          padding: fc.oneof(
            fc.array(fc.tuple(size(3, 0), size(3, 0)), { minLength: axes, maxLength: axes }),
            fc.constantFrom('same', 'valid'),
          ),
          bias: fc.boolean(),
        }),
        inputs: image(axes, channels).map((shape) => [shape]),
      });
    });

  const linear = fc.record({
    name: fc.constant<OperatorName>('linear'),
    attributes: fc.record({ out: size(30), bias: fc.boolean() }),
    inputs: fc.array(size(9), { minLength: 2, maxLength: 4 }).map((shape) => [shape]),
  });

  const matmul = fc
    .record({ stack: fc.array(size(3), { maxLength: 2 }), rows: size(9), inner: size(9), columns: size(21), transpose: fc.boolean() })
    .map(({ stack, rows, inner, columns, transpose }) => ({
      name: 'matmul' as const,
      attributes: { transpose },
      inputs: [[...stack, rows, inner], transpose ? [...stack, columns, inner] : [...stack, inner, columns]],
    }));

  const maxpool = size(3).chain((axes) =>
    fc.record({
      name: fc.constant<OperatorName>('maxpool'),
      attributes: fc.record({
        kernel: perAxis(axes, size(3)),
        stride: perAxis(axes, size(3)),
        padding: size(2, 0),
        ceil: fc.boolean(),
        dilation: size(2),
      }),
      inputs: size(9)
        .chain((channels) => image(axes, channels))
        .map((shape) => [shape]),
    }),
  );

  it.each([
    ['conv', convolution],
    ['linear', linear],
    ['matmul', matmul],
    ['maxpool', maxpool],
  ] as const)('%s of any size', { timeout: 60_000 }, (name, drawn) => {
    let run = 0;
    fc.assert(
      fc.property(drawn as fc.Arbitrary<Parameters<typeof graphOf>[0]>, (one) => {
        let graph: Graph;
        try {
          graph = graphOf(one);
        } catch (error) {
          // A window that does not fit.
          if (error instanceof ProblemError) return;
          throw error;
        }
        expect(expectSame(graph).map(({ kernel }) => kernel)).toEqual(['fast']);
        run++;
      }),
      { numRuns: 100 },
    );
    expect({ name, enough: run > 30 }).toEqual({ name, enough: true });
  });

  it.each([
    ['resnet18', [3, 32, 32]],
    ['mobilenet_v3_small', [3, 48, 48]],
    ['shufflenet_v2_x0_5', [3, 64, 64]],
    ['squeezenet1_1', [3, 32, 32]],
  ] as const)('on every layer of %s', { timeout: 60_000 }, (model, input) => {
    expectSame(openModel(parseReference(model), diskLibrary, { input: { input } }));
  });

  it('for every operator that has one', { timeout: 60_000 }, () => {
    const more = [
      {
        name: 'add',
        attributes: {},
        inputs: [
          [2, 6, 3, 5],
          [2, 6, 3, 5],
        ],
      },
      { name: 'adaptiveavgpool', attributes: { size: 1 }, inputs: [[2, 6, 3, 5]] },
    ] as const;
    const covered = new Set(
      [...cases, ...more].flatMap((one) => expectSame(graphOf(one)).map(({ node, kernel }) => `${node.operator} ${kernel}`)),
    );
    for (const name of Object.keys(fastKernels)) expect(covered).toContain(`${name} fast`);
  });
});
