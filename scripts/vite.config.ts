import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { STYLE } from '../src/report/html/style.ts';

/**
 * The page in two forms. For servers: files beside each other, of which a visit loads what it looks at, and a service worker that keeps
 * them all for when there is no network. With "--mode single": one file, which works from a disk and asks for nothing.
 */
const SINGLE = 'single';

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Only the page's own scripts may run; nothing may be loaded from or sent to anywhere else. Styles are also set by the editor. */
const policyOf = (sources: { readonly script: string; readonly style: string; readonly worker: string }): string =>
  [
    "default-src 'none'",
    `script-src ${sources.script} 'wasm-unsafe-eval'`,
    `style-src ${sources.style}`,
    'img-src data:',
    `worker-src ${sources.worker}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

const POLICY_MARK = '<!-- policy -->';
const policyTag = (policy: string): string => `<meta http-equiv="Content-Security-Policy" content="${policy}">`;

/** Text inside of a tag must not end the tag. */
const inTag = (text: string): string => text.replaceAll(/<(\/script|!--|script)/gi, '\\x3c$1');

/** Puts the script and the style sheet into the page. */
const oneFile = (): Plugin => ({
  name: 'one-file',
  enforce: 'post',
  apply: 'build',
  generateBundle: {
    // Last: Vite itself writes into the script until then.
    order: 'post',
    handler(_, bundle) {
      const page = bundle['index.html'];
      if (page?.type !== 'asset') throw new Error('There is no index.html to put the script into.');
      let [script, style] = ['', ''];
      for (const [name, part] of Object.entries(bundle)) {
        if (part === page) continue;
        if (part.type === 'chunk') script += part.code;
        else if (name.endsWith('.css')) style += String(part.source);
        else throw new Error(`${name} would be a file beside the page.`);
        Reflect.deleteProperty(bundle, name);
      }
      const code = inTag(script);
      page.source = String(page.source)
        .replace(/\s*<script type="module"[^>]*><\/script>/, '')
        .replace(/\s*<link rel="stylesheet"[^>]*>/, '')
        .replace(POLICY_MARK, () => policyTag(policyOf({ script: hashOf(code), style: "'unsafe-inline'", worker: 'blob:' })))
        .replace('</head>', () => `<style>${style}</style>\n</head>`)
        .replace('</body>', () => `<script type="module">${code}</script>\n</body>`);
      page.fileName = 'flopwise.html';
    },
  },
});

/** Lets the page load what lies beside it, and keeps all of that for when there is no network. */
const served = (): Plugin => ({
  name: 'served',
  enforce: 'post',
  apply: 'build',
  generateBundle: {
    order: 'post',
    handler(_, bundle) {
      const page = bundle['index.html'];
      if (page?.type !== 'asset') throw new Error('There is no index.html.');
      page.source = String(page.source).replace(POLICY_MARK, () =>
        policyTag(policyOf({ script: "'self'", style: "'self' 'unsafe-inline'", worker: "'self'" })),
      );
      const contents = Object.values(bundle).map((part) => (part.type === 'chunk' ? part.code : part.source));
      const version = createHash('sha256').update(contents.map(String).sort().join('')).digest('hex').slice(0, 16);
      const files = Object.keys(bundle)
        .filter((name) => name !== 'index.html')
        .sort();
      const source = readFileSync(new URL('../src/site/service-worker.js', import.meta.url), 'utf8')
        .replace("'VERSION'", () => JSON.stringify(version))
        .replace("['FILES']", () => JSON.stringify(['./', ...files]));
      this.emitFile({ type: 'asset', fileName: 'service-worker.js', source });
    },
  },
});

/** The style sheet of the report: the page shows the same tables and maps. */
const reportStyle = (): Plugin => ({
  name: 'report-style',
  transformIndexHtml: (page) => page.replace('<!-- report style -->', () => `<style>${STYLE}</style>`),
});

const sourceOf = (path: string): string => fileURLToPath(new URL(`../src/site/${path}`, import.meta.url));

export default defineConfig(({ mode }) => {
  const isSingle = mode === SINGLE;
  return {
    root: sourceOf(''),
    base: './',
    plugins: [reportStyle(), isSingle ? oneFile() : served()],
    resolve: {
      alias: [
        // cli-table3 colours borders with it where it is there; ours have no colours of their own.
        { find: '@colors/colors/safe', replacement: fileURLToPath(new URL('./no-colours.js', import.meta.url)) },
        ...(isSingle ? [{ find: /^.*\/engine-worker\.ts$/, replacement: sourceOf('page/engine-worker-inline.ts') }] : []),
      ],
    },
    server: { fs: { allow: ['../..'] } },
    worker: isSingle ? { format: 'iife', rolldownOptions: { output: { codeSplitting: false } } } : { format: 'es' },
    build: {
      outDir: '../../dist/site',
      emptyOutDir: !isSingle,
      assetsInlineLimit: 1_000_000,
      target: 'es2023',
      modulePreload: false,
      cssCodeSplit: false,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 4000,
      ...(isSingle ? { rolldownOptions: { output: { codeSplitting: false } } } : {}),
    },
  };
});
