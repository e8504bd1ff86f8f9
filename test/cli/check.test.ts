import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codesIn, flopwise } from './helpers.ts';

/** A network with a budget: 4,500 MACs of the convolution and 10 of the linear layer for each unit of width. */
const net = (width: number, budget = 'budget: { macs: <= 1 MMAC }', name = 'net') => `name: ${name}
input: [5, 10, 10]
${budget}
stages:
  stem:
    - conv: { kernel: 3, out: ${width}, padding: 1 }
    - relu
  head: [globalavgpool, flatten, linear: { out: 10 }]
`;

const check = (argv: readonly string[], world: Parameters<typeof flopwise>[1]) => flopwise(['check', ...argv], world);

/** The limits of the only model of a JSON report. */
const limitsIn = (out: string) => JSON.parse(out).models.flatMap(({ limits }: { limits: unknown[] }) => limits);

describe('flopwise check: budgets of a spec', () => {
  it('are kept: exit 0', async () => {
    const { code, out, err } = await check(['net.yaml'], { files: { 'net.yaml': net(8) } });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('1 limit kept');
  });

  it('are broken: exit 1, with the limit, the value, by how much, the layers that weigh most and where the limit stands', async () => {
    // 3·3·5·10·10·32 + 32·10 = 144,320
    const budget = 'budget: { macs: <= 144 kMAC }';
    const { code, out } = await check(['net.yaml'], { files: { 'net.yaml': net(32, budget) } });
    expect(code).toBe(1);
    expect(out).toContain('MACs: 144,320 is 320 (0.22%) over 144 kMAC, set in net.yaml:3:17');
    expect(out).toMatch(/stem\/conv +144,000 +net\.yaml:6\n +head\/linear +320 +net\.yaml:8/);
    expect(out).toContain('1 of 1 limit exceeded');
  });

  it('limit stages, layers, shares and conventions, all told at once', async () => {
    const budget = `budget:
  parameters: 1
  flops: < 288.64k
  activations: <= 3210
  weight_bytes: <= 1 KiB
  peak_activation_bytes: <= 25.6 kB
  depth: <= 1
  share: { conv: <= 50 % }
  conventions: { fvcore: <= 100k }
  stages: { stem: { macs: <= 143.999k } }
  layers: { 'head/lin*': { macs: <= 319, severity: warning } }`;
    const { code, out } = await check(['net.yaml', '--format', 'json'], { files: { 'net.yaml': net(32, budget) } });
    expect(code).toBe(1);
    const found = limitsIn(out).map(({ label, scope, actual, limit, broken, severity }: Record<string, unknown>) => [
      scope === undefined ? label : `${label} of ${scope}`,
      actual,
      limit,
      broken,
      severity,
    ]);
    expect(found).toEqual([
      ['parameters', 1802, 1, true, 'error'],
      ['FLOPs', 288_640, 288_640, true, 'error'],
      ['activations', 3210, 3210, false, 'error'],
      ['weight bytes', 7208, 1024, true, 'error'],
      ['peak activation bytes', 25_600, 25_600, false, 'error'],
      ['depth', 2, 1, true, 'error'],
      ['share of conv', expect.closeTo(97.57, 0), 50, true, 'error'],
      ['fvcore (MACs)', expect.any(Number), 100_000, true, 'error'],
      ['MACs of stem', 144_000, 143_999, true, 'error'],
      ['MACs of head/lin*', 320, 319, true, 'warning'],
    ]);
  });

  it('warn of what is hardly meant, and fail of it with --strict', async () => {
    const doubtful = `${net(8)}`.replace('globalavgpool, flatten, ', '');
    const files = { 'net.yaml': doubtful };
    const told = await check(['net.yaml', '--format', 'json'], { files });
    expect(told.code).toBe(0);
    expect(codesIn(told.err)).toEqual(['LAST_AXIS_OF_MAP']);
    expect(JSON.parse(told.out).models[0].warnings).toEqual([expect.objectContaining({ code: 'LAST_AXIS_OF_MAP', path: 'head/linear' })]);
    expect((await check(['net.yaml', '--strict'], { files })).code).toBe(1);
    expect((await check(['net.yaml', '--strict'], { files: { 'net.yaml': net(8) } })).code).toBe(0);
  });

  it('that only warn do not fail', async () => {
    const { code, out } = await check(['net.yaml'], { files: { 'net.yaml': net(32, 'budget: { macs: 1, severity: warning }') } });
    expect(code).toBe(0);
    expect(out).toContain('1 warning');
  });

  it('hold for every variant of a file, and are not inherited', async () => {
    const family = `${net(8, 'with: { w: 8 }\nvariants: { small: { w: 8 }, large: { w: 400 } }\nbudget: { macs: <= 1M }').replace('out: 8', 'out: $w')}`;
    const files = { 'family.yaml': family, 'wide.yaml': 'extends: family.yaml\nwith: { w: 4000 }\n' };
    const { code, out } = await check(['family.yaml'], { files });
    expect(code).toBe(1);
    expect(out).toMatch(/large .*1 of 1 limit exceeded/);
    expect(out).toMatch(/small .*1 limit kept/);
    expect(codesIn((await check(['wide.yaml'], { files })).err)).toEqual(['NOTHING_TO_CHECK']);
  });

  it.each([
    ['an unknown metric', 'budget: { macks: 1 }', 'UNKNOWN_KEY', 'Did you mean "macs"?'],
    ['a wrong unit', 'budget: { macs: <= 512 KiB }', 'WRONG_UNIT', '"KiB"'],
    ['no limit', 'budget: { macs: few }', 'WRONG_VALUE', '"few"'],
    ['an unknown operator', 'budget: { share: { cnv: 1 % } }', 'UNKNOWN_OPERATOR', 'Did you mean "conv"?'],
    ['an unknown convention', 'budget: { conventions: { fvcor: 1 } }', 'UNKNOWN_CONVENTION', 'Did you mean "fvcore"?'],
    ['a unit that the convention does not count', 'budget: { conventions: { fvcore: 1 GFLOP } }', 'WRONG_UNIT', '"GFLOP"'],
    ['a stage that is not there', 'budget: { stages: { stam: { macs: 1 } } }', 'NO_MATCH', '"stam"'],
    ['growth without a baseline', 'budget: { macs: <= baseline }', 'BASELINE_NEEDED', '--against'],
    ['growth of a share', 'budget: { share: { conv: <= baseline } }', 'WRONG_VALUE', 'baselines keep the totals'],
  ])('refuse %s, with its place', async (_, budget, code, says) => {
    const { code: exit, err } = await check(['net.yaml'], { files: { 'net.yaml': net(8, budget) } });
    expect(exit).toBe(2);
    expect(codesIn(err)).toEqual([code]);
    expect(err).toMatch(/^net\.yaml:3:\d+ /);
    expect(err).toContain(says);
  });

  it('that are wrong are told by other commands too, but none is checked there', async () => {
    expect(codesIn((await flopwise(['net.yaml'], { files: { 'net.yaml': net(8, 'budget: { macs: few }') } })).err)).toEqual([
      'WRONG_VALUE',
    ]);
    expect((await flopwise(['net.yaml'], { files: { 'net.yaml': net(8, 'budget: { macs: 1 }') } })).code).toBe(0);
  });
});

