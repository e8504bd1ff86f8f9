import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import { eachPlace } from '../core/places.ts';
import type { Shape } from '../core/shape.ts';
import { elementOf, type Tensor, ZERO } from '../core/tensor.ts';
import { each, type Factor, factor, macs, type Term, type Work } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { about, flag, optional, positive, withDefault } from './kit/attributes.ts';
import { checkDivides } from './kit/axes.ts';
import { fill, read } from './kit/elements.ts';
import {
  type Alus,
  GradientSum,
  type Gradients,
  inputSums,
  type Needs,
  type Pass,
  productsFor,
  type Saved,
  weightGradients,
  weightSum,
} from './kit/gradient.ts';
import { defineOperator, learned, type WeightShapes, type Weights } from './kit/operator.ts';
import { project, projectBack } from './linear.ts';
import { SOFTMAX, SOFTMAX_GRADIENT, softmaxAlong, softmaxBack } from './softmax.ts';

const attributes = z.strictObject({
  heads: about(positive, 'How many heads share the features among them.'),
  dim: about(optional(positive), 'Features of queries, keys and values, all heads together; those of the input unless given.'),
  bias: about(withDefault(flag, true), 'Whether each projection adds a learned bias.'),
});

/** A matrix that projects one of the inputs, or with `times: 3` one input to query, key and value at once. */
interface Projection {
  readonly role: string;
  readonly shape: Shape;
  readonly times: number;
}

/** Checks the inputs and names every quantity. */
function geometry(a: z.infer<typeof attributes>, inputs: readonly Shape[]) {
  const [query, key = query, value = key] = inputs as [Shape, ...Shape[]];
  for (const shape of [query, key, value])
    if (shape.length !== 3) throw fail('WRONG_RANK', { operator: 'attention', expected: '[n, positions, features]', shape });
  const [n, queries, features] = query as [number, number, number];
  const [, keys] = key as [number, number, number];
  if (key[0] !== n || value[0] !== n || value[1] !== keys) {
    const rule = 'all must have the same batch, and keys and values the same number of positions';
    throw fail('SHAPES_DO_NOT_FIT', { operator: 'attention', rule, shapes: inputs });
  }
  const dim = a.dim ?? features;
  checkDivides('features', dim, 'heads', a.heads);
  const projections: readonly Projection[] =
    inputs.length === 1
      ? [{ role: 'in', shape: query, times: 3 }]
      : [
          { role: 'query', shape: query, times: 1 },
          { role: 'key', shape: key, times: 1 },
          { role: 'value', shape: value, times: 1 },
        ];
  return { n, queries, keys, features, dim, projections };
}

/** A product of `[n, positions, in]` with a matrix. */
function projected(factors: readonly Factor[], inFeatures: Factor, out: readonly Factor[], bias: boolean, sums: Shape): Work {
  const products = macs([...factors, inFeatures, ...out], sums);
  return bias ? [products, each({ add: 1 }, [...factors, ...out])] : [products];
}

/** What it computes, part by part. */
function workOf(a: z.infer<typeof attributes>, inputs: readonly Shape[]) {
  const { n, queries, keys, features, dim, projections } = geometry(a, inputs);
  const batch = factor('n', n);
  const inner = factor('dim', dim);
  const positions = [batch, factor('queries', queries)];
  const heads = [batch, factor('heads', a.heads)];
  const perHead = factor('dim/heads', dim / a.heads);
  const [from, to] = [factor('queries', queries), factor('keys', keys)];
  return {
    projections: projections.map(({ shape, times }) =>
      projected(
        [batch, factor('positions', shape[1] as number)],
        factor('in', shape[2] as number),
        times === 1 ? [inner] : [factor('q, k, v', times), inner],
        a.bias,
        [n, shape[1] as number, times * dim],
      ),
    ),
    scores: [macs([...heads, from, perHead, to], [n, a.heads, queries, keys])],
    shares: [each({ multiply: 1, ...SOFTMAX }, [...heads, from, to])],
    mixes: [macs([...heads, from, to, perHead], [n, queries, dim])],
    out: projected(positions, inner, [factor('out', features)], a.bias, [n, queries, features]),
  };
}

