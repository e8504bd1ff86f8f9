import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { STYLE } from '../src/report/html/style.ts';

/** The page is one file: it works from a disk, offline, and from any server, and asks for nothing. */

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Only the page's own script may run; nothing may be loaded from or sent to anywhere. Styles are also set by the editor. */
const policyOf = (script: string): string =>
  [
    "default-src 'none'",
    `script-src ${hashOf(script)} 'wasm-unsafe-eval'`,
    "style-src 'unsafe-inline'",
    'img-src data:',
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

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
        .replace('<!-- policy -->', () => `<meta http-equiv="Content-Security-Policy" content="${policyOf(code)}">`)
        .replace('</head>', () => `<style>${style}</style>\n</head>`)
        .replace('</body>', () => `<script type="module">${code}</script>\n</body>`);
    },
  },
});

/** The style sheet of the report: the page shows the same tables and maps. */
const reportStyle = (): Plugin => ({
  name: 'report-style',
  transformIndexHtml: (page) => page.replace('<!-- report style -->', () => `<style>${STYLE}</style>`),
});

export default defineConfig({
  root: fileURLToPath(new URL('../src/site', import.meta.url)),
  base: './',
  plugins: [reportStyle(), oneFile()],
  // cli-table3 colours borders with it where it is there; ours have no colours of their own.
  resolve: { alias: { '@colors/colors/safe': fileURLToPath(new URL('./no-colours.js', import.meta.url)) } },
  server: { fs: { allow: ['../..'] } },
  worker: { format: 'iife' },
  build: {
    outDir: '../../dist/site',
    emptyOutDir: true,
    assetsInlineLimit: 1_000_000,
    target: 'es2023',
    modulePreload: false,
    cssCodeSplit: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 4000,
    rolldownOptions: { output: { codeSplitting: false } },
  },
});
