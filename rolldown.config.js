import { fileURLToPath } from 'node:url';
import { defineConfig } from 'rolldown';

// All output lies two folders below the package, as the sources do: `new URL('../../specs/', import.meta.url)` holds in both.

/** The library: readable, its dependencies left to whoever installs it. */
const library = defineConfig({
  input: { index: 'src/index.ts', node: 'src/node.ts' },
  platform: 'neutral',
  external: [/^node:/, /^zod\//, 'yaml'],
  output: { dir: 'dist/lib', cleanDir: true, chunkFileNames: '[name].js' },
});

/** commander can start other programs as subcommands; flopwise has none, and loading the module takes 4 ms. */
const noChildProcess = {
  name: 'no-child-process',
  resolveId: (id, importer) => (id === 'node:child_process' && importer?.includes('commander') ? '\0no-child-process' : null),
  load: (id) => (id === '\0no-child-process' ? 'export default {};' : null),
};

/**
 * The parser of YAML is a third of the code, and a model of the zoo needs none of it: it is loaded when it is first called.
 * The build of yaml for browsers is the same code as ES modules, which load sooner once they are bundled.
 */
const YAML = fileURLToPath(new URL('node_modules/yaml/browser/dist/index.js', import.meta.url));
const lateYaml = {
  name: 'late-yaml',
  resolveId: (id) => (id === 'yaml' ? '\0late-yaml' : null),
  load: (id) =>
    id === '\0late-yaml'
      ? `let loaded;
         const yaml = () => (loaded ??= module.require('./yaml.cjs'));
         export function Lexer() { return new (yaml().Lexer)(); }
         ${['parseDocument', 'isAlias', 'isMap', 'isScalar', 'isSeq'].map((name) => `export const ${name} = (...given) => yaml().${name}(...given);`).join('\n')}`
      : null,
};

const COMMAND_LINE = { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name].cjs', minify: true };

/**
 * The command line: all it needs bundled and small, because every run waits for it to load. As CommonJS it starts 10 ms sooner
 * than as ES modules. `main` is what is loaded first, and all of it for --version.
 */
const main = defineConfig({
  input: { main: 'src/cli/main.ts' },
  platform: 'node',
  output: { dir: 'dist/cli', cleanDir: true, ...COMMAND_LINE },
});

/** Writes signs beyond ASCII as escapes, as all of them stand in texts and regular expressions: a file of bytes is read sooner. `loadCompiled` counts on it. */
const onlyAscii = {
  name: 'only-ascii',
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle))
      if (file.type === 'chunk')
        file.code = file.code.replaceAll(/[^\0-\x7f]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
  },
};

/** What every command needs is one file, which is loaded with its code cache; what only some need are others. */
const commandLine = defineConfig({
  input: { start: 'src/cli/start.ts' },
  preserveEntrySignatures: 'allow-extension',
  platform: 'node',
  plugins: [noChildProcess, lateYaml, onlyAscii],
  output: { dir: 'dist/cli', ...COMMAND_LINE, codeSplitting: { groups: [{ name: 'start', tags: ['$initial'] }] } },
});

const yaml = defineConfig({ input: { yaml: YAML }, platform: 'node', plugins: [onlyAscii], output: { dir: 'dist/cli', ...COMMAND_LINE } });

/** A thread of "verify": what it begins with, and what that loads. */
const worker = defineConfig({ input: { worker: 'src/node/worker.ts' }, platform: 'node', output: { dir: 'dist/cli', ...COMMAND_LINE } });
const work = defineConfig({
  input: { work: 'src/node/work.ts' },
  platform: 'node',
  plugins: [onlyAscii],
  output: { dir: 'dist/cli', ...COMMAND_LINE },
});

/** Run once, at the end of the build. */
const prebuild = defineConfig({
  input: { prebuild: 'scripts/prebuild.ts' },
  platform: 'node',
  external: [/^zod\//, 'yaml'],
  output: { dir: 'dist/build', cleanDir: true },
});

export default [library, main, commandLine, yaml, worker, work, prebuild];
