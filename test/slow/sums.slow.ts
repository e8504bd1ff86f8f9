import { describe, expect, it } from 'vitest';
import { constantOf } from '../../src/analysis/algebra/polynomial.ts';
import { productsOf } from '../../src/analysis/algebra/products.ts';
import { addUp, collect } from '../../src/analysis/algebra/sum.ts';
import { numberProducts } from '../../src/analysis/comparison.ts';
import { analyse } from '../../src/analysis/cost.ts';
import { zooModels } from '../../src/library/reference.ts';
import { zoo } from '../../src/node/disk.ts';
import { expandSpec } from '../../src/spec/model.ts';

const METRICS = Object.keys(productsOf) as (keyof typeof productsOf)[];

describe('sums of products are the totals of the walker, for every model of the zoo', () => {
  it.each(zooModels(zoo))('$name', ({ spec }) => {
    const analysis = analyse(expandSpec(spec));
    const sums = METRICS.map((metric) => [metric, constantOf(addUp(collect(numberProducts(analysis, metric))))?.numerator]);
    expect(sums).toEqual(METRICS.map((metric) => [metric, analysis.totals[metric]]));
  });
});
