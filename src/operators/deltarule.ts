import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import { product } from '../core/exact.ts';
import type { Shape } from '../core/shape.ts';
import { sameShape } from '../core/shape.ts';
import { type Element, elementOf, type Tensor, ZERO } from '../core/tensor.ts';
import { each, factor, macs, type Work } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { described } from '../schema/words.ts';
import { about, optional } from './kit/attributes.ts';
import { defineOperator } from './kit/operator.ts';
import { asFarAs } from './kit/reach.ts';

const LONGEST = 1024;

const attributes = z.strictObject({
  chunk: about(
    optional(described(z.int().check(z.minimum(1), z.maximum(LONGEST)), `a whole number from 1 to ${LONGEST}`)),
    'How many positions are computed at once, by matrix products; one after the other unless given.',
  ),
});
type Attributes = z.infer<typeof attributes>;

const RULE =
  'queries and keys [n, key heads, positions, width], values [n, heads, positions, features], and logarithms of decays and rates [n, heads, positions] are needed';

/** Checks the inputs and names every quantity. */
function geometry({ chunk }: Attributes, inputs: readonly Shape[]) {
  const [query, key, values, decay, rate] = inputs as [Shape, Shape, Shape, Shape, Shape];
  for (const shape of [query, key, values])
    if (shape.length !== 4) throw fail('WRONG_RANK', { operator: 'deltarule', expected: '[n, heads, positions, features]', shape });
  const [n, heads, length, features] = values as [number, number, number, number];
  const [, keyHeads, , width] = key as [number, number, number, number];
  const fits =
    sameShape(query, key) &&
    sameShape(key, [n, keyHeads, length, width]) &&
    sameShape(decay, [n, heads, length]) &&
    sameShape(rate, [n, heads, length]);
  if (!fits) throw fail('SHAPES_DO_NOT_FIT', { operator: 'deltarule', rule: RULE, shapes: inputs });
  if (heads % keyHeads !== 0)
    throw fail('DOES_NOT_DIVIDE', { what: 'heads of the values', total: heads, parts: 'heads of the keys', divisor: keyHeads });
  return { n, heads, keyHeads, length, width, features, chunk };
}
type Geometry = ReturnType<typeof geometry>;

/** Position by position: the state decays, is read by the key, and takes up what the value has more than that. */
function stepWork({ n, heads, length, width, features }: Geometry): Work {
  const rows = [factor('n', n), factor('heads', heads), factor('positions', length)];
  const [by, to] = [factor('width', width), factor('features', features)];
  const read = macs([...rows, by, to], [n, heads, length, features]);
  return [
    each({ exp: 1 }, rows),
    each({ multiply: 1 }, [...rows, by, to]),
    read,
    each({ subtract: 1, multiply: 1 }, [...rows, to]),
    macs([...rows, by, to], [n, heads, length, width, features]),
    read,
  ];
}

/** How many pairs of a position and one up to it there are, or before it. */
const pairsUpTo = (rows: number): number => (rows * (rows + 1)) / 2;
const pairsBefore = (rows: number): number => (rows * (rows - 1)) / 2;

/** In chunks, the last filled up with zeros: the products of UT and WY forms, over whole matrices. */
function chunkWork({ n, heads, length, width, features }: Geometry, chunk: number): Work {
  const chunks = Math.ceil(length / chunk);
  const rest = length - (chunks - 1) * chunk;
  const all = [factor('n', n), factor('heads', heads), factor('chunks', chunks)];
  const [row, other, by, to] = [factor('chunk', chunk), factor('chunk', chunk), factor('width', width), factor('features', features)];
  const outside = product([n, heads]);
  const seen = (pairs: (rows: number) => number): bigint => BigInt(chunks - 1) * BigInt(pairs(chunk)) + BigInt(pairs(rest));
  const [before, upTo] = [seen(pairsBefore), seen(pairsUpTo)].map((pairs) => outside * (BigInt(chunks) * BigInt(chunk) ** 2n - pairs)) as [
    bigint,
    bigint,
  ];
  const filled = outside * (BigInt(chunks) * BigInt(chunk) - BigInt(length));
  const [d, f] = [BigInt(width), BigInt(features)];
  const scores = [n, heads, chunks, chunk, chunk];
  const values = [n, heads, chunks, chunk, features];
  const [wholePairs, strictPairs] = [factor('pairs', pairsUpTo(chunk)), factor('earlier pairs', pairsBefore(chunk))];
  const inverse = factor('steps of the inverse', ((chunk - 1) * chunk * (2 * chunk - 1)) / 6);
  return [
    each({ add: 1 }, [...all, factor('sums of decays', chunk - 1)]),
    each({ multiply: 4 }, [...all, row, by]),
    each({ multiply: 1, add: 1, subtract: 1 }, [...all, row, to]),
    each({ subtract: 1, exp: 1, multiply: 1 }, [...all, wholePairs]),
    macs([...all, row, other, by], scores, before * d),
    each({ multiply: 1, subtract: 1 }, [...all, strictPairs]),
    each({ multiply: 1, add: 1 }, [...all, inverse]),
    each({ exp: 2, subtract: 1 }, [...all, row]),
    macs([...all, row, other, to], values, upTo * f),
    macs([...all, row, other, by], [n, heads, chunks, chunk, width], upTo * d),
    macs([...all, row, other, by], scores, upTo * d),
    macs([...all, row, by, to], values, filled * d * f),
    macs([...all, row, by, to], values, filled * d * f),
    macs([...all, row, by, to], [n, heads, chunks, width, features], filled * d * f),
    each({ multiply: 1, add: 1 }, [...all, by, to]),
    macs([...all, row, other, to], [n, heads, length, features], upTo * f),
  ].filter(({ factors }) => factors.every(({ value }) => value > 0));
}

