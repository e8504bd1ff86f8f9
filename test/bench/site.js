import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { build, preview } from 'vite';

/**
 * What the playground takes: bytes to load, and milliseconds in Chromium to the first number, for a keystroke, and for a large file.
 * A keystroke is timed from the input to the number on the page, and counting alone as the page itself tells.
 */

const root = new URL('../../', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'flopwise-bench-'));
const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
const say = (what, value) => console.log(`${what.padEnd(52)}${value}`);

const configFile = fileURLToPath(new URL('scripts/vite.config.ts', root));
const outDir = join(folder, 'page');
const how = { configFile, logLevel: 'error', build: { outDir } };
const sizeOf = (path) => gzipSync(readFileSync(join(outDir, path)), { level: 9 }).length;
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;

try {
  await build(how);
  await build({ ...how, mode: 'single' });
  const server = await preview({ ...how, preview: { port: 0, host: '127.0.0.1' } });
  const [url] = server.resolvedUrls.local;
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu'] });

  const asked = new Set();
  const visit = await browser.newPage();
  visit.on('request', (request) => asked.add(new URL(request.url()).pathname.replace(/\/$/, '/index.html')));
  await visit.goto(url);
  await visit.locator('.cm-content').waitFor();
  await visit.close();
  const needed = [...asked].filter((path) => !/code-editor|service-worker/.test(path));
  say('first load without the editor, compressed', kilobytes(needed.reduce((sum, path) => sum + sizeOf(path), 0)));
  say(
    'the editor, compressed',
    kilobytes([...asked].filter((path) => /code-editor/.test(path)).reduce((sum, path) => sum + sizeOf(path), 0)),
  );
  say('the page as a single file, compressed', kilobytes(sizeOf('flopwise.html')));

  const firsts = [];
  for (let run = 0; run < 5; run++) {
    const page = await browser.newPage();
    await page.goto(url, { waitUntil: 'commit' });
    await page.locator('#totals .big').first().waitFor();
    firsts.push(await page.evaluate('performance.now()'));
    await page.close();
  }
  say('first number, ms from the start of navigation', median(firsts).toFixed(0));

  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(`${url}#model=resnet50&by=block`);
  await page.locator('.cm-content').waitFor();
  // A digit behind the number of classes, and its removal: each changes numbers of the page. Nothing of a text is remembered.
  const [keys, counts] = await page.evaluate(`(async () => {
    const totals = document.getElementById('totals');
    const time = document.getElementById('time');
    const content = document.querySelector('.cm-content');
    const line = [...content.querySelectorAll('.cm-line')].find(({ textContent }) => /classes: 1000/.test(textContent));
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    while (walker.nextNode() && !/1000/.test(walker.currentNode.data));
    content.focus();
    getSelection().collapse(walker.currentNode, walker.currentNode.data.indexOf('1000') + 4);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const [keys, counts] = [[], []];
    for (let press = 0; press < 80; press++) {
      const changed = new Promise((resolve) => new MutationObserver((_, observer) => { observer.disconnect(); resolve(); }).observe(totals, { childList: true }));
      const start = performance.now();
      if (press % 2 === 0) document.execCommand('insertText', false, String(1 + (press / 2) % 9));
      else document.execCommand('delete');
      await changed;
      keys.push(performance.now() - start);
      counts.push(Number.parseFloat(time.textContent.replace(/[^\\d.]/g, '')));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return [keys.slice(20), counts.slice(20)];
  })()`);
  say('ResNet-50 after a keystroke, ms to the number, median', median(keys).toFixed(1));
  say('of which counting, ms', median(counts).toFixed(1));

  const model = join(folder, 'vgg16.onnx');
  spawnSync(process.execPath, [fileURLToPath(new URL('bin/flopwise.js', root)), 'export', 'vgg16', '-o', model], { stdio: 'inherit' });
  const input = page.locator('#files');
  const start = Date.now();
  await input.setInputFiles(model);
  await page.locator('#about', { hasText: /^vgg16\.onnx/ }).waitFor({ timeout: 60_000 });
  say(`ONNX file of ${(statSync(model).size / 1e6).toFixed(0)} MB, ms from the drop`, String(Date.now() - start));
  say('of which counting, ms', (await page.locator('#time').textContent()).replace(/[^\d.]/g, '').replace(/\.$/, ''));
  await browser.close();
  await server.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
