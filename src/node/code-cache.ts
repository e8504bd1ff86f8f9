import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
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

/**
 * Runs a file of the bundle as `require` would, and those that it requires in turn, with the code that V8 compiled of them when
 * flopwise was built: most of the time that a short command takes goes into compiling. A V8 of another version or with other flags
 * refuses that code, and compiles anew. The build writes nothing but ASCII. `loaded` is told of each file and its script.
 */
export function loadCompiled<Exports>(file: string, loaded?: (file: string, script: Script) => void): Exports {
  const require = createRequire(file);
  const known = require.cache[file];
  if (known !== undefined) return known.exports;
  const cachedData = codeCacheOf(file);
  const script = new Script(Module.wrap(readFileSync(file, 'latin1')), { filename: file, ...(cachedData && { cachedData }) });
  loaded?.(file, script);
  const module = new Module(file);
  module.filename = file;
  require.cache[file] = module;
  const folder = dirname(file);
  const requireCompiled = (name: string) => (name.startsWith('./') ? loadCompiled(join(folder, name), loaded) : require(name));
  module.require = requireCompiled as NodeJS.Require;
  script.runInThisContext()(module.exports, requireCompiled, module, file, folder);
  return module.exports;
}
