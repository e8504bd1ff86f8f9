import { describe, expect, it } from 'vitest';
import { operatorNames, versionsOf } from '../../src/onnx/check/signatures.ts';
import { isLimit, readHere, runThere } from './beside-onnxruntime.ts';
import { type OddFile, plainFile, type Read, written } from './odd-files.ts';

// What onnxruntime does with small files that are wrong in one way, and what flopwise says of them.

const x: Read = { shape: [2, 4], type: 'float' };
const image: Read = { shape: [1, 3, 4, 4], type: 'float' };
const whole = (...elements: number[]): Read => ({ shape: [elements.length], type: 'int64', elements });
const relu = { operator: 'Relu', reads: [x] };

type Break = (file: OddFile) => void;

/** What is wrong, how a right file becomes it, and what flopwise says of it. */
const WRONG: readonly (readonly [what: string, piece: Parameters<typeof plainFile>[0], opset: number, breaking: Break, says: RegExp])[] = [
  [
    'a name that two nodes write',
    relu,
    17,
    ({ nodes }) => nodes.push(another(['y0'], ['y0'])),
    /"y0" is given twice: by Relu "first" and by Abs "second"/,
  ],
  [
    'an output with the name of an input',
    relu,
    17,
    ({ nodes }) => nodes.push(another(['y0'], ['x0'])),
    /"x0" is given twice: by an input and by Abs "second"/,
  ],
  [
    'an input that is there twice',
    relu,
    17,
    ({ inputs }) => inputs.push({ ...(inputs[0] as OddFile['inputs'][number]) }),
    /"x0" is given twice: by an input and by another input/,
  ],
  [
    'two nodes of one name',
    relu,
    17,
    ({ nodes }) => nodes.push({ ...another(['y0'], ['z']), name: 'first' }),
    /Abs "first": another node has the same name/,
  ],
  [
    'nodes in a circle',
    relu,
    17,
    ({ nodes }) => nodes.push(another(['b'], ['a'], 'one'), another(['a'], ['b'], 'two')),
    /wait for each other in a circle/,
  ],
  [
    'an attribute that there is not',
    relu,
    17,
    ({ nodes }) =>
      Object.assign(nodes[0]?.attributes ?? {}, attributesOf({ operator: 'Elu', reads: [x], attributes: { alpha: { float: 2 } } })),
    /it has no attribute "alpha" in this opset/,
  ],
  [
    'an attribute of another type',
    { operator: 'Softmax', reads: [x], attributes: { axis: 'last' } },
    17,
    () => undefined,
    /attribute "axis" is of the wrong type/,
  ],
  ['an attribute that is missing', { operator: 'Concat', reads: [x, x] }, 17, () => undefined, /it lacks the attribute "axis"/],
  ['an input too many', { operator: 'Relu', reads: [x, x] }, 17, () => undefined, /it has 2 inputs, and takes 1 input/],
  ['an output too many', { operator: 'Relu', reads: [x], outputs: 2 }, 17, () => undefined, /it has 2 outputs, and gives 1 output/],
  [
    'axes as an input before their opset',
    { operator: 'ReduceMean', reads: [x, whole(1)] },
    17,
    () => undefined,
    /it has 2 inputs, and takes 1 input/,
  ],
  [
    'axes as an attribute after their opset',
    { operator: 'ReduceMean', reads: [x], attributes: { axes: [1] } },
    18,
    () => undefined,
    /it has no attribute "axes" in this opset/,
  ],
  [
    'an operator of a later opset',
    { operator: 'Gelu', reads: [x] },
    17,
    () => undefined,
    /it is an operator from opset 20 on, and the file is of opset 17/,
  ],
  [
    'an operator that was withdrawn',
    { operator: 'Upsample', reads: [image, { shape: [4], type: 'float', elements: [1, 1, 2, 2] }] },
    13,
    () => undefined,
    /opset 10 withdrew the operator/,
  ],
  [
    'whole numbers where there are none',
    { operator: 'Sqrt', reads: [{ shape: [2], type: 'int64' }] },
    17,
    () => undefined,
    /its input "x0" is int64, and must be floating point/,
  ],
  [
    'two types where there is one',
    { operator: 'Add', reads: [x, { shape: [4], type: 'int64' }] },
    17,
    () => undefined,
    /its input "x1" is int64, and must be float32 as another/,
  ],
  [
    'a default of another shape',
    { operator: 'Reshape', reads: [x, whole(8)] },
    17,
    ({ inputs }) => inputs.push({ name: 'x1', type: 'int64', shape: [2] }),
    /its input "x1" is 2, and its default 1/,
  ],
  ['no outputs', relu, 17, ({ outputs }) => outputs.splice(0), /the graph: it has no outputs/],
  [
    'an output of another type',
    { operator: 'Equal', reads: [x, x] },
    17,
    ({ outputs }) => outputs.splice(0, 1, { name: 'y0', shape: [2, 4] }),
    /"y0" is bool, and declared float32/,
  ],
  [
    'padding twice',
    {
      operator: 'Conv',
      reads: [image, { shape: [1, 3, 3, 3], type: 'float', elements: new Array(27).fill(1) }],
      attributes: { pads: [1, 1, 1, 1], auto_pad: 'SAME_UPPER' },
    },
    17,
    () => undefined,
    /it has both "pads" and "auto_pad"/,
  ],
  [
    'a padding as large as its window',
    { operator: 'MaxPool', reads: [image], attributes: { kernel_shape: [2, 2], pads: [2, 0, 2, 0] } },
    17,
    () => undefined,
    /would hold a whole window of 2/,
  ],
  [
    'an axis that a slice names twice',
    { operator: 'Slice', reads: [x, whole(0, 1), whole(2, 3), whole(1, -1)] },
    17,
    () => undefined,
    /it names axis 1 twice/,
  ],
  [
    'more starts than ends',
    { operator: 'Slice', reads: [x, whole(0, 1), whole(2), whole(0, 1)] },
    17,
    () => undefined,
    /it has 2 starts, 1 ends/,
  ],
  [
    'an uneven split',
    { operator: 'Split', reads: [x], outputs: 3, attributes: { axis: 1 } },
    17,
    () => undefined,
    /it splits 4 into 3 equal parts/,
  ],
  [
    'a split without parts',
    { operator: 'Split', reads: [x], outputs: 2, attributes: { axis: 1 } },
    18,
    () => undefined,
    /it says neither how many parts/,
  ],
  [
    'more parts than outputs',
    { operator: 'Split', reads: [x, whole(1, 1, 2)], outputs: 2, attributes: { axis: 1 } },
    17,
    () => undefined,
    /it makes 3 parts, and has 2 outputs/,
  ],
  ['a type that there is not', { operator: 'Cast', reads: [x], attributes: { to: 99 } }, 17, () => undefined, /there is no type 99/],
  [
    'a direction that there is not',
    {
      operator: 'RNN',
      reads: [{ shape: [3, 1, 2], type: 'float' }, ones(1, 1, 2), ones(1, 1, 1)],
      attributes: { hidden_size: 1, direction: 'up' },
    },
    17,
    () => undefined,
    /"direction" is "up", which is none of forward, reverse, bidirectional/,
  ],
  [
    'a way to pad that there is not',
    { operator: 'Conv', reads: [image, ones(1, 3, 3, 3)], attributes: { auto_pad: 'SAME' } },
    17,
    () => undefined,
    /"auto_pad" is "SAME"/,
  ],
  ['a bound that is a list', { operator: 'Clip', reads: [x, ones(4)] }, 17, () => undefined, /its "min" is 4, and must be one number/],
  [
    'a rest of nothing',
    { operator: 'Reshape', reads: [{ shape: [0, 3], type: 'float' }, whole(0, -1)] },
    17,
    () => undefined,
    /it makes 0×-1 of 0×3/,
  ],
  [
    'indices that are no list',
    { operator: 'OneHot', reads: [{ shape: [], type: 'int64' }, whole(3), { shape: [2], type: 'float', elements: [0, 1] }] },
    17,
    () => undefined,
    /it takes a list of indices/,
  ],
  ['too few repeats', { operator: 'Tile', reads: [x, whole(2)] }, 17, () => undefined, /it repeats 1 axes, and its input has 2/],
  [
    'an axis beyond the last',
    { operator: 'Flatten', reads: [x], attributes: { axis: -3 } },
    17,
    () => undefined,
    /there is no axis -3 among 2/,
  ],
  [
    'more to mirror than there is',
    { operator: 'Pad', reads: [x, whole(0, 5, 0, 0)], attributes: { mode: 'reflect' } },
    17,
    () => undefined,
    /it mirrors 5 elements of 4/,
  ],
  [
    'a size of 0',
    {
      operator: 'Resize',
      reads: [image, { shape: [0], type: 'float', elements: [] }, { shape: [0], type: 'float', elements: [] }, whole(1, 3, 0, 4)],
    },
    17,
    () => undefined,
    /it makes 1×3×0×4 of 1×3×4×4/,
  ],
  [
    'a mode of another opset',
    { operator: 'GridSample', reads: [image, { shape: [1, 2, 2, 2], type: 'float' }], attributes: { mode: 'bicubic' } },
    20,
    () => undefined,
    /"mode" is "bicubic", which is none of linear, nearest, cubic/,
  ],
  ['a norm that there is not', { operator: 'LpNormalization', reads: [x], attributes: { p: 3 } }, 17, () => undefined, /its "p" is 3/],
  ['a remainder of numbers of floating point', { operator: 'Mod', reads: [x, x] }, 17, () => undefined, /it has no "fmod"/],
  [
    'factors that do not fit',
    { operator: 'LayerNormalization', reads: [x, ones(7)] },
    17,
    () => undefined,
    /of 7 (do not fit|cannot)|2×4 and 7|2×4, 7/,
  ],
  [
    'an input that a list leaves out',
    { operator: 'Concat', reads: [x, undefined], attributes: { axis: 0 } },
    17,
    () => undefined,
    /it has no input 1/,
  ],
];

