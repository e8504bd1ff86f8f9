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

  /** Vectors that fill lanes, and that do not. */
  const vectors = (name: OperatorName, attributes: fc.Arbitrary<object> = fc.constant({})) =>
    fc.record({
      name: fc.constant(name),
      attributes,
      inputs: fc.tuple(size(2), size(5), size(19)).map((shape) => [shape]),
    });

  const affine = fc.record({ affine: fc.boolean(), epsilon: fc.constantFrom(1e-6, 1e-5) });

  const rope = fc
    .record({ pairs: size(5), rest: size(3, 0), interleaved: fc.boolean(), start: size(40, 0), leading: perAxis(3, size(3)) })
    .map(({ pairs, rest, interleaved, start, leading }) => ({
      name: 'rope' as const,
      attributes: { dim: 2 * pairs, interleaved, start },
      inputs: [[...leading, 2 * pairs + rest]],
    }));

  const cache = fc
    .record({ past: size(9, 0), window: fc.option(size(6), { nil: undefined }), shape: perAxis(4, size(5)) })
    .map(({ past, window, shape }) => ({
      name: 'cache' as const,
      attributes: { past, ...(window !== undefined && { window }) },
      inputs: [shape],
    }));

  const split = fc
    .record({ sizes: fc.array(size(5), { minLength: 1, maxLength: 4 }), shape: perAxis(3, size(4)), axis: size(2) })
    .map(({ sizes, shape, axis }) => ({
      name: 'split' as const,
      attributes: { sizes, axis },
      inputs: [
        shape.with(
          axis,
          sizes.reduce((sum, one) => sum + one, 0),
        ),
      ],
    }));

  /** More queries than are taken at a time, key heads that serve several, masks, and all that is done to scores. */
  const attention = fc
    .record({
      n: size(2),
      groups: size(2),
      keyHeads: size(2),
      queries: fc.oneof({ weight: 60, arbitrary: size(9) }, { weight: 1, arbitrary: fc.constant(260) }),
      more: size(9, 0),
      width: size(9),
      features: size(9),
      causal: fc.boolean(),
      window: fc.option(size(6), { nil: undefined }),
      scale: fc.constantFrom(undefined, 1, 0.3),
      softcap: fc.constantFrom(undefined, 2),
      alibi: fc.boolean(),
      sinks: fc.boolean(),
      bias: fc.constantFrom<'none' | 'whole' | 'heads' | 'queries'>('none', 'none', 'whole', 'heads', 'queries'),
    })
    .map(({ n, groups, keyHeads, queries, more, width, features, bias, causal, alibi, sinks, window, scale, softcap }) => {
      const [heads, keys] = [groups * keyHeads, queries + more];
      const biases = { none: [], whole: [[n, heads, queries, keys]], heads: [[1, heads, 1, keys]], queries: [[queries, keys]] };
      return {
        name: 'sdpa' as const,
        attributes: {
          causal,
          alibi,
          sinks,
          ...(window !== undefined && { window }),
          ...(scale !== undefined && { scale }),
          ...(softcap !== undefined && { softcap }),
        },
        inputs: [[n, heads, queries, width], [n, keyHeads, keys, width], [n, keyHeads, keys, features], ...biases[bias]],
      };
    });

  it.each([
    ['conv', convolution],
    ['linear', linear],
    ['matmul', matmul],
    ['maxpool', maxpool],
    ['softmax', vectors('softmax')],
    ['layernorm', vectors('layernorm', affine)],
    ['rmsnorm', vectors('rmsnorm', affine)],
    ['gelu', vectors('gelu', fc.record({ approximate: fc.constantFrom('none', 'tanh') }))],
    ['silu', vectors('silu')],
    ['rope', rope],
    ['cache', cache],
    ['split', split],
    ['sdpa', attention],
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
      {
        name: 'sdpa',
        attributes: { causal: true, window: 100, alibi: true },
        inputs: [
          [1, 2, 260, 2],
          [1, 1, 263, 2],
          [1, 1, 263, 3],
        ],
      },
      {
        name: 'multiply',
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