/** Which input a projection reads: with two inputs, key and value read the second. */
const sourceOf = (projections: readonly Projection[], inputs: number, index: number): number =>
  projections.length === 1 ? 0 : Math.min(index, inputs - 1);

/**
 * What torch.nn.MultiheadAttention keeps: inputs of its projections where their weights are trained, scaled queries, keys and
 * values, the shares, and what goes into the output projection. Each head's part is copied out of the projections.
 */
function savedOf(a: z.infer<typeof attributes>, inputs: readonly Shape[], needs: Needs): readonly Saved[] {
  const { n, queries, keys, dim, projections } = geometry(a, inputs);
  const between = (...shape: number[]): Saved => ({ what: 'between', shape, type: 'element' });
  return [
    ...projections.flatMap(({ role }, i): Saved[] =>
      needs.weights[role] === true ? [{ what: 'input', index: sourceOf(projections, inputs.length, i) }] : [],
    ),
    ...(isInside(needs)
      ? [between(n, queries, dim), between(n, keys, dim), between(n, keys, dim), between(n, a.heads, queries, keys)]
      : []),
    ...(needs.weights.out === true ? [between(n, queries, dim)] : []),
  ];
}

/** The last axis of `[n, heads, queries, keys]`. */
const SCORE_AXIS = 3;

/** The three parts of the last axis of `[n, positions, 3·dim]`. */
function thirds(x: Tensor, alu: Alu): [Tensor, Tensor, Tensor] {
  const [n, positions, together] = x.shape as [number, number, number];
  const dim = together / 3;
  const part = (index: number): Tensor =>
    fill([n, positions, dim], alu, ([image, position, i]) => read(x, [image as number, position as number, index * dim + (i as number)]));
  return [part(0), part(1), part(2)];
}

/** For each head and each pair of positions query · key / √(width of a head), as a multiplication. */
function scores(query: Tensor, key: Tensor, heads: number, alu: Alu): Tensor {
  const [n, queries, dim] = query.shape as [number, number, number];
  const keys = key.shape[1] as number;
  const width = dim / heads;
  const scale = elementOf(1 / Math.sqrt(width));
  const y = alu.zeros([n, heads, queries, keys]);
  let o = 0;
  for (let image = 0; image < n; image++)
    for (let head = 0; head < heads; head++)
      for (let q = 0; q < queries; q++)
        for (let k = 0; k < keys; k++) {
          const left = (image * queries + q) * dim + head * width;
          const right = (image * keys + k) * dim + head * width;
          let sum = ZERO;
          for (let i = 0; i < width; i++) sum = alu.multiplyAdd(sum, query.data[left + i], key.data[right + i]);
          y.data[o] = alu.multiply(sum, scale);
          o++;
        }
  return y;
}

/** For each position the sum of all values, each by its share. */
function mixed(shares: Tensor, values: Tensor, alu: Alu): Tensor {
  const [n, heads, queries, keys] = shares.shape as [number, number, number, number];
  const dim = values.shape[2] as number;
  const width = dim / heads;
  const y = alu.zeros([n, queries, dim]);
  for (let image = 0; image < n; image++)
    for (let head = 0; head < heads; head++)
      for (let q = 0; q < queries; q++)
        for (let i = head * width; i < (head + 1) * width; i++) {
          const row = ((image * heads + head) * queries + q) * keys;
          let sum = ZERO;
          for (let k = 0; k < keys; k++) sum = alu.multiplyAdd(sum, shares.data[row + k], values.data[(image * keys + k) * dim + i]);
          y.data[(image * queries + q) * dim + i] = sum;
        }
  return y;
}

/** So many rows of a matrix: as many features as are asked for, however many it has. */
const firstRows = ({ shape, data }: Tensor, rows: number): Tensor => ({ shape: [rows, shape[1] as number], data });

