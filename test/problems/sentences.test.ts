import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLI_HINTS } from '../../src/cli/hints.ts';
import { LIBRARY_HINTS } from '../../src/problems/hints.ts';
import { FlopwiseError, fail, ProblemError, ProblemList, Stop, sentence, sentenceIn } from '../../src/problems/problem.ts';
import { type ProblemCode, type ProblemData, sentences } from '../../src/problems/sentences.ts';
import { nearest } from '../../src/problems/suggestions.ts';
import { cut, withoutControls } from '../../src/problems/text.ts';
import { show } from '../../src/problems/words.ts';
import { anyText } from '../any-text.ts';

/** Data for each code, and what of it the sentence must show; advice for the command line is in its own words alone. */
const EXAMPLES: { readonly [C in ProblemCode]: readonly [data: ProblemData[C], ...shows: string[]] } = {
  WRONG_CALL: [{ message: 'Too many arguments', command: 'flopwise list' }, 'Too many arguments', '"flopwise list --help"'],
  UNKNOWN_COMMAND: [{ name: 'comapre', known: ['compare'] }, '"comapre"', '"compare"'],
  MISSING_OPTION: [{ option: '--peak', beside: '--step-time', example: '--peak 312T' }, '"--step-time" needs "--peak"', '--peak 312T'],
  UNKNOWN_PAGE: [{ name: 'specc', known: ['spec'] }, '"specc"', '"spec"'],
  UNKNOWN_OPTION: [{ name: '--fromat', known: ['--format'] }, '"--fromat"', '"--format"'],
  UNKNOWN_CHOICE: [{ option: '--format', value: 'jsn', known: ['json'] }, '"--format"', '"jsn"', '"json"'],
  FILE_NOT_FOUND: [{ path: 'a.yaml' }, 'a.yaml'],
  NOT_A_FILE: [{ path: 'a.yaml' }, 'a.yaml'],
  FILE_UNREADABLE: [{ path: 'a.yaml', reason: 'permission denied' }, 'a.yaml', 'permission denied'],
  FILE_UNWRITABLE: [{ path: 'a.yaml', reason: 'permission denied' }, 'a.yaml', 'permission denied'],
  FILE_EXISTS: [{ path: 'a.yaml' }, 'a.yaml'],
  FILE_EMPTY: [{ path: 'a.yaml' }, 'a.yaml'],
  FILE_TOO_LARGE: [{ path: 'a.yaml', bytes: 3000, limit: 2048 }, 'a.yaml', '3 KiB', '2 KiB'],
  NOT_TEXT: [{ path: 'a.yaml' }, 'a.yaml'],
  NOT_A_SPEC: [{ path: 'a.yaml', expected: 'it is a list' }, 'a.yaml', 'it is a list'],
  WRONG_CONTENTS: [{ path: 'a.yaml', kind: 'a list', expected: 'a map' }, 'a.yaml', 'a list', 'a map'],
  OUTSIDE_CHECK: [{ path: '../a.yaml' }, '"../a.yaml"'],
  OUTSIDE_FOLDER: [{ reference: '../a.yaml', folder: 'models/' }, '../a.yaml', 'models/'],
  TOO_MANY_FILES: [{ limit: 100 }, '100'],
  UNKNOWN_MODEL: [{ name: 'resnat50', known: ['resnet50'] }, 'resnat50', 'resnet50'],
  UNKNOWN_MODEL_TYPE: [{ type: 'lama', known: ['llama'] }, '"lama"', '"llama"', 'lama.yaml'],
  UNKNOWN_FIELD: [{ field: 'depth_scale', value: 2, type: 'llama', spec: 'specs/llama.yaml' }, '"depth_scale"', '2', 'specs/llama.yaml'],
  WEIGHTS_TRUNCATED: [{ path: 'a.gguf', size: 1000, needs: 2000n }, 'a.gguf', '1,000 bytes', '2,000'],
  WEIGHTS_MALFORMED: [{ path: 'a.gguf', offset: 1234, reason: 'there is no type 99' }, 'a.gguf', 'byte 1,234', 'no type 99'],
  WEIGHTS_DO_NOT_FIT: [
    {
      file: 'a.safetensors',
      model: 'llama',
      missing: [{ path: 'layers/key', role: 'matrix', shape: [32, 64], near: { name: 'k_proj', shape: [64, 64] } }],
      numbers: ['heads = 4'],
    },
    'a.safetensors',
    'matrix of layers/key is 32×64, but k_proj is 64×64',
    'heads = 4',
  ],
  WRONG_ENDING: [{ path: 'a.html', format: 'html', known: ['table', 'json'] }, '"a.html"', 'table, json'],
  NAMES_SEVERAL: [{ name: 'resnet', variants: ['resnet18', 'resnet34'] }, '"resnet"', 'resnet18, resnet34'],
  NOTHING_TO_ANALYSE: [{ file: 'a.yaml', blocks: ['b'], variants: ['v'] }, 'a.yaml#v, a.yaml#b'],
  UNKNOWN_CONVENTION: [{ name: 'fvcor', known: ['fvcore', 'thop'] }, 'Did you mean "fvcore"?'],
  UNKNOWN_QUANTITY: [{ name: 'mac', known: ['macs', 'i'] }, 'Did you mean "macs"?'],
  UNKNOWN_PART: [{ name: 'x', file: 'a.yaml', known: ['small'] }, '"x"', 'a.yaml', 'small'],
  SYNTAX: [{ message: 'It is wrong', fix: 'Make it right' }, 'It is wrong. Make it right.'],
  DUPLICATE_KEY: [{ key: 'name', line: 3 }, '"name"', 'line 3'],
  TAG: [{ tag: 'tag:yaml.org,2002:set' }, '!!set'],
  UNKNOWN_ALIAS: [{ name: 'a' }, '&a', '*a'],
  TOO_MANY_ALIASES: [{ limit: 65_536 }, '65,536'],
  NESTED_TOO_DEEPLY: [{ limit: 100 }, '100'],
  UNKNOWN_KEY: [{ key: 'kernal', owner: 'conv', known: ['kernel'] }, '"kernal"', 'conv', '"kernel"'],
  MISSING_KEY: [{ key: 'out', owner: 'conv', expected: 'a number' }, '"out"', 'conv', 'a number'],
  WRONG_VALUE: [{ key: 'out', value: 2.5, expected: 'a whole number' }, '"out"', '2.5', 'a whole number'],
  BAD_NAME: [{ name: 'a/b', expected: 'letters' }, '"a/b"', 'letters'],
  NAME_TAKEN: [{ name: 'conv', by: 'an operator' }, '"conv"', 'an operator'],
  NOT_ONE_KIND: [{ kinds: ['conv', 'relu'] }, 'conv, relu'],
  UNKNOWN_OPERATOR: [{ name: 'rellu', known: ['relu'], written: undefined }, '"rellu"', '"relu"'],
  UNKNOWN_PARAMETER: [{ name: 'x', owner: 'Block b', known: ['width'] }, '"x"', 'Block b', 'width'],
  MISSING_PARAMETER: [{ name: 'd', owner: 'net', variants: ['small'] }, '"d"', 'net', 'small'],
  UNKNOWN_VALUE: [{ name: 'wdith', known: ['width'] }, '$wdith', '"width"'],
  UNKNOWN_SOURCE: [{ name: 'frist', known: ['first'] }, '"frist"', '"first"'],
  SKIPPED_SOURCE: [{ name: 'a' }, '"a"'],
  HIDDEN_SOURCE: [{ name: 'a', line: 7 }, '"a"', 'line 7'],
  AMBIGUOUS_SOURCE: [{ name: 'early', text: 'early if $deep else $skip' }, '"early"', '"early if $deep else $skip"'],
  UNKNOWN_INPUT: [{ name: 'imgae', known: ['image', 'mask'] }, '"imgae"', 'image, mask'],
  CIRCLE: [{ of: 'blocks', names: ['a', 'b', 'a'] }, 'blocks', 'a → b → a'],
  TOO_MUCH_WORK: [{ what: 'layers', limit: 20_000 }, '20,000 layers'],
  LIST_TOO_LONG: [{ limit: 10_000 }, '10,000 values'],
  TOO_MANY_AXES: [{ axes: 60_000, limit: 64 }, '60,000', '64'],
  BLOCKS_TOO_DEEP: [{ limit: 64, block: 'b' }, '64', '"b"'],
  TOO_MANY_NAMES: [{ names: ['a', 'b'], outputs: 1 }, '1 output,', '2 names', 'a, b'],
  TOO_MANY_PROBLEMS: [{ limit: 200 }, '200'],
  BAD_EXPRESSION: [{ text: '3 +', at: '', expected: 'a number is missing' }, '"3 +"', 'at its end', 'a number is missing'],
  DIVISION_BY_ZERO: [{ text: '3 / 0' }, '"3 / 0"'],
  NO_VALUE: [{ text: '$a', reason: 'it is secret' }, '"$a"', 'it is secret'],
  REQUIREMENT_NOT_MET: [{ text: '$a > 3', values: ['$a is 2'] }, '$a > 3', '$a is 2'],
  WRONG_INPUT_COUNT: [{ operator: 'add', expected: '2 inputs', actual: 1 }, 'add', '2 inputs', 'gets 1'],
  WRONG_RANK: [{ operator: 'conv', expected: 'an image', shape: [1, 3] }, 'conv', 'an image', '1×3'],
  WRONG_AXIS_COUNT: [{ attribute: 'kernel', expected: 2, actual: 3 }, '"kernel"', '3 values', '2 such axes'],
  AXIS_OUT_OF_RANGE: [{ axis: 4, shape: [1, 3] }, 'axis 4', '1×3', '-2 to 1'],
  GROUPS_DO_NOT_DIVIDE: [{ side: 'input', channels: 64, groups: 3, other: 32 }, '64 input channels', '3 groups', '32 output'],
  DOES_NOT_DIVIDE: [{ what: 'features', total: 64, parts: 'heads', divisor: 3 }, '64 features', '3 heads'],
  WINDOW_TOO_LARGE: [{ axis: 'height', window: 9, size: 5, padding: 2 }, '9 along the height', 'has 5', '2 of padding'],
  SHAPES_DO_NOT_FIT: [
    {
      operator: 'add',
      rule: 'sizes must be equal',
      shapes: [
        [1, 2],
        [1, 3],
      ],
    },
    'add',
    '1×2 and 1×3',
    'sizes must be equal',
  ],
  LAST_AXIS_OF_MAP: [{ operator: 'linear', shape: [1, 16, 32, 32], size: 32 }, '1×16×32×32', 'flatten'],
  BATCH_INSIDE: [{ from: [8, 4, 4], to: [4, 32], batch: 8 }, '8×4×4', '4×32'],
  ONLY_STATED: [{ operator: 'move', by: 'shake', shapes: [[1, 8]] }, 'move by "shake"', '1×8'],
  OTHER_BATCH: [{ output: [36, 16], batch: 8 }, '36×16', '8'],
  OTHER_CHANNELS: [{ name: 'input', given: [224, 224, 3], channels: 3 }, '224 channels', '3x224x224'],
  EMPTY_OUTPUT: [{ name: 'aux' }, '"aux"'],
  UNREAD_INPUT: [{ name: 'mask' }, '"mask"'],
  STATED_SHAPE: [{ by: 'gather', stated: [[7, 3]], shape: [16, 64] }, '7×3', 'gather', '16×64'],
  ELEMENTS_DIFFER: [{ from: [2, 3], to: [5], elements: 6n, wanted: 5n }, '2×3 has 6', '5 would have 5'],
  NOT_A_PERMUTATION: [{ order: [0, 0], rank: 2 }, '[0,0]', '2 axes'],
  BOUNDS_OUTSIDE: [{ start: 3, end: 9, size: 5 }, '3 to 9', '5'],
  NO_STRIDE: [{ from: [1, 3, 8, 8], to: [1, 3, 5, 5] }, '1×3×8×8', '1×3×5×5'],
  DIMENSION_TOO_LARGE: [{ shape: [1, 2 ** 60] }, String(2 ** 60), '2^53'],
  UNKNOWN_WEIGHT: [{ name: 'bais', operator: 'conv', known: ['kernel', 'bias'] }, 'conv', '"bais"', '"bias"'],
  WEIGHTS_DIFFER: [{ name: 'w', here: 'kernel 3', there: 'kernel 4' }, '"w"', 'kernel 3', 'kernel 4'],
  INPUT_DIFFERS: [{ input: 'ids', size: 5, name: 'tokens', value: 7 }, '"ids"', 'size of 5', 'tokens is 7', '--set tokens=5'],
  TOO_MANY_EXPERTS: [{ best: 9, experts: 8 }, 'best 9 of 8', 'at most 8'],
  EXPERTS_IN_EXPERTS: [{ name: 'moe' }, '"moe"'],
  ROUTER_DIFFERS: [{ shape: [1, 5, 7], experts: 8 }, '1×5×7', '8 experts'],
  ID_OUT_OF_TABLE: [{ id: 512, rows: 512 }, 'id 512', '512 rows', 'below 512'],
  BEYOND_POSITIONS: [{ length: 5, start: 3, rows: 6 }, '5 positions from 3', 'for 6 only', 'at most 3'],
  CONTRADICTION: [{ message: 'Two things are said. Say one' }, 'Two things are said. Say one.'],
  FITS_NO_LAYER: [
    { option: 'checkpoint', pattern: '3', model: 'resnet50', known: ['none', 'block'] },
    '"checkpoint" "3"',
    'none, block',
    'resnet50',
  ],
  FITS_NO_WEIGHT: [{ option: 'freeze', pattern: 'layer9/**', model: 'resnet50' }, '"freeze"', '"layer9/**"', 'resnet50'],
  UNKNOWN_PATH: [{ path: 'conv3_y', model: 'resnet34', known: ['conv3_x'] }, '"conv3_y"', 'resnet34', '"conv3_x"'],
  NOT_COMPARABLE: [
    {
      inputs: [
        { name: 'a', shapes: [[1, 3, 8, 8]] },
        { name: 'b', shapes: [[1, 5]] },
      ],
    },
    'a 1×3×8×8',
    'b 1×5',
  ],
  TOO_MANY_SYMBOLS: [{ names: ['a', 'b', 'c', 'd'], limit: 3 }, 'a, b, c, d', '3'],
  NOT_POLYNOMIAL: [{ model: 'regnet', names: ['depth'], from: [16] }, 'regnet', 'depth from 16'],
  TOO_MANY_PIECES: [{ from: 1, to: 9, limit: 5 }, 'between 1 and 9', 'more than 5 values'],
  NO_STEPS: [{ model: 'net', missing: ['tokens', 'past'], known: ['width'] }, 'net', '"tokens" and "past"', 'It has: width'],
  NOTHING_KEPT: [{ model: 'net' }, 'net', 'cache'],
  NOT_A_NUMBER_PARAMETER: [{ name: 'block', value: 'basic', numbers: ['width'] }, '"block"', '"basic"', 'width'],
  NOTHING_IN_RANGE: [{ name: 'groups', searched: '3 values from 5 to 7' }, '"groups"', '3 values from 5 to 7'],
  TARGET_NOT_MET: [
    { target: 'MACs < 5', searched: '4 values', nearest: 'width = 1, with 9 MACs' },
    'MACs < 5',
    '4 values',
    'width = 1, with 9 MACs',
  ],
  NOTHING_TO_CONVERT: [{ file: 'a.yaml', to: 'basic', why: ['line 3: it is grouped'] }, 'a.yaml', '"basic"', 'line 3: it is grouped'],
  WRONG_UNIT: [{ key: 'macs', written: '<= 5 KiB', unit: 'KiB', known: ['k', 'kMAC'] }, '"macs"', '"<= 5 KiB"', '"KiB"'],
  NO_MATCH: [{ pattern: 'nets/*.yaml', of: 'file' }, '"nets/*.yaml"', 'file'],
  NOTHING_TO_CHECK: [{ models: ['resnet50'] }, 'resnet50', 'budget:', '--max-macs'],
  BASELINE_NEEDED: [{ written: '<= baseline' }, '"<= baseline"', '--against'],
  NOT_A_BASELINE: [{ path: 'main.json', reason: 'it is a list' }, 'main.json', 'it is a list', '--update'],
  BASELINE_VERSION: [{ path: 'main.json', version: '9', known: 1 }, 'main.json', 'version 9', 'version 1'],
  BASELINE_CHANGED: [{ path: 'main.json', expected: 'abc', actual: 'def' }, 'main.json', 'abc', 'def'],
  GIT_MISSING: [{ reason: 'there is none' }, 'there is none'],
  NOT_A_REPOSITORY: [{ folder: 'nets' }, 'nets'],
  UNKNOWN_REVISION: [{ revision: 'origin/mian' }, '"origin/mian"'],
  GIT_FAILED: [{ command: 'git cat-file', reason: 'bad object' }, 'git cat-file', 'bad object'],
  BASE_UNREADABLE: [{ path: 'a.yaml', revision: 'git:main', reason: 'it is empty.' }, 'a.yaml', 'git:main', 'it is empty. Compare'],
  PATH_NAMED_TWICE: [{ options: ['--output y.json', '--report json=y.json'] }, '--output y.json and --report json=y.json'],
  CONFIG_EMPTY: [{ path: 'a.yaml' }, 'a.yaml', 'models:'],
  NOT_IN_GIT: [{ path: 'a.onnx', revision: 'HEAD', reason: 'it is large' }, 'a.onnx', 'HEAD', 'it is large'],
  TENSOR_TOO_LARGE: [{ shape: [1, 64, 1024, 1024], bytes: 268_435_456n }, '1×64×1024×1024', '268,435,456 bytes'],
  OUT_OF_MEMORY: [{ bytes: 5_000_000_000n, limit: 4_000_000_000 }, '5,000,000,000 bytes', '4,000,000,000'],
  ONNX_HAS_NONE: [{ path: 'a.onnx', of: 'parameters' }, 'a.onnx', 'no parameters'],
  SPEC_HAS_NO_DIMENSIONS: [{ model: 'a.yaml', names: ['batch'] }, 'a.yaml', 'batch', 'model.onnx:batch=1'],
  NO_ONNX_READER: [{ path: 'a.onnx' }, 'a.onnx'],
  NOT_EXPORTABLE: [{ operator: 'com.example.Fancy' }, 'com.example.Fancy', 'Export a part'],
  NO_KERNEL: [{ operator: 'com.example.Fancy' }, 'com.example.Fancy', 'cannot be run'],
  ONNX_OPEN_SHAPE: [
    { name: 'images', shape: 'batch×3×h×640', open: ['batch', 'h'], example: [1, 3, 64, 640] },
    '"images"',
    'batch×3×h×640',
    '--dim batch=N --dim h=N',
    '--input images=1x3x64x640',
  ],
  ONNX_INPUT_DIFFERS: [{ name: 'x', given: [1, 4], declared: 'batch×3' }, '"x"', '1×4', 'batch×3'],
  ONNX_UNKNOWN_INPUT: [{ name: 'imags', inputs: ['images'], symbols: [] }, '"imags"', 'Did you mean "images"?'],
  ONNX_FIXED_BATCH: [{ batch: 8, inputs: ['x 1×3×224×224'] }, 'batch of 8', 'x 1×3×224×224'],
  ONNX_NODE: [{ operator: 'Reshape', reason: 'it makes 2×3 of 7' }, 'Reshape', 'it makes 2×3 of 7'],
  ONNX_NO_VALUE: [{ name: 'y', operator: 'Add' }, 'Add', '"y"'],
  ONNX_UNRESOLVED: [{ operator: 'NonZero', value: 'mask' }, 'NonZero', '"mask"'],
  ONNX_UNKNOWN_OPERATOR: [
    { operator: 'Fancy', domain: 'com.example', output: 'y', open: ['n'] },
    'Fancy of com.example',
    '"y"',
    '--dim n=N',
  ],
  ONNX_RECURSION: [{ names: ['f', 'g', 'f'] }, 'f → g → f'],
  ONNX_TOO_NESTED: [{ limit: 64 }, '64 levels'],
  ONNX_NO_OUTPUT: [{ operator: 'Relu', name: 'y' }, 'Relu', '"y"'],
  ONNX_MADE_TWICE: [{ name: 'y', first: 'Conv "a"', second: 'Relu' }, '"y"', 'Conv "a"', 'Relu'],
  ONNX_INVALID: [{ faults: [{ node: 'Conv "a"', reason: 'it has no attribute "x" in this opset' }] }, 'Conv "a"', 'no attribute "x"'],
  ONNX_CYCLE: [{ names: ['a', 'b', 'a'] }, 'a → b → a'],
  ONNX_UNCOUNTED_OPERATOR: [{ operator: 'Fancy', domain: 'com.example' }, 'Fancy of com.example'],
  ONNX_LEFT_OUT: [
    {
      nodes: [
        ['Reshape', 2],
        ['Conv', 1],
      ],
      values: ['n items'],
      operators: ['Fancy'],
    },
    '3 nodes (2 Reshape, 1 Conv)',
    '"n items"',
    'Fancy is not known',
    "--value 'n items=N'",
  ],
  ONNX_BOUND: [{ nodes: [['NonZero', 2]] }, '2 NonZero', '--dim'],
  ONNX_AT_MOST: [{ nodes: [['SparseAttention', 2]] }, '2 SparseAttention', '--value'],
  ONNX_ASSUMED: [{ nodes: [['com.example.Fancy', 2]] }, '2 com.example.Fancy'],
  ONNX_WEIGHT_MISFIT: [{ operator: 'Conv', role: 'bias', given: [3], wanted: [4] }, 'bias', 'Conv', ' 3,', ' 4.'],
  ONNX_UNKNOWN_DIMENSION: [{ name: 'bacth', symbols: ['batch'] }, '"bacth"', 'Did you mean "batch"?'],
  ONNX_UNKNOWN_VALUE: [{ name: 'q', inputs: ['k'] }, '"q"', 'k'],
  ONNX_VALUE_DIFFERS: [{ name: 'k', count: 3, shape: [2] }, '"k"', 'is 2,', '3 numbers'],
  ONNX_BRANCH: [
    { taken: 'else', condition: 'use cache', partly: 'one.', instead: 'two.' },
    '"else" was counted',
    '"then", which may cost more, could not be: two.',
    'What of "else" is not counted: one.',
    "--value 'use cache=1' or 0",
  ],
  ONNX_LOOP: [{}, 'once'],
  NOT_ONNX: [{ path: 'a.onnx', what: 'an HTML page', fix: 'Download the file itself' }, 'a.onnx', 'an HTML page', 'the file itself'],
  ONNX_TRUNCATED: [{ path: 'a.onnx', size: 1000, needs: 2000 }, 'a.onnx', '1,000 bytes', '2,000'],
  ONNX_MALFORMED: [{ path: 'a.onnx', offset: 1234, reason: 'there is no field 0' }, 'a.onnx', 'byte 1,234', 'no field 0'],
  ONNX_TOO_DEEP: [{ path: 'a.onnx', offset: 1234, limit: 100 }, 'a.onnx', 'byte 1,234', '100'],
  ONNX_TOO_LARGE: [{ path: 'a.onnx', what: 'nodes', limit: 100_000 }, 'a.onnx', '100,000 nodes'],
  ONNX_NO_GRAPH: [{ path: 'a.onnx', size: 12 }, 'a.onnx', '12 bytes'],
  ONNX_NO_NODES: [{}, 'no nodes'],
  ONNX_NO_OPSET: [{ path: 'a.onnx' }, 'a.onnx'],
};

