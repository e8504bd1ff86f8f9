import { FlopwiseError, ProblemError } from '../problems/problem.ts';

/** The result, or nothing where the input is refused; anything else that goes wrong is a fault of the program. */
export function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof FlopwiseError || error instanceof ProblemError) return undefined;
    throw error;
  }
}
