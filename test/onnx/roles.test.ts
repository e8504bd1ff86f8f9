import { describe, expect, it } from 'vitest';
import { memoryOf } from '../../src/analysis/memory.ts';
import { execute } from '../../src/execute/interpreter.ts';
import { verify } from '../../src/execute/verify.ts';
import { exportOnnx } from '../../src/onnx/write/export.ts';
import { count, int64, node, open, type Parts, scalar, tensor } from './nets.ts';

// A parameter is what is learned: what else a file holds is none, and what it learns counts whoever holds it.

const parametersOf = (parts: Parts, opset?: number): number => Number(count(parts, opset).totals.parameters);
const filled = (length: number, number: number): number[] => new Array<number>(length).fill(number);
const steps = Array.from({ length: 98 }, (_, i) => i % 7);
const scattered = (length: number): number[] => Array.from({ length }, (_, i) => Math.fround(0.1 * i + 0.03));

describe('what is not learned', () => {
  const lstm = (h: ReturnType<typeof tensor>): Parts => ({
    inputs: { x: [5, 1, 10] },
    initializers: { w: tensor([1, 80, 10]), r: tensor([1, 80, 20]), b: tensor([1, 160]), h },
    nodes: [node('LSTM', 'x, w, r, b, , h, h -> y', { hidden_size: 20 })],
  });

  it.each([
    ['zero', tensor([1, 1, 20], filled(20, 0))],
    ['any', tensor([1, 1, 20], scattered(20))],
    ['unknown', tensor([1, 1, 20])],
  ])('states to start from that are %s', (_, h) => expect(parametersOf(lstm(h))).toBe(80 * 30 + 160));

  const groups: Parts = {
    inputs: { x: [1, 16, 8, 8] },
    initializers: { three: int64(0, 4, -1), four: int64(1, 16, 8, 8), g: tensor([16, 1, 1]), o: tensor([16, 1, 1]) },
    nodes: [
      node('Constant', '-> one', { value: tensor([4], filled(4, 1)) }),
      node('Constant', '-> nil', { value: tensor([4], filled(4, 0)) }),
      node('Reshape', 'x, three -> a'),
      node('InstanceNormalization', 'a, one, nil -> b'),
      node('Reshape', 'b, four -> c'),
      node('Mul', 'c, g -> d'),
      node('Add', 'd, o -> y'),
    ],
  };

  it('ones and zeros by which a GroupNorm is written', () => expect(parametersOf(groups)).toBe(32));

  it('but ones and zeros of an untrained batch norm are parameters', () => {
    const of = (length: number, number: number, name: string) => ({ ...tensor([length], filled(length, number)), name });
    const initializers = { s: of(4, 1, 'bn.weight'), b: of(4, 0, 'bn.bias'), m: of(4, 0, 'bn.mean'), v: of(4, 1, 'bn.var') };
    expect(parametersOf({ inputs: { x: [1, 4, 3, 3] }, initializers, nodes: [node('BatchNormalization', 'x, s, b, m, v -> y')] })).toBe(8);
    expect(parametersOf({ inputs: { x: [1, 4, 3, 3] }, initializers, nodes: [node('InstanceNormalization', 'x, s, b -> y')] })).toBe(8);
  });

  it('a mask that is compared with something, or has what no training gives', () => {
    const mask = tensor(
      [1, 1, 8, 8],
      Array.from({ length: 64 }, (_, i) => (i % 8 > Math.floor(i / 8) ? Number.NEGATIVE_INFINITY : 0)),
    );
    const inputs = { x: [1, 2, 8, 8] };
    const compared: Parts = {
      inputs,
      initializers: { m: tensor([1, 1, 8, 8], scattered(64)), z: scalar(0), inf: scalar(Number.NEGATIVE_INFINITY) },
      nodes: [node('Equal', 'm, z -> no'), node('Where', 'no, inf, x -> a'), node('Softmax', 'a -> y')],
    };
    expect(parametersOf(compared)).toBe(0);
    expect(parametersOf({ inputs, initializers: { m: mask }, nodes: [node('Add', 'x, m -> y')] })).toBe(0);
    expect(parametersOf({ inputs, initializers: { m: tensor([1, 1, 8, 8]) }, nodes: [node('Add', 'x, m -> y')] })).toBe(64);
  });

  const written = (table: readonly number[]): Parts => ({
    inputs: { x: [1, 7, 7, 2] },
    nodes: [0, 1, 2].flatMap((i) => [
      node('Constant', `-> g${i}`, { value: tensor([1, 7, 7, 2], table) }),
      node('Add', `${i === 0 ? 'x' : `x${i}`}, g${i} -> x${i + 1}`),
    ]),
  });

  it('a grid, in however many nodes it is written', () => expect(parametersOf(written(steps))).toBe(0));
  it('and a learned table that is written three times is one', () => expect(parametersOf(written(scattered(98)))).toBe(98));
});