const codes = Object.keys(EXAMPLES) as ProblemCode[];

describe('sentences', () => {
  it('has an example for every code', () => expect(codes.toSorted()).toEqual(Object.keys(sentences).toSorted()));

  const fronts = { library: LIBRARY_HINTS, 'command line': CLI_HINTS };
  const cases = codes.flatMap((code) => (['library', 'command line'] as const).map((front) => [code, front] as const));

  it.each(cases)('%s shows its values, ends, and says what to do, in the words of the %s', (code, front) => {
    const [data, ...shows] = EXAMPLES[code];
    const text = sentenceIn(fronts[front], { code, data });
    const isAdvice = (shown: string): boolean => shown.includes('--') && Object.hasOwn(LIBRARY_HINTS, code);
    for (const shown of shows) if (front === 'command line' || !isAdvice(shown)) expect(text).toContain(shown);
    expect(text).toMatch(/[.?]$/);
    // What is wrong, and a second sentence or clause with the fix.
    expect(text.match(/[.;?](?:\s|$)|but must be/g)?.length).toBeGreaterThanOrEqual(2);
    expect(text).not.toMatch(/undefined|\[object|NaN|\.\.(?!\/)|\s{2}/);
  });

  it.each([
    [{ code: 'UNKNOWN_KEY', data: { key: 'x', owner: 'relu', known: [] } }, 'There are no attributes here; leave it out.'],
    [{ code: 'WRONG_VALUE', data: { key: 'out', value: 2 ** 60, expected: 'a whole number' } }, 'a whole number, and below 2^53.'],
    [{ code: 'NOT_ONE_KIND', data: { kinds: [] } }, 'says nothing about what it is'],
    [{ code: 'NOTHING_TO_ANALYSE', data: { file: 'a', blocks: [], variants: [] } }, 'Add "stages:".'],
    [{ code: 'UNKNOWN_MODEL', data: { name: 'x', known: ['vgg'] } }, 'A path ends in .yaml'],
    [{ code: 'UNKNOWN_KEY', data: { key: 'x', owner: 'a', known: Array.from({ length: 20 }, (_, i) => `key${i}`) } }, 'and 8 more'],
    [{ code: 'UNKNOWN_OPERATOR', data: { name: 'x'.repeat(500), known: [] } }, `${'x'.repeat(59)}…`],
  ] as const)('%j', (problem, text) => expect(sentence(problem)).toContain(text));
});

describe('did you mean', () => {
  const known = ['conv', 'relu', 'relu6', 'batchnorm', 'linear', 'a'];
  it.each([
    ['cov', 'conv'],
    ['Conv', 'conv'],
    ['ocnv', 'conv'],
    ['rellu', 'relu'],
    ['batchnrom2', 'batchnorm'],
    ['linaer', 'linear'],
    ['softmax', undefined],
    ['b', undefined],
    ['', undefined],
    ['x'.repeat(100_000), undefined],
  ])('%s', (name, expected) => expect(nearest(name, known)).toBe(expected));

  it('finds a name with one letter left out, put in, replaced or swapped', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{4,12}$/), fc.nat(), fc.constantFrom('drop', 'add', 'replace', 'swap'), (name, seed, kind) => {
        const at = seed % (name.length - 1);
        const [before, here, next, after] = [name.slice(0, at), name.charAt(at), name.charAt(at + 1), name.slice(at + 2)];
        const slips = {
          drop: before + next + after,
          add: `${before + here}x${next}${after}`,
          replace: `${before}x${next}${after}`,
          swap: before + next + here + after,
        };
        expect(nearest(slips[kind], [name])).toBe(name);
      }),
    );
  });
});

