import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../../src/core/work.ts';
import { comparisonCsv, comparisonJson, comparisonMarkdown } from '../../../src/report/comparison/comparison.ts';
import { costCsv } from '../../../src/report/cost/csv.ts';
import { costJson } from '../../../src/report/cost/json.ts';
import { costMarkdown, costText } from '../../../src/report/cost/table.ts';
import { macFormula } from '../../../src/report/kit/formula.ts';
import { PLAIN } from '../../../src/report/kit/terminal.ts';
import { compared, counted, parseCsv, screen } from '../helpers.ts';

const resnet50 = counted('resnet50');
const block = counted('basic');

describe('the JSON contract', () => {
  const json = JSON.parse(costJson([resnet50], {}));

  it('has the fields of the design', () => {
    expect(Object.keys(json)).toEqual(['model', 'convention', 'input', 'output', 'totals', 'layers']);
    expect(json.model).toEqual({ name: 'resnet50', source: 'specs/resnet.yaml' });
    expect(json.convention).toBe('macs');
    expect(json.input).toEqual([[1, 3, 224, 224]]);
    expect(json.output).toEqual([[1, 1000]]);
    expect(json.totals).toMatchObject({ parameters: 25_557_032, macs: 4_089_184_256, flops: 8_178_368_512, activations: 11_114_984 });
    expect(Object.keys(json.totals.operations).every((kind) => (OPERATIONS as readonly string[]).includes(kind))).toBe(true);
  });

  it('has every layer with its own', () => {
    expect(json.layers).toHaveLength(resnet50.rows.length);
    expect(json.layers[0]).toEqual({
      path: 'conv1/conv',
      operator: 'conv',
      input: [[1, 3, 224, 224]],
      output: [[1, 64, 112, 112]],
      parameters: 9408,
      activeParameters: 9408,
      embeddingParameters: 0,
      macs: 118_013_952,
      masked: 0,
      flops: 236_027_904,
      activations: 802_816,
      formula: '7×7×3×112×112×64',
      operations: { multiply: 118_013_952, add: 118_013_952 },
      weights: { kernel: [64, 3, 7, 7] },
    });
    for (const layer of json.layers) expect(Object.keys(layer)).toEqual(Object.keys(json.layers[0]));
  });

  it('is a list for several models, an object for one', () => {
    const list = JSON.parse(costJson([resnet50, block], {}));
    expect(list.map(({ model }: { model: { name: string } }) => model.name)).toEqual(['resnet50', 'basic']);
  });

  it.each([{ by: 'stage' }, { depth: 1 }, { sort: 'macs' }, { top: 3 }] as const)(
    'has groups too where they are asked for: %j',
    (options) => {
      const grouped = JSON.parse(costJson([resnet50], options));
      expect(grouped.layers).toEqual(json.layers);
      const sum = grouped.groups.reduce((total: number, { macs }: { macs: number }) => total + macs, 0);
      expect(sum).toBe(json.totals.macs);
    },
  );

  it('writes counts past 2^53 to the last digit', () => {
    const text = costJson([counted('basic:d=9007199254740881')], {});
    expect(text).toContain(String(counted('basic:d=9007199254740881').totals.macs));
    expect(counted('basic:d=9007199254740881').totals.macs).toBeGreaterThan(2n ** 100n);
  });
});

describe('CSV', () => {
  it('has the rows of the table and a total: of one model each layer, of several a row each', () => {
    const [header = [], ...layers] = parseCsv(costCsv([block], {}));
    const places = ['name', 'parameters', 'macs'].map((name) => header.indexOf(name));
    const figures = (row: readonly string[] = []) => places.map((place) => row[place]);
    expect(layers).toHaveLength(block.rows.length + 1);
    expect(figures(layers.at(-1))).toEqual(['total', '73984', '231211008']);
    const [, macs = 0] = [places[1], places[2]];
    expect(layers.slice(0, -1).reduce((sum, row) => sum + BigInt(row[macs] ?? ''), 0n)).toBe(231_211_008n);
    const [, ...models] = parseCsv(costCsv([resnet50, block], {}));
    expect(models.map(figures)).toEqual([
      ['total', '25557032', '4089184256'],
      ['total', '73984', '231211008'],
    ]);
  });

  it('has whole integers, a row for each layer of each model where rows are asked for', () => {
    const [header = [], ...rows] = parseCsv(costCsv([resnet50, block], { by: 'layer' }));
    expect(header.slice(0, 11)).toEqual('model,name,operator,layers,input,output,parameters,macs,flops,activations,formula'.split(','));
    expect(header.slice(11)).toEqual([...OPERATIONS]);
    expect(rows).toHaveLength(resnet50.rows.length + 1 + block.rows.length + 1);
    expect(rows.every((row) => row.length === header.length)).toBe(true);
    expect(rows.find((row) => row[1] === 'add')?.[4]).toBe('1×64×56×56, 1×64×56×56');
  });

  it('compares metric by metric', () => {
    const rows = parseCsv(comparisonCsv(compared(block, counted('bottleneck'))));
    expect(rows[0]).toEqual(['total', 'basic', 'bottleneck']);
    expect(rows[1]).toEqual(['MACs', '231211008', '218365952']);
  });
});

