import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bufferSource } from '../../src/onnx/file/bytes.ts';
import { readOnnx } from '../../src/onnx/file/read-model.ts';
import { problemOf, read } from './helpers.ts';
import {
  attribute,
  type Bytes,
  external,
  fixed32,
  fixed64,
  float32,
  graph,
  group,
  int,
  model,
  node,
  opset,
  packed,
  raw,
  sized,
  tensor,
  value,
  varint,
} from './proto.ts';

const FLOAT = 1;
const INT64 = 7;

/** A small network with every kind of thing in it. */
const SMALL = model(
  graph({
    nodes: [
      node('Conv', ['x', 'w', ''], ['y'], {
        name: '/conv/Conv',
        attributes: [
          attribute('group', 2, int(3, 1)),
          attribute('pads', 7, packed(8, [1, 1, 1, 1])),
          attribute('auto_pad', 3, sized(4, 'NOTSET')),
        ],
      }),
      node('If', ['c'], ['z'], {
        attributes: [attribute('then_branch', 5, sized(6, graph({ nodes: [node('Relu', ['y'], ['z'])] })))],
      }),
    ],
    inputs: [value('x', FLOAT, ['batch', 3, 8, null])],
    outputs: [value('z', FLOAT, [])],
    values: [sized(1, 'y')],
    initializers: [tensor('w', FLOAT, [2, 3, 1, 1], raw(Array(24).fill(0))), tensor('s', INT64, [2], packed(7, [-1, 5]))],
  }),
  opset('com.microsoft', 1),
);

