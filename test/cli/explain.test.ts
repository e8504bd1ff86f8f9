import { describe, expect, it } from 'vitest';
import { conventions } from '../../src/analysis/conventions/registry.ts';
import { GPT_2, gpt, LLAMA_3_8B, llama } from '../analysis/conventions/networks.ts';
import { flopwise as run } from './helpers.ts';

const flopwise = (...argv: string[]) => run(argv);

describe('--convention', () => {
  it('adds a column with a total', async () => {
    const { out } = await flopwise('resnet50', '--by', 'stage', '--exact', '--convention', 'fvcore');
    expect(out).toContain('fvcore (MACs)');
    expect(out).toMatch(/^fvcore +4,111,512,576 MAC$/m);
  });

  it('is named in JSON, with its counts', async () => {
    const { out } = await flopwise('resnet50', '--format', 'json', '--convention', 'calflops');
    const { convention, unit, totals, layers } = JSON.parse(out);
    expect([convention, unit, totals.count, layers[0].count]).toEqual(['calflops', 'FLOPs', 8_211_108_352, 236_027_904]);
    expect(JSON.parse((await flopwise('resnet50', '--format', 'json')).out)).toMatchObject({ convention: 'macs' });
  });

  it('is a column of CSV, of several models, and of a comparison', async () => {
    expect((await flopwise('resnet18', '--by', 'stage', '--format', 'csv', '--convention', 'thop')).out.split('\n')[0]).toMatch(/,thop$/);
    expect((await flopwise('resnet18', 'resnet50', '--exact', '--convention', 'thop')).out).toMatch(/4,133,742,592$/m);
    expect((await flopwise('compare', 'resnet18', 'resnet50', '--convention', 'thop')).out).toMatch(
      /^thop \(MACs\) +1,824,033,792 +4,133,742,592/m,
    );
  });

  it('"paper" counts the network of the paper', async () => {
    const { out } = await flopwise('resnet50', '--by', 'stage', '--exact', '--convention', 'paper');
    expect(out).toContain('resnet50:stride_at=1x1');
    expect(out).toMatch(/^paper +3,857,973,248 MAC$/m);
    expect((await flopwise('resnet50:stride_at=3x3', '--exact', '--convention', 'paper')).out).toMatch(/^paper +4,089,184,256 MAC$/m);
  });

  it('can be a file, and what is wrong in it is told with its line', async () => {
    const by = (rule: string) =>
      run(['resnet50', '--format', 'json', '--convention', 'mine.yaml'], {
        files: { 'mine.yaml': `rules:\n  conv: ${rule}\notherwise: 0\n` },
      });
    expect((await by('3 * macs')).out).toContain('"convention": "mine"');
    const { code, err } = await by('3 * mac');
    expect([code, err]).toEqual([2, expect.stringContaining('mine.yaml:2:9  UNKNOWN_QUANTITY')]);
  });

  it('that there is not is told', async () => {
    const { code, err } = await flopwise('resnet50', '--convention', 'ptflop');
    expect([code, err]).toEqual([2, expect.stringContaining('Did you mean "ptflops"?')]);
  });
});