function ones(...shape: number[]): Read {
  return { shape, type: 'float', elements: new Array(shape.reduce((all, size) => all * size, 1)).fill(1) };
}

const another = (inputs: string[], outputs: string[], name = 'second'): OddFile['nodes'][number] => ({
  operator: 'Abs',
  name,
  inputs,
  outputs,
  attributes: {},
});
const attributesOf = (piece: Parameters<typeof plainFile>[0]) => plainFile(piece, 17).nodes[0]?.attributes ?? {};

/** What is odd, and runs all the same. */
const ODD: readonly (readonly [what: string, piece: Parameters<typeof plainFile>[0], opset: number, shape: string])[] = [
  ['an axis that a reduction names twice', { operator: 'ReduceMean', reads: [x], attributes: { axes: [1, -1] } }, 17, '2×1'],
  ['a window that is larger than its image', { operator: 'MaxPool', reads: [image], attributes: { kernel_shape: [5, 5] } }, 17, '1×3×0×0'],
  ['a part of a window', { operator: 'AveragePool', reads: [image], attributes: { kernel_shape: [5, 4], strides: [2, 2] } }, 17, '1×3×1×1'],
  ['slopes of more axes', { operator: 'PRelu', reads: [{ shape: [4], type: 'float' }, x] }, 17, '2×4'],
  ['a matrix without columns', { operator: 'Gemm', reads: [x, ones(4, 0)] }, 17, '2×0'],
  ['a scalar to eight bits', { operator: 'DynamicQuantizeLinear', reads: [{ shape: [], type: 'float' }], outputs: 3 }, 17, ''],
  ['a trace', { operator: 'Einsum', reads: [{ shape: [3, 3], type: 'float' }], attributes: { equation: 'ii' } }, 17, ''],
];

