import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { build } from 'vite';

/**
 * Takes a picture of every picture that flopwise makes, and of every view of the playground, in wide and narrow windows, light and
 * dark, into dist/screenshots; says what a browser finds wrong with one: text that sticks out, a page that scrolls sideways, errors.
 * To be looked at. With words as arguments, only what has one of them in its name.
 */

const root = new URL('../', import.meta.url);
const folder = fileURLToPath(new URL('dist/screenshots/', root));
const program = fileURLToPath(new URL('bin/flopwise.js', root));
const print = (line) => process.stdout.write(`${line}\n`);
const wanted = process.argv.slice(2);
const isWanted = (name) => wanted.length === 0 || wanted.some((word) => name.includes(word));

const WIDTHS = [1280, 390];
const SCHEMES = ['light', 'dark'];
/** Pages are cut below this. */
const HEIGHT = 4000;

/** Names as long as a spec may have them; files of ONNX, which may have any, are tried by the tests. */
const LONG = 'a_name_that_is_far_too_long_for_any_box_or_any_column_of_any_picture'.repeat(2);
const HOSTILE = `name: ${LONG}
input: [3, 32, 32]
stages:
  ${LONG}_first:
    - conv: { kernel: 3, out: 8, padding: 1 }
      as: ${LONG}_conv
    - relu
  ${LONG}_second:
    - residual:
        - conv: { kernel: 3, out: 8, padding: 1 }
  ${LONG}_third:
    - globalavgpool
    - flatten
    - linear: { out: 1000000000 }
`;

/** Files by name, each of a command. */
const FILES = {
  'cost.html': ['resnet50'],
  'cost-blocks.html': ['densenet121', '--by', 'block'],
  'cost-several.html': ['basic', 'bottleneck'],
  'cost-tokens.html': ['gpt2', '--by', 'stage'],
  'comparison.html': ['compare', 'basic', 'bottleneck'],
  'comparison-networks.html': ['compare', 'resnet34', 'resnet50'],
  'comparison-of-three.html': ['compare', 'vgg16', 'resnet50', 'mobilenet_v2'],
  'comparison-stride.svg': ['compare', 'resnet50', 'resnet50:stride_at=1x1'],
  'training.html': ['train', 'resnet18', '--by', 'block'],
  'training-comparison.html': ['compare', 'resnet18', '--against', 'checkpoint=block'],
  'check.html': ['check', 'resnet18', 'basic', '--max-macs', '1G'],
  'stages.html': ['table', 'resnet18', 'resnet34', 'resnet50', 'resnet101', 'resnet152', '--layout', 'stages'],
  'plots.html': ['plot', 'resnet50'],
  'plots-of-two.html': ['plot', 'resnet50', 'vgg16'],
  'plots.svg': ['plot', 'resnet50'],
  'figure-3.svg': ['draw', 'vgg19', 'plain34', 'resnet34'],
  'figure-5.svg': ['draw', 'basic', 'bottleneck'],
  'figure-5.html': ['draw', 'basic', 'bottleneck'],
  'drawn-peak.html': ['draw', 'mobilenet_v2', '--by', 'peak'],
  'drawn-unet.svg': ['draw', 'unet'],
  'drawn-t5.svg': ['draw', 't5-small'],
  'drawn-whisper.svg': ['draw', 'whisper-tiny'],
  'drawn-gpt2.svg': ['draw', 'gpt2'],
  'drawn-densenet.svg': ['draw', 'densenet121'],
  'drawn-swin.svg': ['draw', 'swin_t'],
  'drawn-inception.svg': ['draw', 'inception_v3', '--depth', 'layer'],
  'drawn-difference.svg': ['draw', 'resnet34', '--against', 'resnet50'],
  'drawn-hostile.html': ['draw', 'hostile.yaml'],
  'cost-hostile.html': ['hostile.yaml', 'basic'],
  'comparison-hostile.html': ['compare', 'hostile.yaml', 'basic'],
  'plots-hostile.html': ['plot', 'hostile.yaml', 'basic'],
  'stages-hostile.html': ['table', 'hostile.yaml', 'basic', '--layout', 'stages'],
};

