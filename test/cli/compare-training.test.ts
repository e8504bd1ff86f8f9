import { describe, expect, it } from 'vitest';
import { codesIn, flopwise } from './helpers.ts';

/** 4 → 3 → 2 without biases: 12 and 6 weights, as many products; the first needs no gradient of its input. */
const small = (frozen: boolean): string => `
name: small
input: [4]
layers:
  - { linear: { out: 3, bias: false }, name: a, frozen: ${frozen} }
  - { linear: { out: 2, bias: false }, name: b }
`;
const FILES = { 'all.yaml': small(false), 'last.yaml': small(true) };

const json = async (...argv: string[]) => JSON.parse((await flopwise(['compare', ...argv, '--format', 'json'], { files: FILES })).out);

describe('flopwise compare --training', () => {
  it('lays the steps of two models side by side: each direction, memory, and both differences', async () => {
    const { models, differences, aligned } = await json('all.yaml', 'last.yaml', '--training', '--optimizer', 'momentum');
    expect(models.map(({ name }: { name: string }) => name)).toEqual(['all.yaml', 'last.yaml']);
    expect(models[0].figures).toMatchObject({ forward: 18, inputGradient: 6, weightGradient: 18, trained: 18, state: 72 });
    expect(models[1].figures).toMatchObject({ forward: 18, inputGradient: 0, weightGradient: 6, trained: 6, state: 24 });
    expect([differences.inputGradient, differences.weightGradient, differences.state]).toEqual([-6, -12, -48]);
    expect(aligned).toEqual([
      [
        { name: 'a', forward: 12, inputGradient: 0, weightGradient: 12, savedBytes: 0 },
        { name: 'a', forward: 12, inputGradient: 0, weightGradient: 0, savedBytes: 0 },
      ],
      [
        { name: 'b', forward: 6, inputGradient: 6, weightGradient: 6, savedBytes: 12 },
        { name: 'b', forward: 6, inputGradient: 0, weightGradient: 6, savedBytes: 12 },
      ],
    ]);
  });

  it('compares one model with itself under other settings: what was measured of checkpointing on torch 1.13.1', async () => {
    const { models } = await json('resnet50', '--against', 'checkpoint=block');
    expect(models).toMatchObject([
      { name: 'resnet50', figures: { saved: 85_523_876, recomputed: 0 } },
      { name: 'checkpoint=block', figures: { saved: 30_921_124, recomputed: 3_969_122_304 } },
    ]);
  });

  it('keeps the figures of two steps that have one name', async () => {
    const { models } = await json('all.yaml', 'all.yaml', '--training');
    expect(models).toMatchObject([{ figures: { forward: 18 } }, { figures: { forward: 18 } }]);
  });

  it('takes several settings, and several models', async () => {
    const { models } = await json('all.yaml', 'last.yaml', '--against', 'optimizer=sgd', '--against', 'freeze=[a],dtype=bf16');
    expect(models).toHaveLength(6);
    expect(models.at(-1).name).toBe('last.yaml, freeze=[a],dtype=bf16');
  });

  it.each(['table', 'markdown', 'csv', 'html'])('writes %s', async (format) => {
    const { code, out } = await flopwise(['compare', 'resnet18', '--against', 'checkpoint=block', '--by', 'stage', '--format', format]);
    expect(code).toBe(0);
    expect(out).toMatch(format === 'csv' ? /saved bytes,21620132,/ : /21,620,132/);
    if (format !== 'csv') expect(out).toMatch(/conv1.*118,013,952/s);
  });

  it.each([
    [['resnet18', '--training'], 'WRONG_CALL'],
    [['resnet18', 'resnet34', '--optimizer', 'sgd'], 'WRONG_CALL'],
    [['resnet18', 'resnet34', '--training', '--factors', 'parameters'], 'WRONG_CALL'],
    [['resnet18', 'resnet34', '--training', '--convention', 'fvcore'], 'WRONG_CALL'],
    [['resnet18', '--against', 'optimiser=sgd'], 'UNKNOWN_CHOICE'],
    [['resnet18', '--against', 'optimizer=fastest'], 'UNKNOWN_CHOICE'],
    [['resnet18', 'resnet34', '--training', '--dtype', 'int8'], 'UNKNOWN_CHOICE'],
    [['resnet18', 'resnet34', '--training', '--format', 'svg'], 'UNKNOWN_CHOICE'],
    [['resnet18', '--against', 'input_gradient=7'], 'WRONG_VALUE'],
    [['resnet18', '--against', 'freeze=layer1'], 'FITS_NO_WEIGHT'],
    [['resnet18', '--against', 'checkpoint=3'], 'FITS_NO_LAYER'],
    [['resnet18', '--against', 'optimizer=sgd,optimizer=adam'], 'WRONG_VALUE'],
  ])('refuses %j: %s', async (argv, expected) => {
    const { code, err } = await flopwise(['compare', ...argv]);
    expect([code, codesIn(err)]).toEqual([2, [expected]]);
  });

  it('names the option that a setting stands behind', async () => {
    const { err } = await flopwise(['compare', 'resnet18', '--against', '']);
    expect(err).toContain('"--against" is "", but must be name=value, as in checkpoint=block.');
  });
});
