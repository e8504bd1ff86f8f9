import { fileURLToPath } from 'node:url';
import { defineConfig } from 'rolldown';

// All output lies two folders below the package, as the sources do: `new URL('../../specs/', import.meta.url)` holds in both.

/** cli-table3 colours borders with it where it is there; ours have no colours of their own, and it needs Node. */
const COLOURS = '@colors/colors/safe';

/** The library: its dependencies are left to whoever installs it. */
const library = defineConfig({
  input: { index: 'src/index.ts', node: 'src/node.ts', reports: 'src/reports.ts' },
  platform: 'neutral',
  external: [/^node:/, /^zod\//, 'yaml', COLOURS],
  output: { dir: 'dist/lib', cleanDir: true, chunkFileNames: '[name].js' },
});

/**
 * The command line and what its threads run: a file for each command, and one for what three or more of them share, since to
 * open fifty files takes longer than to read code that is not run.
 */
const commandLine = defineConfig({
  input: { main: 'src/cli/main.ts', worker: 'src/node/worker.ts' },
  platform: 'node',
  external: [COLOURS],
  resolve: { alias: { 'string-width': fileURLToPath(new URL('scripts/string-width.cjs', import.meta.url)) } },
  output: {
    dir: 'dist/cli',
    cleanDir: true,
    chunkFileNames: '[name].js',
    codeSplitting: { groups: [{ name: 'common', minShareCount: 3 }] },
  },
});

/** Run once, at the end of the build. */
const prebuild = defineConfig({
  input: { prebuild: 'scripts/prebuild.ts' },
  platform: 'node',
  external: [/^zod\//, 'yaml'],
  output: { dir: 'dist/build', cleanDir: true },
});

export default [library, commandLine, prebuild];
