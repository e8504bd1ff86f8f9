import { describe, expect, it, vi } from 'vitest';
import { operators } from '../../src/operators/registry.ts';
import { flopwise, type Outcome } from './helpers.ts';

const SMALL = ['squeezenet1_1', '--input', '3x32x32'];

/** Runs where relu is said to do nothing. */
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
    const { code, out, err } = await flopwise(['verify', ...SMALL]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^squeezenet1_1 .* 1×3×32×32 → 1×1000 · \d+ layers\n/);
    expect(out).toMatch(/\nlayer +operator +kernel +output +MACs +executed +operations +executed +holds\n/);
    expect(out).toMatch(/\nMACs +([\d,]+) +\1 +0\n/);
    expect(out).toMatch(/\ncompare +([\d,]+) +\1 +0\n/);
    expect(out).toMatch(/\nsqueezenet1_1 holds: \d+ layers executed and counted/);
  });

  it('shows progress, and takes it away in the end', async () => {
    const progress: string[] = [];
    await flopwise(['verify', ...SMALL], { progress });
    expect(progress[0]).toMatch(/^squeezenet1_1 {2}░+ {2}0\/\d+ {2}\S+$/);
    expect(progress.at(-1)).toBe('');
  });

  it('shows none where stderr is no terminal', async () => {
    expect((await flopwise(['verify', ...SMALL])).err).toBe('');
  });

  it('writes JSON: an object for one model, a list for several', async () => {
    const one = JSON.parse((await flopwise(['verify', ...SMALL, '--format', 'json'])).out);
    expect(one).toMatchObject({ model: { name: 'squeezenet1_1' }, holds: true });
    expect(one.totals.executed).toEqual(one.totals.predicted);
    expect(one.layers[0]).toMatchObject({ operator: 'conv', holds: true, executed: { output: [[1, 64, 15, 15]] } });
    const two = JSON.parse((await flopwise(['verify', 'squeezenet1_1', ...SMALL, '--format', 'json'])).out);
    expect(two).toEqual([one, one].map((model) => ({ ...model, model: { ...model.model, name: 'squeezenet1_1' } })));
  });

  it('writes CSV and Markdown', async () => {
    const csv = (await flopwise(['verify', ...SMALL, '--format', 'csv'])).out.split('\n');
    expect(csv[0]).toBe('model,layer,operator,holds,kind,predicted,executed,difference');
    expect(csv[2]).toMatch(/^squeezenet1_1,[^,]+,conv,yes,MACs,(\d+),\1,0$/);
    expect((await flopwise(['verify', ...SMALL, '--format', 'markdown'])).out).toMatch(/\n\| MACs \| ([\d,]+) \| \1 \| 0 \|\n/);
  });

  it('runs with the reference kernels where it is asked to, and says so', async () => {
    const [fast, plain] = await Promise.all(
      ['fast', 'reference'].map(async (kind) =>
        JSON.parse((await flopwise(['verify', ...SMALL, '--kernels', kind, '--format', 'json'])).out),
      ),
    );
    expect(fast.layers[0].kernel).toBe('fast');
    expect(new Set(plain.layers.map(({ kernel }: { kernel: string }) => kernel))).toEqual(new Set(['reference']));
    expect(fast.totals).toEqual(plain.totals);
    expect((await flopwise(['verify', ...SMALL, '--kernels', 'quick'])).err).toMatch(/UNKNOWN_CHOICE.*fast, reference/s);
  });

  it('counts the same with any number of threads', async () => {
    const runs = await Promise.all(
      ['1', '2', '3'].map(async (workers) =>
        JSON.parse((await flopwise(['verify', ...SMALL, '--workers', workers, '--format', 'json'])).out),
      ),
    );
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).toEqual(runs[0]);
  });

  it('names the layer and the bytes where threads together would take too much memory', async () => {
    const { code, err } = await flopwise(['verify', 'vgg16', '--workers', '2'], { memory: 10 ** 8 });
    expect(code).toBe(2);
    // The matrix of 4096×25,088 with its bias, input and output, and beside it the next largest.
    expect(err).toMatch(/classifier\/linear\[0\] +OUT_OF_MEMORY/);
    expect(err).toMatch(/takes 4[\d,]+ bytes/);
  });

  it('exits with 1 where counts do not hold, and names the layer, both counts and the difference', async () => {
    const { code, out, err } = await withWrongWork(['verify', 'squeezenet1_1', '--input', '3x33x33']);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toMatch(/\n\S+: predicted 0 compare, but executed ([\d,]+), a difference of \1\.\n/);
    expect(out).toMatch(/\nsqueezenet1_1 does not hold: \d+ of \d+ layers differ\.\n$/);
  });

  it('exits with 2 where memory is short, and names the layer and the bytes', async () => {
    const progress: string[] = [];
    const { code, out, err } = await flopwise(['verify', 'vgg16', '--batch', '64'], { memory: 10 ** 9, progress });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/OUT_OF_MEMORY/);
    expect(err).toMatch(/conv/);
    expect(err).toMatch(/takes 1,[\d,]+ bytes of memory.*there are 1,000,000,000\./s);
    expect(progress.at(-1)).toBe('');
  });

  it('exits with 2 for an unknown model', async () => {
    expect((await flopwise(['verify', 'resnet51'])).code).toBe(2);
  });
});

describe('flopwise table --padding', () => {
  it('says how many multiply-accumulates only padding needs', async () => {
    const { out } = await flopwise(['basic', '--padding', '--exact']);
    expect(out).toMatch(/^layer .* MACs +on padding /m);
    expect(out).toMatch(/^conv\[0\] .* 115,605,504 +2,736,128 /m);
    expect(out).toMatch(/^on padding +5,472,256 MAC \(2\.37% of the MACs\)$/m);
  });

  it('in JSON and CSV, and only if it is asked for', async () => {
    const json = JSON.parse((await flopwise(['basic', '--padding', '--format', 'json'])).out);
    expect(json.totals.padding).toBe(5_472_256);
    expect(json.layers[0].padding).toBe(2_736_128);
    expect((await flopwise(['basic', '--padding', '--format', 'csv'])).out).toMatch(/,macs_on_padding\n/);
    expect((await flopwise(['basic', '--format', 'json'])).out).not.toMatch(/padding/);
  });
});
