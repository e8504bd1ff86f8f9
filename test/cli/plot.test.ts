import { describe, expect, it } from 'vitest';
import { checkPicture } from '../report/drawing/picture.ts';
import { codesIn, flopwise } from './helpers.ts';

describe('flopwise plot', () => {
  it('writes all plots of a model to one file', async () => {
    const { code, written } = await flopwise(['plot', 'resnet18', '-o', 'x.svg']);
    expect(code).toBe(0);
    const { free } = checkPicture(written['x.svg']?.trim() ?? '');
    expect(free.map(({ text }) => text)).toEqual(
      expect.arrayContaining(['What the layers of resnet18 cost', 'Memory of resnet18', 'Arithmetic intensity of resnet18']),
    );
  });

  it('writes one plot of two models, with a line for each', async () => {
    const { out } = await flopwise(['plot', 'resnet34', 'resnet50', '--what', 'cumulative']);
    const { free } = checkPicture(out.trim());
    expect(free.map(({ text }) => text)).toEqual(expect.arrayContaining(['resnet34: 3.66 GMAC', 'resnet50: 4.09 GMAC']));
  });

  it('writes a page', async () => {
    const { out } = await flopwise(['plot', 'resnet18', '--format', 'html']);
    expect(out).toMatch(/^<!doctype html>/);
    expect(out.match(/<svg [^>]*class="drawing plot narrow"/g)).toHaveLength(4);
  });

  it.each([
    [['resnet18', '--what', 'time'], 'UNKNOWN_CHOICE'],
    [['resnet18', '-o', 'x.pdf'], 'WRONG_ENDING'],
    [['nosuchmodel'], 'UNKNOWN_MODEL'],
  ])('%j is refused: %s', async (argv, code) => {
    const outcome = await flopwise(['plot', ...argv]);
    expect(outcome.code).toBe(2);
    expect(codesIn(outcome.err)).toEqual([code]);
  });
});
