import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import { product } from '../core/exact.ts';
import { placesOf } from '../core/places.ts';
import { broadcast, type Shape, sameShape } from '../core/shape.ts';
import { type Element, elementOf, LEAST, ONE, type Tensor, ZERO } from '../core/tensor.ts';
import { each, elementFactors, factor, macs, type Work } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { alibiBias } from './kit/alibi.ts';
import { about, flag, fraction, optional, positive, real, realOverZero, withDefault } from './kit/attributes.ts';
import { maskAt } from './kit/drop.ts';
import {
  type Alus,
  type GradientSum,
  type Gradients,
  inputSums,
  type Pass,
  type Products,
  productsFor,
  type Saved,
  savedInput,
  unbroadcast,
  weightGradients,
  weightSum,
} from './kit/gradient.ts';
import { isSeen, maskedPairs } from './kit/mask.ts';
import { defineOperator, learned, NO_WEIGHTS } from './kit/operator.ts';
import { asFarAs } from './kit/reach.ts';
import { SOFTMAX, SOFTMAX_GRADIENT } from './softmax.ts';

const attributes = z.strictObject({
  causal: about(withDefault(flag, false), 'Whether a query sees no key behind its own position; the last query is at the last key.'),
  window: about(optional(positive), 'A query sees only keys less than so many positions away.'),
  scale: about(optional(real), 'What scores are multiplied by; one over the root of the width unless given.'),
  softcap: about(optional(realOverZero), 'Scores are softly capped to this: cap · tanh(score / cap).'),
  alibi: about(
    withDefault(flag, false),
    'Whether scores get less with the distance of the two positions, in each head by another slope: Press et al. 2021, arXiv:2108.12409.',
  ),
  divisor: about(
    withDefault(flag, false),
    'Whether the root of the width is a tensor of one element, by which scores are divided, and which is kept in training; no count depends on it.',
  ),
  dropout: about(withDefault(fraction, 0), 'Which part of the shares is dropped in training.'),
  sinks: about(withDefault(flag, false), 'Whether each head has a learned score that takes its share of the softmax.'),
});
type Attributes = z.infer<typeof attributes>;

const RULE = 'queries [n, heads, queries, width], keys [n, key heads, keys, width] and values [n, key heads, keys, features] are needed';

/** Checks the inputs and names every quantity. */
function geometry(a: Attributes, inputs: readonly Shape[]) {
  const [query, key, values, bias] = inputs as [Shape, Shape, Shape, Shape | undefined];
  for (const shape of [query, key, values])
    if (shape.length !== 4) throw fail('WRONG_RANK', { operator: 'sdpa', expected: '[n, heads, positions, features]', shape });
  const [n, heads, queries, width] = query as [number, number, number, number];
  const [, keyHeads, keys] = key as [number, number, number, number];
  if (!sameShape(key, [n, keyHeads, keys, width]) || !sameShape(values.slice(0, 3), [n, keyHeads, keys]))
    throw fail('SHAPES_DO_NOT_FIT', { operator: 'sdpa', rule: RULE, shapes: inputs });
  if (heads % keyHeads !== 0)
    throw fail('DOES_NOT_DIVIDE', { what: 'heads of the queries', total: heads, parts: 'heads of the keys', divisor: keyHeads });
  const masking = a.causal ? 'causal' : a.window === undefined ? undefined : 'window';
  if (masking !== undefined && keys < queries) {
    const message = `A mask has the last query at the last key, so ${queries} queries need at least as many keys, not ${keys}. Leave "${masking}" out where others are attended to`;
    throw fail('CONTRADICTION', { message }, masking);
  }
  const scores = [n, heads, queries, keys];
  if (bias !== undefined && !sameShape(broadcast(scores, bias) ?? [], scores))
    throw fail('SHAPES_DO_NOT_FIT', {
      operator: 'sdpa',
      rule: `the bias must broadcast to the scores, ${scores.join('×')}`,
      shapes: inputs,
    });
  const offset = Math.max(keys - queries, 0);
  return {
    n,
    heads,
    keyHeads,
    queries,
    keys,
    width,
    features: values[3] as number,
    offset,
    scores,
    scale: a.scale ?? 1 / Math.sqrt(width),
    masked: product([n, heads]) * maskedPairs(a, queries, keys, offset),
  };
}

