import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { syntheticWeights } from '../../src/execute/synthetic-weights.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node/disk.ts';
import { exportOnnx } from '../../src/onnx/write/export.ts';
import { START, VIEWS, writeAddress } from '../../src/site/address.ts';
import { hasChromium, launchChromium } from './chromium.ts';

const hasBrowser = hasChromium('The playground');

const SPEC = 'input: [3, 8, 8]\nwith: { width: 4 }\nlayers:\n  - conv: { kernel: 3, out: $width, padding: 1, bias: false }\n';

/** A page that is open, what it complained of, and what it asked for. */
interface Opened {
  readonly page: Page;
  readonly complaints: string[];
  readonly requests: string[];
}

describe.runIf(hasBrowser)('the playground in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'flopwise-site-'));
  const file = join(folder, 'flopwise.html');
  let browser: Browser;
  let server: PreviewServer;
  let served = '';

  beforeAll(async () => {
    const configFile = fileURLToPath(new URL('../../scripts/vite.config.ts', import.meta.url));
    const how = { configFile, logLevel: 'error', build: { outDir: folder } } as const;
    await build(how);
    await build({ ...how, mode: 'single' });
    server = await preview({ ...how, preview: { port: 0, host: '127.0.0.1' } });
    served = server.resolvedUrls?.local[0] ?? '';
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(
    hash = '',
    options: Parameters<Browser['newPage']>[0] = {},
    prepare?: (page: Page) => Promise<unknown>,
    base = pathToFileURL(file).href,
  ): Promise<Opened> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => requests.push(request.url()));
    await prepare?.(page);
    await page.goto(base + hash);
    await page.locator('.cm-content').waitFor();
    return { page, complaints, requests };
  }

  /** Ends with the page, which must not have complained, and must have asked for nothing but what it is made of. */
  async function close({ page, complaints, requests }: Opened): Promise<void> {
    expect(complaints).toEqual([]);
    const [first = '', ...others] = requests.filter((url) => !url.startsWith('blob:'));
    const isOwn = first.startsWith('file:') ? () => false : (url: string) => url.startsWith(served);
    expect(others.filter((url) => !isOwn(url))).toEqual([]);
    await page.close();
  }

  const total = (page: Page, label: string) =>
    page.locator('#totals div', { has: page.locator('dt', { hasText: label }) }).locator('.exact');
  const macs = (page: Page) => total(page, 'MACs');

  async function type(page: Page, text: string): Promise<void> {
    await page.locator('.cm-content').click();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText(text);
  }

  it('counts ResNet-50 to begin with, from a disk and from a server', async () => {
    for (const base of [pathToFileURL(file).href, served]) {
      const opened = await open('', {}, undefined, base);
      await expect.poll(() => macs(opened.page).textContent()).toBe('4,089,184,256');
      await expect.poll(() => total(opened.page, 'parameters').textContent()).toBe('25,557,032');
      await close(opened);
    }
  });

  it('counts a spec as it is typed, and shows what is wrong with it in its place', async () => {
    const opened = await open();
    const { page } = opened;
    await type(page, SPEC);
    await expect.poll(() => macs(page).textContent()).toBe('6,912');
    await type(page, SPEC.replace('kernel', 'kernle'));
    await expect
      .poll(() => page.locator('#problems li').allTextContents())
      .toContainEqual(expect.stringMatching(/^line 4.*"kernle". Did you mean "kernel"/));
    expect(await page.locator('.cm-lintRange-error').allTextContents()).toContain('kernle');
    expect(await page.locator('.result.stale').count()).toBe(1);
    await page.locator('#problems .jump').first().click();
    expect(await page.evaluate('document.activeElement.className')).toContain('cm-content');
    await type(page, SPEC);
    await expect.poll(() => page.locator('#problems li').count()).toBe(0);
    expect(await page.locator('.result.stale').count()).toBe(0);
    await close(opened);
  });

  it('completes keys from the schema, and says what they mean', async () => {
    const opened = await open();
    const { page } = opened;
    await type(page, 'input: [3, 8, 8]\nlayers:\n  - ');
    await page.keyboard.type('maxp');
    await expect.poll(() => page.locator('.cm-tooltip-autocomplete').textContent()).toContain('maxpool');
    await type(page, SPEC);
    await page.locator('.cm-line', { hasText: 'conv' }).locator('span', { hasText: 'kernel' }).first().hover();
    await expect.poll(() => page.locator('.meaning').textContent(), { timeout: 5000 }).toContain('Size of the filters');
    await close(opened);
  });

  it('keeps everything in the address: a link shows the same again', async () => {
    const first = await open('#vgg16');
    await expect.poll(() => total(first.page, 'parameters').textContent()).toBe('138,357,544');
    await type(first.page, SPEC);
    await first.page.getByLabel('width', { exact: true }).fill('8');
    await first.page.getByRole('tab', { name: 'Treemap' }).click();
    await expect.poll(() => macs(first.page).textContent()).toBe('13,824');
    await expect.poll(() => first.page.url()).toContain('view=map');
    await first.page.waitForTimeout(500);
    const hash = new URL(first.page.url()).hash;
    await close(first);
    const second = await open(hash);
    await expect.poll(() => macs(second.page).textContent()).toBe('13,824');
    expect(await second.page.locator('#view svg.map').count()).toBeGreaterThan(0);
    expect(await second.page.locator('.cm-content').textContent()).toContain('$width');
    await close(second);
  });

  it.each([
    ['#v=9&model=alexnet&dance=yes', /newer version.*"dance"/s, '61,100,840'],
    ['#v=1&model=a.yaml&text=nonsense', /damaged/, '25,557,032'],
    ['#model=alexnet&view=nowhere', /"nowhere" as view/, '61,100,840'],
  ])('says what it cannot read of %s, and shows the rest', async (hash, pattern, parameters) => {
    const opened = await open(hash);
    expect(await opened.page.locator('#notes').textContent()).toMatch(pattern);
    await expect.poll(() => total(opened.page, 'parameters').textContent()).toBe(parameters);
    await close(opened);
  });

  it('counts a file that is opened or dropped, says what is no model, and asks for a file that a link names', async () => {
    const graph = openModel(parseReference('resnet18'), diskLibrary);
    const { model } = exportOnnx(graph, { elementsOf: syntheticWeights(graph, 1), placement: 'inside', dataFile: 'x', version: '0' });
    const path = join(folder, 'net.onnx');
    writeFileSync(path, Buffer.concat([...model.chunks()]));
    const opened = await open('#net.onnx');
    const { page } = opened;
    expect(await page.locator('#notes').textContent()).toContain('net.onnx');
    await page.locator('#files').setInputFiles(path);
    await expect.poll(() => page.locator('#name').textContent()).toBe('net');
    expect(await total(page, 'MACs').textContent()).toBe('1,814,073,344');
    await page.evaluate(`(() => {
      const data = new DataTransfer();
      data.items.add(new File([${JSON.stringify(SPEC)}], 'my net.yaml'));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    })()`);
    await expect.poll(() => macs(page).textContent()).toBe('6,912');
    await page.locator('#files').setInputFiles({ name: 'cat.png', mimeType: 'image/png', buffer: Buffer.from('no') });
    await expect.poll(() => page.locator('#notes').textContent()).toContain('cat.png: not a file that flopwise reads');
    await page.locator('#files').setInputFiles({ name: 'bad.onnx', mimeType: '', buffer: Buffer.from('no model') });
    await expect.poll(() => page.locator('#problems li').count()).toBe(1);
    await page.locator('#zoo').selectOption('basic');
    await expect.poll(() => page.locator('#name').textContent()).toBe('basic');
    await close(opened);
  });

  it('runs a block with WebAssembly and compares; a long run can be cancelled', async () => {
    const opened = await open('#model=bottleneck&view=verify');
    const { page } = opened;
    await page.getByRole('button', { name: 'Run and compare' }).click();
    await expect.poll(() => page.locator('#verified .verdict.passed').count(), { timeout: 60_000 }).toBe(1);
    expect(await page.locator('#verified').textContent()).toContain('fast');
    await page.locator('#zoo').selectOption('vgg16');
    await page.getByRole('button', { name: 'Run and compare' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => page.locator('#running').textContent()).toBe('Cancelled.');
    await close(opened);
  });

  it('runs without WebAssembly SIMD by plain loops, and says so', async () => {
    // Workers are made from the page's own files: what a browser without SIMD says is put before them.
    const opened = await open('#model=basic&view=verify', {}, (page) =>
      page.addInitScript(`{
        const Original = Blob;
        globalThis.Blob = class extends Original {
          constructor(parts, options) {
            super(/javascript/.test(options?.type ?? '') ? ['WebAssembly.validate = () => false;', ...parts] : parts, options);
          }
        };
      }`),
    );
    const { page } = opened;
    await page.locator('#zoo').selectOption('basic');
    await page.getByLabel('Input', { exact: true }).fill('64x8x8');
    await page.getByRole('button', { name: 'Run and compare' }).click();
    await expect.poll(() => page.locator('#running').textContent(), { timeout: 60_000 }).toContain('no WebAssembly with SIMD');
    expect(await page.locator('#verified .verdict.passed').count()).toBe(1);
    await close(opened);
  });

  it('saves a check for GitHub, and training as a page that says what made it', async () => {
    const opened = await open('#model=basic&view=check&limits=macs%20%3C%3D%201M');
    const { page } = opened;
    await expect.poll(() => page.locator('#view .verdict.failed').count()).toBeGreaterThan(0);
    const saved = async (format: string): Promise<string> => {
      await page.getByLabel('Save as').selectOption(format);
      const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#save').click()]);
      return readFileSync(await download.path(), 'utf8');
    };
    expect(await saved('github')).toMatch(/^::error /);
    await page.getByRole('tab', { name: 'Train' }).click();
    await expect.poll(() => page.locator('#view').textContent()).toContain('adamw');
    expect(await saved('html')).toMatch(/<p>Made by flopwise \d+\.\d+\.\d+<\/p>/);
    await close(opened);
  });

  it('compares, explains, sorts and saves', async () => {
    const opened = await open('#model=basic&view=compare&against=bottleneck');
    const { page } = opened;
    await expect.poll(() => page.locator('#view').textContent()).toContain('18:17');
    await page.getByRole('tab', { name: 'Explain' }).click();
    await expect.poll(() => page.locator('#view').textContent()).toContain('fvcore');
    await page.getByRole('tab', { name: 'Table' }).click();
    await page.locator('#by').selectOption('layer');
    await page.locator('#view thead button', { hasText: /^MACs$/ }).press('Enter');
    await expect.poll(() => page.locator('#view th[aria-sort]').textContent()).toBe('MACs');
    expect(await page.locator('#view th[aria-sort]').getAttribute('aria-sort')).toBe('descending');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('MACs');
    await page.getByLabel('Save as').selectOption('csv');
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#save').click()]);
    expect(download.suggestedFilename()).toBe('basic.csv');
    expect(readFileSync(await download.path(), 'utf8').split('\n')[0]).toContain('macs');
    await close(opened);
  });

  it.each([
    ['denied', `Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError'); } })`],
    ['full', `Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }`],
  ])('works offline, and says that storage is %s', async (_, script) => {
    const opened = await open('', {}, (page) => page.addInitScript(script));
    const { page } = opened;
    await expect.poll(() => page.locator('#unkept').isVisible()).toBe(true);
    expect(await page.locator('#unkept').textContent()).toContain('full or denied');
    await page.context().setOffline(true);
    await page.locator('#zoo').selectOption('swin_t');
    await expect.poll(() => total(page, 'parameters').textContent()).toBe('28,288,354');
    await close(opened);
  });

  it('loads less than 400 KB, compressed, without the editor', async () => {
    const { page, requests } = await open('', {}, undefined, served);
    const needed = [...new Set(requests)].filter((url) => !/code-editor|service-worker/.test(url));
    expect(needed.length).toBeGreaterThan(3);
    const sizes = needed.map((url) => gzipSync(readFileSync(join(folder, new URL(url).pathname.replace(/\/$/, '/index.html')))).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(400_000);
    await page.close();
  });

  it('that is served works without a network once it was loaded, what was not yet looked at too', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(served);
    await expect.poll(() => page.evaluate('navigator.serviceWorker.controller !== null'), { timeout: 20_000 }).toBe(true);
    await context.setOffline(true);
    await page.reload();
    await page.locator('.cm-content').waitFor();
    await page.locator('#zoo').selectOption('swin_t');
    await expect.poll(() => total(page, 'parameters').textContent()).toBe('28,288,354');
    await page.getByRole('tab', { name: 'Train' }).click();
    await expect.poll(() => page.locator('#view').textContent()).toContain('adamw');
    await context.close();
  });

  it('trains, checks, solves, and draws what changed', async () => {
    for (const base of [pathToFileURL(file).href, served]) {
      const opened = await open('#model=resnet50&view=train&by=stage', {}, undefined, base);
      const { page } = opened;
      await page.getByLabel('Optimizer').selectOption('sgd');
      await expect.poll(() => page.locator('#view').textContent()).toContain('sgd');
      await page.getByRole('tab', { name: 'Check' }).click();
      await page.getByLabel('Limits').fill('macs <= 4 GMAC');
      await expect.poll(() => page.locator('#view .verdict.failed').textContent()).toBe('1 of 1 limit exceeded');
      await page.getByRole('tab', { name: 'Solve' }).click();
      await page.getByLabel('Value of').fill('batch');
      await page.getByLabel('is', { exact: true }).fill('<= 8,178,368,512');
      await expect.poll(() => page.locator('#view pre').textContent()).toContain('batch = 2');
      await page.getByRole('tab', { name: 'Graph' }).click();
      await page.getByLabel('Compare with').fill('resnet50:stride_at=1x1');
      await page.getByLabel('only what changed').check();
      await expect.poll(() => page.locator('#view .box rect.changed').count()).toBe(3);
      await close(opened);
    }
  });

  it.each(['light', 'dark'] as const)('has nothing that axe calls serious, and fits a phone, in %s', async (colorScheme) => {
    for (const view of VIEWS) {
      const hash = `#${await writeAddress({ ...START, model: 'basic', view, against: 'bottleneck' })}`;
      const opened = await open(hash, { colorScheme });
      const { page } = opened;
      await page.evaluate(axe.source);
      const found = await page.evaluate<{ id: string; nodes: string[] }[]>(
        `axe.run().then(({ violations }) => violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) })))`,
      );
      expect(found, view).toEqual([]);
      await page.setViewportSize({ width: 390, height: 800 });
      expect(await page.evaluate('document.documentElement.scrollWidth'), view).toBeLessThanOrEqual(390);
      await close(opened);
    }
  });
});
