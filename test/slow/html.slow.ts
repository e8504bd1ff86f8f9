import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkHtml } from '../../src/report/check/html.ts';
import { checkJunit } from '../../src/report/check/junit.ts';
import { comparisonHtml } from '../../src/report/comparison/html.ts';
import { costHtml } from '../../src/report/cost/html.ts';
import { hostile, result } from '../report/check/helpers.ts';
import { compared, counted } from '../report/helpers.ts';
import { hasChromium, launchChromium } from './chromium.ts';

const hasBrowser = hasChromium('The HTML report');

const resnet = counted('resnet50');

describe.runIf(hasBrowser)('a report in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'flopwise-html-'));
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens a page, and collects what it complains of and what it asks for. */
  async function open(name: string, text: string, width = 1440): Promise<{ page: Page; complaints: string[]; requests: string[] }> {
    const file = join(folder, `${name}.html`);
    writeFileSync(file, text);
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('dialog', (dialog) => complaints.push(dialog.message()));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    return { page, complaints, requests };
  }

  const pages = {
    cost: costHtml([resnet], {}),
    several: costHtml([counted('basic'), counted('bottleneck')], {}),
    comparison: comparisonHtml(compared(counted('basic'), counted('bottleneck'))),
    check: checkHtml(result()),
    hostile: checkHtml(hostile()),
  };

  it.each(Object.entries(pages))('of %s has no errors, asks for nothing and fits windows from 360 to 1600 pixels', async (name, text) => {
    for (const width of [360, 1600]) {
      const { page, complaints, requests } = await open(name, text, width);
      expect(complaints).toEqual([]);
      expect(requests).toHaveLength(1);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      await page.close();
    }
  });

  const column = (page: Page, place: number): Promise<string[]> =>
    page.locator(`tbody tr:not(.fold) > :nth-child(${place})`).evaluateAll((cells) => cells.map((cell) => cell.textContent ?? ''));

  it('sorts by a click and by a key, numbers as numbers, and goes back to execution order', async () => {
    const { page, complaints } = await open('sorting', pages.cost);
    const headers = await page.locator('thead button').allTextContents();
    const place = headers.indexOf('MACs') + 1;
    const header = page.locator('thead th', { hasText: /^MACs$/ });
    const macs = resnet.rows.map((row) => row.macs);
    const shown = async () => (await column(page, place)).map((text) => (text === '–' ? 0n : BigInt(text.replaceAll(',', ''))));
    expect(await shown()).toEqual(macs);

    await header.locator('button').click();
    expect(await header.getAttribute('aria-sort')).toBe('descending');
    expect(await shown()).toEqual(macs.toSorted((a, b) => (a < b ? 1 : a > b ? -1 : 0)));

    await header.locator('button').press('Enter');
    expect(await header.getAttribute('aria-sort')).toBe('ascending');
    expect(await shown()).toEqual(macs.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)));

    await header.locator('button').press('Space');
    expect(await header.getAttribute('aria-sort')).toBeNull();
    expect(await shown()).toEqual(macs);

    const names = page.locator('thead th').first();
    await names.locator('button').press('Enter');
    expect(await names.getAttribute('aria-sort')).toBe('ascending');
    expect((await column(page, 1))[0]).toBe('conv1/batchnorm');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('folds the rows of a stage below their sum, but not where they are sorted or filtered', async () => {
    const { page, complaints } = await open('folding', pages.cost);
    const visible = () => page.locator('tbody tr:not(.fold):visible').count();
    const inStage = resnet.rows.filter(({ path }) => path.startsWith('conv3_x/')).length;
    const fold = page.locator('tr.fold button', { hasText: 'conv3_x' });
    await fold.press('Enter');
    expect(await fold.getAttribute('aria-expanded')).toBe('false');
    expect(await visible()).toBe(resnet.rows.length - inStage);
    const filter = page.locator('label.filter input');
    await filter.fill('CONV3_X');
    expect(await page.locator('tr.fold:visible').count()).toBe(0);
    expect(await page.locator('label.filter output').textContent()).toBe(`${inStage} of ${resnet.rows.length} rows`);
    await filter.fill('');
    const header = page.locator('thead th', { hasText: /^MACs$/ }).locator('button');
    await header.click();
    expect(await visible()).toBe(resnet.rows.length);
    await header.click();
    await header.click();
    expect(await visible()).toBe(resnet.rows.length - inStage);
    await fold.click();
    expect(await visible()).toBe(resnet.rows.length);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('shows hostile names as the text that they are', async () => {
    const { page } = await open('hostile-text', pages.hostile);
    expect(await page.locator('script').count()).toBe(1);
    expect(await page.locator('h2').textContent()).toContain('"><script>alert(1)</script>');
    await page.close();
  });

  it('follows the colours of the system, and shows the small maps in small windows', async () => {
    const { page } = await open('colours', pages.cost, 360);
    const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    await page.emulateMedia({ colorScheme: 'light' });
    const light = await background();
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await background()).not.toBe(light);
    expect(await page.locator('.map.narrow').first().isVisible()).toBe(true);
    expect(await page.locator('.map.wide').first().isVisible()).toBe(false);
    await page.emulateMedia({ media: 'print' });
    expect(await background()).toBe('rgb(255, 255, 255)');
    await page.close();
  });

  it.each([
    ['plain', result()],
    ['hostile', hostile()],
  ])('JUnit with %s names is XML to a parser that is not ours', async (_, given) => {
    const page = await browser.newPage();
    const found = await page.evaluate(`(() => {
      const parsed = new DOMParser().parseFromString(${JSON.stringify(checkJunit(given))}, 'application/xml');
      const count = (name) => parsed.getElementsByTagName(name).length;
      return { errors: count('parsererror'), suites: count('testsuite'), cases: count('testcase'), failures: count('failure') };
    })()`);
    expect(found).toEqual({ errors: 0, suites: 2, cases: 4, failures: 1 });
    await page.close();
  });
});
