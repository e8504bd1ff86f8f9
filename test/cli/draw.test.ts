import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { syntheticWeights } from '../../src/execute/synthetic-weights.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node/disk.ts';
import { exportOnnx } from '../../src/onnx/write/export.ts';
import { checkPicture } from '../report/drawing/picture.ts';
import { codesIn, flopwise } from './helpers.ts';

const draw = async (...argv: string[]): Promise<string> => {
  const { code, out, err } = await flopwise(['draw', ...argv]);
  expect(err).toBe('');
  expect(code).toBe(0);
  return out;
};

const count = (text: string, part: string): number => text.split(part).length - 1;

describe('Figure 3 of He et al. 2015', async () => {
  const svg = await draw('vgg19', 'plain34', 'resnet34');
  const { shapes, free } = checkPicture(svg);
  const boxes = (text: string) => shapes.filter(({ texts }) => texts.some((one) => one.text === text));

  // Counted in the figure.
  it.each([
    ['7×7 conv, 64, /2', 2],
    ['3×3 conv, 64', 2 + 6 + 6],
    ['3×3 conv, 128', 2 + 7 + 7],
    ['3×3 conv, 128, /2', 2],
    ['3×3 conv, 256', 4 + 11 + 11],
    ['3×3 conv, 256, /2', 2],
    ['3×3 conv, 512', 8 + 5 + 5],
    ['3×3 conv, 512, /2', 2],
    ['2×2 max pool, /2', 5],
    ['3×3 max pool, /2', 2],
    ['avg pool', 2],
    ['fc 4096', 2],
    ['fc 1000', 3],
    ['+', 16],
  ])('%s stands in %i boxes', (text, times) => expect(boxes(text)).toHaveLength(times));

  it('13 shortcuts pass, 3 project', () => {
    expect(count(svg, 'class="edge passes" d="M') - 1).toBe(13);
    expect(count(svg, 'class="edge projects" d="M') - 1).toBe(3);
  });

  it('what has equal output sizes begins at equal heights', () => {
    for (const [size, models] of [
      ['224×224', 1],
      ['112×112', 3],
      ['56×56', 3],
      ['28×28', 3],
      ['14×14', 3],
      ['7×7', 3],
      ['1', 3],
    ] as const) {
      const places = free.filter(({ text }) => text === size);
      expect(places).toHaveLength(models);
      for (const { y } of places) expect(y).toBeCloseTo(places[0]?.y ?? 0, 1);
    }
  });
});

describe('Figure 5 of He et al. 2015', async () => {
  const svg = await draw('basic', 'bottleneck');
  const texts = checkPicture(svg).shapes.map((shape) => shape.texts.map(({ text }) => text).join());

  it('has the boxes of both blocks', () =>
    expect(texts).toEqual([
      ...['input 64×56×56', '3×3 conv, 64', '3×3 conv, 64', '+'],
      ...['input 256×56×56', '1×1 conv, 64', '3×3 conv, 64', '1×1 conv, 256', '+'],
    ]));

  it('says what each box costs, to the last digit', () => expect(svg).toContain('115,605,504 MACs · 36,992 parameters'));
});