describe('flopwise check: the command line', () => {
  const files = { 'net.yaml': net(32, '') };

  it('sets limits of its own, by a convention too', async () => {
    expect((await check(['net.yaml', '--max-macs', '144,320'], { files })).code).toBe(0);
    expect((await check(['net.yaml', '--max-macs', '144319'], { files })).code).toBe(1);
    const { out } = await check(['resnet18', '--max-macs', '1.8G', '--max-depth', '18', '--convention', 'fvcore'], {});
    expect(out).toContain('fvcore (MACs)');
    expect(out).toContain('1 of 2 limits exceeded');
  });

  it.each([
    [['net.yaml', '--max-macs', '4 KiB'], ['WRONG_UNIT']],
    [['net.yaml', '--max-macs', '<= 4'], ['WRONG_VALUE']],
    [['net.yaml', '--max-flops', '4G', '--convention', 'fvcore'], []],
    [['net.yaml', '--max-macs', '4G', '--growth', 'refuze'], ['UNKNOWN_CHOICE']],
    [['net.yaml', '--max-macs', '4G', '--report', 'jsn=a'], ['UNKNOWN_CHOICE']],
    [['net.yaml', '--max-macs', '4G', '--report', 'json'], ['WRONG_VALUE']],
    [['net.yaml', '--update'], ['WRONG_CALL']],
    [['net.yaml', '--against', 'main'], ['WRONG_VALUE']],
    [['net.yaml', '--against', 'git:main'], ['UNKNOWN_REVISION']],
    [
      ['net.yaml', '--against', 'git:main', '--baseline', 'a.json'],
      ['WRONG_CALL', 'UNKNOWN_REVISION'],
    ],
    [['net.yaml', '--baseline', 'a.json'], ['NOT_A_BASELINE']],
    [['net.yaml', '--config', 'a.yaml'], ['FILE_NOT_FOUND']],
    [['net.yaml'], ['NOTHING_TO_CHECK']],
    [[], ['NOTHING_TO_CHECK']],
    [['*.onnx', 'net.yaml', '--max-macs', '4G'], ['NO_MATCH']],
  ])('%j: %j', async (argv, codes) => {
    const { code, err } = await check(argv, { files });
    expect(codesIn(err)).toEqual(codes);
    expect(code).toBe(codes.length === 0 ? 0 : 2);
  });

  it('tells of every limit that is none', async () => {
    const { code, err } = await check(['net.yaml', '--max-macs', '4 KiB', '--max-parameters', 'few', '--max-depth', '3 B'], { files });
    expect(code).toBe(2);
    expect(codesIn(err).toSorted()).toEqual(['WRONG_UNIT', 'WRONG_UNIT', 'WRONG_VALUE']);
    for (const option of ['--max-macs', '--max-parameters', '--max-depth']) expect(err).toContain(option);
  });

  it('refuses one file for two things, and writes none', async () => {
    const twice = await check(['net.yaml', '--max-macs', '4G', '--report', 'json=y.json', '--output', './y.json'], { files });
    expect(twice).toMatchObject({ code: 2, written: {} });
    expect(codesIn(twice.err)).toEqual(['PATH_NAMED_TWICE']);
    expect(twice.err).toMatch(/--report json=y\.json and --output \.\/y\.json/);
    const baseline = await check(['net.yaml', '--baseline', 'x.json', '--update', '--report', 'json=x.json'], { files });
    expect(baseline).toMatchObject({ code: 2, written: {} });
    expect(codesIn(baseline.err)).toEqual(['PATH_NAMED_TWICE']);
  });

  it('does not show limits that make no sense as kept', async () => {
    const budget = 'budget: { conventions: { fvcore: <= 1 GFLOP }, parameters: 1M }';
    const { code, out } = await check(['net.yaml'], { files: { 'net.yaml': net(8, budget) } });
    expect(code).toBe(2);
    expect(out).toContain('1 limit kept');
    expect(out).not.toContain('fvcore');
  });

  it('shows nobody lines of the zoo, nor takes its files for those of the folder', async () => {
    const { code, out, written } = await check(
      ['resnet18', '--max-macs', '1G', '--report', 'sarif=a.sarif', '--report', 'github=a.txt'],
      {},
    );
    expect(code).toBe(1);
    expect(out).toContain('resnet18 (zoo:resnet.yaml) · 1 of 1 limit exceeded');
    expect(JSON.parse(written['a.sarif'] as string).runs[0].results[0].locations).toEqual([]);
    expect(written['a.txt']).toMatch(/^::error title=/);
  });

  it('tells of a file that does not parse, exits with 2, and reports on the others', async () => {
    const world = { files: { 'bad.yaml': 'input: [3', 'net.yaml': net(32, 'budget: { macs: 5 }') } };
    const { code, out, err } = await check(['bad.yaml', 'net.yaml', 'gone.yaml'], world);
    expect(code).toBe(2);
    expect(codesIn(err)).toEqual(['SYNTAX', 'FILE_NOT_FOUND']);
    expect(out).toContain('1 of 1 limit exceeded');
    expect(out).toContain('1 model, 1 limit: 1 exceeded, 2 problems.');
  });

  it('writes reports beside what it shows', async () => {
    const { out, written } = await check(['net.yaml', '--max-macs', '1', '--report', 'json=a.json', '--report', 'table=a.txt'], { files });
    expect(Object.keys(written)).toEqual(['a.json', 'a.txt']);
    expect(JSON.parse(written['a.json'] as string).summary).toEqual({ models: 1, limits: 1, errors: 1, warnings: 0, problems: 0 });
    expect(written['a.txt']).toBe(out);
  });
});