/** What a kernel goes through, as it finds it in its inputs. */
function laidOut({ scale }: Attributes, inputs: readonly Tensor[]) {
  const [query, key, values] = inputs.map(({ shape }) => shape) as [Shape, Shape, Shape];
  const [n, heads, queries, width] = query as [number, number, number, number];
  const [, keyHeads, keys] = key as [number, number, number, number];
  return {
    n,
    heads,
    keyHeads,
    queries,
    keys,
    width,
    features: values.at(-1) as number,
    scores: [n, heads, queries, keys],
    offset: Math.max(keys - queries, 0),
    scale: scale ?? width ** -0.5,
  };
}
type Geometry = ReturnType<typeof laidOut>;

/** Where a query is: its image, its head, and its number. */
type QueryAt = readonly [image: number, head: number, query: number];

/** Which keys and values a query has. */
const groupOf = ({ heads, keyHeads }: Geometry, [image, head]: QueryAt): number => image * keyHeads + Math.floor(head / (heads / keyHeads));

/** A query times each key. */
function productsOf(a: Attributes, g: Geometry, at: QueryAt, inputs: readonly Tensor[], alu: Alu): Element[] {
  const [query, key] = inputs as [Tensor, Tensor];
  const [image, head, q] = at;
  const left = ((image * g.heads + head) * g.queries + q) * g.width;
  const first = groupOf(g, at) * g.keys;
  return Array.from({ length: g.keys }, (_, k) => {
    const right = (first + k) * g.width;
    const seen = isSeen(a, g.offset, q, k);
    let sum = ZERO;
    for (let i = 0; i < g.width; i++) {
      const [one, other] = [query.data[left + i], key.data[right + i]];
      sum = seen ? alu.multiplyAdd(sum, one, other) : alu.multiplyAddMasked(sum, one, other);
    }
    return sum;
  });
}

/** The products scaled, capped, with their bias; least where they are masked. */
function scored(a: Attributes, g: Geometry, at: QueryAt, products: readonly Element[], bias: Tensor | undefined, alu: Alu): Element[] {
  const [, head, q] = at;
  return products.map((product, k) => {
    let sum = product;
    if (g.scale !== 1) sum = alu.multiply(sum, elementOf(g.scale));
    if (a.softcap !== undefined) sum = alu.multiply(alu.tanh(alu.divide(sum, elementOf(a.softcap))), elementOf(a.softcap));
    if (a.alibi) sum = alu.add(sum, elementOf(alibiBias(head, g.heads, g.offset + q - k)));
    if (bias !== undefined) sum = alu.add(sum, bias.data[placeIn(bias.shape, [...at, k])]);
    return isSeen(a, g.offset, q, k) ? sum : LEAST;
  });
}

/** Where an element is in a tensor that broadcasts to the scores. */
function placeIn(shape: Shape, at: readonly number[]): number {
  const missing = at.length - shape.length;
  return shape.reduce((offset, size, axis) => offset * size + (size === 1 ? 0 : (at[missing + axis] as number)), 0);
}

/** The share of each score; a sink takes part in the sum, and nothing comes of its own share. */
function sharesOf(scores: readonly Element[], sinks: readonly Element[], alu: Alu): Element[] {
  let greatest = LEAST;
  for (const score of [...scores, ...sinks]) greatest = alu.compare(score, greatest) ? score : greatest;
  const powers = [...scores, ...sinks].map((score) => alu.exp(alu.subtract(score, greatest)));
  let sum = ZERO;
  for (const power of powers) sum = alu.add(sum, power);
  return scores.map((_, k) => alu.divide(powers[k], sum));
}

/** The sum of all values of a query, each by its share, written from `start` on. */
function mix(
  a: Attributes,
  g: Geometry,
  at: QueryAt,
  shares: readonly Element[],
  values: Tensor,
  y: Tensor,
  start: number,
  alu: Alu,
): void {
  const first = groupOf(g, at) * g.keys;
  for (let i = 0; i < g.features; i++) {
    let sum = ZERO;
    for (const [k, share] of shares.entries()) {
      const element = values.data[(first + k) * g.features + i];
      sum = isSeen(a, g.offset, at[2], k) ? alu.multiplyAdd(sum, share, element) : alu.multiplyAddMasked(sum, share, element);
    }
    y.data[start + i] = sum;
  }
}

