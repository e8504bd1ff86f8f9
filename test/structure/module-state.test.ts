import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * What a module remembers for as long as the process lives. A weak map gives its entries back with their keys; the others are
 * bounded. Nothing may be added here that can belong to a graph, a model, a translation or a call.
 */
const REMEMBERED: Readonly<Record<string, readonly string[]>> = {
  'analysis/conventions/convention.ts': ['formulas'], // at most 1,024 parsed formulas
  'analysis/conventions/network-facts.ts': ['known'], // by graph: quantities ask for them row by row
  'analysis/cost.ts': ['costs'], // by work: networks repeat their layers
  'graph/answers.ts': ['answers'], // by attributes: solve counts one spec hundreds of times
  'onnx/read/contents.ts': ['origins'], // by weight: graphs hold no elements
  'onnx/check/signatures.ts': ['table'], // the one table of signatures, parsed when first needed
  'problems/allowance.ts': ['current'], // the allowance of the call that runs
  'node/disk.ts': ['input'], // the standard input can be read once
  'site/engine/files.ts': ['zooValue'], // at most 64 files of the zoo, parsed
  'site/engine/schema-help.ts': ['made'], // the one JSON Schema
  'site/engine/views.ts': ['loaded'], // at most as many as there are views
  'spec/load.ts': ['ofZoos'], // by zoo
  'spec/model.ts': ['read'], // by file
  'spec/schema.ts': ['writableKinds', 'writtenAttributes'], // by kind of attribute, by operator: as many as there are
};

/** The page is one state for as long as it is open; counters of WebAssembly are what its memory is for. */
const APART = [join('site', 'page', 'main.ts'), join('execute', 'wasm')];

const STATE = /^(?:export )?(?:let (\w+)|const (\w+)(?:: [^=]+)? = (?:new (?:Weak)?(?:Map|Set)(?:<.*>)?\(\)|\w*remembered\())/gm;

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.ts') && !APART.some((part) => path.includes(part)),
);

const stateOf = (text: string): string[] => [...text.matchAll(STATE)].map(([, variable, constant]) => variable ?? (constant as string));

describe('state of modules', () => {
  it('is found', () => {
    expect(stateOf('const a = new Map();\nexport const b = new WeakMap<Graph, Map<string, X>>();\nlet c: X | undefined;')).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(stateOf('const a = new Map([[1, 2]]);\n  const b = new Map();\nconst c = 1;')).toEqual([]);
  });

  it('is only what is listed here', () => {
    const found = files.flatMap((path): [string, string[]][] => {
      const names = stateOf(readFileSync(join('src', path), 'utf8'));
      return names.length === 0 ? [] : [[path.replaceAll('\\', '/'), names]];
    });
    expect(Object.fromEntries(found)).toEqual(REMEMBERED);
  });
});
