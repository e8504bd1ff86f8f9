import { describe, expect, it } from 'vitest';
import { codesIn, flopwise } from './helpers.ts';

const MODELS = ['resnet18', 'resnet34', 'resnet50', 'resnet101', 'resnet152'];

const table = async (...argv: string[]): Promise<string> => {
  const { code, out, err } = await flopwise(['table', ...MODELS, '--layout', 'stages', ...argv]);
  expect(err).toBe('');
  expect(code).toBe(0);
  return out;
};

/** He et al. 2015, arXiv:1512.03385, Table 1: names, output sizes, blocks and how many there are of them. */
const BASIC = (d: number, times: number): string => `[3×3, ${d}; 3×3, ${d}] ×${times}`;
const BOTTLENECK = (d: number, times: number): string => `[1×1, ${d}; 3×3, ${d}; 1×1, ${4 * d}] ×${times}`;
const blocks = (d: number, counts: readonly [number, number, number, number, number]): string[] =>
  counts.map((times, model) => (model < 2 ? BASIC(d, times) : BOTTLENECK(d, times)));

const PUBLISHED: readonly (readonly [string, string, readonly string[]])[] = [
  ['conv1', '112×112', MODELS.map(() => '7×7, 64, stride 2')],
  ['conv2_x', '56×56', blocks(64, [2, 3, 3, 3, 3]).map((block) => `3×3 max pool, stride 2, ${block}`)],
  ['conv3_x', '28×28', blocks(128, [2, 4, 4, 4, 8])],
  ['conv4_x', '14×14', blocks(256, [2, 6, 6, 23, 36])],
  ['conv5_x', '7×7', blocks(512, [2, 3, 3, 3, 3])],
  ['head', '1', MODELS.map(() => 'avg pool, 1000-d fc')],
];

describe('Table 1 of He et al. 2015', async () => {
  const rows = (await table('--format', 'csv'))
    .trim()
    .split('\n')
    .map((line) => [...line.matchAll(/"([^"]*)"|([^,]+)|(?<=,)(?=,)/g)].map(([, quoted, bare]) => quoted ?? bare ?? ''));

  it.each(PUBLISHED)('%s', (name, size, cells) => expect(rows.find(([first]) => first === name)).toEqual([name, size, ...cells]));

  // The last row of the paper counts multiply-adds, in billions: "FLOPs 1.8, 3.6, 3.8, 7.6, 11.3", with the stride on the 1×1.
  it('MACs and FLOPs stand in the last rows', async () => {
    const lines = (await table('--convention', 'paper')).trim().split('\n');
    expect(lines.at(-3)).toMatch(/^MACs +1\.81 G +3\.66 G +3\.86 G +7\.57 G +11\.28 G$/);
    expect(lines.at(-1)).toMatch(/^FLOPs +3\.63 G +7\.33 G +7\.72 G +15\.14 G +22\.56 G$/);
    expect((await table('--exact')).trim().split('\n').at(-2)).toMatch(/^MACs +1,814,073,344 /);
  });
});

describe('options of the table of layers', () => {
  it.each([
    [['--by', 'block'], '--by is for the table of layers'],
    [['--depth', '2'], '--depth is'],
    [['--sort', 'macs', '--top', '3'], '--sort, --top are'],
    [['--formula'], '--formula is'],
    [['--memory', '--dtype', 'fp16'], '--memory, --dtype are'],
  ])('%j is refused', async (argv, text) => {
    const { code, out, err } = await flopwise(['table', 'resnet18', '--layout', 'stages', ...argv]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(codesIn(err)).toEqual(['WRONG_CALL']);
    expect(err).toContain(text);
  });
});

describe('formats', () => {
  it('a terminal has a line for each layer or block', async () => {
    const lines = (await table()).split('\n');
    expect(lines[0]).toMatch(/^layer +output size +resnet18 +resnet34 +resnet50 +resnet101 +resnet152$/);
    expect(lines[4]).toMatch(/^ +\[3×3, 64; 3×3, 64\] ×2 +\[3×3, 64; 3×3, 64\] ×3 +\[1×1, 64; 3×3, 64; 1×1, 256\] ×3/);
  });

  it('Markdown', async () =>
    expect(await table('--format', 'md')).toContain('| conv2\\_x | 56×56 | 3×3 max pool, stride 2<br>\\[3×3, 64; 3×3, 64\\] ×2 |'));

  it('HTML, with equal cells as one', async () => {
    const page = await table('--format', 'html');
    expect(page).toContain('<th scope="row">conv1</th><td>112×112</td><td colspan="5"><div>7×7, 64, stride 2</div></td>');
    expect(page).toContain('<span class="block">1×1, 256<br>3×3, 256<br>1×1, 1024</span> ×36');
  });

  it('LaTeX, with equal cells as one', async () => {
    const text = await table('--format', 'latex');
    expect(text).toContain('conv1 & 112$\\times$112 & \\multicolumn{5}{c|}{7$\\times$7, 64, stride 2} \\\\ \\hline');
    expect(text.split('{').length).toBe(text.split('}').length);
    expect(text.match(/\\begin\{tabular\}/g)?.length).toBe(text.match(/\\end\{tabular\}/g)?.length);
    expect((await flopwise(['table', 'resnet18', '--layout', 'stages', '-o', 'x.tex'])).written['x.tex']).toMatch(/^\\begin\{tabular\}/);
  });

  it('JSON, in whole integers', async () => {
    const { stages, totals } = JSON.parse(await table('--json'));
    expect(stages[1].models[0]).toEqual({
      name: 'resnet18',
      output: '56×56',
      parts: [
        { layers: ['3×3 max pool, stride 2'], times: 1 },
        { layers: ['3×3, 64', '3×3, 64'], times: 2 },
      ],
    });
    expect(totals.MACs.resnet50).toBe(4_089_184_256);
  });

  it('LaTeX of layers is refused', async () => {
    const { code, err } = await flopwise(['table', 'resnet18', '--format', 'latex']);
    expect(code).toBe(2);
    expect(codesIn(err)).toEqual(['WRONG_CALL']);
  });
});

describe('other networks', () => {
  it.each([
    ['vgg16', 'conv3', '[3×3, 256] ×3'.replace(/[[\]]/g, '')],
    ['densenet121', 'block2', '[1×1, 128; 3×3, 32] ×12'],
    ['swin_t', 'stage3', '[1152-d fc; matmul; matmul; 384-d fc; 1536-d fc; 384-d fc] ×6'],
    ['basic', 'conv', '3×3, 64'],
  ])('%s: %s has %s', async (model, stage, part) => {
    const { out } = await flopwise([model, '--layout', 'stages']);
    const from = out.split('\n').findIndex((line) => line.startsWith(`${stage} `));
    expect(
      out
        .split('\n')
        .slice(from, from + 4)
        .join('\n'),
    ).toContain(part);
  });
});