describe('what is learned', () => {
  it('counts where it is one number everywhere, or no bytes are left of it', () => {
    const parts = (nodes: Parts['nodes'], initializers: Parts['initializers'] = {}): Parts => ({
      inputs: { x: [1, 3, 8, 8] },
      initializers: { s: int64(4, 3, 3, 3), ...initializers },
      nodes: [...nodes, node('Conv', 'x, w -> y')],
    });
    expect(parametersOf(parts([node('ConstantOfShape', 's -> w', { value: tensor([1], [0.5]) })]))).toBe(108);
    expect(parametersOf(parts([], { w: tensor([4, 3, 3, 3]) }))).toBe(108);
  });

  it.each<[string, Parts]>([
    [
      'scale 5, channels 1',
      {
        inputs: { x: [1, 1, 5] },
        initializers: { s: tensor([5]), b: tensor([5]), m: tensor([5]), v: tensor([5]) },
        nodes: [node('BatchNormalization', 'x, s, b, m, v -> y')],
      },
    ],
    [
      'bias 5, channels 4',
      { inputs: { x: [1, 3, 8, 8] }, initializers: { w: tensor([4, 3, 3, 3]), b: tensor([5]) }, nodes: [node('Conv', 'x, w, b -> y')] },
    ],
    [
      'kernel 3, stated 5',
      {
        inputs: { x: [1, 3, 8, 8] },
        initializers: { w: tensor([4, 3, 3, 3]) },
        nodes: [node('Conv', 'x, w -> y', { kernel_shape: [5, 5] })],
      },
    ],
    [
      'bias 30, wanted 32',
      {
        inputs: { x: [5, 3, 6] },
        initializers: { w: tensor([1, 16, 6]), r: tensor([1, 16, 4]), b: tensor([1, 30]) },
        nodes: [node('LSTM', 'x, w, r, b -> y', { hidden_size: 4 })],
      },
    ],
    [
      'states of 2, batch of 3',
      {
        inputs: { x: [5, 3, 6] },
        initializers: { w: tensor([1, 16, 6]), r: tensor([1, 16, 4]), h: tensor([1, 2, 4]) },
        nodes: [node('LSTM', 'x, w, r, , , h -> y', { hidden_size: 4 })],
      },
    ],
  ])('but does not fit is an error with both sizes: %s', (_, parts) => {
    expect(() => open(parts)).toThrow(/ONNX_WEIGHT_MISFIT: The .* is [\d×]+, but its input asks for [\d×]+/);
  });
});

describe('a kernel that is an input', () => {
  const graph = open({ inputs: { x: [1, 3, 8, 8], kernel: [4, 3, 3, 3] }, nodes: [node('Conv', 'x, kernel -> y')] });

  it('is no parameter, and is alive beside the input of the convolution', () => {
    expect(memoryOf(graph).weights).toBe(0n);
    // 192 elements of the image and 108 of the kernel, while 144 are made.
    expect(memoryOf(graph).peak).toBe(4n * (192n + 108n + 144n));
    expect(verify(graph).holds).toBe(true);
  });

  it('is read by the convolution that is exported', () => {
    const bytes = [...exportOnnx(graph, { elementsOf: () => [], placement: 'nowhere', dataFile: 'd', version: '0' }).model.chunks()];
    expect(Buffer.concat(bytes).toString('latin1')).not.toContain('Conv_0.kernel');
  });
});

describe('a kernel that the network computes', () => {
  const parts: Parts = {
    inputs: { x: [1, 3, 16, 16], z: [1, 10] },
    initializers: { hyper: tensor([10, 216]), shape: int64(8, 3, 3, 3) },
    nodes: [node('MatMul', 'z, hyper -> v'), node('Reshape', 'v, shape -> k'), node('Conv', 'x, k -> y', { pads: [1, 1, 1, 1] })],
  };
  const graph = open(parts);

  it('is no parameter, and its work counts', () => {
    const { totals } = count(parts);
    expect([totals.parameters, totals.macs]).toEqual([2160n, 2160n + 216n * 256n]);
    expect(verify(graph).holds).toBe(true);
  });

  it('is alive until it is used', () => {
    // Input 768 and kernel 216 while the output of 2,048 is made.
    expect(memoryOf(graph).peak).toBe(4n * (768n + 216n + 2048n));
    expect(memoryOf(graph).weights).toBe(4n * 2160n);
  });

  it('is what the convolution is run with', () => {
    const one = { ...parts, inputs: { x: [1, 1, 1, 1], z: [1, 1] }, initializers: { hyper: tensor([1, 1]), shape: int64(1, 1, 1, 1) } };
    const small = open({ ...one, nodes: [...parts.nodes.slice(0, 2), node('Conv', 'x, k -> y')] });
    const tensors = small.inputs.map(({ tensor: edge }) => edge);
    const numbers = new Map<unknown, readonly number[]>([
      [tensors[0], [3]],
      [tensors[1], [5]],
      [small.nodes[0]?.weights.matrix, [7]],
    ]);
    expect([...execute(small, { given: (held) => numbers.get(held) })].at(-1)?.outputs[0]?.data[0]).toBe(105);
  });

  it('is read by the convolution that is exported', () => {
    const bytes = [...exportOnnx(graph, { elementsOf: () => [], placement: 'nowhere', dataFile: 'd', version: '0' }).model.chunks()];
    const text = Buffer.concat(bytes).toString('latin1');
    expect(text).not.toContain('Conv_2.kernel');
    expect(text).toContain('Reshape_1');
  });
});
