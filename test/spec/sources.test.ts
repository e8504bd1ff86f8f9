import { describe, expect, it } from 'vitest';
import { expandBlock, expandSpec, parseSpec } from '../../src/spec/model.ts';
import { count, onImage, problemsOf } from './helpers.ts';

/** Each layer with the layers and inputs that it takes. */
function edgesOf(text: string, settings: Parameters<typeof expandSpec>[1] = {}): string[] {
  const graph = expandSpec(parseSpec(text), settings);
  const makers = new Map(graph.inputs.map(({ name, tensor }) => [tensor, `<${name}>`]));
  return graph.nodes.map((node) => {
    const taken = node.inputs.map((input) => makers.get(input));
    for (const output of node.outputs) makers.set(output, node.path);
    return `${node.path} ← ${taken.join(', ')}`;
  });
}

const parametersOf = (text: string) => count(text).totals.parameters;

describe('names of earlier outputs by an expression', () => {
  it('are those of the caller, where it gave them', () =>
    expect(
      edgesOf(`
input: [4, 8, 8]
blocks:
  up:
    with: { skip: required }
    layers:
      - relu: {}
        name: early
      - concat: {}
        from: [early, $skip]
layers:
  - sigmoid: {}
    name: early
  - tanh
  - up: { skip: early }
`),
    ).toEqual(['early ← <input>', 'tanh ← early', 'up/early ← tanh', 'up/concat ← up/early, early']));

  it('pass through blocks in blocks', () =>
    expect(
      edgesOf(
        `
input: [4, 8, 8]
blocks:
  inner: { with: { skip: required }, layers: [add: {}] }
  join: {}
layers: [relu]
`
          .replace('layers: [add: {}]', 'layers: [{ add: {}, from: [in, $skip] }]')
          .replace('  join: {}\n', '  outer: { with: { skip: required }, layers: [{ tanh: {}, name: early }, inner: { skip: $skip }] }\n')
          .replace('layers: [relu]', 'layers: [{ sigmoid: {}, name: early }, outer: { skip: early }]'),
      ),
    ).toEqual(['early ← <input>', 'outer/early ← early', 'outer/inner/add ← outer/early, early']));

  it('are those of the block, where its default has them', () =>
    expect(
      edgesOf(`
input: [4, 8, 8]
blocks:
  add_back: { with: { skip: in }, layers: [relu, { add: {}, from: [in, $skip] }] }
layers: [tanh, add_back]
`).at(-1),
    ).toBe('add_back/add ← tanh, tanh'));

  it('are those of the model, where one of its parameters has them', () =>
    expect(
      edgesOf(`
input: [4, 8, 8]
with: { source: early }
blocks:
  back: { layers: [{ relu: {}, name: early }, { tanh: {}, from: $source }] }
layers: [{ sigmoid: {}, name: early }, back]
`).at(-1),
    ).toBe('back/tanh ← early'));

  it('may be parts of a list', () =>
    expect(
      edgesOf(`
input: [4, 8, 8]
with: { taps: [a, b] }
layers:
  - relu: {}
    name: a
  - relu: {}
    name: b
  - sequence:
      - tanh: {}
        from: $taps.$index
    repeat: 2
  - add: {}
    from: $taps
`).slice(2),
    ).toEqual(['tanh[0] ← a', 'tanh[1] ← b', 'add ← a, b']));

  it('are refused where two places may be meant', () =>
    expect(
      problemsOf(`
input: [4, 8, 8]
blocks:
  up: { with: { skip: required }, layers: [{ relu: {}, name: early }, { tanh: {}, from: early if $in.rank == 4 else $skip }] }
layers: [{ sigmoid: {}, name: early }, up: { skip: early }]
`),
    ).toMatchObject([{ code: 'AMBIGUOUS_SOURCE', marked: expect.stringContaining('early if') }]));

  it.each([
    ['no name', 'from: $n', 'WRONG_VALUE'],
    ['not there', 'from: $word', 'UNKNOWN_SOURCE'],
    ['no parameter', 'from: $nope', 'UNKNOWN_VALUE'],
  ])('are reported: %s', (_, from, code) =>
    expect(problemsOf(`input: [4, 8, 8]\nwith: { n: 3, word: nowhere }\nlayers:\n  - relu: {}\n    ${from}\n`)).toMatchObject([
      { code, at: '5:11' },
    ]),
  );
});

