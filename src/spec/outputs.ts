import { fail, type Position } from '../problems/problem.ts';
import type { CompiledLayer } from './compiled.ts';
import type { Flow } from './frame.ts';

interface Output {
  /** `null` for a layer that its `when` left out. */
  readonly flow: Flow | null;
  /** Its layer is one that may be left out, so that another may stand for it. */
  isConditional: boolean;
  /** Where a later layer of the name stands that was left out; nobody can say which of the two is meant. */
  leftOut?: () => Position;
}

/** The named outputs so far, in the model or in a block. */
export class Outputs {
  readonly #outputs = new Map<string, Output>();

  constructor(given: Iterable<readonly [string, Flow]>) {
    for (const [name, flow] of given) this.set(name, flow);
  }

  set(name: string, flow: Flow): void {
    this.#outputs.set(name, { flow, isConditional: false });
  }

  /** Layers with a condition that are there: alternatives that are not may have the same names. */
  keep(steps: readonly CompiledLayer[]): void {
    for (const name of namesIn(steps)) {
      const output = this.#outputs.get(name);
      if (output !== undefined) output.isConditional = true;
    }
  }

  /** Layers that their `when` left out. */
  leaveOut(steps: readonly CompiledLayer[], locate: () => Position): void {
    for (const name of namesIn(steps)) {
      const output = this.#outputs.get(name);
      if (output === undefined) this.#outputs.set(name, { flow: null, isConditional: true });
      else if (!output.isConditional) output.leftOut = locate;
    }
  }

  /** Whether a name is that of a layer which is not there. */
  isLeftOut(name: string): boolean {
    return this.#outputs.get(name)?.flow === null;
  }

  /** What an earlier layer gives. Throws a `ProblemError` if there is none of that name, or if it may be one of two. */
  take(name: string, key: 'from' | 'outputs'): Flow {
    const output = this.#outputs.get(name);
    if (output === undefined) throw fail('UNKNOWN_SOURCE', { name, known: [...this.#outputs.keys()] }, key);
    if (output.flow === null) throw fail('SKIPPED_SOURCE', { name }, key);
    if (output.leftOut !== undefined) throw fail('HIDDEN_SOURCE', { name, line: output.leftOut().line }, key);
    return output.flow;
  }
}

/** The names that layers and all that is in them have; blocks keep theirs to themselves. */
function* namesIn(steps: readonly CompiledLayer[]): Generator<string> {
  for (const step of steps) {
    yield* step.names ?? [];
    yield* step.as ?? [];
    yield* namesIn(inside(step));
  }
}

function inside(step: CompiledLayer): readonly CompiledLayer[] {
  switch (step.kind) {
    case 'residual':
      return Array.isArray(step.shortcut) ? [...step.body, ...step.shortcut] : step.body;
    case 'parallel':
      return step.branches.flatMap(({ steps }) => steps);
    case 'sequence':
      return step.steps;
    case 'experts':
      return [step.body, step.router, step.gates, step.shared].flatMap((steps) => steps ?? []);
    default:
      return [];
  }
}
