import type { Graph } from '../graph/graph.ts';
import { openOnnx, openOnnxIn } from '../node/onnx.ts';
import type { Problem } from '../problems/problem.ts';
import { renderProblems } from '../report/problems/problems.ts';
import { unknownText } from '../report/problems/unknown.ts';
import { CLI_HINTS } from './hints.ts';
import { DONE, type ExitCode, FOUND, type Io, WRONG_INPUT } from './io.ts';
import { screenOf } from './screen.ts';

/** What reads ONNX files. Loaded only where one is named: `await import('./onnx.ts')`. */

/** Warnings that say the same of several places, once. */
function onceEach(warnings: readonly Problem[]): Problem[] {
  const found = new Map<string, Problem>();
  for (const warning of warnings) {
    const key = `${warning.code} ${JSON.stringify(warning.data)}`;
    const first = found.get(key);
    found.set(key, first === undefined ? warning : { ...first, repeats: (first.repeats ?? 0) + 1 });
  }
  return [...found.values()];
}

/** What a count of these files rests on, or lacks. */
function told(graphs: ReadonlyMap<string, Graph>, io: Io): string {
  const screen = screenOf(io, 'stderr');
  const warnings = [...graphs].flatMap(([file, { warnings = [] }]) => onceEach(warnings).map((problem) => ({ ...problem, file })));
  const unknown = [...graphs].flatMap(([file, { unknown: some = [] }]) => (some.length === 0 ? [] : [unknownText(file, some)]));
  return [...(warnings.length === 0 ? [] : [renderProblems(warnings, screen, CLI_HINTS)]), ...unknown]
    .map((text) => `${text}\n`)
    .join('\n');
}

/**
 * Runs something in a world that can open ONNX files. Unknown operators and assumptions are reported on stderr after it;
 * the exit code then is 1 if `isStrict`.
 */
export async function withOnnx(io: Io, isStrict: boolean, execute: (io: Io) => ExitCode | Promise<ExitCode>): Promise<ExitCode> {
  const graphs = new Map<string, Graph>();
  const library: Io['library'] = {
    ...io.library,
    openOnnx(path, settings, files) {
      // What was doubtful once is no news.
      if (files !== undefined) return openOnnxIn(files, path, settings);
      io.reading?.(path);
      const graph = openOnnx(path, settings);
      graphs.set(path, graph);
      return graph;
    },
  };
  const code = await execute({ ...io, library });
  if (code === WRONG_INPUT) return code;
  const text = told(graphs, io);
  if (text !== '') io.stderr(text);
  const isKnown = [...graphs.values()].every(({ unknown = [], warnings = [] }) => unknown.length === 0 && warnings.length === 0);
  return code === DONE && isStrict && !isKnown ? FOUND : code;
}