describe('what when leaves out', () => {
  it('is no other input', () =>
    expect(problemsOf(onImage('  - relu: {}\n    name: a\n    when: 1 == 2\n  - add: {}\n    from: [in, a]\n'))).toMatchObject([
      { code: 'SKIPPED_SOURCE', at: '7:11' },
    ]));

  /** Two layers, and one that takes "a". */
  const taken = (first: string, second: string, last = 'sigmoid: {}, from: a') => `
input: [3, 8, 8]
with: { yes: true, no: false }
layers:
  - { tanh: {}, ${first} }
  - ${second}
  - { ${last} }
`;

  it.each([
    ['that is there', '{ relu: {}, as: a, when: $no }'],
    ['whose layer is in a sequence', '{ sequence: [{ relu: {}, as: a, when: $no }], when: $yes }'],
    ['in a branch', '{ parallel: [{ layers: [{ relu: {}, as: a }], when: $no }, [elu]], join: add }'],
  ])('leaves its name to an alternative %s', (_, second) =>
    expect(edgesOf(taken('name: a, when: $yes', second)).at(-1)).toBe('sigmoid ← a'),
  );

  it.each([
    ['alone', '{ relu: {}, as: a, when: $no }'],
    ['with a name for the table', '{ relu: {}, name: a, when: $no }'],
    ['one of several names', '{ split: { parts: 3 }, name: [b, a, c], when: $no }'],
    ['in a sequence', '{ sequence: [{ relu: {}, as: a }], when: $no }'],
    ['in a residual', '{ residual: [{ sequence: [{ relu: {}, as: a }] }], when: $no }'],
    ['in a shortcut', '{ residual: [relu], shortcut: [{ elu: {}, as: a }], when: $no }'],
    ['in a branch', '{ parallel: [{ layers: [{ relu: {}, as: a }], when: $no }, [elu]], join: add }'],
    ['in a loop', '{ parallel: { each: range(2), when: $each > 1, layers: [{ relu: {}, as: a }] } }'],
    ['in experts', '{ experts: [{ relu: {}, as: a }], count: 2, best: 1, when: $no }'],
  ])('is never silently an earlier layer that is there in any case: %s', (_, second) =>
    expect(problemsOf(taken('as: a', second))).toMatchObject([
      { code: 'HIDDEN_SOURCE', at: '7:26', says: expect.stringContaining('line 6') },
    ]),
  );

  it('is no output either, where an earlier layer has its name', () =>
    expect(problemsOf(`${taken('as: a', '{ relu: {}, as: a, when: $no }', 'elu: {}')}outputs: a\n`)).toMatchObject([
      { code: 'HIDDEN_SOURCE', at: '8:1' },
    ]));

  it('does not matter where the name is set again', () =>
    expect(edgesOf(taken('as: a', '{ sequence: [{ relu: {}, as: a, when: $no }, { elu: {}, name: a }] }')).at(-1)).toBe('sigmoid ← a'));

  it('is chosen by an expression', () =>
    expect(edgesOf(taken('name: a', '{ relu: {}, as: b, when: $no }', 'sigmoid: {}, from: b if $no else a')).at(-1)).toBe('sigmoid ← a'));

  it('is no output, if the output says so', () => {
    const text = `
input: [4, 8, 8]
with: { aux: false, last: [out] }
layers:
  - relu: {}
    name: side
  - conv: { kernel: 1, out: 8 }
    name: out
outputs: [$last, { name: side, when: $aux }]
`;
    const outputs = (aux: boolean) => expandSpec(parseSpec(text), { set: { aux } }).outputs.map(({ shape }) => shape.join('×'));
    expect(outputs(false)).toEqual(['1×8×8×8']);
    expect(outputs(true)).toEqual(['1×8×8×8', '1×4×8×8']);
  });
});

