import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derive } from '../../../src/analysis/algebra/derivation.ts';
import { gcd } from '../../../src/analysis/algebra/fraction.ts';
import { constantOf, type Polynomial } from '../../../src/analysis/algebra/polynomial.ts';
import { productsOf } from '../../../src/analysis/algebra/products.ts';
import { addUp, collect, factorOut, multiplyOut, type Product, type Sum } from '../../../src/analysis/algebra/sum.ts';
import { numberProducts } from '../../../src/analysis/comparison.ts';
import { analyse } from '../../../src/analysis/cost.ts';
import { openModel, parseReference } from '../../../src/library/reference.ts';
import { diskLibrary } from '../../../src/node/disk.ts';
import { smallModelOfEachFamily } from '../../specs/small-models.ts';
import { TWINS } from '../../specs/twins.ts';

const valueOfAll = (polynomial: Polynomial): bigint => constantOf(polynomial)?.numerator ?? -1n;
const plain = (product: Product): bigint => product.reduce<bigint>((total, factor) => total * (factor as bigint), 1n);
const plainSum = (products: readonly Product[]): bigint => products.reduce((total, product) => total + plain(product), 0n);

const products = fc.array(fc.array(fc.bigInt({ min: 1n, max: 600n }), { minLength: 1, maxLength: 7 }), { minLength: 1, maxLength: 6 });

describe('sums of products', () => {
  it('collect without a loss', () => {
    fc.assert(fc.property(products, (list) => valueOfAll(addUp(collect(list))) === plainSum(list)));
  });

  it('have their greatest common divisor factored out, whole', () => {
    fc.assert(
      fc.property(products, (list) => {
        const { common, rests } = factorOut(list);
        expect(plain(common)).toBe(list.map(plain).reduce(gcd));
        expect(rests.map((rest) => plain(rest) * plain(common))).toEqual(list.map(plain));
      }),
    );
  });

  it('multiply out to the same integers on both sides of every step of a derivation', () => {
    fc.assert(
      fc.property(products, products, products, (a, b, shared) => {
        const [left, right] = [
          [...a, ...shared],
          [...shared, ...b],
        ];
        const { cancelled, left: rest, factored, together, ratio } = derive(left, right);
        const value = (sum: Sum) => valueOfAll(addUp(sum));
        expect(value(rest.a) + value(cancelled)).toBe(plainSum(left));
        expect(value(rest.b) + value(cancelled)).toBe(plainSum(right));
        expect(value(factored.a) * plain(factored.common)).toBe(value(rest.a));
        expect(value(factored.b) * plain(factored.common)).toBe(value(rest.b));
        expect(value(together.a) * valueOfAll(multiplyOut(together.common))).toBe(plainSum(left));
        expect(value(together.b) * valueOfAll(multiplyOut(together.common))).toBe(plainSum(right));
        expect(valueOfAll(ratio.a) * plainSum(right)).toBe(valueOfAll(ratio.b) * plainSum(left));
        expect(gcd(valueOfAll(ratio.a), valueOfAll(ratio.b))).toBe(1n);
      }),
    );
  });

  it('are the totals of the walker, for a model of each family of the zoo', () => {
    const small = smallModelOfEachFamily().map(({ model, input }) => [model, { input }] as const);
    const twins = TWINS.map(([model, set]) => [model, { set }] as const);
    for (const [model, settings] of [...small, ...twins]) {
      const analysis = analyse(openModel(parseReference(model), diskLibrary, settings));
      for (const metric of Object.keys(productsOf) as (keyof typeof productsOf)[])
        expect(valueOfAll(addUp(collect(numberProducts(analysis, metric)))), `${model} ${metric}`).toBe(analysis.totals[metric]);
    }
  });
});