describe('comparisons', () => {
  it('hold both models and each metric in JSON', () => {
    const json = JSON.parse(comparisonJson(compared(block, counted('bottleneck'))));
    expect(json.models).toHaveLength(2);
    expect(json.comparison.MACs).toEqual({ basic: 231_211_008, bottleneck: 218_365_952 });
    expect(Object.keys(json.comparison)).toEqual(
      expect.arrayContaining(['FLOPs', 'parameters', 'activations', 'layers', 'multiply operations']),
    );
  });

  it('end with the totals side by side in Markdown', () => {
    const text = comparisonMarkdown(compared(block, counted('bottleneck')));
    expect(text).toContain('### basic\n\nbasic (specs/blocks/basic.yaml)');
    expect(text).toContain('| total | basic | bottleneck | difference | ratio | better |');
    expect(text).toContain('| MACs | 231,211,008 | 218,365,952 | -12,845,056 | 0.944 | bottleneck |');
  });
});

describe('tables', () => {
  it('say what was counted, then the rows, then the totals in words', () => {
    const text = costText([resnet50], { by: 'stage' }, PLAIN);
    expect(text).toMatch(/^resnet50 \(specs\/resnet\.yaml\) · 1×3×224×224 → 1×1000 · 175 layers\n\nstage /);
    expect(text).toContain('\nMACs         4.09 GMAC\nFLOPs        8.18 GFLOP (2 × MACs)\n');
  });

  it('show whole integers on demand, without a blank at the end', () => {
    const text = costText([resnet50], { exact: true }, PLAIN);
    expect(text).toContain('\nparameters   25,557,032\nMACs         4,089,184,256 MAC\n');
    expect(text).not.toMatch(/ $/m);
  });

  it.each([
    [{ by: 'stage' }, 'share of MACs', '0.05%'],
    [{ by: 'stage', sort: 'name' }, 'share of MACs', '0.05%'],
    // 2,049,000 of 25,557,032 parameters: the last layer.
    [{ by: 'stage', sort: 'parameters' }, 'share of parameters', '8.02%'],
    // 1,000 of 11,114,984.
    [{ by: 'stage', sort: 'activations' }, 'share of activations', '0.01%'],
  ] as const)('say what a share is of: %j', (options, header, head) => {
    const lines = costText([resnet50], options, PLAIN).split('\n');
    expect(lines[2]).toMatch(new RegExp(`${header}$`));
    expect(lines.find((line) => line.startsWith('head'))).toMatch(new RegExp(` ${head}$`));
  });

  it('have bars on a screen, the longest for the most, and none in a pipe', () => {
    const bars = (columns: number | undefined) =>
      costText([resnet50], { by: 'stage' }, screen(columns))
        .split('\n')
        .flatMap((line) => /^(\w+) .*% +([▏▎▍▌▋▊▉█]+)$/.exec(line)?.slice(1, 3).join(' ') ?? []);
    // In eighths of a character, of 64 for conv4_x: 1.03 G of 1.46 G are 44.9.
    expect(bars(200)).toEqual(['conv1 ▋', 'conv2_x ███▋', 'conv3_x █████▌', 'conv4_x ████████', 'conv5_x ████▍', 'head ▏']);
    expect(bars(undefined)).toEqual([]);
  });

  it('show all that enters and leaves a group', () => {
    const rows = JSON.parse(costJson([block], { by: 'operator' })).groups;
    // Both convolutions read from outside: the input, and what the first ReLU makes; batch norm reads both.
    expect(rows.find(({ name }: { name: string }) => name === 'conv')).toMatchObject({
      input: [
        [1, 64, 56, 56],
        [1, 64, 56, 56],
      ],
      output: [
        [1, 64, 56, 56],
        [1, 64, 56, 56],
      ],
    });
  });

  it('take depth for by, whatever by is', () => {
    const header = (options: object) => costText([resnet50], options, PLAIN).split('\n')[2]?.split(/ {2,}/);
    expect(header({ depth: 2, by: 'operator' })).toEqual(header({ depth: 2 }));
    expect(header({ depth: 2 })?.slice(0, 4)).toEqual(['depth 2', 'layers', 'input', 'output']);
    expect(header({ by: 'operator' })?.slice(0, 3)).toEqual(['operator', 'layers', 'parameters']);
  });

  it('summarise several models, sorted on demand, and show their rows where rows are asked for', () => {
    const models = [block, resnet50];
    const names = (text: string) =>
      text
        .split('\n')
        .slice(2)
        .map((line) => line.split(' ')[0]);
    expect(names(costText(models, {}, PLAIN))).toEqual(['basic', 'resnet50']);
    expect(names(costText(models, { sort: 'macs' }, PLAIN))).toEqual(['resnet50', 'basic']);
    const text = costText(models, { top: 1 }, PLAIN);
    expect(text.match(/… \d+ more/g)).toHaveLength(2);
    expect(text).toMatch(/\n\nmodel +layers/);
  });

  it('escape what Markdown would read', () => {
    const text = costMarkdown([counted('wide_resnet50_2')], { top: 1 });
    expect(text).toContain('### wide\\_resnet50\\_2\n\nwide\\_resnet50\\_2 (specs/wide\\_resnet.yaml)');
    expect(text).toContain('- FLOPs: 22.80 GFLOP (2 × MACs)');
  });

  it('count one layer as one', () => {
    expect(costText([{ ...block, rows: block.rows.slice(0, 1) }], {}, PLAIN)).toContain('· 1 layer\n');
  });
});

it('formulas leave out a batch of one, and only that', () => {
  const works = counted('basic').rows.map(({ work }) => macFormula(work));
  expect(works[0]).toBe('3×3×64×56×56×64');
  expect(works[1]).toBe('');
});