/** Queries times keys, and shares times values. */
function productsOfAttention(a: Attributes, inputs: readonly Shape[]): { readonly scores: Work; readonly mixes: Work } {
  const { n, heads, queries, keys, width, features, scores, masked } = geometry(a, inputs);
  const rows = [factor('n', n), factor('heads', heads), factor('queries', queries)];
  const to = factor('keys', keys);
  return {
    scores: [macs([...rows, factor('width', width), to], scores, masked * BigInt(width))],
    mixes: [macs([...rows, to, factor('features', features)], [n, heads, queries, features], masked * BigInt(features))],
  };
}

/** Queries times keys, what is done with each score, and the mix. */
function workOf(a: Attributes, inputs: readonly Shape[]): Work {
  const { n, heads, queries, keys, scale } = geometry(a, inputs);
  const { scores, mixes } = productsOfAttention(a, inputs);
  const rows = [factor('n', n), factor('heads', heads), factor('queries', queries)];
  const to = factor('keys', keys);
  const multiplies = (scale === 1 ? 0 : 1) + (a.softcap === undefined ? 0 : 1);
  const perScore = {
    ...SOFTMAX,
    ...(multiplies > 0 && { multiply: multiplies }),
    ...(a.softcap !== undefined && { divide: 2, tanh: 1 }),
    add: SOFTMAX.add + (inputs.length > 3 ? 1 : 0) + (a.alibi ? 1 : 0),
  };
  return [
    ...scores,
    each(perScore, [...rows, to]),
    ...(a.sinks ? [each({ compare: 1, subtract: 1, exp: 1, add: 1 }, rows)] : []),
    ...mixes,
  ];
}

type Drop = (a: Attributes, row: number, shares: readonly Element[], alu: Alu) => readonly Element[];

/** Each query's mix of the values. */
function attend(a: Attributes, inputs: readonly Tensor[], sinks: Tensor | undefined, drop: Drop, alu: Alu): Tensor {
  const g = laidOut(a, inputs);
  const y = alu.zeros([g.n, g.heads, g.queries, g.features]);
  for (const [row, at] of placesOf([g.n, g.heads, g.queries]).entries()) {
    const query = at as QueryAt;
    const own = sinks === undefined ? [] : [sinks.data[query[1]]];
    const shares = sharesOf(scored(a, g, query, productsOf(a, g, query, inputs, alu), inputs[3], alu), own, alu);
    mix(a, g, query, drop(a, row, shares, alu), inputs[2] as Tensor, y, row * g.features, alu);
  }
  return y;
}

/** Through the mix to values and shares, through softmax and cap to the products, and from them to queries and keys. */
function attendBack(a: Attributes, pass: Pass, { inputs: alu, weights: own, kept }: Alus): Gradients {
  const { inputs, weights } = pass;
  const g = geometry(
    a,
    inputs.map(({ shape }) => shape),
  );
  const to = inputSums(pass, alu);
  const [toQuery, toKey, , toBias] = to as [GradientSum, GradientSum, GradientSum, GradientSum | undefined];
  const toSinks = weightSum(pass, 'sinks', own);
  const isScored = [toQuery, toKey, toBias, toSinks].some((one) => one?.isAsked);
  for (const [row, at] of placesOf([g.n, g.heads, g.queries]).entries()) {
    const where = at as QueryAt;
    const sinks = weights.sinks === undefined ? [] : [weights.sinks.data[where[1]]];
    const products = productsOf(a, g, where, inputs, kept);
    const shares = sharesOf([...scored(a, g, where, products, inputs[3], kept), ...sinks], [], kept);
    const slopes = dropped(
      a,
      row,
      mixBack(a, g, where, dropped(a, row, shares.slice(0, g.keys), kept), pass, row * g.features, to[2] as GradientSum, isScored, alu),
      isScored ? alu : kept,
    );
    if (!isScored) continue;
    let mean = ZERO;
    for (const k of products.keys()) mean = alu.add(mean, alu.multiply(slopes[k], shares[k]));
    // A sink's own share has no gradient but by the sum.
    if (toSinks.tensor !== undefined) {
      const place = where[1];
      toSinks.tensor.data[place] = own.subtract(toSinks.tensor.data[place], own.multiply(shares[g.keys], mean));
    }
    const toScores = products.map((_, k) => alu.multiply(shares[k], alu.subtract(slopes[k], mean)));
    biasBack(g, where, toScores, inputs[3], toBias);
    scoresBack(a, g, where, { products, toScores }, pass, [toQuery, toKey], alu, kept);
  }
  return { inputs: to.map(({ tensor }) => tensor), weights: weightGradients({ sinks: toSinks }) };
}