describe('inputs', () => {
  const two = 'input: { image: [3, 8, 8], mask: [1, 8, 8] }\nlayers:\n';
  const warnings = (text: string) => (expandSpec(parseSpec(text)).warnings ?? []).map(({ code }) => code);

  it('that nothing reads are warned of', () => expect(warnings(`${two}  - relu\n`)).toEqual(['UNREAD_INPUT']));
  it('that something reads are not', () => expect(warnings(`${two}  - concat: {}\n    from: [image, mask]\n`)).toEqual([]));
  it('of a wrong name are reported with all there are', () =>
    expect(problemsOf(`${two}  - concat: {}\n    from: [image, mask]\n`, { input: { imgae: [3, 8, 8] } })).toMatchObject([
      { code: 'UNKNOWN_INPUT', says: expect.stringContaining('image, mask') },
    ]));
});

describe('blocks with several inputs', () => {
  const lateral = `
blocks:
  lateral:
    inputs: [fine, coarse]
    layers:
      - conv: { kernel: 1, out: $coarse.channels }
        name: side
      - upsample: { size: [$fine.height, $fine.width] }
        from: coarse
      - add: {}
        from: [side, in_]
    example: { input: { fine: [8, 16, 16], coarse: [4, 8, 8] } }
`
    .replace('in_', 'upsampled')
    .replace('        from: coarse\n', '        from: coarse\n        name: upsampled\n');
  const layers = 'layers:\n  - conv: { kernel: 1, out: 4, stride: 2 }\n    name: low\n  - lateral:\n    from: [in, low]\n';

  it('name them, and their shapes', () =>
    expect(edgesOf(`input: [8, 16, 16]${lateral}${layers}`).slice(1)).toEqual([
      'lateral/side ← <input>',
      'lateral/upsampled ← low',
      'lateral/add ← lateral/side, lateral/upsampled',
    ]));

  it('are counted alone with several inputs', () => {
    const spec = parseSpec(`input: [8, 16, 16]${lateral}${layers}`);
    const graph = expandBlock(spec, spec.blocks.get('lateral') as never);
    expect(graph.inputs.map(({ name, tensor }) => `${name} ${tensor.shape.join('×')}`)).toEqual(['fine 1×8×16×16', 'coarse 1×4×8×8']);
    expect(graph.outputs[0]?.shape).toEqual([1, 4, 16, 16]);
  });

  it('must get as many', () =>
    expect(problemsOf(`input: [8, 16, 16]${lateral}layers: [lateral]\n`)).toMatchObject([
      { code: 'WRONG_INPUT_COUNT', says: expect.stringContaining('fine, coarse') },
    ]));

  it('have names of their own', () =>
    expect(
      problemsOf(`input: [8, 16, 16]${lateral.replace('inputs: [fine', 'with: { fine: [1, 4, 16, 16] }\n    inputs: [fine')}${layers}`),
    ).toMatchObject([{ code: 'NAME_TAKEN' }]));
});

