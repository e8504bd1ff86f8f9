import { statSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import type { Graph } from '../graph/graph.ts';
import { renderProblems } from '../report/problems/problems.ts';
import { unknownText } from '../report/problems/unknown.ts';
import { DONE, type ExitCode, FOUND, type Io, WRONG_INPUT } from './io.ts';
import { screenOf } from './screen.ts';

/** What reads ONNX files. Loaded only where one is named: `await import('./onnx.ts')`. */

/** Bytes from which on a file may hold so much that V8's optimising compiler pays off; short commands run without it. */
const LARGE = 2 ** 20;

function optimiseFor(path: string): void {
  try {
    if (statSync(path).size > LARGE) setFlagsFromString('--opt');
  } catch {
    // What is wrong with the path is told when it is opened.
  }
}

/** What a count of these files rests on, or lacks. */
async function told(graphs: ReadonlyMap<string, Graph>, io: Io): Promise<string> {
  const screen = await screenOf(io, 'stderr');
  const warnings = [...graphs].flatMap(([file, { warnings = [] }]) => warnings.map((problem) => ({ ...problem, file })));
  const unknown = [...graphs].flatMap(([file, { unknown: some = [] }]) => (some.length === 0 ? [] : [unknownText(file, some)]));
  return [...(warnings.length === 0 ? [] : [renderProblems(warnings, screen)]), ...unknown].map((text) => `${text}\n`).join('\n');
}

/**
 * Runs something in a world that can open ONNX files. What in them is not known, or not certain, is told on stderr after it;
 * the exit code then is 1 if `isStrict` and something is not known.
 */
export async function withOnnx(io: Io, isStrict: boolean, execute: (io: Io) => Promise<ExitCode>): Promise<ExitCode> {
  const { openOnnx } = await import('../node/onnx.ts');
  const graphs = new Map<string, Graph>();
  const library: Io['library'] = {
    ...io.library,
    openOnnx(path, settings) {
      optimiseFor(path);
      const graph = openOnnx(path, settings);
      graphs.set(path, graph);
      return graph;
    },
  };
  const code = await execute({ ...io, library });
  if (code === WRONG_INPUT) return code;
  const text = await told(graphs, io);
  if (text !== '') io.stderr(text);
  const isKnown = [...graphs.values()].every(({ unknown = [] }) => unknown.length === 0);
  return code === DONE && isStrict && !isKnown ? FOUND : code;
}