/** The shares of one query, or their gradients, with some dropped: one multiply each. A sink's share is not among them. */
function dropped({ dropout }: Attributes, row: number, shares: readonly Element[], alu: Alu): readonly Element[] {
  if (dropout === 0) return shares;
  return shares.map((share, k) => alu.multiply(share, maskAt(row * shares.length + k, dropout)));
}

const productsBy = (a: Attributes, g: Geometry, [, , query]: QueryAt, key: number): Products =>
  isSeen(a, g.offset, query, key) ? 'multiplyAdd' : 'multiplyAddMasked';

/** The gradient of each share, if scores are asked for, and those of the values. */
function mixBack(
  a: Attributes,
  g: Geometry,
  at: QueryAt,
  shares: readonly Element[],
  { inputs, gradients }: Pass,
  out: number,
  toValues: GradientSum,
  isScored: boolean,
  alu: Alu,
): Element[] {
  const first = groupOf(g, at) * g.keys;
  const values = inputs[2] as Tensor;
  return Array.from({ length: g.keys }, (_, k) => {
    const by = productsBy(a, g, at, k);
    let slope = ZERO;
    for (let i = 0; i < g.features; i++) {
      const [place, gradient] = [(first + k) * g.features + i, gradients[0]?.data[out + i]];
      if (isScored) slope = alu[by](slope, gradient, values.data[place]);
      toValues.product(place, gradient, shares[k], by);
    }
    return slope;
  });
}

/** The gradient of a bias: that of each score, added up where it broadcasts. */
function biasBack(g: Geometry, at: QueryAt, toScores: readonly Element[], bias: Tensor | undefined, toBias: GradientSum | undefined): void {
  if (bias === undefined || toBias?.tensor === undefined) return;
  const isRepeated = unbroadcast(bias.shape, g.scores).length > 0;
  for (const [k, slope] of toScores.entries()) {
    const place = placeIn(bias.shape, [...at, k]);
    if (isRepeated) toBias.add(place, slope);
    else toBias.tensor.data[place] = slope;
  }
}

/** From the gradient of each score to the query and the keys. */
function scoresBack(
  a: Attributes,
  g: Geometry,
  at: QueryAt,
  { products, toScores }: { readonly products: readonly Element[]; readonly toScores: readonly Element[] },
  { inputs }: Pass,
  [toQuery, toKey]: readonly [GradientSum, GradientSum],
  alu: Alu,
  kept: Alu,
): void {
  const [query, key] = inputs as [Tensor, Tensor];
  const [image, head, q] = at;
  const left = ((image * g.heads + head) * g.queries + q) * g.width;
  const first = groupOf(g, at) * g.keys;
  for (const [k, product] of products.entries()) {
    let slope = toScores[k];
    if (a.softcap !== undefined) {
      const tanh = kept.tanh(kept.divide(g.scale === 1 ? product : kept.multiply(product, elementOf(g.scale)), elementOf(a.softcap)));
      slope = alu.multiply(slope, alu.subtract(ONE, alu.multiply(tanh, tanh)));
    }
    if (g.scale !== 1) slope = alu.multiply(slope, elementOf(g.scale));
    const by = productsBy(a, g, at, k);
    for (let i = 0; i < g.width; i++) {
      const [from, to] = [left + i, (first + k) * g.width + i];
      toQuery.product(from, slope, key.data[to], by);
      toKey.product(to, slope, query.data[from], by);
    }
  }
}

