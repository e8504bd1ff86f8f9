import { describe, expect, it, vi } from 'vitest';
import type { ExitCode, Io } from '../../src/cli/io.ts';
import { run } from '../../src/cli/program.ts';
import { diskLibrary } from '../../src/node/disk.ts';
import { operators } from '../../src/operators/index.ts';

interface Outcome {
  readonly exit: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
  readonly progress: readonly string[];
}

/** Runs a command line in this process. */
async function flopwise(argv: readonly string[], more: Partial<Io> = {}): Promise<Outcome> {
  const out = { stdout: '', stderr: '' };
  const progress: string[] = [];
  const exit = await run(argv, {
    stdout(text) {
      out.stdout += text;
    },
    stderr(text) {
      out.stderr += text;
    },
    columns: { stdout: undefined, stderr: undefined },
    colour: { stdout: false, stderr: false },
    library: diskLibrary,
    writeFile: () => undefined,
    progress: (line) => void progress.push(line),
    ...more,
  });
  return { exit, ...out, progress };
}

const SMALL = ['squeezenet1_1', '--input', '3x32x32'];

/** Runs with a batch norm whose work is wrong: it counts no adds. */
async function withWrongWork(argv: readonly string[]): Promise<Outcome> {
  const spy = vi.spyOn(operators.relu, 'work').mockImplementation(() => []);
  try {
    return await flopwise(argv);
  } finally {
    spy.mockRestore();
  }
}

describe('flopwise verify', () => {
  it('prints each layer, the totals by kind and the verdict', async () => {
    const { exit, stdout, stderr } = await flopwise(['verify', ...SMALL]);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toMatch(/^squeezenet1_1 .* 1×3×32×32 → 1×1000 · \d+ layers\n/);
    expect(stdout).toMatch(/\nlayer +operator +output +MACs +executed +operations +executed +holds\n/);
    expect(stdout).toMatch(/\nMACs +([\d,]+) +\1 +0\n/);
    expect(stdout).toMatch(/\ncompare +([\d,]+) +\1 +0\n/);
    expect(stdout).toMatch(/\nsqueezenet1_1 holds: \d+ layers executed and counted/);
  });

  it('shows progress, and takes it away in the end', async () => {
    const { progress } = await flopwise(['verify', ...SMALL]);
    expect(progress[0]).toMatch(/^squeezenet1_1 {2}░+ {2}0\/\d+ {2}\S+$/);
    expect(progress.at(-1)).toBe('');
  });

  it('shows none where stderr is no terminal', async () => {
    expect((await flopwise(['verify', ...SMALL], { progress: undefined as never })).stderr).toBe('');
  });

  it('writes JSON: an object for one model, a list for several', async () => {
    const one = JSON.parse((await flopwise(['verify', ...SMALL, '--format', 'json'])).stdout);
    expect(one).toMatchObject({ model: { name: 'squeezenet1_1' }, holds: true });
    expect(one.totals.executed).toEqual(one.totals.predicted);
    expect(one.layers[0]).toMatchObject({ operator: 'conv', holds: true, executed: { output: [[1, 64, 15, 15]] } });
    const two = JSON.parse((await flopwise(['verify', 'squeezenet1_1', ...SMALL, '--format', 'json'])).stdout);
    expect(two).toEqual([one, one].map((model) => ({ ...model, model: { ...model.model, name: 'squeezenet1_1' } })));
  });

  it('writes CSV and Markdown', async () => {
    const csv = (await flopwise(['verify', ...SMALL, '--format', 'csv'])).stdout.split('\n');
    expect(csv[0]).toBe('model,layer,operator,holds,kind,predicted,executed,difference');
    expect(csv[2]).toMatch(/^squeezenet1_1,[^,]+,conv,yes,MACs,(\d+),\1,0$/);
    expect((await flopwise(['verify', ...SMALL, '--format', 'markdown'])).stdout).toMatch(/\n\| MACs \| ([\d,]+) \| \1 \| 0 \|\n/);
  });

  it('exits with 1 where counts do not hold, and names the layer, both counts and the difference', async () => {
    const { exit, stdout, stderr } = await withWrongWork(['verify', 'squeezenet1_1', '--input', '3x33x33']);
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: '' });
    expect(stdout).toMatch(/\n\S+: predicted 0 compare, but executed ([\d,]+), a difference of \1\.\n/);
    expect(stdout).toMatch(/\nsqueezenet1_1 does not hold: \d+ of \d+ layers differ\.\n$/);
  });

  it('exits with 2 where memory is short, and names the layer and the bytes', async () => {
    const { exit, stdout, stderr, progress } = await flopwise(['verify', 'vgg16', '--batch', '64'], { memory: 10 ** 9 });
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toMatch(/OUT_OF_MEMORY/);
    expect(stderr).toMatch(/conv/);
    expect(stderr).toMatch(/takes 1,[\d,]+ bytes of memory.*there are 1,000,000,000\./s);
    expect(progress.at(-1)).toBe('');
  });

  it('exits with 2 for an unknown model', async () => {
    expect((await flopwise(['verify', 'resnet51'])).exit).toBe(2);
  });
});

describe('flopwise table --padding', () => {
  it('says how many multiply-accumulates only padding needs', async () => {
    const { stdout } = await flopwise(['basic', '--padding', '--exact']);
    expect(stdout).toMatch(/^layer .* MACs +on padding /m);
    expect(stdout).toMatch(/^conv\[0\] .* 115,605,504 +2,736,128 /m);
    expect(stdout).toMatch(/^on padding +5,472,256 MAC \(2\.37% of the MACs\)$/m);
  });

  it('in JSON and CSV, and only if it is asked for', async () => {
    const json = JSON.parse((await flopwise(['basic', '--padding', '--format', 'json'])).stdout);
    expect(json.totals.padding).toBe(5_472_256);
    expect(json.layers[0].padding).toBe(2_736_128);
    expect((await flopwise(['basic', '--padding', '--format', 'csv'])).stdout).toMatch(/,macs_on_padding\n/);
    expect((await flopwise(['basic', '--format', 'json'])).stdout).not.toMatch(/padding/);
  });
});