describe('branches', () => {
  it('are there for each value of a list', () =>
    expect(
      count(
        'input: [3, 8, 8]\nlayers:\n  - parallel: { each: [1, 3, 5], layers: [conv: { kernel: $each, out: 4 + $index, padding: $each // 2 }] }\n    join: concat\n',
      ).rows.map(({ path, output }) => `${path} ${output[0]?.join('×')}`),
    ).toEqual(['branch[0]/conv 1×4×8×8', 'branch[1]/conv 1×5×8×8', 'branch[2]/conv 1×6×8×8', 'concat 1×15×8×8']));

  it('each get a part', () =>
    expect(
      edgesOf('input: [4, 8, 8]\nlayers:\n  - split: { parts: 2 }\n  - parallel: { each: range(2), layers: [relu] }\n    join: add\n'),
    ).toEqual(['split ← <input>', 'branch[0]/relu ← split', 'branch[1]/relu ← split', 'add ← branch[0]/relu, branch[1]/relu']));

  const optional = (pool: boolean) =>
    `input: [3, 8, 8]\nwith: { pool: ${pool} }\nlayers:\n  - parallel:\n      main: [relu]\n      pool: { when: $pool, layers: [tanh] }\n    join: concat\n`;
  it('may be left out', () => {
    expect(edgesOf(optional(true))).toEqual(['main/relu ← <input>', 'pool/tanh ← <input>', 'concat ← main/relu, pool/tanh']);
    expect(edgesOf(optional(false))).toEqual(['main/relu ← <input>']);
  });

  it('of a loop may be left out', () =>
    expect(
      edgesOf('input: [3, 8, 8]\nlayers:\n  - parallel: { each: range(3), when: $index != 1, layers: [relu] }\n    join: add\n'),
    ).toHaveLength(3));

  it('see the input of the block', () =>
    expect(
      edgesOf('input: [3, 8, 8]\nlayers:\n  - tanh\n  - parallel: [[{ relu: {}, from: in }], [sigmoid]]\n    join: add\n').slice(1, 3),
    ).toEqual(['branch[0]/relu ← <input>', 'branch[1]/sigmoid ← tanh']));

  it.each([
    ['no list', '{ each: 3, layers: [relu] }', 'WRONG_VALUE'],
    ['no list by an expression', '{ each: $in.channels, layers: [relu] }', 'WRONG_VALUE'],
    ['a wrong layer', '{ each: range(2), layers: [relo] }', 'UNKNOWN_OPERATOR'],
    ['no layers', '{ each: range(2) }', 'WRONG_VALUE'],
    ['another key', '{ each: range(2), layers: [relu], joins: add }', 'UNKNOWN_KEY'],
    ['a condition without layers', '{ a: [relu], b: { when: true } }', 'MISSING_KEY'],
    ['a value that only branches have', '[[conv: { kernel: $each, out: 1 }]]', 'BAD_VALUE'],
  ])('are reported: %s', (_, parallel, code) => {
    const found = problemsOf(onImage(`  - parallel: ${parallel}\n    join: add\n`));
    expect(found).toHaveLength(1);
    if (code !== 'BAD_VALUE') expect(found).toMatchObject([{ code }]);
    else expect(found[0]?.says).toContain('each');
  });
});

describe('join', () => {
  const text =
    'input: [4, 8, 8]\nwith: { join: add }\nlayers:\n  - parallel: [[relu], [tanh]]\n    join: $join\n  - residual: [relu]\n    join: $join\n';
  it.each(['add', 'multiply', 'concat'])('may be a parameter: %s', (join) =>
    expect(count(text, { set: { join } }).rows.filter(({ operator }) => operator === join)).toHaveLength(2),
  );
  it('must be one there is', () =>
    expect(problemsOf(text, { set: { join: 'sum' } })[0]).toMatchObject({ code: 'WRONG_VALUE', at: '5:11' }));
  it('has an axis by an expression', () =>
    expect(
      count('input: [4, 8, 8]\nwith: { axis: -1 }\nlayers:\n  - parallel: [[relu], [tanh]]\n    join: concat\n    axis: $axis\n').rows.at(
        -1,
      )?.output,
    ).toEqual([[1, 4, 8, 16]]));
});