export const sdpa = defineOperator({
  name: 'sdpa',
  summary:
    'Scaled dot-product attention: mix values by the softmax of queries times keys, head by head; each key head serves as many query heads as there are of these for one. A fourth input is a bias added to the scores; sinks: true adds a learned score for each head to the softmax.',
  attributes,
  rule: 'One multiply-accumulate per query, key and feature of q·kᵀ, and of the product with v, masked pairs included; per score one multiply to scale unless scale is 1, and a softmax (one compare, subtract, exp, add and divide); a soft cap adds one divide, tanh and multiply per score, a bias and ALiBi one add each; a sink one compare, subtract, exp and add per query and head.',
  source:
    'Vaswani et al. 2017, arXiv:1706.03762, section 3.2.1; Ainslie et al. 2023, arXiv:2305.13245; torch.nn.functional.scaled_dot_product_attention; ONNX operator Attention',
  inputs: { min: 3, max: 4 },
  shape(a, inputs) {
    const { n, heads, queries, features } = geometry(a, inputs);
    return [n, heads, queries, features];
  },
  reach: (_, [query, , values]) => asFarAs([...query.slice(0, -1), (values as Shape).at(-1) as number]),
  weights: ({ sinks }, [query]) => (sinks ? { sinks: learned([query[1] as number]) } : NO_WEIGHTS),
  work: (a, inputs) => workOf(a, inputs),
  window: () => 'apart',
  gradient: {
    saves(a, inputs, needs) {
      const { scores, n, heads, keyHeads, keys, width, features } = geometry(a, inputs);
      const [query, key, values, bias] = needs.inputs;
      const isScored = query === true || key === true || bias === true || needs.weights.sinks === true;
      // Keys and values that several heads share are repeated for them.
      const shared = (index: number, last: number): Saved =>
        heads === keyHeads ? savedInput(index) : { what: 'between', shape: [n, heads, keys, last], type: 'element' };
      return [
        ...(key === true ? [savedInput(0)] : []),
        ...(query === true ? [shared(1, width)] : []),
        ...(isScored || values === true ? [{ what: 'between', shape: scores, type: 'element' } as const] : []),
        ...(isScored ? [shared(2, features)] : []),
        ...(a.softcap !== undefined && isScored ? [{ what: 'between', shape: scores, type: 'element' } as const] : []),
        // The mask, and what it leaves for the product with the values.
        ...(a.dropout > 0
          ? [{ what: 'mask', shape: scores, type: 'mask' } as const, { what: 'between', shape: scores, type: 'element' } as const]
          : []),
        ...(a.divisor && isScored ? [{ what: 'between', shape: [1], type: 'element' } as const] : []),
      ];
    },
    inputs(a, inputs) {
      const { scores, mixes } = productsOfAttention(a, inputs);
      const [query, key, values, bias] = inputs as [Shape, Shape, Shape, Shape | undefined];
      const all = [productsFor(scores, query), productsFor(scores, key), productsFor(mixes, values)];
      return bias === undefined ? all : [...all, unbroadcast(bias, geometry(a, inputs).scores)];
    },
    weights: (a, inputs) => {
      const { n, heads, queries } = geometry(a, inputs);
      return a.sinks
        ? { sinks: [each({ multiply: 1, subtract: 1 }, [factor('n', n), factor('heads', heads), factor('queries', queries)])] }
        : {};
    },
    /** Through the mix to the shares, and through the softmax to the scores. */
    between(a, inputs, needs) {
      const [query, key, , bias] = needs.inputs;
      if (!(query === true || key === true || bias === true || needs.weights.sinks === true)) return [];
      const { scores, scale } = geometry(a, inputs);
      const more = (scale === 1 ? 0 : 1) + (a.softcap === undefined ? 0 : 2) + (a.dropout > 0 ? 1 : 0);
      const softmax = { ...SOFTMAX_GRADIENT, multiply: SOFTMAX_GRADIENT.multiply + more, subtract: a.softcap === undefined ? 1 : 2 };
      return [...productsFor(productsOfAttention(a, inputs).mixes, scores), each(softmax, elementFactors(scores))];
    },
    run: attendBack,
    training: {
      work: (a, inputs) => [
        ...workOf(a, inputs),
        ...(a.dropout > 0 ? [each({ multiply: 1 }, elementFactors(geometry(a, inputs).scores))] : []),
      ],
      run: (a, inputs, { sinks }, alu) => attend(a, inputs, sinks, dropped, alu),
    },
  },
  run: (a, inputs, { sinks }, alu) => attend(a, inputs, sinks, (_, __, shares) => shares, alu),
});