describe('flopwise check: the configuration', () => {
  const nets = {
    'nets/a.yaml': net(8, '', 'a'),
    'nets/deep/b.yaml': net(32, '', 'b'),
    'nets/blocks/c.yaml': 'blocks: { c: { layers: [relu] } }',
  };

  it('lists models by patterns, with limits of all and of some', async () => {
    const config = `models: [nets/**/*.yaml, '!nets/deep/x.yaml']
budget: { macs: <= 100 kMAC }
budgets:
  a: { depth: <= 1 }
  nets/deep/*: { parameters: <= 2k }
`;
    const { code, out } = await check(['--format', 'json'], { files: { ...nets, 'flopwise.config.yaml': config } });
    expect(code).toBe(1);
    const models = JSON.parse(out).models.map(({ name, limits }: { name: string; limits: { label: string; broken: boolean }[] }) => [
      name,
      ...limits.map(({ label, broken }) => `${label} ${broken}`),
    ]);
    expect(models).toEqual([
      ['a', 'MACs false', 'depth true'],
      ['b', 'MACs true', 'parameters false'],
    ]);
  });

  it('may be JSON, or a key of package.json', async () => {
    const config = { models: ['nets/a.yaml'], budget: { macs: 1 } };
    const inPackage = await check([], { files: { ...nets, 'package.json': JSON.stringify({ name: 'x', flopwise: config }, null, 2) } });
    expect(inPackage.out).toContain('package.json:8:15');
    expect((await check([], { files: { ...nets, 'flopwise.config.json': JSON.stringify(config) } })).code).toBe(1);
    expect((await check(['--config', 'c.yaml'], { files: { ...nets, 'c.yaml': JSON.stringify(config) } })).code).toBe(1);
    expect(codesIn((await check([], { files: { 'package.json': '{ "name": "flopwise" }' } })).err)).toEqual(['NOTHING_TO_CHECK']);
  });

  it('is told what is wrong with it, with the place, all at once', async () => {
    const config = `models: [nets/*.yml, nets/a.yaml]
modles: []
budget: { macs: <= 5 KiB, stages: { stim: { macs: 5 } } }
growth: some
`;
    const { code, err } = await check([], { files: { ...nets, 'flopwise.config.yaml': config } });
    expect(code).toBe(2);
    expect(codesIn(err)).toEqual(['UNKNOWN_KEY', 'WRONG_VALUE', 'WRONG_UNIT', 'NO_MATCH', 'NO_MATCH']);
    expect(err).toContain('flopwise.config.yaml:2:1');
  });

  it('may name a stage that some models lack, but not all', async () => {
    const files = { 'a.yaml': net(8, '', 'a'), 'b.yaml': 'input: [3]\nlayers: [relu]' };
    const config = 'models: ["{a,b}.yaml"]\nbudget: { stages: { stem: { macs: 1M } } }';
    expect((await check([], { files: { ...files, 'flopwise.config.yaml': config } })).code).toBe(0);
  });
});

