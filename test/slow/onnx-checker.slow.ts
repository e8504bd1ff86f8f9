import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { syntheticWeights } from '../../src/execute/synthetic-weights.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node/disk.ts';
import { python, wrongWith } from '../onnx/checker.ts';
import { modelOf, modelWithoutWeights } from '../onnx/onnxruntime.ts';
import { fitting, sideBySide } from '../onnx/side-by-side.ts';
import { drawnNames } from '../operators/drawn.ts';
import { runnableModels } from '../specs/small-models.ts';

if (python === undefined)
  process.stdout.write('skipped: no Python has the onnx package, so its checker is not run (Debian: python3-onnx)\n');

const SEED = 1;

describe.skipIf(python === undefined)('what is exported is accepted by the checker of the onnx package', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'flopwise-checker-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const written = (name: string, bytes: Uint8Array): string => {
    const path = join(folder, `${name}.onnx`);
    writeFileSync(path, bytes);
    return path;
  };

  it('every operator, with attributes and shapes drawn at random', () => {
    const fileOf = (graph: Graph): string => written(graph.name, modelOf(graph, syntheticWeights(graph, SEED)));
    expect(wrongWith(drawnNames.map((name) => fileOf(sideBySide(name, fitting(name, SEED)))))).toEqual({});
  });

  it('every model of the zoo but those of language, at full size', () => {
    // It looks whether a file of weights is there, not what is in it.
    const dataFile = 'weights.data';
    writeFileSync(join(folder, dataFile), '');
    const files = runnableModels().map(({ name }) =>
      written(name, modelWithoutWeights(openModel(parseReference(name), diskLibrary), dataFile)),
    );
    expect(wrongWith(files)).toEqual({});
  });

  it('which tells what is wrong with a file', () => {
    const path = written('without', modelWithoutWeights(openModel(parseReference('basic'), diskLibrary), 'nowhere.data'));
    expect(wrongWith([path])).toEqual({ [path]: expect.stringContaining('nowhere.data') });
  });
});
