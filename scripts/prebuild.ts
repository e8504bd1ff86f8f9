import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import type { Script } from 'node:vm';
import { flagOf } from '../src/cli/launch.ts';
import { openModel, parseReference } from '../src/library/reference.ts';
import { codeCachePath, loadCompiled } from '../src/node/code-cache.ts';
import { diskLibrary, type ReadyFile, readyPath, zoo } from '../src/node/disk.ts';
import { compileKernels } from '../src/node/kernels.ts';
import type { SpecFolder } from '../src/spec/folder.ts';
import { readSpec } from '../src/spec/model.ts';
import { parseSource } from '../src/spec/source.ts';

/** Does what can be done once, when flopwise is built, so that it need not be done at each run. */

/** A file of the command line's bundle. */
const inBundle = (name: string): string => fileURLToPath(new URL(`../cli/${name}`, import.meta.url));

/** Parses and checks the zoo, as it is on disk. */
function readZoo(): void {
  const folder: SpecFolder = { ...zoo, ready: () => undefined };
  for (const path of zoo.list()) {
    readSpec({ folder, path }, folder);
    const text = zoo.read(path);
    const file: ReadyFile = { text, value: parseSource(path, text).source.value };
    mkdirSync(dirname(readyPath(path)), { recursive: true });
    writeFileSync(readyPath(path), JSON.stringify(file));
  }
}

/** A small spec of one's own, with what most have. */
const OWN_SPEC = `
input: [3, 32, 32]
with: { width: 8 }
stages:
  stem: [{ conv: { kernel: 3, out: $width, padding: 1 } }, batchnorm, relu]
  body:
    - residual: [{ conv: { kernel: 3, out: $width, padding: 1 } }, batchnorm]
    - globalavgpool
    - flatten
    - linear: { out: $width }
`;

/** Short commands: counts of a model of the zoo, of one's own spec, and of a file of ONNX. */
const shortCommands = (spec: string, onnx: string): string[][] => [['resnet50'], [spec], ['export', spec, '--output', onnx], [onnx]];

/** Compiles the command line, by running it: all that these commands call. */
async function compileCommandLine(spec: string, onnx: string): Promise<void> {
  const scripts = new Map<string, Script>();
  const keep = (file: string, script: Script) => scripts.set(file, script);
  const write = (files: Iterable<string>) => {
    for (const file of files) {
      writeFileSync(codeCachePath(file), (scripts.get(file) as Script).createCachedData());
      scripts.delete(file);
    }
  };
  const { start } = loadCompiled<typeof import('../src/cli/start.ts')>(inBundle('start.cjs'), keep);
  const first = [...scripts.keys()];
  const run = async (argv: readonly string[]) => {
    await start(argv, { stdout: () => undefined });
    if (process.exitCode !== 0) throw new Error(`flopwise ${argv.join(' ')} ended with ${process.exitCode}`);
  };
  for (const argv of shortCommands(spec, onnx)) await run(argv);
  // V8 takes code only if its flags are those that it had when that was written. The first files are loaded without any: see `launch`.
  write(first);
  setFlagsFromString(flagOf(undefined));
  write(scripts.keys());
  setFlagsFromString('--opt');
  setFlagsFromString(flagOf('verify'));
  await run(['verify', spec]);
  const { work } = loadCompiled<typeof import('../src/node/work.ts')>(inBundle('work.cjs'), keep);
  const { nodes } = openModel(parseReference(spec), diskLibrary);
  const layers = nodes.map(({ operator, attributes, inputs, weights }) => ({ operator, attributes, inputs, weights }));
  work({ layers, order: [...layers.keys()], taken: new Int32Array(layers.length), seed: 1, compiled: await compileKernels('fast') });
  write(scripts.keys());
}

for (const name of readdirSync(inBundle(''))) if (name.endsWith('.cache')) rmSync(inBundle(name));
readZoo();
const folder = mkdtempSync(join(tmpdir(), 'flopwise-'));
try {
  const spec = join(folder, 'own.yaml');
  writeFileSync(spec, OWN_SPEC);
  await compileCommandLine(spec, join(folder, 'own.onnx'));
} finally {
  rmSync(folder, { recursive: true });
}
