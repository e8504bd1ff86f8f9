import { describe, expect, it } from 'vitest';
import pkg from '../../package.json' with { type: 'json' };
import { withoutColours } from '../report/helpers.ts';
import { codesIn, flopwise } from './helpers.ts';

describe('help', () => {
  it.each([[[]], [['--help']], [['-h']], [['help']]])('flopwise %j shows commands, models and examples', async (argv) => {
    const { code, out, err } = await flopwise(argv);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^Usage: flopwise \[command\] \[options\] <model\.\.\.>\n/);
    for (const command of ['table', 'compare', 'list', 'schema', 'init', 'help']) expect(out).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(out).toContain('\nExamples:\n  flopwise resnet50');
  });

  it.each(['table', 'compare', 'list', 'schema', 'init'])('of %s is one page, told by "help" and by "--help"', async (command) => {
    const { code, out } = await flopwise(['help', command]);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^Usage: flopwise ${command} `));
    expect(out).not.toContain('default: false');
    expect(await flopwise([command, '--help'])).toMatchObject({ code: 0, out });
  });

  it.each(['table', 'compare'])('of %s says what a model is', async (command) => {
    expect((await flopwise(['help', command])).out).toContain('\nA model is the path of a .yaml');
  });

  it('fits 80 columns, and wraps where the terminal is narrower', async () => {
    for (const argv of [[], ['help', 'table'], ['help', 'compare'], ['help', 'list']])
      for (const line of (await flopwise(argv)).out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    for (const line of (await flopwise(['help', 'list'], { columns: 64 })).out.split('\n')) expect(line.length).toBeLessThanOrEqual(64);
  });

  it.each(['--version', '-V'])('%s prints the version alone', async (option) => {
    expect(await flopwise([option])).toMatchObject({ code: 0, out: `${pkg.version}\n`, err: '' });
  });
});

describe('a wrong call', () => {
  it.each([
    [['table'], 'WRONG_CALL', 'The argument <model> is missing. "flopwise table --help" shows how it is called.'],
    [['compare', 'basic'], 'WRONG_CALL', 'The argument <other> is missing'],
    [['convert', 'net.yaml'], 'WRONG_CALL', '--to <block> must be given'],
    [['solve', 'resnet18'], 'WRONG_CALL', '--param <name> must be given'],
    [['schema', 'x'], 'WRONG_CALL', 'Too many arguments'],
    [['resnet18', '--format'], 'WRONG_CALL', '--format <format> has no value'],
    [['resnet18', '--set'], 'WRONG_CALL', '--set <name=value> has no value'],
    [['--foo'], 'UNKNOWN_OPTION', 'There is no option "--foo" here. The options: --format,'],
    [['resnet18', '--step', '3'], 'UNKNOWN_OPTION', 'There is no option "--step" here. The options: --strict,'],
    [['resnet18', '-batch', '3'], 'UNKNOWN_OPTION', 'Did you mean "--batch"?'],
    [['help', 'comapre'], 'UNKNOWN_COMMAND', 'There is no command "comapre". Did you mean "compare"?'],
    [['help', 'resnet50'], 'UNKNOWN_COMMAND', 'The commands: compare,'],
    [['resnet18', '--macs', '1M'], 'UNKNOWN_OPTION', 'The options: --masked'],
    [['check', 'resnet18', '--macs', '1M'], 'UNKNOWN_OPTION', 'The options: --max-macs, --max-training-macs'],
    [['resnett'], 'UNKNOWN_MODEL', 'Did you mean "resnet"?'],
    [['init', 'net'], 'WRONG_VALUE', 'a path that ends in .yaml: net.yaml'],
    [['resnet18', '-o', 'net.docx'], 'WRONG_ENDING', 'as a file of docx'],
    [['export', 'resnet18', '-o', 'net.pt'], 'WRONG_VALUE', 'a path that ends in .onnx or .yaml'],
    [['export', 'resnet18', '-o', 'net.yaml', '--to', 'onnx'], 'WRONG_CALL', 'but --to says onnx'],
    [['resnet18', '--input', '3x9999999999999999x3'], 'WRONG_VALUE', 'whole numbers from 1 to 10^15'],
    [['resnet18', '--input', '3x1000000000000001x3'], 'WRONG_VALUE', 'whole numbers from 1 to 10^15'],
    [['stable_diffusion_v1', '--input', '4x64x64'], 'UNKNOWN_INPUT', 'by the names of the inputs: latent, step, text'],
    [['resnet18', '--fromat', 'json'], 'UNKNOWN_OPTION', 'Did you mean "--format"?'],
    [['list', '--srot', 'macs'], 'UNKNOWN_OPTION', 'Did you mean "--sort"?'],
    [['init', '--forse'], 'UNKNOWN_OPTION', 'Did you mean "--force"?'],
    [['schema', '--outptu', 'x'], 'UNKNOWN_OPTION', 'Did you mean "--output"?'],
    [['resnet18', '--format', 'jsn'], 'UNKNOWN_CHOICE', '"--format" cannot be "jsn". Did you mean "json"?'],
    [['list', '--format', 'xml'], 'UNKNOWN_CHOICE', 'The choices: table, json, csv, markdown.'],
    [['compare', 'basic', 'basic', '--format', 'Markdown'], 'UNKNOWN_CHOICE', 'Did you mean "markdown"?'],
    [['resnet18', '--sort', 'mac'], 'UNKNOWN_CHOICE', 'Did you mean "macs"?'],
    [['list', '--sort', 'size'], 'UNKNOWN_CHOICE', 'The choices: macs, flops, parameters, activations, name.'],
    [['resnet18', '--by', 'stages'], 'UNKNOWN_CHOICE', 'Did you mean "stage"?'],
    [['resnet18', '--depth', '0'], 'WRONG_VALUE', '"--depth" is "0"'],
    [['resnet18', '--top', '-1'], 'WRONG_VALUE', '"--top" is "-1"'],
    [['resnet18', '--top', 'five'], 'WRONG_VALUE', '"--top" is "five"'],
    [['tabel', 'resnet18'], 'UNKNOWN_MODEL', 'There is no model or block "tabel". Did you mean "table"?'],
    [['lst'], 'UNKNOWN_MODEL', 'Did you mean "list"?'],
    [['resnet5'], 'UNKNOWN_MODEL', 'Did you mean "resnet50"?'],
    [['table', 'lst'], 'UNKNOWN_MODEL', '"flopwise list" shows the zoo'],
    [[''], 'UNKNOWN_MODEL', 'There is no model or block ""'],
    [['list', 'transformer'], 'UNKNOWN_MODEL', '"transformer"'],
  ])('%j is told as %s', async (argv, code, says) => {
    const outcome = await flopwise(argv);
    expect(outcome).toMatchObject({ code: 2, out: '', written: {} });
    expect(codesIn(outcome.err)).toEqual([code]);
    expect(outcome.err).toMatch(/^flopwise {2}[A-Z_]+\n {3}[-A-Z"].*[.?]\n$/);
    expect(outcome.err).toContain(says);
  });

  it('is coloured where stderr is, and says the same', async () => {
    const plain = await flopwise(['lst']);
    const coloured = await flopwise(['lst'], { colour: true });
    expect(coloured.err).toContain('\u001b[');
    expect(withoutColours(coloured.err)).toBe(plain.err);
  });
});