/** Numbers in rows and columns. */
type Matrix = readonly Element[][];

const matrix = (rows: number, columns: number, at: (row: number, column: number) => Element): Element[][] =>
  Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_, column) => at(row, column)));

const transposed = (m: Matrix): Matrix => matrix(m[0]?.length ?? 0, m.length, (row, column) => (m[column] as Element[])[row]);

type Seen = (row: number, column: number, between: number) => boolean;

/** A matrix product, of which only those products are of use that are seen. */
function multiplied(left: Matrix, right: Matrix, seen: Seen, alu: Alu): Element[][] {
  return matrix(left.length, (right[0] as Element[]).length, (i, j) => {
    let sum = ZERO;
    for (const [k, row] of right.entries()) {
      const a = (left[i] as Element[])[k];
      sum = seen(i, j, k) ? alu.multiplyAdd(sum, a, row[j]) : alu.multiplyAddMasked(sum, a, row[j]);
    }
    return sum;
  });
}

/** What one head has: queries, keys and values by position, with logarithms of decays and rates. */
interface Head {
  readonly query: Matrix;
  readonly key: Matrix;
  readonly value: Matrix;
  readonly decay: readonly Element[];
  readonly rate: readonly Element[];
}

/** One head of one image; positions beyond the last are zeros. */
function headAt({ keyHeads, heads, length, width, features }: Geometry, inputs: readonly Tensor[], image: number, head: number): Head {
  const [query, key, values, decay, rate] = inputs as [Tensor, Tensor, Tensor, Tensor, Tensor];
  const own = (image * heads + head) * length;
  const group = (image * keyHeads + Math.floor(head / (heads / keyHeads))) * length;
  const rows = (from: Tensor, first: number, size: number) => matrix(length, size, (p, i) => from.data[(first + p) * size + i]);
  const line = (from: Tensor) => Array.from({ length }, (_, p) => from.data[own + p]);
  return {
    query: rows(query, group, width),
    key: rows(key, group, width),
    value: rows(values, own, features),
    decay: line(decay),
    rate: line(rate),
  };
}

/** Output by position. */
function stepped({ query, key, value, decay, rate }: Head, { width, features }: Geometry, alu: Alu): Matrix {
  let state = matrix(width, features, () => ZERO);
  return value.map((own, p) => {
    const kept = alu.exp(decay[p]);
    state = state.map((row) => row.map((one) => alu.multiply(one, kept)));
    const read = multiplied([key[p] as Element[]], state, () => true, alu)[0] as Element[];
    const more = own.map((one, j) => alu.multiply(alu.subtract(one, read[j]), rate[p]));
    state = state.map((row, i) => row.map((one, j) => alu.multiplyAdd(one, (key[p] as Element[])[i], more[j])));
    return multiplied([query[p] as Element[]], state, () => true, alu)[0] as Element[];
  });
}

/** (1 − A)⁻¹ of a matrix that has elements below its diagonal alone, row by row. */
function inverseOf(below: Matrix, alu: Alu): Matrix {
  const rows: Element[][] = [];
  for (const [i, row] of below.entries()) {
    const sums = row.slice();
    for (let j = 0; j < i; j++) for (let k = 0; k < i; k++) sums[j] = alu.add(sums[j], alu.multiply(row[k], (rows[k] as Element[])[j]));
    rows.push(sums);
  }
  return rows.map((row, i) => row.with(i, elementOf(1)));
}

