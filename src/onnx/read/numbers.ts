import type { ElementType, OnnxElement } from '../file/model.ts';

/** Arithmetic with known elements as an ONNX runtime does it: integers wrap around and divide towards zero, floats are rounded to their type. */

const BITS: Partial<Record<ElementType, { readonly bits: number; readonly signed: boolean }>> = {
  int8: { bits: 8, signed: true },
  int16: { bits: 16, signed: true },
  int32: { bits: 32, signed: true },
  int64: { bits: 64, signed: true },
  uint8: { bits: 8, signed: false },
  uint16: { bits: 16, signed: false },
  uint32: { bits: 32, signed: false },
  uint64: { bits: 64, signed: false },
  int4: { bits: 4, signed: true },
  uint4: { bits: 4, signed: false },
};

export const isInteger = (type: ElementType | undefined): boolean => type !== undefined && BITS[type] !== undefined;

/** A number where it is exact as one, else a bigint. */
function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** An integer as its type holds it. */
function wrapped(value: bigint, type: ElementType): number | bigint {
  const { bits, signed } = BITS[type] as { bits: number; signed: boolean };
  return exact(signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value));
}

/** A float as its type holds it: half precision and less are taken for single. */
export const rounded = (value: number, type: ElementType | undefined): number => (type === 'float64' ? value : Math.fround(value));

/** An element as another type holds it. */
export function cast(element: OnnxElement, type: ElementType): OnnxElement | undefined {
  // How a number is written as a text no shape depends on.
  if (type === 'string') return typeof element === 'string' ? element : undefined;
  const number = typeof element === 'string' ? Number(element) : element;
  if (type === 'bool') return Number(number) === 0 ? 0 : 1;
  if (!isInteger(type)) return rounded(Number(number), type);
  if (typeof number === 'bigint') return wrapped(number, type);
  return Number.isFinite(number) ? wrapped(BigInt(Math.trunc(number)), type) : undefined;
}

type Integers = (a: bigint, b: bigint) => bigint | undefined;
type Floats = (a: number, b: number) => number;

const floorMod = (a: number, b: number): number => a - Math.floor(a / b) * b;

/** Two-handed arithmetic of both kinds; `undefined` where integers have no result. */
export const ARITHMETIC: Readonly<Record<string, { readonly integers: Integers; readonly floats: Floats }>> = {
  Add: { integers: (a, b) => a + b, floats: (a, b) => a + b },
  Sub: { integers: (a, b) => a - b, floats: (a, b) => a - b },
  Mul: { integers: (a, b) => a * b, floats: (a, b) => a * b },
  Div: { integers: (a, b) => (b === 0n ? undefined : a / b), floats: (a, b) => a / b },
  // The sign of the divisor, as in Python.
  Mod: { integers: (a, b) => (b === 0n ? undefined : ((a % b) + b) % b), floats: floorMod },
  Fmod: { integers: (a, b) => (b === 0n ? undefined : a % b), floats: (a, b) => a % b },
  Pow: { integers: (a, b) => (b < 0n || b > 64n ? undefined : a ** b), floats: (a, b) => a ** b },
  Max: { integers: (a, b) => (a > b ? a : b), floats: Math.max },
  Min: { integers: (a, b) => (a < b ? a : b), floats: Math.min },
  BitShiftLEFT: { integers: (a, b) => (b > 64n ? 0n : a << b), floats: () => Number.NaN },
  BitShiftRIGHT: { integers: (a, b) => a >> b, floats: () => Number.NaN },
  BitwiseAnd: { integers: (a, b) => a & b, floats: () => Number.NaN },
  BitwiseOr: { integers: (a, b) => a | b, floats: () => Number.NaN },
  BitwiseXor: { integers: (a, b) => a ^ b, floats: () => Number.NaN },
};

/** Comparisons and logic: whether it holds. */
export const LOGIC: Readonly<Record<string, (a: OnnxElement, b: OnnxElement) => boolean>> = {
  // biome-ignore lint/suspicious/noDoubleEquals: a number and a bigint may be equal
  Equal: (a, b) => a == b,
  Less: (a, b) => a < b,
  LessOrEqual: (a, b) => a <= b,
  Greater: (a, b) => a > b,
  GreaterOrEqual: (a, b) => a >= b,
  And: (a, b) => Boolean(a) && Boolean(b),
  Or: (a, b) => Boolean(a) || Boolean(b),
  Xor: (a, b) => Boolean(a) !== Boolean(b),
};

/** Halves go to the even neighbour. */
function roundEven(x: number): number {
  const nearest = Math.round(x);
  return Math.abs(x % 1) === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
}

/** Functions of one number. */
export const FUNCTIONS: Readonly<Record<string, (x: number) => number>> = {
  Abs: Math.abs,
  Ceil: Math.ceil,
  Floor: Math.floor,
  Round: roundEven,
  Sqrt: Math.sqrt,
  Exp: Math.exp,
  Log: Math.log,
  Sin: Math.sin,
  Cos: Math.cos,
  Tan: Math.tan,
  Asin: Math.asin,
  Acos: Math.acos,
  Atan: Math.atan,
  Sinh: Math.sinh,
  Cosh: Math.cosh,
  Tanh: Math.tanh,
  Asinh: Math.asinh,
  Acosh: Math.acosh,
  Atanh: Math.atanh,
  Reciprocal: (x) => 1 / x,
  Sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  Relu: (x) => Math.max(x, 0),
  Sign: Math.sign,
  Neg: (x) => -x,
};

/** Numbers that every integer type of 32 bits and more holds. */
const isPlain = (value: number): boolean => Number.isInteger(value) && value > -(2 ** 31) && value < 2 ** 31;

const WIDE: ReadonlySet<ElementType> = new Set<ElementType>(['int32', 'int64']);

/** The operations that doubles do exactly for small integers. */
const SMALL: Readonly<Record<string, Floats>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Max: Math.max,
  Min: Math.min,
};

/** Two elements together; `undefined` where there is no result. */
export function calculate(name: string, a: OnnxElement, b: OnnxElement, type: ElementType | undefined): OnnxElement | undefined {
  const rule = ARITHMETIC[name];
  if (rule === undefined || typeof a === 'string' || typeof b === 'string' || type === undefined) return undefined;
  if (!isInteger(type)) return rounded(rule.floats(Number(a), Number(b)), type);
  const small = SMALL[name];
  if (small !== undefined && typeof a === 'number' && typeof b === 'number' && WIDE.has(type) && isPlain(a) && isPlain(b)) {
    const result = small(a, b);
    // Past 32 bits the exact way below wraps around.
    if (isPlain(result)) return result === 0 ? 0 : result;
  }
  if (!(Number.isInteger(Number(a)) && Number.isInteger(Number(b)))) return undefined;
  const result = rule.integers(BigInt(a), BigInt(b));
  return result === undefined ? undefined : wrapped(result, type);
}
