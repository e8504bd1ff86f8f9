import { describe, expect, it } from 'vitest';
import { flopwise } from './helpers.ts';

const json = async (...args: readonly string[]) => JSON.parse((await flopwise([...args, '--format', 'json'])).out);

describe('a language model on the command line', () => {
  it('takes its length from --input as from --set', async () => {
    const [bySize, bySetting] = [await json('gpt2', '--input', '512'), await json('gpt2', '--set', 'tokens=512')];
    expect(bySize.input).toEqual([[1, 512]]);
    expect(bySize.totals).toEqual(bySetting.totals);
  });

  it('refuses two lengths', async () => {
    const { err, code } = await flopwise(['gpt2', '--input', '512', '--set', 'tokens=256']);
    expect(code).toBe(2);
    expect(err).toContain('is given a size of 512, but tokens is 256');
  });

  it('has masked work, active parameters and cached elements in JSON, whatever is asked for', async () => {
    const { totals, cache } = await json('mixtral-8x7b', '--set', 'tokens=100');
    expect(totals.masked).toBe(32 * 32 * 2 * 128 * ((100 * 99) / 2));
    expect(totals.activeParameters).toBe(12_879_925_248);
    expect(totals.embeddingParameters).toBe(131_072_000);
    expect(cache).toEqual({ elements: 100 * 65_536, elementsPerToken: 65_536 });
  });

  it('shows masked work, experts and the cache', async () => {
    const { out } = await flopwise(['mixtral-8x7b', '--by', 'stage', '--masked', '--memory', '--dtype', 'bf16', '--exact']);
    expect(out).toMatch(/active +12,879,925,248/);
    expect(out).toMatch(/embeddings +131,072,000; 46,571,720,704 parameters without them, 12,748,853,248 active/);
    expect(out).toMatch(/masked +137,304,735,744 MAC/);
    expect(out).toContain('134,217,728 B kept for the next step, 131,072 B for each token more (bf16)');
  });

  it('has columns for them in CSV', async () => {
    const { out } = await flopwise(['mixtral-8x7b', '--by', 'stage', '--masked', '--memory', '--format', 'csv']);
    expect(out.split('\n')[0]).toMatch(/,active_parameters,masked_macs,weight_bytes,alive_bytes,cache_bytes$/);
  });

  it('is checked against budgets of active parameters and of its cache', async () => {
    const { out, code } = await flopwise(['check', 'mixtral-8x7b', '--max-active-parameters', '12.8G', '--max-cache-bytes', '1 GiB']);
    expect(code).toBe(1);
    expect(out).toMatch(/active parameters/);
    expect(out).toMatch(/1 of 2 limits/);
  });
});
