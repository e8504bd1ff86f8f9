import { describe, expect, it } from 'vitest';
import { codesIn, flopwise } from './helpers.ts';

const generate = (...args: string[]) => flopwise(['generate', ...args]);
const LENGTHS = ['--prompt', '8192', '--new', '256', '--batch', '4', '--dtype', 'bf16'];

describe('flopwise generate', () => {
  it('prints prompt, first and last step, and their sum', async () => {
    const { code, out } = await generate('llama-3-8b', ...LENGTHS, '--exact');
    expect(code).toBe(0);
    // 7,504,658,432 weights in products, and 2 products × 32 layers × 4096 features for each pair of positions: 4 sequences.
    const perToken = 7_504_658_432n;
    const pair = 262_144n;
    const text = (count: bigint) => count.toLocaleString('en');
    expect(out).toContain(text(4n * (8192n * perToken + 8192n ** 2n * pair)));
    expect(out).toContain(text(4n * (perToken + 8193n * pair)));
    expect(out).toContain(text(4n * (perToken + 8448n * pair)));
    expect(out).toContain(text(4n * (256n * perToken + pair * ((8193n + 8448n) * 128n))));
    expect(out).toContain('131,072 bytes a token of one sequence');
    expect(out).toContain('as prompt and steps together');
  });

  it.each(['json', 'csv', 'markdown'])('writes %s', async (format) => {
    const { code, out } = await generate('llama-3-8b', ...LENGTHS, '--format', format, '--exact');
    expect(code).toBe(0);
    expect(out.replaceAll(',', '')).toContain(String(4n * (7_504_658_432n + 8193n * 262_144n)));
  });

  it('has every number in JSON', async () => {
    const { out } = await generate('llama-3-8b', ...LENGTHS, '--weights-dtype', 'int4', '--json');
    expect(JSON.parse(out)).toMatchObject({
      batch: 4,
      prompt: 8192,
      new: 256,
      dtype: 'bf16',
      weightsDtype: 'int4',
      weightBytes: 4_015_130_624,
      cache: { bytesPerToken: 131_072, bytes: 4 * 8448 * 131_072 },
    });
  });

  it('counts a million steps at once', async () => {
    const { out } = await generate('llama-3-8b', '--prompt', '1', '--new', '1000000', '--json');
    const { steps, stepsCounted } = JSON.parse(out);
    expect(steps.macs).toBe(Number(1_000_000n * 7_504_658_432n + 262_144n * ((2n + 1_000_001n) * 500_000n)));
    expect(stepsCounted).toBeLessThan(100);
  });

  it('sets names apart, of several models and settings', async () => {
    const { out } = await generate('gpt2', 'gpt2:layers=2', '--prompt', '8', '--new', '2', '--json');
    expect(JSON.parse(out).map(({ model }: { model: { name: string } }) => model.name)).toEqual(['gpt2', 'gpt2:layers=2']);
  });

  it.each([
    ['an image classifier', ['resnet18'], 'NO_STEPS', '"tokens" and "past"'],
    ['an encoder', ['bert-base-uncased'], 'NOTHING_KEPT', 'cache'],
    ['an ONNX file', ['net.onnx'], 'ONNX_HAS_NONE', 'parameters'],
    ['lengths that are set twice', ['gpt2:tokens=5'], 'WRONG_VALUE', '--prompt'],
  ])('refuses %s', async (_, models, code, says) => {
    const { code: exit, err } = await generate(...models, '--prompt', '8', '--new', '2');
    expect(exit).toBe(2);
    expect(codesIn(err)).toEqual([code]);
    expect(err).toContain(says);
  });

  it.each([
    [['gpt2', '--prompt', '1000', '--new', '25'], 'reach to 1025'],
    [['gpt2', '--prompt', '0', '--new', '25'], 'whole number from 1'],
    [['gpt2', '--new', '25'], '--prompt'],
    [['gpt2', '--prompt', '5'], '--new'],
    [['gpt2', '--prompt', '5', '--new', '5', '--weights-dtype', 'int5'], '"int8"'],
  ])('refuses %s', async (args, says) => {
    const { code, err } = await generate(...args);
    expect(code).toBe(2);
    expect(err).toContain(says);
  });
});
