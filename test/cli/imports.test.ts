import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const sources = new URL('../../src/', import.meta.url);

/** What a file imports when it is loaded: types are gone by then, and `import()` waits. */
const importsOf = (file: URL): URL[] =>
  [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)\s(?!type\b)[^;'"]*?'(\.[^']+)';/gm)].map(
    ([, target = '']) => new URL(target, file),
  );

/** All files that are loaded with these, by their paths from the sources. */
function loadedWith(...paths: readonly string[]): Set<string> {
  const loaded = new Map<string, URL>();
  const load = (file: URL): void => {
    if (loaded.has(file.href)) return;
    loaded.set(file.href, file);
    for (const next of importsOf(file)) load(next);
  };
  for (const path of paths) load(new URL(path, sources));
  return new Set([...loaded.values()].map((file) => fileURLToPath(file).slice(fileURLToPath(sources).length).replaceAll('\\', '/')));
}

const inRoom = (loaded: ReadonlySet<string>, room: string): string[] => [...loaded].filter((path) => path.startsWith(`${room}/`));

describe('a spec is counted', () => {
  const loaded = loadedWith('cli/main.ts', 'cli/start.ts', 'cli/commands/table.ts');

  it('with operators, the language of specs and tables', () => {
    for (const path of ['operators/conv.ts', 'spec/expand.ts', 'analysis/cost.ts', 'report/kit/terminal.ts'])
      expect([...loaded]).toContain(path);
  });

  it.each(['onnx', 'execute', 'weights', 'analysis/training', 'analysis/algebra', 'analysis/check', 'site', 'cli/commands/mcp'])(
    'without loading %s',
    (room) => expect(inRoom(loaded, room)).toEqual([]),
  );

  it('while ONNX files load what reads them', () => expect(inRoom(loadedWith('cli/onnx.ts'), 'onnx/read')).not.toEqual([]));
});