/** Queries, keys and values, the share of each pair, and what is mixed. */
function attended(
  { heads, dim }: { readonly heads: number; readonly dim?: number | undefined },
  inputs: readonly Tensor[],
  weights: Weights,
  alu: Alu,
) {
  const [first, second = first, third = second] = inputs as [Tensor, ...Tensor[]];
  const width = dim ?? (first.shape[2] as number);
  const through = (x: Tensor, role: string, rows = width): Tensor =>
    project(x, firstRows(weights[role] as Tensor, rows), weights[`${role} bias`], alu);
  const [query, key, values] =
    inputs.length === 1
      ? thirds(through(first, 'in', width + width + width), alu)
      : ([through(first, 'query'), through(second, 'key'), through(third, 'value')] as const);
  const shares = softmaxAlong(scores(query, key, heads, alu), SCORE_AXIS, alu);
  return { query, key, values, shares, mix: mixed(shares, values, alu) };
}

/** Through the output projection, the mix, the softmax and the scores to the projections of the inputs. */
function attendBack(a: z.infer<typeof attributes>, pass: Pass, { inputs: alu, weights: own, kept }: Alus): Gradients {
  const { inputs, weights, gradients, needs } = pass;
  const { projections } = geometry(
    a,
    inputs.map(({ shape }) => shape),
  );
  const { query, key, values, shares, mix } = attended(a, inputs, weights, kept);
  const toWeights = Object.fromEntries(Object.keys(weights).map((role) => [role, weightSum(pass, role, own)]));
  const toInputs = inputSums(pass, alu);
  const back = (x: Tensor, role: string, g: Tensor, toX: GradientSum): void =>
    projectBack(x, weights[role] as Tensor, g, {
      x: toX,
      matrix: toWeights[role] as GradientSum,
      bias: toWeights[`${role} bias`] ?? new GradientSum([], false, own),
    });
  const toMix = new GradientSum(mix.shape, isInside(needs), alu);
  back(mix, 'out', gradients[0] as Tensor, toMix);
  if (toMix.tensor !== undefined) {
    const parts = mixedBack(toMix.tensor, query, key, values, shares, a.heads, alu);
    const sources = projections.length === 1 ? [joinedThirds(parts, kept)] : parts;
    for (const [i, { role }] of projections.entries()) {
      const from = sourceOf(projections, inputs.length, i);
      back(inputs[from] as Tensor, role, sources[i] as Tensor, toInputs[from] as GradientSum);
    }
  }
  return { inputs: toInputs.map(({ tensor }) => tensor), weights: weightGradients(toWeights) };
}

/** Whether any gradient but those of the output projection is asked for. */
const isInside = ({ inputs, weights }: Needs): boolean =>
  inputs.includes(true) || Object.entries(weights).some(([role, needed]) => needed && !role.startsWith('out'));

/** The gradients of queries, keys and values from that of what is mixed. */
function mixedBack(toMix: Tensor, query: Tensor, key: Tensor, values: Tensor, shares: Tensor, heads: number, alu: Alu): Tensor[] {
  const [n, queries, dim] = query.shape as [number, number, number];
  const keys = key.shape[1] as number;
  const width = dim / heads;
  const scale = elementOf(1 / Math.sqrt(width));
  const [toQuery, toKey, toValues, toShares] = [query, key, values, shares].map(({ shape }) => alu.zeros(shape)) as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
  ];
  const pairs = (visit: (pair: number, left: number, right: number) => void): void =>
    eachPlace([n, heads, queries, keys], ([image, head, q, k], pair) => {
      const shift = (head as number) * width;
      visit(pair, ((image as number) * queries + (q as number)) * dim + shift, ((image as number) * keys + (k as number)) * dim + shift);
    });
  pairs((pair, left, right) => {
    for (let i = 0; i < width; i++) {
      toShares.data[pair] = alu.multiplyAdd(toShares.data[pair], toMix.data[left + i], values.data[right + i]);
      toValues.data[right + i] = alu.multiplyAdd(toValues.data[right + i], toMix.data[left + i], shares.data[pair]);
    }
  });
  const toScores = softmaxBack(shares, toShares, SCORE_AXIS, alu);
  pairs((pair, left, right) => {
    const slope = alu.multiply(toScores.data[pair], scale);
    for (let i = 0; i < width; i++) {
      toQuery.data[left + i] = alu.multiplyAdd(toQuery.data[left + i], slope, key.data[right + i]);
      toKey.data[right + i] = alu.multiplyAdd(toKey.data[right + i], slope, query.data[left + i]);
    }
  });
  return [toQuery, toKey, toValues];
}