describe('a model', () => {
  it('is read as it stands', () => {
    const { producer, opsets, graph: main, functions } = read(SMALL);
    expect(producer).toBe('test');
    expect([...opsets]).toEqual([
      ['', 17],
      ['com.microsoft', 1],
    ]);
    expect(functions).toEqual([]);
    expect(main).toMatchObject({
      name: 'main',
      inputs: [{ name: 'x', type: 'float32', shape: ['batch', 3, 8, undefined] }],
      outputs: [{ name: 'z', type: 'float32', shape: [] }],
      values: [{ name: 'y', type: undefined, shape: undefined }],
    });
    expect(main.nodes[0]).toMatchObject({
      name: '/conv/Conv',
      operator: 'Conv',
      domain: '',
      inputs: ['x', 'w', ''],
      outputs: ['y'],
      attributes: {
        group: { kind: 'int', value: 1 },
        pads: { kind: 'ints', value: [1, 1, 1, 1] },
        auto_pad: { kind: 'string', value: 'NOTSET' },
      },
    });
    expect(main.nodes[1]?.attributes.then_branch).toMatchObject({ kind: 'graph', value: { nodes: [{ operator: 'Relu' }] } });
    expect([...main.initializers.values()].map(({ name, type, shape }) => [name, type, shape])).toEqual([
      ['w', 'float32', [2, 3, 1, 1]],
      ['s', 'int64', [2]],
    ]);
    expect(main.initializers.get('s')?.elements()).toEqual([-1, 5]);
  });

  it('has attributes of all kinds', () => {
    const inner = graph({ nodes: [node('Abs', ['a'], ['b'])] });
    const all: [name: string, encoded: Bytes, expected: unknown][] = [
      ['f', attribute('f', 1, fixed32(2, float32(0.5))), { kind: 'float', value: 0.5 }],
      ['i', attribute('i', 2, int(3, -7)), { kind: 'int', value: -7 }],
      ['largest', attribute('largest', 2, int(3, 2n ** 63n - 1n)), { kind: 'int', value: 2 ** 63 }],
      ['s', attribute('s', 3, sized(4, 'same')), { kind: 'string', value: 'same' }],
      ['t', attribute('t', 4, sized(5, tensor('', INT64, [], packed(7, [3])))), { kind: 'tensor' }],
      ['g', attribute('g', 5, sized(6, inner)), { kind: 'graph' }],
      ['floats', attribute('floats', 6, sized(7, [...float32(1), ...float32(2)])), { kind: 'floats', value: [1, 2] }],
      ['floats1', attribute('floats1', 6, fixed32(7, float32(1)), fixed32(7, float32(2))), { kind: 'floats', value: [1, 2] }],
      ['ints', attribute('ints', 7, int(8, 1), int(8, -2)), { kind: 'ints', value: [1, -2] }],
      ['empty', attribute('empty', 7), { kind: 'ints', value: [] }],
      ['strings', attribute('strings', 8, sized(9, 'a'), sized(9, 'b')), { kind: 'strings', value: ['a', 'b'] }],
      ['graphs', attribute('graphs', 10, sized(11, inner), sized(11, inner)), { kind: 'graphs' }],
      ['tensors', attribute('tensors', 9, sized(10, tensor('', FLOAT, [0]))), { kind: 'other' }],
      ['sparse', attribute('sparse', 11, sized(22, [])), { kind: 'other' }],
      ['type', attribute('type', 13, sized(14, [])), { kind: 'other' }],
      ['later', attribute('later', 99), { kind: 'other' }],
      // A reference to the caller's attribute has the type of what it stands for.
      ['ref', attribute('ref', 2, sized(21, 'outer')), { kind: 'reference', value: 'outer' }],
      // The first version of the format had no types.
      ['old', [...sized(1, 'old'), ...int(3, 4)], { kind: 'int', value: 4 }],
      ['__proto__', attribute('__proto__', 2, int(3, 1)), { kind: 'int', value: 1 }],
    ];
    const { attributes } = read(model(graph({ nodes: [node('X', [], [], { attributes: all.map(([, encoded]) => encoded) })] }))).graph
      .nodes[0] as { attributes: Record<string, unknown> };
    for (const [name, , expected] of all) expect(attributes[name], name).toMatchObject(expected as object);
    expect(Object.keys(attributes)).toHaveLength(all.length);
    expect(read(model(graph({ nodes: [node('X', [], [])] }))).graph.nodes[0]?.attributes.constructor).toBeUndefined();
  });

  it('has functions, whose overloads are told apart by their names', () => {
    const body = node('Selu', ['x'], ['y'], { attributes: [attribute('alpha', 1, sized(21, 'a'))] });
    const lambda = [
      ...sized(1, 'Act'),
      ...sized(4, 'x'),
      ...sized(5, 'y'),
      ...sized(6, 'a'),
      ...sized(7, body),
      ...sized(9, [...sized(1, ''), ...int(2, 18)]),
      ...sized(10, 'local'),
      ...sized(11, attribute('gain', 1, fixed32(2, float32(2)))),
    ];
    const call = node('Act', ['x'], ['y'], { more: [...sized(7, 'local'), ...sized(8, 'two')] });
    const { functions, graph: main } = read(
      model(graph({ nodes: [call] }), sized(25, lambda), sized(25, [...lambda, ...sized(13, 'two')])),
    );
    expect(functions).toMatchObject([
      {
        domain: 'local',
        name: 'Act',
        inputs: ['x'],
        outputs: ['y'],
        attributes: ['a', 'gain'],
        defaults: { gain: { kind: 'float', value: 2 } },
        nodes: [{ operator: 'Selu', attributes: { alpha: { kind: 'reference', value: 'a' } } }],
      },
      { name: 'Act:two' },
    ]);
    expect([...(functions[0]?.opsets ?? [])]).toEqual([['', 18]]);
    expect(main.nodes[0]).toMatchObject({ operator: 'Act:two', domain: 'local' });
  });

  it('knows the modules that PyTorch notes, and no other notes', () => {
    const note = (key: string, text: string) => sized(9, [...sized(1, key), ...sized(2, text)]);
    const more = [
      ...note('pkg.torch.onnx.stack_trace', "['a', 'b']"),
      ...note('pkg.torch.onnx.name_scopes', "['', 'layer1', 'layer1.0', 'conv2d']"),
    ];
    const { nodes } = read(model(graph({ nodes: [node('Conv', [], [], { more }), node('Relu', [], [])] }))).graph;
    expect(nodes.map(({ modules }) => modules)).toEqual([['layer1', 'layer1.0'], undefined]);
  });

  it('has "ai.onnx" as another name of the standard operators', () => {
    const bytes = Uint8Array.from([
      ...sized(7, graph({ nodes: [node('Relu', ['x'], ['y'], { more: sized(7, 'ai.onnx') })] })),
      ...opset('ai.onnx', 13),
    ]);
    expect([...read(bytes).opsets]).toEqual([['', 13]]);
    expect(read(bytes).graph.nodes[0]?.domain).toBe('');
  });

  it('of the first versions of the format has the first operators', () => {
    expect([...read(Uint8Array.from([...int(1, 2), ...sized(7, graph({}))])).opsets]).toEqual([['', 1]]);
  });

  it('has values of other types than tensors', () => {
    const sequence = [...sized(1, 's'), ...sized(2, sized(4, sized(1, sized(1, int(1, FLOAT)))))];
    const sparse = [...sized(1, 'p'), ...sized(2, sized(8, [...int(1, FLOAT), ...sized(2, sized(1, int(1, 3)))]))];
    const negative = value('n', FLOAT, [-1, 0]);
    const noShape = [...sized(1, 'r'), ...sized(2, sized(1, int(1, INT64)))];
    expect(read(model(graph({ inputs: [sequence, sparse, negative, noShape] }))).graph.inputs).toEqual([
      { name: 's', type: undefined, shape: undefined },
      { name: 'p', type: 'float32', shape: [3] },
      { name: 'n', type: 'float32', shape: [undefined, 0] },
      { name: 'r', type: 'int64', shape: undefined },
    ]);
  });

  it('counts a sparse tensor by the dense one that it stands for', () => {
    const sparse = [...sized(1, tensor('w', FLOAT, [2], raw(Array(8).fill(1)))), ...sized(2, tensor('', INT64, [2])), ...packed(3, [4, 5])];
    const weight = read(model(graph({ more: sized(15, sparse) }))).graph.initializers.get('w');
    expect(weight).toMatchObject({ name: 'w', type: 'float32', shape: [4, 5] });
    expect(weight?.elements()).toBeUndefined();
  });
});

