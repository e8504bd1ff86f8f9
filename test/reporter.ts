import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** Ends a run with its tests in one plain line: `tests: 123 passed, 0 failed, 2 skipped`. */
export default class PlainSummary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const count = (state: (typeof states)[number]): number => states.filter((other) => other === state).length;
    // A file that does not load, or a hook that throws, fails without a failed test.
    const broken = modules.filter((module) => !module.ok() && module.children.allTests('failed').next().done).length;
    const skipped = count('skipped') + count('pending');
    const line = `tests: ${count('passed')} passed, ${count('failed') + broken + errors.length} failed`;
    console.log(skipped > 0 ? `${line}, ${skipped} skipped` : line);
  }
}
