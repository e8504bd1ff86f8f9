import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparisonHtml } from '../../../src/report/comparison/html.ts';
import { costHtml } from '../../../src/report/cost/html.ts';
import { html } from '../../../src/report/html/html.ts';
import { squarify } from '../../../src/report/html/treemap.ts';
import { exact } from '../../../src/report/kit/number.ts';
import { compared, counted } from '../helpers.ts';

const VOID = new Set(['meta', 'wbr', 'br', 'input']);

/** Checks that every tag is closed in its order. Attributes must be quoted. */
function checkTags(text: string): void {
  const body = text.replace(/<!doctype html>/, '').replace(/<(style|script)>[\s\S]*?<\/\1>/g, '');
  const open: string[] = [];
  for (const [tag, slash, name = ''] of body.matchAll(/<(\/?)([a-z0-9]+)[^<>]*>/g)) {
    if (tag.endsWith('/>') || VOID.has(name)) continue;
    if (slash === '') open.push(name);
    else expect(name).toBe(open.pop());
  }
  expect(open).toEqual([]);
  expect(body.replace(/<\/?[a-z0-9]+(?: [a-zA-Z-]+="[^"<>]*")*\/?>/g, '')).not.toMatch(/[<>]/);
}

const NAME = '"><script>alert(1)</script>\' onload="x';

/** Any text, well formed or not. */
const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 }).map((codes) => String.fromCharCode(...codes));