describe('depth', () => {
  const boxesOf = (svg: string): string[] => checkPicture(svg).shapes.map(({ texts }) => texts.map(({ text }) => text).join(' | '));

  it('a box for each stage', async () =>
    expect(boxesOf(await draw('resnet50', '--depth', 'stage'))).toEqual([
      'input 3×224×224',
      '7×7 conv, 64, /2',
      'conv2_x | 3×3 max pool, /2 | [1×1 conv, 64; | 3×3 conv, 64; | 1×1 conv, 256] ×3',
      'conv3_x | 1×1 conv, 128 | 3×3 conv, 128, /2 | 1×1 conv, 512 | [1×1 conv, 128; | 3×3 conv, 128; | 1×1 conv, 512] ×3',
      'conv4_x | 1×1 conv, 256 | 3×3 conv, 256, /2 | 1×1 conv, 1024 | [1×1 conv, 256; | 3×3 conv, 256; | 1×1 conv, 1024] ×5',
      'conv5_x | 1×1 conv, 512 | 3×3 conv, 512, /2 | 1×1 conv, 2048 | [1×1 conv, 512; | 3×3 conv, 512; | 1×1 conv, 2048] ×2',
      'head | avg pool | fc 1000',
    ]));

  it('a box for each block, equal ones once', async () => {
    const boxes = boxesOf(await draw('resnet50', '--depth', '2'));
    expect(boxes[4]).toBe('bottleneck ×2 | 1×1 conv, 64 | 3×3 conv, 64 | 1×1 conv, 256');
    expect(boxes).toHaveLength(1 + 1 + 1 + 4 * 2 + 2);
  });

  it('a box for each layer of equal blocks once, or of each block', async () => {
    const folded = await draw('resnet152', '--depth', 'layer');
    expect(folded).toContain('>×35</text>');
    expect(boxesOf(folded).filter((text) => text.includes('conv'))).toHaveLength(1 + 8 * 3);
    expect(boxesOf(await draw('resnet152', '--depth', 'layer', '--unfold')).filter((text) => text.includes('conv'))).toHaveLength(151);
  });
});

describe('formats', () => {
  it('the same call gives the same bytes', async () => expect(await draw('swin_t')).toBe(await draw('swin_t')));

  it('by the ending of the file', async () => {
    for (const [file, begin] of [
      ['x.svg', '<svg '],
      ['x', '<svg '],
      ['x.html', '<!doctype html>'],
      ['x.mmd', 'flowchart TD\n'],
      ['x.dot', 'digraph "flopwise" {\n'],
    ] as const) {
      const { code, written } = await flopwise(['draw', 'basic', '-o', file]);
      expect(code).toBe(0);
      expect(written[file]?.startsWith(begin)).toBe(true);
    }
  });

  it('Mermaid, with what repeats in a frame', async () => {
    const text = await draw('resnet18', '--format', 'mermaid', '--depth', 'layer');
    expect(text).toContain('["7×7 conv, 64, /2"]:::heat');
    expect(text).toContain('(("+"))');
    expect(count(text, '-.->')).toBe(3);
    const folded = await draw('resnet50', '--format', 'mermaid');
    expect(folded).toContain('subgraph m0r0["×2"]');
    expect(folded.length).toBeLessThan(50_000);
  });

  it('Graphviz, with dotted projections', async () => {
    const text = await draw('resnet18', '--format', 'dot');
    expect(count(text, '[style=dotted]')).toBe(3);
    expect(text).toContain('label="3×3 conv, 64"');
  });

  it('colours by any metric', async () => {
    for (const metric of ['flops', 'parameters', 'params', 'activations', 'operations', 'outputs', 'weights', 'peak'])
      checkPicture(await draw('resnet18', '--by', metric));
  });
});

const spec = (layers: string): string => `input: [3, 8, 8]\nstages:\n  one:\n${layers}`;

describe('a stranger’s file', () => {
  it('what is too much for a picture is folded, and said so', async () => {
    const layers = Array.from({ length: 450 }, (_, index) => `    - conv: { kernel: 1, out: ${1 + (index % 7)} }\n`).join('');
    const { code, out, err } = await flopwise(['draw', 'net.yaml', '--depth', 'layer', '--unfold'], {
      files: { 'net.yaml': spec(layers) },
    });
    expect(code).toBe(0);
    expect(err).toMatch(/^net is drawn by the first step of its paths: layer by layer it has more than the 400 boxes of a picture\.\n$/);
    const { shapes, free } = checkPicture(out);
    expect(shapes.length).toBeLessThanOrEqual(400);
    expect(free.map(({ text }) => text)).toContain(err.trim());
  });

  it('what has no steps to fold by is drawn several layers to a box', async () => {
    const layers = Array.from({ length: 450 }, (_, index) => `  - conv: { kernel: 1, out: ${1 + (index % 7)} }\n`).join('');
    const { code, out, err } = await flopwise(['draw', 'net.yaml'], { files: { 'net.yaml': `input: [3, 8, 8]\nlayers:\n${layers}` } });
    expect(code).toBe(0);
    expect(err).toMatch(/^net is drawn several layers to a box: /);
    expect(checkPicture(out).shapes.length).toBeLessThanOrEqual(400);
  });
});