describe('flopwise check: what the configuration says of no model', () => {
  const nets = { 'nets/a.yaml': net(8, '', 'a'), 'nets/b.yaml': net(8, '', 'b').replace('stem:', 'trunk:') };
  const at = (config: string, ...argv: string[]) => check(argv, { files: { ...nets, 'flopwise.config.yaml': config } });

  it('is told: a key of budgets that fits none', async () => {
    const { code, err } = await at('models: [nets/*.yaml]\nbudgets: { zzz: { macs: 3 }, "nets/*.yaml": { macs: 1G } }');
    expect(code).toBe(2);
    expect(codesIn(err)).toEqual(['NO_MATCH']);
    expect(err).toMatch(/^flopwise\.config\.yaml:2:12 /);
    expect(err).toContain('"zzz" matches no model');
  });

  it('is not told where only some files are checked', async () => {
    const config = 'models: [nets/*.yaml]\nbudget: { stages: { trunk: { macs: 1G } } }\nbudgets: { b: { macs: 1G }, a: { macs: 1G } }';
    expect(await at(config, 'nets/a.yaml')).toMatchObject({ code: 0, err: '' });
    expect(await at(config)).toMatchObject({ code: 0, err: '' });
    expect(codesIn((await at(config.replace('trunk', 'tronk'))).err)).toEqual(['NO_MATCH']);
  });

  it('is not told of what a file that does not parse may be', async () => {
    const files = { ...nets, 'nets/b.yaml': 'input: [', 'flopwise.config.yaml': 'models: [nets/*.yaml]\nbudgets: { b: { macs: 1 } }' };
    expect(codesIn((await check([], { files })).err)).toEqual(['SYNTAX']);
  });

  it('may be nothing at all', async () => {
    const { code, err } = await at('');
    expect(code).toBe(2);
    expect(codesIn(err)).toEqual(['CONFIG_EMPTY']);
  });
});