/** Three tensors `[n, positions, dim]` as one `[n, positions, 3·dim]`. */
function joinedThirds(parts: readonly Tensor[], alu: Alu): Tensor {
  const [n, positions, dim] = (parts[0] as Tensor).shape as [number, number, number];
  return fill([n, positions, 3 * dim], alu, ([image, position, i]) =>
    read(parts[Math.floor((i as number) / dim)] as Tensor, [image as number, position as number, (i as number) % dim]),
  );
}

export const attention = defineOperator({
  name: 'attention',
  summary:
    'Let positions of [n, positions, features] attend to each other in several heads; with two inputs the first to the second, with three as query, key and value.',
  attributes,
  rule: 'One multiply-accumulate per element of the projections, of q·kᵀ and of the product with v; a bias adds once per projected element; one multiply to scale and a softmax (one compare, subtract, exp, add and divide) per score.',
  source: 'Vaswani et al. 2017, arXiv:1706.03762, section 3.2; torch.nn.MultiheadAttention',
  inputs: { min: 1, max: 3 },
  shape(a, inputs) {
    geometry(a, inputs);
    return inputs[0];
  },
  weights(a, inputs) {
    const { features, dim, projections } = geometry(a, inputs);
    const matrices = [
      ...projections.map(({ role, shape, times }) => [role, times * dim, shape[2] as number] as const),
      ['out', features, dim] as const,
    ];
    const weights: Record<string, WeightShapes[string]> = {};
    for (const [role, out, from] of matrices) {
      weights[role] = learned([out, from]);
      if (a.bias) weights[`${role} bias`] = learned([out]);
    }
    return weights;
  },
  work(a, inputs) {
    const { projections, scores, shares, mixes, out } = workOf(a, inputs);
    return [...projections.flat(), ...scores, ...shares, ...mixes, ...out];
  },
  window: () => 'apart',
  gradient: {
    saves: savedOf,
    inputs(a, inputs) {
      const { projections } = geometry(a, inputs);
      const works = workOf(a, inputs);
      return inputs.map((input, index) =>
        works.projections.flatMap((work, i) => (sourceOf(projections, inputs.length, i) === index ? productsFor(work, input) : [])),
      );
    },
    weights(a, inputs) {
      const { dim, features, projections } = geometry(a, inputs);
      const works = workOf(a, inputs);
      const weights: Record<string, Work> = {};
      const put = (role: string, work: Work, shape: Shape): void => {
        weights[role] = productsFor(work, shape);
        if (a.bias) weights[`${role} bias`] = work.filter(({ sums }) => sums === undefined);
      };
      for (const [i, { role, shape, times }] of projections.entries())
        put(role, works.projections[i] as Work, [times * dim, shape[2] as number]);
      put('out', works.out, [features, dim]);
      return weights;
    },
    /** Through the output projection, then to the shares and the values, the scores, the queries and the keys. */
    between(a, inputs, needs) {
      const { n, queries, dim } = geometry(a, inputs);
      const { scores, shares, mixes, out } = workOf(a, inputs);
      if (!isInside(needs)) return [];
      const [term] = shares as [Term];
      return [
        ...productsFor(out, [n, queries, dim]),
        ...mixes,
        ...mixes,
        each({ ...SOFTMAX_GRADIENT, multiply: SOFTMAX_GRADIENT.multiply + 1 }, term.factors),
        ...scores,
        ...scores,
      ];
    },
    run: attendBack,
  },
  run(a, inputs, weights, alu) {
    const features = inputs[0].shape[2] as number;
    return project(attended(a, inputs, weights, alu).mix, firstRows(weights.out as Tensor, features), weights['out bias'], alu);
  },
});
