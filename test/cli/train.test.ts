import { describe, expect, it } from 'vitest';
import { codesIn, flopwise } from './helpers.ts';

/** A language model of one layer; the head has the weights of the embedding where they are tied. */
const model = (tied: boolean) => `
name: tiny
input: [4]
layers:
  - embedding: { rows: 10, out: 3 }
    weights: { table: words }
  - layernorm
  - linear: { out: 10, bias: false }
${tied ? '    weights: { matrix: words }' : ''}
`;

const TWO_ENDS = `
name: two
input: [3]
layers:
  - linear: { out: 5, bias: false }
    as: trunk
  - linear: { out: 7, bias: false }
    as: unused
    from: trunk
  - linear: { out: 2, bias: false }
    from: trunk
`;

const json = async (argv: readonly string[], files: Readonly<Record<string, string>>) =>
  JSON.parse((await flopwise(['train', ...argv, '--format', 'json'], { files })).out);

describe('flopwise train', () => {
  it('prints every layer, and how far a step is from three times the forward pass', async () => {
    const { code, out } = await flopwise(['train', 'resnet50', '--by', 'stage', '--exact'], { columns: 100 });
    expect(code).toBe(0);
    expect(out).toMatch(/conv1 +118,013,952 +– +118,013,952 +6,423,040 B +236,027,904/);
    expect(out).toMatch(/total +4,089,184,256 +3,971,170,304 +4,089,184,256 +85,519,872 B +12,149,538,816/);
    expect(out).toContain('118,013,952 MAC less than three times the forward pass');
  });

  it.each(['json', 'csv', 'markdown'])('writes %s', async (format) => {
    const { code, out } = await flopwise(['train', 'resnet18', '--format', format]);
    expect(code).toBe(0);
    expect(out).toContain(format === 'markdown' ? '118.01 M' : '118013952');
  });

  it('adds the gradients of tied weights, and freezes them wherever they are', async () => {
    const files = { 'tied.yaml': model(true), 'untied.yaml': model(false) };
    const [tied, untied] = [await json(['tied.yaml'], files), await json(['untied.yaml'], files)];
    // 4 positions × 3 × 10, to the input and to the weight; the input of the embedding is ids.
    for (const { totals } of [tied, untied]) expect([totals.inputGradient.macs, totals.weightGradient.macs]).toEqual([120, 120]);
    expect([tied.totals.trained, untied.totals.trained]).toEqual([36, 66]);
    expect(tied.totals.weightGradient.operations.add - untied.totals.weightGradient.operations.add).toBe(30);
    const frozen = await json(['tied.yaml', '--freeze', '**/embedding'], files);
    expect(frozen.totals.weightGradient.macs).toBe(0);
    expect(frozen.totals.inputGradient.macs).toBe(120);
  });

  it('sends no gradient into a branch that ends nowhere', async () => {
    const { layers } = await json(['two.yaml'], { 'two.yaml': TWO_ENDS });
    const backward = layers.map(({ inputGradient, weightGradient }: Record<string, { macs: number }>) => [
      inputGradient?.macs,
      weightGradient?.macs,
    ]);
    expect(backward).toEqual([
      [0, 15],
      [0, 0],
      [10, 10],
    ]);
  });

  it('says where a gradient cannot flow', async () => {
    const spec = [
      'name: cut',
      'input: [24]',
      'layers:',
      '  - linear: { out: 24 }',
      '  - split: { sizes: [16, 8] }',
      '    as: [boxes, scores]',
      '  - reshape: { to: [1, 4, 4] }',
      '    from: boxes',
      '    as: corners',
      '  - reshape: { to: [1, 2, 4] }',
      '    from: scores',
      '    as: classes',
      '  - nms: { most: 1, rows: 1 }',
      '    from: [corners, classes]',
      '',
    ].join('\n');
    const { out } = await flopwise(['train', 'cut.yaml'], { files: { 'cut.yaml': spec } });
    expect(out).toMatch(/not counted +no gradient goes through nms/);
  });

  it('adds the gradients of micro-batches up', async () => {
    const [whole, parts] = await Promise.all(
      [
        ['--batch', '8'],
        ['--batch', '8', '--micro-batch', '2'],
      ].map(async (argv) => json(['resnet18', ...argv], {})),
    );
    expect(parts.totals.macs).toBe(whole.totals.macs);
    expect([parts.microBatches, parts.totals.accumulation.operations.add]).toEqual([4, 3 * 11_689_512]);
    expect(parts.memory.peak).toBeLessThan(whole.memory.peak);
    const { code, err } = await flopwise(['train', 'resnet18', '--batch', '8', '--micro-batch', '3']);
    expect([code, codesIn(err)]).toEqual([2, ['DOES_NOT_DIVIDE']]);
  });

  it('counts a run, and names the thresholds that it passes', async () => {
    // A product of 2^20 × 2^20 weights on 10^11 tokens: 2 × 2 × 2^40 FLOP each, since the ids need no gradient.
    const spec = 'name: wide\ninput: [1, 1048576]\nlayers:\n  - linear: { out: 1048576, bias: false }\n';
    const { out } = await flopwise(['train', 'wide.yaml', '--tokens', '100G', '--exact'], { files: { 'wide.yaml': spec } });
    expect(out).toContain(`${(2n * 2n * 2n ** 40n * 10n ** 11n).toLocaleString('en')} FLOP`);
    expect(out).toMatch(/EU AI Act +at least 10\^23 FLOP/);
    expect(out).not.toContain('10^25');
  });

  it('divides over devices, and says what that takes for granted', async () => {
    const { device } = await json(['resnet18', '--optimizer', 'adam', '--data-parallel', '4', '--zero', '2'], {});
    expect([device.devices, device.gradients, device.state]).toEqual([4, 11_689_512, 2 * 11_689_512]);
    expect(device.assumes.join(' ')).toContain('arXiv:1910.02054');
  });

  it('refuses an amount that is none', async () => {
    const { code, err } = await flopwise(['train', 'resnet18', '--tokens', 'many']);
    expect([code, codesIn(err)]).toEqual([2, ['WRONG_VALUE']]);
  });

  it('refuses a pattern that fits nothing', async () => {
    const { code, err } = await flopwise(['train', 'resnet18', '--freeze', 'layer1/**']);
    expect([code, codesIn(err)]).toEqual([2, ['FITS_NO_WEIGHT']]);
  });

  it('gives the share of what devices can do, by model and by hardware FLOPs', async () => {
    const spec = 'input: [10, 4]\nlayers: [layernorm, attention: { heads: 2 }, linear: { out: 6 }]\n';
    const argv = ['net.yaml', '--step-time', '2ms', '--peak', '1M', '--data-parallel', '3', '--tensor-parallel', '2'];
    const { totals, utilisation } = await json(argv, { 'net.yaml': spec });
    const model = 3 * 2 * (totals.forward.macs + totals.inputGradient.macs + totals.weightGradient.macs);
    expect(utilisation).toEqual({
      seconds: 0.002,
      peak: 1_000_000,
      devices: 6,
      modelFlops: model,
      hardwareFlops: model,
      mfu: model / 12_000,
      hfu: model / 12_000,
    });
    const again = await json([...argv, '--checkpoint', 'attention'], { 'net.yaml': spec });
    expect(again.utilisation.hardwareFlops).toBe(model + 3 * 2 * again.totals.recomputed.macs);
    const { out } = await flopwise(['train', ...argv], { files: { 'net.yaml': spec } });
    expect(out).toContain('HFU          the same: nothing is done again');
  });

  it('says that more than all is not possible', async () => {
    const { out } = await flopwise(['train', 'resnet18', '--step-time', '1ms', '--peak', '1T']);
    expect(out).toMatch(/MFU +1[\d.]+% = 10\.\d+ GFLOP \/ \(0\.001 s × 1\.00 TFLOP\/s\)/);
    expect(out).toContain('not possible more than 100% of what the devices can do');
  });

  it.each([
    [['--step-time', '1s'], '"--step-time" needs "--peak" beside it. Add it, as in "--peak 312T".'],
    [['--peak', '312T'], '"--peak" needs "--step-time" beside it. Add it, as in "--step-time 13.75s".'],
    [['--peak', '312T', '--step-time', '0'], '"--step-time" is "0", but must be seconds, as in 13.75s or 1100ms.'],
    [['--peak', '312T', '--step-time', 'soon'], '"--step-time" is "soon"'],
    [['--peak', '0', '--step-time', '1s'], '"--peak" is "0"'],
  ])('of %j says what is wrong', async (argv, message) => {
    const { code, err } = await flopwise(['train', 'resnet18', ...argv]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
