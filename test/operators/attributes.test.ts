import { describe, expect, it } from 'vitest';
import { type OperatorName, operatorOf } from '../../src/operators/registry.ts';

const takes = (name: OperatorName, attributes: object): boolean => operatorOf(name).attributes.safeParse(attributes).success;

describe('attributes', () => {
  it.each<[OperatorName, object, object]>([
    ['conv', { out: 8, kernel: 3 }, { out: 8, kernel: 3, stride: 1, padding: 0, dilation: 1, groups: 1, bias: true }],
    [
      'convtranspose',
      { out: 8, kernel: 3 },
      { out: 8, kernel: 3, stride: 1, padding: 0, outputpadding: 0, dilation: 1, groups: 1, bias: true },
    ],
    ['maxpool', { kernel: 3 }, { kernel: 3, padding: 0, dilation: 1, ceil: false, places: false, columns: false }],
    ['avgpool', { kernel: 3 }, { kernel: 3, padding: 0, ceil: false, countpad: true }],
    ['layernorm', {}, { axis: -1, affine: true, epsilon: 1e-5, statistics: false }],
    ['instancenorm', {}, { affine: false, epsilon: 1e-5 }],
    ['gelu', {}, { approximate: 'none', composed: false }],
    ['flatten', {}, { start: 1, end: -1 }],
    ['dropout', {}, { rate: 0.5 }],
    ['leakyrelu', {}, { slope: 0.01 }],
    ['parameter', { shape: [1] }, { shape: [1], expand: true, whole: false }],
    ['relativeposition', { window: 7, heads: 3 }, { window: 7, heads: 3, table: 'learned' }],
  ])('%s: %j with its defaults', (name, written, parsed) => {
    expect(operatorOf(name).attributes.parse(written)).toEqual(parsed);
  });

  it.each<[OperatorName, object]>([
    ['conv', {}],
    ['conv', { out: 8 }],
    ['conv', { out: 0, kernel: 3 }],
    ['conv', { out: 1.5, kernel: 3 }],
    ['conv', { out: '8', kernel: 3 }],
    ['conv', { out: Number.NaN, kernel: 3 }],
    ['conv', { out: 2 ** 53, kernel: 3 }],
    ['conv', { out: 8, kernel: 0 }],
    ['conv', { out: 8, kernel: [] }],
    ['conv', { out: 8, kernel: [3, 0] }],
    ['conv', { out: 8, kernel: 3, stride: 0 }],
    ['conv', { out: 8, kernel: 3, dilation: -1 }],
    ['conv', { out: 8, kernel: 3, groups: 0 }],
    ['conv', { out: 8, kernel: 3, bias: 'no' }],
    ['conv', { out: 8, kernel: 3, padding: -1 }],
    ['conv', { out: 8, kernel: 3, padding: [[0, -1]] }],
    ['conv', { out: 8, kernel: 3, padding: [[0, 1, 2]] }],
    ['conv', { out: 8, kernel: 3, padding: 'full' }],
    ['convtranspose', { out: 8, kernel: 3, padding: 'same' }],
    ['conv', { out: 8, kernel: 3, unknown: 1 }],
    ['relu', { slope: 1 }],
    ['gelu', { approximate: 'yes' }],
    ['dropout', { rate: 1.5 }],
    ['stochasticdepth', {}],
    ['leakyrelu', { slope: Number.POSITIVE_INFINITY }],
    ['reshape', { to: [] }],
    ['reshape', { to: [0, 4] }],
    ['reshape', { to: [-2, 4] }],
    ['slice', { axis: 1, start: -1 }],
    ['slice', { axis: 1, step: 0 }],
    ['slice', {}],
    ['split', { parts: 0 }],
    ['split', { parts: 1025 }],
    ['split', { sizes: [1, 0] }],
    ['pad', { amount: [-1] }],
    ['upsample', { scale: 0 }],
    ['upsample', { scale: 2, mode: 'bilinear' }],
    ['adaptiveavgpool', {}],
    ['attention', { heads: 0 }],
    ['parameter', { shape: [0] }],
    ['parameter', {}],
  ])('%s refuses %j', (name, attributes) => {
    expect(takes(name, attributes)).toBe(false);
  });

  it.each([3, [3], [1, 2], [[1, 2]], [[1, 2], 3], 'same', 'same_lower', 'valid'])('padding may be %j', (padding) => {
    expect(takes('conv', { out: 8, kernel: 3, padding })).toBe(true);
  });
});