describe('texts', () => {
  it.each([
    [undefined, 'nothing'],
    [null, 'null'],
    ['a', '"a"'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [12n, '12'],
    [[1, 'a'], '[1,"a"]'],
    [{ a: 1 }, '{"a":1}'],
    [() => 1, 'function'],
  ])('shows %s', (value, text) => expect(show(value)).toBe(text));

  it('cuts', () => {
    expect(cut('abcdef', 6)).toBe('abcdef');
    expect(cut('abcdefg', 6)).toBe('abcde…');
  });

  it('leaves no control characters, and each column where it was', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const clean = withoutControls(text);
        expect(clean).toHaveLength(text.length);
        expect(clean).not.toMatch(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
    expect(withoutControls('a\tb')).toBe('a b');
  });
});

describe('problems', () => {
  const position = { file: 'a.yaml', line: 2, column: 3, length: 1, text: '  x' };

  it('are errors with their sentence', () => {
    const error = fail('DIVISION_BY_ZERO', { text: '1 / 0' }, 'out');
    expect(error).toBeInstanceOf(ProblemError);
    expect(error.message).toBe(sentence(error.problem));
    expect(error.problem.attribute).toBe('out');
  });

  it('come together in one error', () => {
    const { problem } = fail('DIVISION_BY_ZERO', { text: '1 / 0' });
    const error = new FlopwiseError([{ ...problem, position, path: 'a/b' }, problem]);
    expect(error.message.split('\n')).toEqual([
      `a.yaml:2:3  a/b  DIVISION_BY_ZERO: ${sentence(problem)}`,
      `DIVISION_BY_ZERO: ${sentence(problem)}`,
    ]);
  });

  it('are collected, and placed where they have no place', () => {
    const problems = new ProblemList();
    expect(problems.attempt(() => 3)).toBe(3);
    const failing = () => {
      throw fail('TAG', { tag: '!a' });
    };
    expect(problems.attempt(failing, () => position)).toBeUndefined();
    expect(problems.found).toMatchObject([{ code: 'TAG', position }]);
    expect(() =>
      problems.attempt(() => {
        throw new TypeError('a bug');
      }),
    ).toThrow(TypeError);
  });

  it('stop after many', () => {
    const problems = new ProblemList();
    const { problem } = fail('TAG', { tag: '!a' });
    for (let i = 0; i < 200; i++) problems.add(problem);
    expect(() => problems.add(problem)).toThrow(Stop);
  });
});
