import { describe, expect, it } from 'vitest';
import { exportOnnx } from '../../src/onnx/write/export.ts';
import { expandSpec, parseSpec } from '../../src/spec/model.ts';

const exported = (input: string, layer: string) =>
  exportOnnx(expandSpec(parseSpec(`input: ${input}\nlayers: [${layer}]\n`)), { elementsOf: () => [], version: '0' } as never);

describe('an export that would take a huge constant is told its limit:', () => {
  // The last window hangs over, so that each mean would be corrected by a factor of its own.
  it.each([
    ['an average pool', '[3, 1000001, 1000001]', 'avgpool: { kernel: 2, stride: 2, ceil: true }'],
    ['an adaptive pool', '[3, 100000001, 8]', 'adaptiveavgpool: { size: [50000001, 3] }'],
  ])('%s', (_, input, layer) => {
    expect(() => exported(input, layer)).toThrow('4,194,304 elements');
  });

  it.each([
    ['a window of a cache', '[2147483648, 4]', 'cache: { past: 1, window: 16 }'],
    ['the mask of attention', '[1, 100000, 4]', '{ sdpa: { causal: true }, from: [input, input, input] }'],
    ['the scale of a norm that has none', '[2, 5000000000]', 'layernorm: { affine: false }'],
    ['angles of rotary positions', '[1, 10000000, 8]', 'rope: {}'],
  ])('%s', (_, input, layer) => {
    expect(() => exported(input, layer)).toThrow('16,777,216 elements');
  });

  // A loop over the bins would not end.
  it.each([
    'fft: { axes: [1, 2], takes: complex, inverse: true, gives: real, length: 1 }',
    'fft: { axes: [2, 1], takes: complex, inverse: true, onesided: true }',
  ])('none for a transform, which takes as many nodes at any length: %s', (layer) => {
    expect(exported('[9007199254740, 5, 2]', layer).model.bytes).toBeLessThan(4096);
  });

  it('nodes for each position of a recurrence', () => {
    const graph = expandSpec(parseSpec('input: { a: [1, 4, 5], b: [4294967296, 4, 5] }\nlayers: [{ scan: {}, from: [a, b] }]\n'));
    expect(() => exportOnnx(graph, { elementsOf: () => [], version: '0' } as never)).toThrow('262,144 nodes of an exported file');
  });

  it('a pool whose windows all fit takes none', () => {
    expect(() => exported('[3, 1000000, 1000000]', 'avgpool: { kernel: 2, stride: 2 }')).not.toThrow();
  });
});