describe('a file that onnxruntime refuses', () => {
  it.each(WRONG.map(([what, piece, opset, breaking, says]) => ({ what, piece, opset, breaking, says })))('for $what', async (one) => {
    const file = plainFile(one.piece, one.opset);
    one.breaking(file);
    const bytes = written(file);
    const there = await runThere(file, bytes);
    expect(there).toBeTypeOf('string');
    expect(isLimit(there as string)).toBe(false);
    const here = readHere(bytes);
    expect(typeof here === 'string' ? here : here.notes.join(' ')).toMatch(one.says);
  });
});

describe('a file that onnxruntime runs', () => {
  it.each(ODD.map(([what, piece, opset, shape]) => ({ what, piece, opset, shape })))('with $what', async ({ piece, opset, shape }) => {
    const file = plainFile(piece, opset);
    const bytes = written(file);
    expect(await runThere(file, bytes)).toMatchObject({ y0: shape });
    expect(readHere(bytes)).toMatchObject({ shapes: { y0: shape }, notes: [] });
  });
});

describe('the signatures of operators', () => {
  /** So many times the same input, and so many outputs. */
  const asked = async (operator: string, opset: number, inputs: number, outputs: number): Promise<string> => {
    const file = plainFile({ operator, reads: [x], outputs }, opset);
    if (file.nodes[0] !== undefined) file.nodes[0].inputs = new Array<string>(inputs).fill('x0');
    return String(await runThere(file, written(file)));
  };
  const SIZE = /has (in|out)put size \d+ not in range \[min=(\d+), max=(\d+)\]/;
  const named = operatorNames().filter((name) => !['Split', 'BatchNormalization'].includes(name));

  it.each(named.flatMap((name) => (versionsOf(name) ?? []).map((version) => ({ name, version }))))(
    '$name of version $version.version take and give as many values as onnxruntime says',
    async ({ name, version: signature }) => {
      if ('isDeprecated' in signature) {
        expect(await asked(name, signature.version, 1, 1)).toMatch(/deprecated|No Op registered/);
        return;
      }
      const { version, inputs } = signature;
      const tooMany = inputs.most === Number.POSITIVE_INFINITY ? inputs.least - 1 : inputs.most + 1;
      if (tooMany < 0) return;
      const [, side, least, most] = SIZE.exec(await asked(name, version, tooMany, 1)) ?? [];
      expect([side, Number(least), Math.min(Number(most), 2 ** 31 - 1)]).toEqual(['in', inputs.least, Math.min(inputs.most, 2 ** 31 - 1)]);
    },
  );
});
