import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { build } from 'vite';

/**
 * What the playground takes: bytes to load, and milliseconds in Chromium to the first number, for a keystroke, and for a large file.
 * A keystroke is timed from the input to the number on the page, and counting alone as the page itself tells.
 */

const root = new URL('../../', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'flopwise-bench-'));
const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
const say = (what, value) => console.log(`${what.padEnd(52)}${value}`);

/** Builds the page, and gives its bytes compressed. `alias` leaves a part out. */
async function sizeOf(name, alias = {}) {
  const outDir = join(folder, name);
  await build({
    configFile: fileURLToPath(new URL('scripts/vite.config.ts', root)),
    logLevel: 'error',
    resolve: { alias },
    build: { outDir },
  });
  return gzipSync(readFileSync(join(outDir, 'index.html')), { level: 9 }).length;
}

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;

try {
  say('page, compressed', kilobytes(await sizeOf('page')));
  say(
    'page without the editor, compressed',
    kilobytes(
      await sizeOf('plain', [{ find: /^.*\/code-editor\.ts$/, replacement: fileURLToPath(new URL('scripts/no-colours.js', root)) }]),
    ),
  );

  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu'] });
  const url = pathToFileURL(join(folder, 'page', 'index.html')).href;

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
  // Each change is another text: nothing of it is remembered.
  const [keys, counts] = await page.evaluate(`(async () => {
    const totals = document.getElementById('totals');
    const time = document.getElementById('time');
    const content = document.querySelector('.cm-content');
    const [keys, counts] = [[], []];
    content.focus();
    for (let press = 0; press < 60; press++) {
      const changed = new Promise((resolve) => new MutationObserver((_, observer) => { observer.disconnect(); resolve(); }).observe(totals, { childList: true }));
      const start = performance.now();
      document.execCommand('insertText', false, '#');
      await changed;
      keys.push(performance.now() - start);
      counts.push(Number.parseFloat(time.textContent.replace(/[^\\d.]/g, '')));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return [keys.slice(20), counts.slice(20)];
  })()`);
  say('ResNet-50 after a keystroke, ms to the number, median', median(keys).toFixed(1));
  say('of which counting and writing the table, ms', median(counts).toFixed(1));

  const model = join(folder, 'vgg16.onnx');
  spawnSync(process.execPath, [fileURLToPath(new URL('bin/flopwise.js', root)), 'export', 'vgg16', '-o', model], { stdio: 'inherit' });
  const input = page.locator('#files');
  const start = Date.now();
  await input.setInputFiles(model);
  await page.locator('#about', { hasText: /^vgg16\.onnx/ }).waitFor({ timeout: 60_000 });
  say(`ONNX file of ${(statSync(model).size / 1e6).toFixed(0)} MB, ms from the drop`, String(Date.now() - start));
  say('of which counting, ms', (await page.locator('#time').textContent()).replace(/[^\d.]/g, '').replace(/\.$/, ''));
  await browser.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
