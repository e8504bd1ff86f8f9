import { describe, expect, it } from 'vitest';
import { ENCODINGS, elementType } from '../../src/onnx/file/element-types.ts';
import type { ElementType, OnnxElement } from '../../src/onnx/file/model.ts';
import { MAX_READ_ELEMENTS } from '../../src/onnx/file/read-tensor.ts';
import { problemOf, read } from './helpers.ts';
import { type Bytes, fixed32, fixed64, float32, float64, graph, int, model, packed, raw, sized, tensor } from './proto.ts';

const only = (...parts: Parameters<typeof tensor>) =>
  [...read(model(graph({ initializers: [tensor(...parts)] }))).graph.initializers.values()][0];

const elementsOf = (...parts: Parameters<typeof tensor>) => only(...parts)?.elements();

const NUMBERS = Object.fromEntries(Array.from({ length: 23 }, (_, index) => [elementType(index + 1), index + 1]));

/** Elements of each type, in `raw_data` and in the field of its own. Bits of small floating points: the format's own tables. */
const CASES: { readonly [T in ElementType]: readonly [values: readonly OnnxElement[], rawData: Bytes | undefined, own: Bytes] } = {
  float32: [[1.5, -2], [...float32(1.5), ...float32(-2)], sized(4, [...float32(1.5), ...float32(-2)])],
  uint8: [[0, 255], [0, 255], packed(5, [0, 255])],
  int8: [[-128, 127], [0x80, 0x7f], packed(5, [-128, 127])],
  uint16: [[1, 65_535], [1, 0, 255, 255], packed(5, [1, 65_535])],
  int16: [[-1, 258], [255, 255, 2, 1], packed(5, [-1, 258])],
  int32: [[-1, 2 ** 31 - 1], [255, 255, 255, 255, 255, 255, 255, 127], packed(5, [-1, 2 ** 31 - 1])],
  int64: [[-1, 2n ** 63n - 1n], [...Array(8).fill(255), ...Array(7).fill(255), 127], packed(7, [-1, 2n ** 63n - 1n])],
  string: [['ä', ''], undefined, [...sized(6, 'ä'), ...sized(6, '')]],
  bool: [[0, 1], [0, 1], packed(5, [0, 1])],
  float16: [[1, -65_504], [0, 0x3c, 0xff, 0xfb], packed(5, [0x3c00, 0xfbff])],
  float64: [[0.1, -1e300], [...float64(0.1), ...float64(-1e300)], sized(10, [...float64(0.1), ...float64(-1e300)])],
  uint32: [[7, 2 ** 32 - 1], [7, 0, 0, 0, 255, 255, 255, 255], packed(11, [7, 2 ** 32 - 1])],
  uint64: [[7, 2n ** 64n - 1n], [7, 0, 0, 0, 0, 0, 0, 0, ...Array(8).fill(255)], packed(11, [7, 2n ** 64n - 1n])],
  complex64: [[], Array(16).fill(0), sized(4, Array(16).fill(0))],
  complex128: [[], Array(32).fill(0), sized(10, Array(32).fill(0))],
  bfloat16: [[1, -3.140625], [0x80, 0x3f, 0x49, 0xc0], packed(5, [0x3f80, 0xc049])],
  float8e4m3fn: [[1, -448], [0x38, 0xfe], packed(5, [0x38, 0xfe])],
  float8e4m3fnuz: [[1, -240], [0x40, 0xff], packed(5, [0x40, 0xff])],
  float8e5m2: [[1, -57_344], [0x3c, 0xfb], packed(5, [0x3c, 0xfb])],
  float8e5m2fnuz: [[1, -57_344], [0x40, 0xff], packed(5, [0x40, 0xff])],
  uint4: [[15, 1], [0x1f], packed(5, [0x1f])],
  int4: [[-1, 1], [0x1f], packed(5, [0x1f])],
  float4e2m1: [[6, -0.5], [0x97], packed(5, [0x97])],
};

const types = Object.keys(CASES) as ElementType[];

describe('elements', () => {
  it('have all types of the format', () => expect(types).toEqual(Object.keys(ENCODINGS)));

  it.each(types)('of %s', (type) => {
    const [values, rawData, own] = CASES[type];
    const isComplex = type.startsWith('complex');
    const expected = isComplex ? undefined : values;
    expect(only('w', NUMBERS[type] as number, [2], own)).toMatchObject({ type, shape: [2] });
    expect(elementsOf('w', NUMBERS[type] as number, [2], own)).toEqual(expected);
    if (rawData !== undefined) expect(elementsOf('w', NUMBERS[type] as number, [2], raw(rawData))).toEqual(expected);
  });

  it.each([
    ['float16 subnormal', 10, [1, 0], 2 ** -24],
    ['float16 infinity', 10, [0, 0x7c], Number.POSITIVE_INFINITY],
    ['float16 not a number', 10, [1, 0x7c], Number.NaN],
    ['bfloat16 minus infinity', 16, [0x80, 0xff], Number.NEGATIVE_INFINITY],
    ['float8e4m3fn not a number', 17, [0x7f], Number.NaN],
    ['float8e4m3fn subnormal', 17, [1], 2 ** -9],
    ['float8e4m3fnuz not a number', 18, [0x80], Number.NaN],
    ['float8e4m3fnuz zero', 18, [0], 0],
    ['float8e5m2 infinity', 19, [0x7c], Number.POSITIVE_INFINITY],
    ['float8e5m2fnuz not a number', 20, [0x80], Number.NaN],
  ] as const)('%s', (_, type, bytes, expected) => expect(elementsOf('w', type, [], raw([...bytes]))).toEqual([expected]));

  it('come one by one too', () => {
    expect(elementsOf('w', 7, [2], int(7, -1), int(7, 5))).toEqual([-1, 5]);
    expect(elementsOf('w', 1, [2], fixed32(4, float32(1)), fixed32(4, float32(2)))).toEqual([1, 2]);
    expect(elementsOf('w', 11, [2], fixed64(10, float64(1)), sized(10, float64(2)))).toEqual([1, 2]);
  });

  it('of four bits share a byte, the last one alone if they are odd', () => {
    expect(elementsOf('w', 22, [3], raw([0x81, 0x0f]))).toEqual([1, -8, -1]);
    expect(elementsOf('w', 22, [3], packed(5, [0x81, 0x0f]))).toEqual([1, -8, -1]);
  });

  it('may be none, or left out', () => {
    expect(elementsOf('w', 1, [0])).toEqual([]);
    expect(elementsOf('w', 1, [2, 0, 5], raw([]))).toEqual([]);
    expect(elementsOf('w', 1, [2])).toBeUndefined();
    expect(elementsOf('w', 8, [2])).toBeUndefined();
  });

  it('of a weight are not read', () => {
    expect(only('w', 3, [MAX_READ_ELEMENTS + 1], packed(5, [1]))?.elements()).toBeUndefined();
  });

  it.each([
    ['too few', 7, packed(7, [1])],
    ['too many', 7, packed(7, [1, 2, 3])],
    ['too few floats', 1, sized(4, float32(1))],
    ['too many floats', 1, sized(4, [...float32(1), ...float32(1), ...float32(1)])],
    ['half of one', 1, sized(4, [0, 0, 0, 0, 0, 0])],
    ['too few texts', 8, sized(6, 'a')],
  ])('that are %s are a problem that names the tensor', (_, type, data) => {
    expect(problemOf(() => elementsOf('bias', type, [2], data))).toMatch(/^ONNX_MALFORMED: net\.onnx .*"bias" of 2/);
  });
});