describe('explain', () => {
  it('prints all conventions beside each other', async () => {
    const { out } = await flopwise('explain', 'resnet50');
    expect(out).toMatch(/^fvcore +4,111,512,576 +MACs +\+22,227,968 batchnorm, \+100,352 globalavgpool$/m);
    expect(out).toMatch(/^torchvision +4,089,184,256 +MACs +4\.089 G$/m);
    expect(out).toMatch(/^paper +3,857,973,248 +MACs +−231,211,008 stride on the 1×1 instead of the 3×3$/m);
  });

  it('walks from one to another', async () => {
    const { out } = await flopwise('explain', 'resnet50', '--from', 'paper', '--to', 'calflops');
    expect(out).toContain('+231,211,008  stride on the 3×3 instead of the 1×1');
    expect(out).toContain('+4,089,184,256  ×2 counts multiply and add apart');
    expect(out).toContain('+22,227,968  batchnorm: 2 per element');
  });

  it('in JSON the steps add up', async () => {
    const { out } = await flopwise('explain', 'googlenet', '--from', 'thop', '--to', 'ptflops', '--format', 'json');
    const { from, steps, to } = JSON.parse(out) as { from: { count: number }; steps: { change: number }[]; to: { count: number } };
    expect(steps.reduce((total, { change }) => total + change, from.count)).toBe(to.count);
    expect([from.count, to.count]).toEqual([1_511_332_032, 1_513_907_448]);
  });

  it('in Markdown is fit for an issue', async () => {
    const { out } = await flopwise('explain', 'resnet50', '--to', 'ptflops-aten', '--format', 'markdown');
    expect(out).toContain('| +1,000 | linear: biases, 1 per output element | 1 | 4,089,185,256 |');
  });

  it('finds where a number comes from', async () => {
    const first = async (number: string) => (await flopwise('explain', 'resnet50', '--number', number)).out.split('\n')[4];
    expect(await first('3.8G')).toMatch(/3,857,973,248 +MACs +cut off, not rounded +stride on the 1×1 +paper, macs, torchvision/);
    expect(await first('8.18e9')).toMatch(/8,178,368,512 +2 × MACs +rounded +as named +macs, torchvision/);
    expect(await first('4.13 GMac')).toMatch(/4,132,436,968 +MACs +rounded +as named +ptflops$/);
    expect(await first('4.5 GMac')).toMatch(/near/);
    expect(await first('25.6M')).toMatch(/25,557,032 +parameters +rounded +as named +parameters$/);
    expect(await first('5.37G')).toMatch(/5,369,511,936 +MACs +rounded +input 3×256×256 +timm, fvcore$/);
    expect(await first('23.5M params')).toMatch(/23,508,032 +parameters +rounded +without the classifier/);
    const none = await flopwise('explain', 'resnet50', '--number', '140.69 Bn');
    expect(none.out).toBe('Nothing that is known of resnet50 gives 140.69 Bn, or comes within 20% of it.\n');
    const other = await flopwise('explain', 'vit_b_16', '--number', '49.35 GMac');
    expect(other.out).toMatch(/input 3×384×384/);
  });

  it('takes values that were asked for as given', async () => {
    const { out } = await flopwise('explain', 'resnet50:stride_at=1x1', '--from', 'torchvision', '--to', 'paper');
    expect(out).not.toContain('stride on');
  });
});

describe('explain, of a language model', () => {
  const files = { 'llama.yaml': `name: llama-3-8b\n${llama(8192, LLAMA_3_8B)}` };
  const explained = async (...argv: string[]) => (await run(['explain', 'llama.yaml', ...argv], { files })).out;

  it('walks between frameworks, and says what a token costs', async () => {
    const out = await explained('--from', 'megatron', '--to', 'torchtitan');
    expect(out).toMatch(/^\+52,776,558,133,248 +sdpa: all products of attention within its window instead of half of/m);
    expect(out).toMatch(/^ +\+13,086,228,480 +rmsnorm: 6 per parameter and token, without embeddings/m);
    expect(out).toContain('Per token, of 8,192: 51,470,401,536 training FLOPs by megatron, 57,914,449,920 training FLOPs by torchtitan.');
  });

  it('lists the conventions of language models, with what a token costs', async () => {
    expect(await explained()).toMatch(/^palm +500,256,517,128,192 +training FLOPs +61,066,469,376 /m);
    expect((await flopwise('explain', 'resnet50')).out).not.toContain('megatron');
    const { tokens, conventions: all } = JSON.parse(await explained('--format', 'json'));
    expect([tokens, all.find(({ convention }: { convention: string }) => convention === '6nd').count]).toEqual([8192, 394_703_400_861_696]);
  });

  it.each<[string, RegExp]>([
    ['51.5G', /51,470,401,536 +training FLOPs per token +rounded +as named +megatron, maxtext$/m],
    ['4.22e14', /421,645,529,382,912 +training FLOPs +rounded +as named +megatron, maxtext$/m],
    ['8.03B', /8,030,261,248 +parameters +rounded +as named +parameters$/m],
    [
      '7.50B params',
      /7,504,924,672 +parameters without embeddings +cut off, not rounded|7,504,924,672 +parameters without embeddings +rounded/m,
    ],
    ['16.06 GFLOPs', /16,060,522,496 +FLOPs per token +rounded +as named +2n$/m],
  ])('%s is traced', async (number, expected) => {
    expect(await explained('--number', number)).toMatch(expected);
  });

  it('is traced at other lengths', async () => {
    // GPT-2's 291.65 GFLOPs at 1,024 tokens, where the file has 128.
    const gpt2 = { 'gpt2.yaml': gpt(128, GPT_2) };
    const { out } = await run(['explain', 'gpt2.yaml', '--number', '291.65 GFLOPs'], { files: gpt2 });
    expect(out).toMatch(/291,648,307,200 +2 × MACs +rounded +input 1024 /);
  });
});