describe('what is not known', () => {
  it('is stepped over, in every encoding', () => {
    const unknown = [
      ...int(1000, 5),
      ...fixed64(1001, [1, 2, 3, 4, 5, 6, 7, 8]),
      ...sized(1002, 'text'),
      ...group(1003, [...int(1, 2), ...group(2, sized(3, 'x'))]),
      ...fixed32(1004, [1, 2, 3, 4]),
      // A known field in another encoding than declared, as protobuf does.
      ...sized(1, [1, 2]),
    ];
    expect(read(model(graph({ more: sized(99, []) }), unknown)).graph).toEqual(read(model(graph({}))).graph);
  });

  it('is merged where a message comes in two parts', () => {
    const parts = [graph({ nodes: [node('Relu', ['a'], ['b'])] }), graph({ nodes: [node('Abs', ['b'], ['c'])] })];
    const bytes = Uint8Array.from([...parts.flatMap((part) => sized(7, part)), ...opset('', 13)]);
    expect(read(bytes).graph.nodes.map(({ operator }) => operator)).toEqual(['Relu', 'Abs']);
  });
});

const nest = (depth: number): Bytes => {
  let inner = graph({});
  for (let level = 0; level < depth; level++) {
    inner = graph({ nodes: [node('If', [], [], { attributes: [attribute('then_branch', 5, sized(6, inner))] })] });
  }
  return inner;
};

const groups = (depth: number): Bytes => Array.from({ length: depth }, () => group(50, []).slice(0, 2)).flat();

const withTensor = (...parts: Parameters<typeof tensor>): Uint8Array => model(graph({ initializers: [tensor(...parts)] }));

