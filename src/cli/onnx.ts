import type { UnknownOperator } from '../graph/graph.ts';
import { unknownText } from '../report/unknown.ts';
import { DONE, type ExitCode, FOUND, type Io } from './io.ts';

/** What reads ONNX files. Loaded only where one is named: `await import('./onnx.ts')`. */

/**
 * Runs something in a world that can open ONNX files. What in them is not known is told on stderr after it; the exit code
 * then is 1 if `isStrict`.
 */
export async function withOnnx(io: Io, isStrict: boolean, execute: (io: Io) => Promise<ExitCode>): Promise<ExitCode> {
  const { openOnnx } = await import('../node/onnx.ts');
  const found = new Map<string, readonly UnknownOperator[]>();
  const library: Io['library'] = {
    ...io.library,
    openOnnx(path, settings) {
      const graph = openOnnx(path, settings);
      if (graph.unknown !== undefined && graph.unknown.length > 0) found.set(path, graph.unknown);
      return graph;
    },
  };
  const code = await execute({ ...io, library });
  for (const [path, unknown] of found) io.stderr(`${unknownText(path, unknown)}\n`);
  return code === DONE && isStrict && found.size > 0 ? FOUND : code;
}