describe('flopwise check: baselines', () => {
  const write = async (files: Readonly<Record<string, string>>, argv: readonly string[]) => {
    const { code, written } = await check([...argv, '--baseline', 'main.json', '--update'], { files });
    expect(code).toBe(0);
    return written['main.json'] as string;
  };

  it('tell what changed since, layer by layer', async () => {
    const main = await write({ 'net.yaml': net(8) }, ['net.yaml']);
    const same = await check(['net.yaml', '--baseline', 'main.json'], { files: { 'net.yaml': net(8), 'main.json': main } });
    expect(same).toMatchObject({ code: 0 });
    expect(same.out).toContain('As in main.json.');
    const { code, out } = await check(['net.yaml', '--baseline', 'main.json'], { files: { 'net.yaml': net(12), 'main.json': main } });
    expect(code).toBe(0);
    expect(out).toContain('MACs 36,080 → 54,120, +18,040 (+50.00%)');
    expect(out).toContain('~ stem/conv (net.yaml:6)  1×8×10×10 → 1×12×10×10, parameters +184 (+50.00%), MACs +18,000 (+50.00%)');
  });

  it('limit growth, in a budget or at large', async () => {
    const main = await write({ 'net.yaml': net(100, '') }, ['net.yaml']);
    const at = async (width: number, budget: string, ...argv: string[]) =>
      (await check(['net.yaml', '--baseline', 'main.json', ...argv], { files: { 'net.yaml': net(width, budget), 'main.json': main } }))
        .code;
    expect(await at(102, 'budget: { macs: at most 2% over the baseline }')).toBe(0);
    expect(await at(103, 'budget: { macs: at most 2% over the baseline }')).toBe(1);
    expect(await at(101, 'budget: { macs: <= baseline }')).toBe(1);
    expect(await at(101, '')).toBe(0);
    expect(await at(101, '', '--growth', 'warn')).toBe(0);
    expect(await at(101, '', '--growth', 'refuse')).toBe(1);
    expect(await at(100, '', '--growth', 'refuse')).toBe(0);
    expect(await at(99, '', '--growth', 'refuse')).toBe(0);
    const limited = 'budget: { macs: 1G, parameters: 1G, activations: 1G, weight_bytes: 1 GB, peak_activation_bytes: 1 GB }';
    expect(await at(101, limited, '--growth', 'refuse')).toBe(0);
  });

  it('know models that are new or gone', async () => {
    const config = "models: ['*.yaml']\nbaseline: main.json\n";
    const before = { 'a.yaml': net(8, '', 'a'), 'b.yaml': net(8, '', 'b'), 'flopwise.config.yaml': config };
    const main = await write(before, []);
    const { 'a.yaml': _, ...rest } = before;
    const { code, out } = await check([], { files: { ...rest, 'c.yaml': net(8, '', 'c'), 'main.json': main } });
    expect(code).toBe(0);
    expect(out).toContain('a (a.yaml) · removed since main.json');
    expect(out).toContain('New: not in main.json.');
    // Of a file that does not parse it is not said that it is gone.
    const broken = await check([], { files: { ...before, 'a.yaml': 'input: [', 'main.json': main } });
    expect(broken.code).toBe(2);
    expect(broken.out).not.toContain('removed');
  });

  it('are updated for the models that are named, and not at all where something is wrong', async () => {
    const both = { 'a.yaml': net(8, '', 'a'), 'b.yaml': net(8, '', 'b') };
    const main = await write(both, ['a.yaml', 'b.yaml']);
    const changed = { ...both, 'a.yaml': net(9, '', 'a'), 'main.json': main };
    expect(await write(changed, ['a.yaml'])).toBe(await write({ ...changed, 'main.json': '' }, ['a.yaml', 'b.yaml']));
    const { code, written } = await check(['a.yaml', 'gone.yaml', '--baseline', 'main.json', '--update'], { files: changed });
    expect({ code, written }).toEqual({ code: 2, written: {} });
  });

  it('are read from git: what is not there is new, what was there is gone, and the zoo has no history', async () => {
    const config = "models: ['nets/*.yaml', resnet18]\nbudget: { macs: 4G }";
    const files = {
      'nets/a.yaml': 'extends: ../shared.yaml\nwith: { w: 9 }',
      'nets/new.yaml': net(8, '', 'new'),
      'flopwise.config.yaml': config,
    };
    const shared = net(8, 'with: { w: 8 }', 'a').replace('out: 8', 'out: $w');
    const inFolder = { ...files, 'nets/a.yaml': 'extends: shared.yaml\nname: a\nwith: { w: 9 }', 'nets/shared.yaml': shared };
    const HEAD = {
      'nets/a.yaml': 'extends: shared.yaml\nname: a\n',
      'nets/shared.yaml': shared,
      'nets/gone.yaml': net(8, '', 'gone'),
      'nets/other.txt': '',
    };
    const { code, out, err } = await check(['--against', 'git:HEAD'], { files: inFolder, revisions: { HEAD } });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('gone (nets/gone.yaml) · removed since git:HEAD');
    expect(out).toMatch(/a \(nets\/a\.yaml\).*\n(?:.*\n)*? {2}Changed from git:HEAD: 5 layers\./);
    expect(out).toMatch(/new \(nets\/new\.yaml\).*\n(?:.*\n)*? {2}New: not in git:HEAD\./);
    expect(out).toContain('resnet18 (zoo:resnet.yaml) · 1 limit kept');
  });

  it.each([
    ['does not parse', 'input: [3'],
    ['does not fit', net(8).replace('kernel: 3', 'kernel: 300')],
    ['uses what is not there', 'extends: base.yaml\n'],
  ])('are not passed over where the file in git %s: growth would slip through', async (_, before) => {
    const files = { 'net.yaml': net(8, 'budget: { macs: <= baseline + 2% }') };
    const world = { files, revisions: { HEAD: { 'net.yaml': before } } };
    const { code, out, err } = await check(['net.yaml', '--against', 'git:HEAD', '--growth', 'refuse'], world);
    expect(code).toBe(2);
    expect(codesIn(err)).toEqual(['BASE_UNREADABLE']);
    expect(err).toContain('net.yaml cannot be counted as it is in git:HEAD');
    expect(out).not.toContain('New');
  });

  it('tell settings of one file apart', async () => {
    const spec = (width: number) => net(width, 'with: { h: 10 }').replace('out: 10', 'out: $h');
    const world = { files: { 'net.yaml': spec(9) }, revisions: { HEAD: { 'net.yaml': spec(8) } } };
    const argv = ['net.yaml:h=2', 'net.yaml:h=3', '--against', 'git:HEAD', '--growth', 'refuse', '--format', 'json'];
    const { code, out } = await check(argv, world);
    expect(code).toBe(1);
    expect(JSON.parse(out).models.map(({ change }: { change: { kind: string } }) => change.kind)).toEqual(['changed', 'changed']);
  });

  it('that cannot be read are told once, not by every limit on growth', async () => {
    const files = { 'net.yaml': net(8, 'budget: { macs: <= baseline, parameters: <= baseline + 1% }'), 'a.json': 'x' };
    expect(codesIn((await check(['net.yaml', '--against', 'git:nowhere'], { files })).err)).toEqual(['UNKNOWN_REVISION']);
    expect(codesIn((await check(['net.yaml', '--baseline', 'a.json'], { files })).err)).toEqual(['NOT_A_BASELINE']);
  });

  it('keep a model of the zoo and a file of the same path apart', async () => {
    const files = { 'specs/resnet.yaml': net(8, '', 'resnet18') };
    const main = JSON.parse(await write(files, ['specs/resnet.yaml', 'resnet18']));
    expect(main.models.map(({ source }: { source: string }) => source)).toEqual(['specs/resnet.yaml', 'zoo:resnet.yaml']);
  });

  it('does not depend on the order of files', async () => {
    const files = Object.fromEntries(
      ['a', 'b', 'c', 'd'].map((name, index) => [`${name}.yaml`, net(8 + index, 'budget: { macs: 40k }', name)]),
    );
    const whole = (await check(Object.keys(files), { files })).out;
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(Object.keys(files), { minLength: 4 }), async (order) => {
        expect((await check(order, { files })).out).toBe(whole);
      }),
      { numRuns: 10 },
    );
  });
});