describe('conventions', () => {
  it('prints what each counts per operator', async () => {
    const { out } = await flopwise('conventions');
    expect(out).toMatch(
      /^operator +macs, paper, torchvision +fvcore, timm +ptflops +ptflops-0\.7 +ptflops-aten +thop +thop-2\.1 +torchinfo +torchinfo-1\.8 +calflops /m,
    );
    expect(out).toMatch(/^relu +– +– +2i … ! +i … +– +– +– +– +– +i +– +i \? /m);
  });

  it('prints the rules of one, with where they stand', async () => {
    const { out } = await flopwise('conventions', 'thop', '--format', 'markdown');
    expect(out).toContain('| vision/basic\\_hooks.py, count\\_normalization |');
    expect(out).toContain('- Bug, convtranspose:');
  });

  it('prints them as JSON', async () => {
    const list = JSON.parse((await flopwise('conventions', '--format', 'json')).out);
    expect(list).toHaveLength(conventions.length);
    expect(list[4].rules.batchnorm.count).toBe('2 * i if affine else i');
  });
});

describe('explain --training', () => {
  const steps = async (model: string, ...options: string[]) =>
    JSON.parse((await flopwise('explain', model, '--training', '--json', ...options)).out);

  it('names the layer that makes ×3 more than a step of ResNet-50 does', async () => {
    const { from, steps: way, to } = await steps('resnet50', '--to', '3x');
    // The gradient of the image, which nobody needs: 2 · 7·7·3·64·112·112.
    expect(way).toMatchObject([{ operator: 'conv', change: 236_027_904, layers: 1, because: 'conv: gradients that nothing needs' }]);
    expect([from.count, to.count]).toEqual([24_299_077_632, 3 * 2 * 4_089_184_256]);
  });

  it('has no such layer where the gradient of the image is asked for', async () =>
    expect((await steps('resnet50', '--to', '3x', '--input-gradient')).steps).toEqual([]));

  it('does with every block checkpointed what Narayanan et al. count', async () => {
    // 96 B s l h² (1 + s / 6h + V / 16lh), arXiv:2104.04473.
    const [s, l, h, V] = [1024, 12, 768, 50_257];
    const published = 96 * s * l * h ** 2 + 16 * s ** 2 * l * h + 6 * s * h * V;
    const { conventions: all } = await steps('gpt2', '--checkpoint', 'block');
    const counts = Object.fromEntries(all.map(({ convention, count }: { convention: string; count: number }) => [convention, count]));
    expect([counts.hardware, counts.narayanan]).toEqual([published, published]);
    expect(counts.model).toBeLessThan(counts.hardware);
  });

  it.each(['model', '3x', '6nd', 'palm', 'megatron', 'hf-trainer'])('goes to %s by steps that add up', async (to) => {
    const way = await steps('gpt2', '--checkpoint', 'block', '--freeze', 'embedding/**', '--to', to);
    const changes = way.steps.reduce((sum: number, { change }: { change: number }) => sum + change, 0);
    expect(way.from.count + changes).toBe(way.to.count);
    expect(way.to.convention).toBe(to);
  });

  it.each([
    [['--training', '--to', 'fvcore'], '"fvcore" counts the forward pass'],
    [['--training', '--from', 'macs'], 'Leave --from and --number out'],
    [['--training', '--number', '4G'], 'Leave --from and --number out'],
    [['--checkpoint', 'block'], '--checkpoint is about a training step. Give --training too'],
  ])('refuses %j', async (options, words) => {
    const { code, err } = await flopwise('explain', 'gpt2', ...options);
    expect([code, err]).toEqual([2, expect.stringContaining(words)]);
  });
});