describe('the template', () => {
  it('escapes whatever is put in, but what it made itself', () => {
    expect(html`<a title="${NAME}">${[html`<b>${'<'}</b>`, 1, 2n]}</a>`.text).toBe(
      '<a title="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39; onload=&quot;x"><b>&lt;</b>12</a>',
    );
  });

  it('leaves nothing of any text that could end a text or an attribute', () => {
    fc.assert(
      fc.property(units, (text) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: none may get in
        expect(html`${text}`.text).not.toMatch(/[<>"'\u0000\ufffe\uffff]|&(?!amp;|lt;|gt;|quot;|#39;)/);
      }),
    );
  });
});

describe('a treemap', () => {
  const weights = fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });
  const side = fc.integer({ min: 10, max: 1000 });

  it('has areas in proportion, inside the box, that do not overlap', () => {
    fc.assert(
      fc.property(weights, side, side, (given, width, height) => {
        const boxes = squarify(given, { x: 5, y: 7, width, height });
        const total = given.reduce((sum, weight) => sum + weight, 0);
        const slack = 1e-6 * Math.max(width, height);
        for (const [index, box] of boxes.entries()) {
          expect(box.width * box.height).toBeCloseTo(((given[index] as number) / total) * width * height, 3);
          expect(box.x).toBeGreaterThanOrEqual(5 - slack);
          expect(box.y).toBeGreaterThanOrEqual(7 - slack);
          expect(box.x + box.width).toBeLessThanOrEqual(5 + width + slack);
          expect(box.y + box.height).toBeLessThanOrEqual(7 + height + slack);
          for (const other of boxes.slice(index + 1)) {
            const over = Math.min(box.x + box.width, other.x + other.width) - Math.max(box.x, other.x);
            const down = Math.min(box.y + box.height, other.y + other.height) - Math.max(box.y, other.y);
            expect(Math.min(over, down)).toBeLessThanOrEqual(slack);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('stays inside the box where one weight is nearly all', () => {
    const [, small] = squarify([382222.6492107715, 0.000001], { x: 5, y: 7, width: 411, height: 10 });
    expect((small?.y ?? 0) + (small?.height ?? 0)).toBeLessThanOrEqual(17);
  });

  it('is that of the paper', () => {
    // Bruls et al. 2000, figure 5: areas 6, 6, 4, 3, 2, 2, 1 in a box of 6 by 4.
    const boxes = squarify([6, 6, 4, 3, 2, 2, 1], { x: 0, y: 0, width: 6, height: 4 });
    const round = boxes.map(({ width, height }) => [width, height].map((length) => Math.round(length * 100) / 100));
    expect(round.slice(0, 4)).toEqual([
      [3, 2],
      [3, 2],
      [1.71, 2.33],
      [1.29, 2.33],
    ]);
  });
});

describe('the report of costs', () => {
  const resnet = counted('resnet50');
  const text = costHtml([resnet], {});

  it('is well formed', () => checkTags(text));

  it('has the totals, every layer with its formula, and figures to the last digit', () => {
    const { parameters, macs, flops, activations } = resnet.totals;
    for (const count of [parameters, macs, flops, activations]) expect(text).toContain(`<dd class="exact">${exact(count)}</dd>`);
    const rows = [...text.matchAll(/<tr class="" id="row:[^"]*"><th scope="row">(.*?)<\/th>.*?<\/tr>/g)];
    expect(rows.map(([, name = '']) => name.replaceAll('<wbr>', ''))).toEqual(resnet.rows.map(({ path }) => path));
    expect(text).toContain('7×7×3×112×112×64');
    expect(text).toContain('427'); // the receptive field of the last convolution of ResNet-50 with its stride on the 3×3
  });

  it('draws all of the MACs', () => {
    const titles = [...text.matchAll(/<rect class="stage"[^>]*><title>(.*?): ([\d,]+) MACs, /g)].map(([, name, count = '']) => [
      name,
      count.replaceAll(',', ''),
    ]);
    const wide = titles.slice(0, titles.length / 2);
    expect(wide.reduce((sum, [, count]) => sum + BigInt(count as string), 0n)).toBe(resnet.totals.macs);
  });

  it('of several models has a row for each that leads to it', () => {
    const several = costHtml([counted('basic'), counted('bottleneck')], {});
    checkTags(several);
    for (const id of ['model-1', 'model-2']) {
      expect(several).toContain(`href="#${id}"`);
      expect(several).toContain(`id="${id}"`);
    }
  });

  it('keeps hostile names as text', () => {
    const basic = counted('basic');
    const hostile = { ...basic, name: NAME, source: NAME, rows: basic.rows.map((row) => ({ ...row, path: `${NAME}/${row.path}` })) };
    for (const page of [costHtml([hostile], {}), costHtml([hostile, hostile], {}), comparisonHtml(compared(hostile, hostile))]) {
      checkTags(page);
      expect(page.match(/<script/g)).toHaveLength(1);
      expect(page).not.toContain('onload="');
    }
  });

  it('sums up each stage above its layers, where these are in order', () => {
    const text = costHtml([resnet], {});
    const sums = [...text.matchAll(/<tr class="fold"><th scope="row"><button[^>]*>([^<]*)<\/button>.*?<\/tr>/g)];
    expect(sums.map(([, name]) => name)).toEqual(['conv1', 'conv2_x', 'conv3_x', 'conv4_x', 'conv5_x', 'head']);
    // As in Table 1 of He et al. 2015, of which FLOPs are MACs: a first convolution of 7·7·3·64·112·112.
    expect(sums[0]?.[0]).toContain('118,013,952');
    for (const options of [{ by: 'stage' }, { sort: 'macs' }, { top: 3 }, { tree: true }] as const)
      expect(costHtml([resnet], options)).not.toContain('<tr class="fold">');
  });

  it('has the bars of all of its models on one scale: equal shares are equally long', () => {
    // Alone, the bar of the largest share is as long as there is room.
    const barsOf = (text: string): number[][] =>
      [...text.matchAll(/<td class="number"><svg class="bar.*?class="fill" width="([\d.]+)".*?<\/svg>([\d.]+)%<\/td>/g)].map(
        ([, width, share]) => [Number(width), Number(share)],
      );
    expect(Math.max(...barsOf(text).map(([width = 0]) => width))).toBe(100);
    const bars = barsOf(costHtml([counted('resnet50'), counted('alexnet'), counted('basic')], {}));
    expect(bars.length).toBeGreaterThan(60);
    const largest = Math.max(...bars.map(([, share = 0]) => share));
    // Half of the basic block is each of its convolutions: the largest share of the page.
    expect(largest).toBe(50);
    for (const [width = 0, share = 0] of bars) expect(Math.abs(width - (100 * share) / largest)).toBeLessThan(0.03);
  });

  it('tells what made it, if that is known, and asks no clock', () => {
    expect(costHtml([resnet], {})).toContain('<p>Made by flopwise</p>');
    const made = { version: '1.2.3', command: 'flopwise <a>', files: [{ path: '<b>.yaml', changed: new Date('2016-06-27T09:30:59Z') }] };
    const text = costHtml([resnet], { made });
    checkTags(text);
    expect(text).toContain('<p>Made by flopwise 1.2.3: <code>flopwise &lt;a&gt;</code></p>');
    expect(text).toContain('<p><code>&lt;b&gt;.yaml</code> was last changed on 2016-06-27 09:30 UTC</p>');
    const many = Array.from({ length: 23 }, (_, place) => ({ path: `${place}.yaml`, changed: new Date(0) }));
    const long = costHtml([resnet], { made: { version: '1', files: many } });
    expect(long).toContain('<code>19.yaml</code>');
    expect(long).toContain('<p>and 3 more files</p>');
    expect(long).not.toContain('<code>20.yaml</code>');
  });

  it('has the share beside the name, a field that filters its rows, and blocks in its map', () => {
    const text = costHtml([resnet], {});
    expect(text).toMatch(/<thead><tr><th[^>]*><button type="button">layer<.*?<\/th><th[^>]*><button type="button">share of MACs</);
    expect(text).toContain('<label class="filter">Filter <input type="search"');
    expect(text).toContain('<tr class="" id="row:conv2_x/bottleneck[0]/conv[0]">');
    expect(text).toMatch(/<rect class="block"[^>]*><title>conv3_x\/bottleneck\[0\]: /);
    // A layer stands in a cell under the name of its block, or with it.
    const alone = [...text.matchAll(/<g><rect class="block"[^>]*><title>[^<]*<\/title><\/rect>(.*?)<\/g>/g)].filter(
      ([, inside = '']) => />conv\[1\]<\/text>/.test(inside) && !/>bottleneck\[\d+\]<\/text>$/.test(inside),
    );
    expect(alone).toEqual([]);
  });

  it('of several models has no id twice', () => {
    const ids = [...costHtml([resnet, resnet], {}).matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('of a model without MACs has no map of them', () => {
    const basic = counted('basic');
    const rows = basic.rows.filter(({ operator }) => operator === 'relu');
    const free = { ...basic, rows, totals: { ...basic.totals, macs: 0n, flops: 0n, parameters: 0n } };
    const page = costHtml([free], {});
    checkTags(page);
    expect(page).not.toContain('<svg class="map');
  });
});

describe('the report of a comparison', () => {
  it('is well formed and has totals, differences and the derivation', () => {
    const text = comparisonHtml(compared(counted('basic'), counted('bottleneck')));
    checkTags(text);
    for (const part of ['-12,845,056', '231,211,008', 'basic : bottleneck = 18:17 = 1.059', 'class="apart"']) expect(text).toContain(part);
  });

  it('has bars of the MACs of both models on one scale', () => {
    const text = comparisonHtml(compared(counted('basic'), counted('bottleneck')));
    const cells = [
      ...text.matchAll(/<td class="number"><svg class="bar tone(\d)".*?class="fill" width="([\d.]+)".*?<\/svg>([\d,]+)<\/td>/g),
    ];
    const bars = cells.map(([, tone, width, macs = '']) => ({ tone, width: Number(width), macs: Number(macs.replaceAll(',', '')) }));
    expect(bars.filter(({ tone }) => tone === '0').map(({ macs }) => macs)).toEqual([115_605_504, 115_605_504]);
    expect(bars.filter(({ tone }) => tone === '1').map(({ macs }) => macs)).toEqual([51_380_224, 115_605_504, 51_380_224]);
    for (const { width, macs } of bars) expect(width).toBeCloseTo((100 * macs) / 115_605_504, 1);
  });
});