describe('weights', () => {
  const tower = `
blocks:
  tower: { layers: [conv: { kernel: 3, out: 8 }, batchnorm, relu, conv: { kernel: 1, out: 8 }] }
`;
  // 3·8·9 + 8, 16, 8·8 + 8
  const ONE = 224 + 16 + 72;

  it('of a block are those of all in it', () =>
    expect(
      parametersOf(`input: { a: [3, 8, 8], b: [3, 8, 8] }${tower}layers:
  - tower:
    from: a
    weights: twin
    name: left
  - tower:
    from: b
    weights: twin
    as: right
  - add: {}
    from: [left, right]
`),
    ).toBe(BigInt(ONE)));

  it('are those of single places, unless shared', () =>
    expect(parametersOf(`input: [3, 8, 8]${tower}layers: [{ parallel: [[tower], [tower]], join: add }]\n`)).toBe(BigInt(2 * ONE)));

  it('of branches and sequences, too', () =>
    expect(
      parametersOf(
        'input: [8, 8, 8]\nlayers:\n  - sequence: [conv: { kernel: 1, out: 8 }, relu, conv: { kernel: 1, out: 8, bias: false }]\n    weights: loop\n    repeat: 5\n',
      ),
    ).toBe(72n + 64n));

  it('have names by an expression', () => {
    const text = (weights: string) =>
      `input: [8, 8, 8]\nwith: { names: [a, b, a] }\nlayers:\n  - conv: { kernel: 1, out: 8, bias: false }\n    weights: ${weights}\n    repeat: 3\n`;
    expect(parametersOf(text('$names.$index'))).toBe(128n);
    expect(parametersOf(text('[head, $index // 2]'))).toBe(128n);
    expect(parametersOf(text('{ kernel: $names.0 }'))).toBe(64n);
  });

  it('of one role are shared by name, the others with the block', () =>
    expect(
      parametersOf(
        'input: [8, 8, 8]\nblocks:\n  b: { layers: [{ conv: { kernel: 1, out: 8 }, weights: { bias: common } }, { conv: { kernel: 1, out: 8 }, weights: { bias: common } }] }\nlayers:\n  - b:\n    weights: x\n    repeat: 2\n',
      ),
    ).toBe(64n + 64n + 8n));

  it.each([
    ['other shapes', 'weights: w', 'b: { d: 8 }', 'b: { d: 4 }', 'WEIGHTS_DIFFER'],
    ['fewer layers', 'weights: w', 'b: { d: 8 }', 'b: { d: 8, more: false }', 'WEIGHTS_DIFFER'],
    ['more layers', 'weights: w', 'b: { d: 8, more: false }', 'b: { d: 8 }', 'WEIGHTS_DIFFER'],
    ['roles', 'weights: { bias: w }', 'b: { d: 8 }', 'b: { d: 8 }', 'CONTRADICTION'],
  ])('that do not fit are reported: %s', (_, weights, first, second, code) =>
    expect(
      problemsOf(`input: [8, 8, 8]
blocks:
  b: { with: { d: 8, more: true }, layers: [conv: { kernel: 1, out: $d }, { conv: { kernel: 1, out: 8 }, when: $more }] }
layers:
  - ${first}
    ${weights}
  - ${second}
    ${weights}
`).map((problem) => problem.code),
    ).toContain(code),
  );
});

describe('functions inside of { } and [ ]', () => {
  it.each([
    ['  - conv: { kernel: 3, out: min(64, 64 * $in.channels) }\n', '3:29', '"min(64, 64 * $in.channels)"'],
    ['  - reshape: { to: [1, max(3, 5), -1] }\n', '3:24', '"max(3, 5)"'],
    ['  - conv: { out: 2 * min(64, max(2, 3)), kernel: 1 }\n', '3:18', '"2 * min(64, max(2, 3))"'],
  ])('want quotes: %s', (layers, at, quoted) =>
    expect(problemsOf(onImage(layers))).toMatchObject([{ code: 'SYNTAX', at, says: expect.stringContaining(quoted) }]),
  );

  it.each([
    '  - conv: { kernel: 3, out: "min(64, 64 * $in.channels)" }\n',
    '  - conv:\n      kernel: 3\n      out: min(64, 64 * $in.channels)\n',
    '  - conv: { kernel: 3, out: floor(2.5) } # a (remark, in parentheses\n',
  ])('are taken as they are with them, or outside: %s', (layers) => expect(problemsOf(onImage(layers))).toEqual([]));

  it('are not quoted from a file that is no spec', () => {
    const found = problemsOf('login: { password: mine(secret, 5) }\n');
    expect(found.length).toBeGreaterThan(0);
    expect(found.map(({ says }) => says).join()).not.toContain('secret');
  });
});
