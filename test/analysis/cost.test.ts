import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_COST, total } from '../../src/analysis/cost.ts';
import { GROUPINGS, groupBy, groupByDepth } from '../../src/analysis/group.ts';
import { sum } from '../../src/core/exact.ts';
import { zoo } from '../../src/node.ts';
import { count } from '../spec/helpers.ts';

const SMALL = `name: small
input: [3, 4, 4]
stages:
  stem:
    - conv: { kernel: 3, out: 2, padding: 1 }     # 3×3×3×4×4×2 = 864 MACs, 54 + 2 parameters
    - batchnorm                                   # 2×4×4 = 32 elements, 4 parameters
    - relu
  head:
    - flatten                                     # 32 features
    - linear: { out: 5 }                          # 160 MACs, 160 + 5 parameters
`;

describe('the cost walker', () => {
  it('counts what can be counted by hand', () => {
    const analysis = count(SMALL);
    expect(analysis).toMatchObject({ name: 'small', source: 'spec.yaml', input: [[1, 3, 4, 4]], output: [[1, 5]] });
    expect(
      analysis.rows.map(({ path, operator, input, output, parameters, macs, activations }) => [
        path,
        operator,
        input,
        output,
        parameters,
        macs,
        activations,
      ]),
    ).toEqual([
      ['stem/conv', 'conv', [[1, 3, 4, 4]], [[1, 2, 4, 4]], 56n, 864n, 32n],
      ['stem/batchnorm', 'batchnorm', [[1, 2, 4, 4]], [[1, 2, 4, 4]], 4n, 0n, 0n],
      ['stem/relu', 'relu', [[1, 2, 4, 4]], [[1, 2, 4, 4]], 0n, 0n, 0n],
      ['head/flatten', 'flatten', [[1, 2, 4, 4]], [[1, 32]], 0n, 0n, 0n],
      ['head/linear', 'linear', [[1, 32]], [[1, 5]], 165n, 160n, 5n],
    ]);
    expect(analysis.totals).toEqual({
      parameters: 225n,
      activeParameters: 225n,
      embeddingParameters: 0n,
      macs: 1024n,
      masked: 0n,
      flops: 2048n,
      activations: 37n,
      // Each product adds once; so does each bias. Batch norm: one multiply and one add per element.
      operations: { multiply: 1024n + 32n, add: 1024n + 32n + 32n + 5n, compare: 32n },
    });
  });

  it('counts each image of a batch, and its weights once', () => {
    const [one, eight] = [count(SMALL).totals, count(SMALL, { batch: 8 }).totals];
    expect(eight).toMatchObject({ parameters: one.parameters, macs: 8n * one.macs, activations: 8n * one.activations });
  });

  it('counts shared weights once as parameters and each time as work', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), (features, times) => {
        const spec = (weights: string) =>
          `input: [${features}]\nlayers:\n  - linear: { out: ${features} }\n    repeat: ${times}${weights}\n`;
        const [own, shared] = [count(spec('')).totals, count(spec('\n    weights: w')).totals];
        expect(shared.macs).toBe(own.macs);
        expect(shared.operations).toEqual(own.operations);
        expect(own.parameters).toBe(BigInt(times) * shared.parameters);
      }),
    );
  });

  it('is exact past 2^53', () => {
    const size = fc.integer({ min: 1, max: 2 ** 26 });
    fc.assert(
      fc.property(size, size, size, size, (batch, positions, from, to) => {
        const { totals } = count(`input: [${positions}, ${from}]\nlayers:\n  - linear: { out: ${to} }\n`, { batch });
        const [n, p, i, o] = [batch, positions, from, to].map(BigInt) as [bigint, bigint, bigint, bigint];
        expect(totals).toEqual({
          parameters: i * o + o,
          activeParameters: i * o + o,
          embeddingParameters: 0n,
          macs: n * p * i * o,
          masked: 0n,
          flops: 2n * n * p * i * o,
          activations: n * p * o,
          operations: { multiply: n * p * i * o, add: n * p * i * o + n * p * o },
        });
      }),
    );
  });

  it('adds nothing up to nothing', () => expect(total([])).toEqual(NO_COST));
});

describe('groups', () => {
  const analysis = count('extends: resnet18\n', {}, { zoo });

  it('are in the order of the network', () => {
    expect(groupBy(analysis, 'stage').map(({ name }) => name)).toEqual(['conv1', 'conv2_x', 'conv3_x', 'conv4_x', 'conv5_x', 'head']);
    expect(
      groupBy(analysis, 'block')
        .slice(3, 7)
        .map(({ name }) => name),
    ).toEqual(['conv2_x/maxpool', 'conv2_x/basic[0]', 'conv2_x/basic[1]', 'conv3_x/basic[0]']);
    expect(groupBy(analysis, 'operator').map(({ name, rows }) => [name, rows.length])).toEqual([
      ['conv', 20],
      ['batchnorm', 20],
      ['relu', 17],
      ['maxpool', 1],
      ['add', 8],
      ['globalavgpool', 1],
      ['flatten', 1],
      ['linear', 1],
    ]);
    expect(groupBy(analysis, 'layer').map(({ name }) => name)).toEqual(analysis.rows.map(({ path }) => path));
  });

  it('hold every row once, and cost in all what the network costs', () => {
    const all = [
      ...GROUPINGS.map((grouping) => groupBy(analysis, grouping)),
      ...[1, 2, 3, 9].map((depth) => groupByDepth(analysis, depth)),
    ];
    for (const groups of all) {
      expect(sum(groups.map(({ rows }) => BigInt(rows.length)))).toBe(BigInt(analysis.rows.length));
      expect(total(groups)).toEqual(analysis.totals);
    }
  });
});