/** A graph of one field over and over. */
function repeated(field: Bytes, times: number): Uint8Array {
  const head = [...varint(7 * 8 + 2), ...varint(field.length * times)];
  const bytes = new Uint8Array(head.length + field.length * times);
  bytes.set(head);
  for (let at = head.length; at < bytes.length; at += field.length) bytes.set(field, at);
  return bytes;
}

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a broken file', () => {
  it.each<[what: string, bytes: Uint8Array, code: string, says: string]>([
    ['nothing', new Uint8Array(0), 'ONNX_NO_GRAPH', 'has 0 bytes'],
    ['no graph', Uint8Array.from(int(1, 8)), 'ONNX_NO_GRAPH', 'but no graph'],
    ['no operator set', Uint8Array.from([...int(1, 8), ...sized(7, graph({}))]), 'ONNX_NO_OPSET', 'version'],
    ['a cut', SMALL.subarray(0, 100), 'ONNX_TRUNCATED', 'ends after 100 bytes'],
    ['a length past its message', model([...varint(8 * 1 + 2), 200, 1]), 'ONNX_MALFORMED', '200 bytes are announced'],
    ['a number without end', model(int(1, 1).slice(0, 1).concat(Array(11).fill(0xff))), 'ONNX_MALFORMED', 'more than 10 bytes'],
    ['a number cut by its message', model([8, 0x80]), 'ONNX_MALFORMED', 'does not end'],
    ['field 0', model([0, 0]), 'ONNX_MALFORMED', 'field 0'],
    ['wire type 7', model([15]), 'ONNX_MALFORMED', 'wire type 7'],
    ['a group that another closes', model([...varint(8 * 50 + 3), ...varint(8 * 51 + 4)]), 'ONNX_MALFORMED', 'wire type 4'],
    ['a group without end', model([...varint(8 * 50 + 3), 8, 1]), 'ONNX_MALFORMED', 'group 50 does not end'],
    ['messages too deep', model(nest(40)), 'ONNX_TOO_DEEP', 'deeper than 100'],
    ['groups too deep', model(groups(100_000)), 'ONNX_TOO_DEEP', 'deeper than 100'],
    ['a name that is no text', model(sized(2, [0xff, 0xfe])), 'ONNX_MALFORMED', 'not UTF-8'],
    ['a name past all bounds', model(sized(2, Array(70_000).fill(65))), 'ONNX_TOO_LARGE', '65,536 bytes in a name'],
    ['too many nodes', model(Array.from({ length: 100_001 }, () => [10, 0]).flat()), 'ONNX_TOO_LARGE', '100,000 nodes'],
    ['too much to keep', repeated([0x5a, 2, 10, 0], 600_000), 'ONNX_TOO_LARGE', '1,048,576 names, nodes'],
    ['too many fields', repeated([0x70, 0], 8_400_000), 'ONNX_TOO_LARGE', '8,388,608 fields'],
    ['too many axes', withTensor('w', FLOAT, Array(65).fill(1)), 'ONNX_MALFORMED', '65 axes'],
    ['too many axes of a value', model(graph({ inputs: [value('x', FLOAT, Array(65).fill(1))] })), 'ONNX_MALFORMED', '65 axes'],
    ['a negative size', withTensor('w', FLOAT, [-1]), 'ONNX_MALFORMED', 'negative or past 2^53'],
    ['sizes whose product is past all', withTensor('w', FLOAT, [2 ** 52, 2 ** 52], raw([0])), 'ONNX_MALFORMED', '"w"'],
    ['a type that is not known', withTensor('w', 77, [1]), 'ONNX_MALFORMED', 'the type 77'],
    ['raw data of another length', withTensor('w', FLOAT, [3, 3], raw([1, 2, 3, 4])), 'ONNX_MALFORMED', 'takes 36 bytes, but has 4'],
    ['text', ascii('just a text\n'), 'NOT_ONNX', 'it is text'],
    ['a spec', ascii('name: net\ninput: [3, 8, 8]\n'), 'NOT_ONNX', 'it is text'],
    ['a pointer', ascii('version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 9\n'), 'NOT_ONNX', 'git lfs pull'],
    ['a page', ascii('<!DOCTYPE html>\n<html lang="ü">'), 'NOT_ONNX', 'HTML'],
    ['an archive', Uint8Array.from([0x50, 0x4b, 3, 4, 20, 0, 0]), 'NOT_ONNX', 'PyTorch'],
    ['a compressed file', Uint8Array.from([0x1f, 0x8b, 8, 0, 0]), 'NOT_ONNX', 'gzip'],
    ['a Keras file', Uint8Array.from([0x89, 0x48, 0x44, 0x46, 13, 10]), 'NOT_ONNX', 'HDF5'],
    ['a TensorFlow Lite file', Uint8Array.from([28, 0, 0, 0, 0x54, 0x46, 0x4c, 0x33, 0]), 'NOT_ONNX', 'TensorFlow Lite'],
  ])('%s', (_, bytes, code, says) => {
    const message = problemOf(() => read(bytes));
    expect(message).toMatch(new RegExp(`^${code}: net\\.onnx `));
    expect(message).toContain(says);
  });

  it('is told as cut wherever it was cut', () => {
    const codes = new Set<string>();
    for (let length = 0; length < SMALL.length; length++) {
      const message = problemOf(() => read(SMALL.subarray(0, length)));
      // Behind the first operator set it is whole, if for one that no node needs.
      const isWhole = message === '';
      if (!isWhole) codes.add(message.split(':')[0] as string);
      else expect(length).toBe(SMALL.length - opset('com.microsoft', 1).length);
    }
    expect([...codes].sort()).toEqual(['ONNX_NO_GRAPH', 'ONNX_NO_OPSET', 'ONNX_TRUNCATED']);
  });

  it('that shrinks while it is read is told as cut', () => {
    const source = { ...bufferSource(SMALL), size: SMALL.length };
    const shrunk = {
      ...source,
      read: (offset: number, into: Uint8Array) => source.read(offset, into.subarray(0, Math.max(0, 60 - offset))),
    };
    expect(problemOf(() => readOnnx(shrunk, 'net.onnx'))).toMatch(/^ONNX_TRUNCATED/);
  });

  const withinBounds = (bytes: Uint8Array): void => {
    const start = performance.now();
    problemOf(() => {
      const { graph: main } = read(bytes);
      for (const one of main.initializers.values()) one.elements();
    });
    expect(performance.now() - start).toBeLessThan(1000);
  };

  it('is a problem whatever its bytes are', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), withinBounds), { numRuns: 2000 });
  });

  it('is a problem whatever bytes are replaced, left out or put in', () => {
    const change = fc.record({ at: fc.nat(SMALL.length - 1), drop: fc.nat(4), put: fc.uint8Array({ maxLength: 4 }) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = [...SMALL];
        for (const { at, drop, put } of changes) bytes.splice(at, drop, ...put);
        withinBounds(Uint8Array.from(bytes));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('external data', () => {
  const stored = Uint8Array.from([0, 0, 0, 0, ...[7, 9].flatMap((size) => [size, 0, 0, 0, 0, 0, 0, 0])]);
  const beside = (
    entries: Readonly<Record<string, string>>,
    open = (name: string) => (name === 'net.data' ? bufferSource(stored) : undefined),
  ) => read(model(graph({ initializers: [tensor('s', INT64, [2], external(entries))] })), open).graph.initializers.get('s');

  it('is read where it is there and asked for', () => {
    expect(beside({ location: 'net.data', offset: '4', length: '16' })?.elements()).toEqual([7, 9]);
  });

  it.each([
    ['the file is absent', { location: 'other.data', offset: '4' }],
    ['there is no location', { offset: '4' }],
    ['the offset is none', { location: 'net.data', offset: '-4' }],
  ])('is not known where %s', (_, entries) => {
    expect(beside(entries)).toMatchObject({ type: 'int64', shape: [2] });
    expect(beside(entries)?.elements()).toBeUndefined();
  });

  it('is a problem where its file is too short', () => {
    expect(problemOf(() => beside({ location: 'net.data', offset: '8' })?.elements())).toMatch(/^ONNX_TRUNCATED: net\.data ends after 20/);
    expect(problemOf(() => beside({ location: 'net.data', offset: '999999999999999' })?.elements())).toMatch(/^ONNX_TRUNCATED/);
  });

  it('is opened only when it is asked for', () => {
    const open = () => {
      throw new Error('opened');
    };
    expect(beside({ location: 'net.data' }, open)?.shape).toEqual([2]);
  });
});