describe('wrong calls', () => {
  it.each([
    [['nosuchmodel'], 'UNKNOWN_MODEL'],
    [['resnet50', '--format', 'png'], 'UNKNOWN_CHOICE'],
    [['resnet50', '-o', 'x.png'], 'WRONG_ENDING'],
    [['resnet50', '-o', 'x.csv'], 'WRONG_ENDING'],
    [['resnet50', '--depth', '0'], 'WRONG_VALUE'],
    [['resnet50', '--depth', 'deep'], 'WRONG_VALUE'],
    [['resnet50', '--by', 'colour'], 'UNKNOWN_CHOICE'],
    [[], 'WRONG_CALL'],
  ])('%j is refused: %s', async (argv, code) => {
    const outcome = await flopwise(['draw', ...argv]);
    expect(outcome.code).toBe(2);
    expect(codesIn(outcome.err)).toEqual([code]);
    expect(outcome.written).toEqual({});
  });
});

describe('a difference', () => {
  const folder = mkdtempSync(join(tmpdir(), 'flopwise-draw-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function onnxOf(name: string): Uint8Array {
    const graph = openModel(parseReference(name), diskLibrary);
    const how = { elementsOf: syntheticWeights(graph, 1), placement: 'nowhere', dataFile: 'x', version: '0' } as const;
    return Buffer.concat([...exportOnnx(graph, how).model.chunks()]);
  }

  const statesOf = (svg: string): Record<string, number> => {
    const counts: Record<string, number> = { kept: 0, changed: 0, added: 0, removed: 0 };
    for (const [, state = ''] of svg.matchAll(/<(?:rect|circle) class="(kept|changed|added|removed)" [^>]*(?:rx="3"|r="8")/g))
      counts[state] = (counts[state] ?? 0) + 1;
    return counts;
  };

  it('resnet50 with the stride on the 1×1 and on the 3×3 differs in three blocks, by their MACs', async () => {
    const svg = await draw('resnet50', '--against', 'resnet50:stride_at=1x1');
    const { shapes, free } = checkPicture(svg);
    expect(statesOf(svg)).toMatchObject({ changed: 3, added: 0, removed: 0 });
    const changed = shapes.filter(({ texts }) => texts.some(({ text }) => text.includes('→')));
    expect(changed.map(({ texts }) => texts.map(({ text }) => text))).toEqual(
      [128, 256, 512].map((d) => [
        'bottleneck',
        `− 1×1 conv, ${d}, /2`,
        `− 3×3 conv, ${d}`,
        `+ 1×1 conv, ${d}`,
        `+ 3×3 conv, ${d}, /2`,
        `1×1 conv, ${4 * d}`,
        '295.44 M MACs → 372.51 M MACs',
      ]),
    );
    const texts = free.map(({ text }) => text);
    expect(texts).toContain('resnet50:stride_at=1x1 → resnet50');
    expect(texts).toContain('3.86 GMAC → 4.09 GMAC · 25.56 M parameters');
  });

  it('ResNet-34 and ResNet-50 differ in all of their blocks', async () => {
    const { out } = await flopwise(['compare', 'resnet34', 'resnet50', '--format', 'svg']);
    checkPicture(out.trim());
    // Eight boxes stand for the sixteen blocks; what is pooled and classified has other channels.
    expect(statesOf(out)).toMatchObject({ kept: 3, changed: 10, added: 0, removed: 0 });
    const page = (await flopwise(['compare', 'resnet34', 'resnet50', '--format', 'html'])).out;
    expect(page).toContain('resnet34 → resnet50</text>');
  });

  it('a model and itself differ in nothing', async () => {
    expect(statesOf(await draw('swin_t', '--against', 'swin_t'))).toMatchObject({ changed: 0, added: 0, removed: 0 });
  });

  it('more layers are added, fewer removed', async () => {
    const states = statesOf(await draw('resnet34', '--against', 'resnet18', '--unfold', '--depth', 'block'));
    expect(states).toMatchObject({ added: 8, removed: 0, changed: 0 });
    expect(statesOf(await draw('resnet18', '--against', 'resnet34', '--unfold', '--depth', 'block'))).toMatchObject({
      removed: 8,
      added: 0,
      changed: 0,
    });
  });

  it('Mermaid has a class for what is added', async () => {
    const text = await draw('resnet34', '--against', 'resnet18', '--format', 'mermaid');
    expect(text).toContain(':::added');
    expect(text).toContain('classDef added ');
  });

  const spec = (out: number): string =>
    `input: [3, 8, 8]\nstages:\n  one:\n    - conv: { kernel: 3, out: ${out} }\n    - relu\n  two:\n    - conv: { kernel: 1, out: 4 }\n`;

  it('a file against what git has of it', async () => {
    const world = { files: { 'my.yaml': spec(8) }, revisions: { 'origin/main': { 'my.yaml': spec(6) } } };
    const { code, out } = await flopwise(['draw', '--against', 'git:origin/main', 'my.yaml'], world);
    expect(code).toBe(0);
    const { shapes, free } = checkPicture(out.trim());
    expect(shapes.map(({ texts }) => texts.map(({ text }) => text))).toContainEqual([
      '− 3×3 conv, 6',
      '+ 3×3 conv, 8',
      '5.83 k MACs → 7.78 k MACs',
    ]);
    expect(free.map(({ text }) => text)).toContain('my (git:origin/main) → my');
  });

  it('an ONNX file against what git has of it, whose bytes are not on the disk', async () => {
    const file = join(folder, 'net.onnx');
    writeFileSync(file, onnxOf('resnet34'));
    const world = { revisions: { main: { [file]: onnxOf('resnet18') } } };
    const { code, out, err } = await flopwise(['draw', '--against', 'git:main', file], world);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const { free } = checkPicture(out.trim());
    expect(free.map(({ text }) => text)).toContain('net (git:main) → net');
    expect(free.map(({ text }) => text)).toContain('1.81 GMAC → 3.66 GMAC · 11.69 M → 21.80 M parameters');
    expect(statesOf(out).added).toBeGreaterThan(0);
    const gone = await flopwise(['draw', '--against', 'git:main', file], { revisions: { main: {} } });
    expect(gone.code).toBe(2);
    expect(codesIn(gone.err)).toEqual(['FILE_NOT_FOUND']);
  });

  it('a difference in two that have little in common has no more boxes than a picture holds', async () => {
    const { out, err } = await flopwise([
      'draw',
      'densenet121',
      '--against',
      'swin_t',
      '--depth',
      'layer',
      '--unfold',
      '--format',
      'mermaid',
    ]);
    expect(err).toMatch(/^densenet121 is drawn by the first \d steps? of its paths/);
    expect(out.match(/^ +m0v\d+[[(]/gm)?.length).toBeLessThanOrEqual(150);
  });

  it('Graphviz has the colours of what changed, in boxes and lines', async () => {
    const text = await draw('resnet34', '--against', 'resnet18', '--format', 'dot');
    expect(text).toMatch(/fillcolor="#d5edda", color="#1e6b3a", penwidth=2\];/);
    expect(text).toMatch(/ -> m0v\d+ \[color="#1e6b3a", penwidth=2\];/);
  });

  it.each([
    [['draw', '--against', 'git:nowhere', 'my.yaml'], 'UNKNOWN_REVISION'],
    [['draw', '--against', 'git:origin/main', 'resnet50'], 'WRONG_CALL'],
    [['draw', '--against', 'resnet', 'my.yaml'], 'WRONG_CALL'],
    [['draw', '--against', 'nosuchmodel', 'my.yaml'], 'UNKNOWN_MODEL'],
  ])('%j is refused: %s', async (argv, expected) => {
    const { code, err } = await flopwise(argv, { files: { 'my.yaml': spec(8) }, revisions: { 'origin/main': {} } });
    expect(code).toBe(2);
    expect(codesIn(err)).toEqual([expected]);
  });
});