/** Output of each position of a chunk, and the state after it. */
function chunkOf({ query, key, value, decay, rate }: Head, rows: number, before: Matrix, alu: Alu): readonly [Matrix, Matrix] {
  const size = key.length;
  const sums: Element[] = [];
  for (const one of decay) sums.push(sums.length === 0 ? one : alu.add(sums.at(-1), one));
  const last = sums.at(-1);
  const weighed = (m: Matrix, by: readonly Element[]): Matrix => m.map((row, i) => row.map((one) => alu.multiply(one, by[i])));
  const between = matrix(size, size, (i, j) => (j <= i ? alu.exp(alu.subtract(sums[i], sums[j])) : ZERO));
  const at = (m: Matrix, i: number, j: number): Element => (m[i] as Element[])[j];
  const isThere: Seen = (i) => i < rows;
  const isEarlier: Seen = (i, j) => i < rows && j < i;
  const isUpTo: Seen = (i, j) => i < rows && j <= i;
  const mixesUpTo: Seen = (i, _, k) => i < rows && k <= i;

  const weighedKeys = weighed(key, rate);
  const weighedValues = weighed(value, rate);
  const keyPairs = multiplied(weighedKeys, transposed(key), isEarlier, alu);
  const below = matrix(size, size, (i, j) => (j < i ? alu.subtract(ZERO, alu.multiply(at(keyPairs, i, j), at(between, i, j))) : ZERO));
  const inverse = inverseOf(below, alu);
  const factors = sums.map((one) => alu.exp(one));
  const values = multiplied(inverse, weighedValues, mixesUpTo, alu);
  const keys = multiplied(inverse, weighed(weighedKeys, factors), mixesUpTo, alu);

  const queryPairs = multiplied(query, transposed(key), isUpTo, alu);
  const scores = matrix(size, size, (i, j) => (j <= i ? alu.multiply(at(queryPairs, i, j), at(between, i, j)) : ZERO));
  const read = multiplied(keys, before, isThere, alu);
  const more = values.map((row, i) => row.map((one, j) => alu.subtract(one, at(read, i, j))));
  const older = multiplied(weighed(query, factors), before, isThere, alu);
  const own = multiplied(scores, more, mixesUpTo, alu);
  const output = older.map((row, i) => row.map((one, j) => alu.add(one, at(own, i, j))));

  const left = weighed(
    key,
    sums.map((one) => alu.exp(alu.subtract(last, one))),
  );
  const taken = multiplied(transposed(left), more, (_i, _j, k) => k < rows, alu);
  const after = before.map((row, i) => row.map((one, j) => alu.add(alu.multiply(one, factors.at(-1)), at(taken, i, j))));
  return [output, after];
}

function chunked(head: Head, { length, width, features }: Geometry, chunk: number, alu: Alu): Matrix {
  const output: Element[][] = [];
  let state: Matrix = matrix(width, features, () => ZERO);
  for (let start = 0; start < length; start += chunk) {
    const rows = Math.min(chunk, length - start);
    const cut = (m: Matrix, size: number): Matrix => matrix(chunk, size, (i, j) => m[start + i]?.[j] ?? ZERO);
    const line = (from: readonly Element[]) => Array.from({ length: chunk }, (_, i) => from[start + i] ?? ZERO);
    const part: Head = {
      query: cut(head.query, width),
      key: cut(head.key, width),
      value: cut(head.value, features),
      decay: line(head.decay),
      rate: line(head.rate),
    };
    const [outputs, after] = chunkOf(part, rows, state, alu);
    output.push(...(outputs.slice(0, rows) as Element[][]));
    state = after;
  }
  return output;
}

export const deltarule = defineOperator({
  name: 'deltarule',
  summary:
    'The gated delta rule: of queries, keys, values, logarithms of decays and rates, all by head and position, each position lets a matrix decay, corrects by its rate what the key reads from it towards the value, and gives what the query reads.',
  attributes,
  rule: 'Position by position, with a matrix of width · features in each head: three products of it with a vector, one multiply of each of its elements for the decay, and a subtract and a multiply per value. In chunks of c positions, the last filled up: five products of c · c with the width or the features, three of c with the matrix, and the elements of the inverse one by one. Products that the order of positions hides, or of positions that are not there, are masked.',
  source:
    'Yang et al. 2024, Gated Delta Networks, arXiv:2412.06464, equation 10 and section 3.3; transformers/models/qwen3_next of github.com/huggingface/transformers, torch_chunk_gated_delta_rule',
  inputs: { min: 5, max: 5 },
  shape: (a, inputs) => {
    const { n, heads, length, features } = geometry(a, inputs);
    return [n, heads, length, features];
  },
  reach: (_, [, , values]) => asFarAs(values as Shape),
  work: (a, inputs) => {
    const g = geometry(a, inputs);
    return g.chunk === undefined ? stepWork(g) : chunkWork(g, g.chunk);
  },
  /** The matrix of each head. */
  state: (a, inputs) => {
    const { n, heads, width, features } = geometry(a, inputs);
    return [{ shape: [n, heads, width, features] }];
  },
  window: () => 'apart',
  gradient: { none: 'implementations train it by kernels of their own, whose operations no definition fixes' },
  run(a, inputs, _weights, alu) {
    const g = geometry(
      a,
      inputs.map(({ shape }) => shape),
    );
    const y = alu.zeros([g.n, g.heads, g.length, g.features]);
    for (let image = 0; image < g.n; image++)
      for (let head = 0; head < g.heads; head++) {
        const own = headAt(g, inputs, image, head);
        const rows = g.chunk === undefined ? stepped(own, g, alu) : chunked(own, g, g.chunk, alu);
        for (const [p, row] of rows.entries())
          for (const [i, one] of row.entries()) y.data[((image * g.heads + head) * g.length + p) * g.features + i] = one;
      }
    return y;
  },
});
