import type { Graph } from '../../graph/graph.ts';
import { FlopwiseError } from '../../problems/problem.ts';
import type { ByteSource } from '../file/bytes.ts';
import { readOnnx } from '../file/read-model.ts';
import { type AskedInputs, bindInputs } from './bind-inputs.ts';
import { translate } from './translate.ts';

/** Problems of what a file says, with its name. */
function inFile<T>(file: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof FlopwiseError)) throw error;
    throw new FlopwiseError(
      error.problems.map((problem) => ({ ...problem, file })),
      { cause: error },
    );
  }
}

/**
 * The network of an ONNX file. `external` opens files beside it, which happens only where a shape depends on what they hold.
 * @throws FlopwiseError or ProblemError where the file cannot be read, or does not say all that a count needs.
 */
export function readNetwork(
  source: ByteSource,
  path: string,
  external: (location: string) => ByteSource | undefined,
  asked: AskedInputs = {},
): Graph {
  const model = readOnnx(source, path, external);
  return inFile(path, () => translate(model, path, bindInputs(model, asked)));
}
