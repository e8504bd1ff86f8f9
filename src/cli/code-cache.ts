import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';

/** Where the build leaves what V8 made of a file of the bundle. */
export const codeCachePath = (file: string): string => `${file}.cache`;

function codeCacheOf(file: string): Buffer | undefined {
  try {
    return readFileSync(codeCachePath(file));
  } catch {
    return undefined;
  }
}

/** A CommonJS module that was run, and its script. */
export interface Loaded<Exports> {
  readonly exports: Exports;
  readonly script: Script;
}

/**
 * Runs a file of the bundle, as `require` would, with the code that V8 compiled of it when flopwise was built: most of the time
 * that a short command takes goes into compiling. A V8 of another version or with other flags refuses that code, and compiles anew.
 */
export function loadCompiled<Exports>(file: string, cachedData = codeCacheOf(file)): Loaded<Exports> {
  const script = new Script(Module.wrap(readFileSync(file, 'utf8')), { filename: file, ...(cachedData && { cachedData }) });
  const require = createRequire(file);
  const module = new Module(file);
  module.filename = file;
  // For those that require it in turn.
  require.cache[file] = module;
  script.runInThisContext()(module.exports, require, module, file, dirname(file));
  return { exports: module.exports, script };
}
