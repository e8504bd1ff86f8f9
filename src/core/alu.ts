import { fail } from '../problems/problem.ts';
import type { Counts } from './counts.ts';
import { erf } from './erf.ts';
import { elements, type Shape } from './shape.ts';
import type { Element, Elements, Tensor } from './tensor.ts';
import { OPERATIONS, type Operation } from './work.ts';

/** The arithmetic that kernels compute with: a method for every kind of operation, and memory for the results. */
export interface Alu
  extends Record<Exclude<Operation, 'compare' | Unary>, (a: Element, b: Element) => Element>,
    Record<Unary, (a: Element) => Element> {
  /** Whether the first is greater. */
  compare(a: Element, b: Element): boolean;
  /** `sum + a·b`, a multiply-accumulate: one multiply and one add. */
  multiplyAdd(sum: Element, a: Element, b: Element): Element;
  /** The same where only padding needs it: one factor is a padded zero, or the product is cropped away. */
  multiplyAddOnPadding(sum: Element, a: Element, b: Element): Element;
  /** The same for a pair of positions that a mask makes useless. */
  multiplyAddMasked(sum: Element, a: Element, b: Element): Element;
  /**
   * `a` to the power of `b` as exp(b · log |a|): one log, one multiply and one exp. The sign of a whole power, and that x⁰ is 1,
   * are no operations.
   */
  power(a: Element, b: Element): Element;
  /** What a division leaves, with the sign of `b`, or of `a`: one divide. */
  modulo(a: Element, b: Element): Element;
  remainder(a: Element, b: Element): Element;
  /** The next whole number below, or above, by adding what leaves no room for a fraction and taking it off again: one add and one subtract. */
  floor(a: Element): Element;
  ceil(a: Element): Element;
  /** A new tensor of zeros. */
  zeros(shape: Shape): Tensor;
}

type Unary = 'exp' | 'log' | 'sqrt' | 'tanh' | 'erf' | 'sin' | 'cos' | 'atan';

const number = (a: Element): number => a as unknown as number;
const element = (a: number): Element => a as unknown as Element;

const BYTES_PER_ELEMENT = 4n;

/** The memory that a tensor takes. */
export const bytesOf = (shape: Shape): bigint => BYTES_PER_ELEMENT * elements(shape);

/** Zeros for a tensor; a `ProblemError` where there is no memory for them. */
function allocate(shape: Shape): Float32Array {
  try {
    return new Float32Array(Number(elements(shape)));
  } catch (error) {
    if (error instanceof RangeError) throw fail('TENSOR_TOO_LARGE', { shape, bytes: bytesOf(shape) });
    throw error;
  }
}

/** Computes in double precision and counts. Exact up to 2^53 of each. */
export class CountingAlu implements Alu {
  protected multiplies = 0;
  protected adds = 0;
  protected subtracts = 0;
  protected divides = 0;
  protected compares = 0;
  protected exps = 0;
  protected logs = 0;
  protected sqrts = 0;
  protected tanhs = 0;
  protected erfs = 0;
  protected sins = 0;
  protected coss = 0;
  protected atans = 0;
  protected macs = 0;
  protected macsOnPadding = 0;
  protected maskedMacs = 0;

  multiply(a: Element, b: Element): Element {
    this.multiplies++;
    return element(number(a) * number(b));
  }

  add(a: Element, b: Element): Element {
    this.adds++;
    return element(number(a) + number(b));
  }

  subtract(a: Element, b: Element): Element {
    this.subtracts++;
    return element(number(a) - number(b));
  }

  divide(a: Element, b: Element): Element {
    this.divides++;
    return element(number(a) / number(b));
  }

  compare(a: Element, b: Element): boolean {
    this.compares++;
    return number(a) > number(b);
  }

  exp(a: Element): Element {
    this.exps++;
    return element(Math.exp(number(a)));
  }

  log(a: Element): Element {
    this.logs++;
    return element(Math.log(number(a)));
  }

  sqrt(a: Element): Element {
    this.sqrts++;
    return element(Math.sqrt(number(a)));
  }

  tanh(a: Element): Element {
    this.tanhs++;
    return element(Math.tanh(number(a)));
  }

  erf(a: Element): Element {
    this.erfs++;
    return element(erf(number(a)));
  }

  sin(a: Element): Element {
    this.sins++;
    return element(Math.sin(number(a)));
  }

  cos(a: Element): Element {
    this.coss++;
    return element(Math.cos(number(a)));
  }

  atan(a: Element): Element {
    this.atans++;
    return element(Math.atan(number(a)));
  }

  multiplyAdd(sum: Element, a: Element, b: Element): Element {
    this.macs++;
    return element(number(sum) + number(a) * number(b));
  }

  multiplyAddOnPadding(sum: Element, a: Element, b: Element): Element {
    this.macsOnPadding++;
    return element(number(sum) + number(a) * number(b));
  }

  multiplyAddMasked(sum: Element, a: Element, b: Element): Element {
    this.maskedMacs++;
    return element(number(sum) + number(a) * number(b));
  }

  power(a: Element, b: Element): Element {
    this.logs++;
    this.multiplies++;
    this.exps++;
    return element(number(a) ** number(b));
  }

  modulo(a: Element, b: Element): Element {
    this.divides++;
    return element(number(a) - Math.floor(number(a) / number(b)) * number(b));
  }

  remainder(a: Element, b: Element): Element {
    this.divides++;
    return element(number(a) % number(b));
  }

  floor(a: Element): Element {
    this.adds++;
    this.subtracts++;
    return element(Math.floor(number(a)));
  }

  ceil(a: Element): Element {
    this.adds++;
    this.subtracts++;
    return element(Math.ceil(number(a)));
  }

  zeros(shape: Shape): Tensor {
    return { shape, data: allocate(shape) as unknown as Elements };
  }

  /** What was executed so far. */
  counts(): Counts {
    const macs = this.macs + this.macsOnPadding + this.maskedMacs;
    const executed: Readonly<Record<Operation, number>> = {
      multiply: this.multiplies + macs,
      add: this.adds + macs,
      subtract: this.subtracts,
      divide: this.divides,
      compare: this.compares,
      exp: this.exps,
      log: this.logs,
      sqrt: this.sqrts,
      tanh: this.tanhs,
      erf: this.erfs,
      sin: this.sins,
      cos: this.coss,
      atan: this.atans,
    };
    const operations = Object.fromEntries(
      OPERATIONS.filter((kind) => executed[kind] > 0).map((kind) => [kind, BigInt(executed[kind])] as const),
    );
    return { operations, macs: BigInt(macs), padding: BigInt(this.macsOnPadding), masked: BigInt(this.maskedMacs) };
  }
}
