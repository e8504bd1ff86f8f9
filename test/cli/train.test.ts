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
    expect(out).toMatch(/conv1 +118,013,952 +– +118,013,952 +236,027,904/);
    expect(out).toMatch(/total +4,089,184,256 +3,971,170,304 +4,089,184,256 +12,149,538,816/);
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
    const spec = 'name: cut\ninput: [3]\nlayers:\n  - linear: { out: 4 }\n  - lrn: { size: 3 }\n  - linear: { out: 2 }\n';
    const { out } = await flopwise(['train', 'cut.yaml'], { files: { 'cut.yaml': spec } });
    expect(out).toMatch(/not counted +no gradient goes through lrn/);
  });

  it('refuses a pattern that fits nothing', async () => {
    const { code, err } = await flopwise(['train', 'resnet18', '--freeze', 'layer1/**']);
    expect([code, codesIn(err)]).toEqual([2, ['FITS_NO_WEIGHT']]);
  });
});