/** Views of the playground, by the rest of their address. */
const VIEWS = {
  table: 'model=resnet50&by=block&columns=formula,memory',
  map: 'model=resnet50',
  graph: 'model=resnet50',
  plots: 'model=resnet50&against=vgg16',
  stages: 'model=resnet50&against=resnet34',
  compare: 'model=basic&against=bottleneck',
  explain: 'model=resnet50&figure=4.1G',
  conventions: 'model=resnet50&convention=fvcore',
  train: 'model=resnet50&by=stage',
  check: 'model=resnet50&limits=macs <= 4 GMAC',
  solve: 'model=resnet50&solve=batch&target=<= 20G',
  verify: 'model=bottleneck',
};

/** What a browser measures: texts outside of their picture or their box, and a page that is wider than its window. */
const MEASURE = `(() => {
  const found = [];
  const isHidden = (one) => one.getClientRects().length === 0;
  for (const svg of document.querySelectorAll('svg')) {
    if (isHidden(svg)) continue;
    const around = svg.getBoundingClientRect();
    for (const text of svg.querySelectorAll('text')) {
      if (isHidden(text)) continue;
      const own = text.getBoundingClientRect();
      const box = text.closest('.box')?.querySelector('rect, circle')?.getBoundingClientRect() ?? around;
      if (own.left < box.left - 1 || own.right > box.right + 1 || own.top < box.top - 1 || own.bottom > box.bottom + 1)
        found.push('text sticks out: ' + text.textContent);
    }
  }
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (document.contentType === 'text/html' && wide > 0) found.push('the page is ' + wide + ' px wider than its window');
  return found;
})()`;

mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'hostile.yaml'), HOSTILE);

const pages = {};
for (const [name, argv] of Object.entries(FILES)) {
  if (!isWanted(name)) continue;
  const { status, stderr } = spawnSync(process.execPath, [program, ...argv, '-o', name], { cwd: folder, encoding: 'utf8' });
  if (!existsSync(join(folder, name))) print(`${name}: not made, ${status}: ${stderr}`);
  else pages[name] = pathToFileURL(join(folder, name)).href;
}
const views = Object.entries(VIEWS).filter(([view]) => isWanted(`playground-${view}`));
if (views.length > 0) {
  const site = join(folder, 'site');
  await build({
    configFile: fileURLToPath(new URL('scripts/vite.config.ts', root)),
    logLevel: 'error',
    build: { outDir: site },
    mode: 'single',
  });
  for (const [view, rest] of views)
    pages[`playground-${view}`] = `${pathToFileURL(join(site, 'flopwise.html')).href}#v=1&view=${view}&${encodeURI(rest)}`;
}

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu'] });
let wrong = 0;
for (const [name, url] of Object.entries(pages))
  for (const width of WIDTHS)
    for (const colorScheme of SCHEMES) {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      const say = (problem) => {
        wrong++;
        print(`${name} ${width} ${colorScheme}: ${problem}`);
      };
      page.on('console', (message) => say(message.text()));
      page.on('pageerror', (error) => say(String(error)));
      await page.goto(url);
      if (name.startsWith('playground')) {
        await page.locator('.cm-content').waitFor();
        await page.waitForTimeout(800);
      }
      for (const problem of await page.evaluate(MEASURE)) say(problem);
      const height = Math.min(HEIGHT, await page.evaluate('Math.ceil(document.documentElement.scrollHeight ?? 900)'));
      await page.setViewportSize({ width, height: Math.max(height, 400) });
      await page.screenshot({ path: join(folder, `${name.replace('.', '-')}-${width}-${colorScheme}.png`) });
      await page.close();
    }
await browser.close();
rmSync(join(folder, 'site'), { recursive: true, force: true });
print(`${Object.keys(pages).length} pictures in ${folder}, ${wrong} complaints`);
