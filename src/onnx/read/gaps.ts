import { type Problem, sentence } from '../../problems/problem.ts';
import type { OnnxNode } from '../file/model.ts';

/** How many nodes of an operator. */
type Tally = Map<string, number>;

const nameOf = ({ operator, domain }: OnnxNode): string => (domain === '' ? operator : `${domain}.${operator}`);

function tally(into: Tally, node: OnnxNode): void {
  into.set(nameOf(node), (into.get(nameOf(node)) ?? 0) + 1);
}

const listed = (all: Tally): readonly (readonly [string, number])[] => [...all].sort(([, a], [, b]) => b - a);

/** Where shapes are not derived: left out, bound, or assumed; and where work is not. One warning each, however many nodes. */
export class Gaps {
  readonly #leftOut: Tally = new Map();
  readonly #bound: Tally = new Map();
  readonly #assumed: Tally = new Map();
  readonly #mostCounted: Tally = new Map();
  readonly #reasons = new Map<string, Problem>();

  /** A node that is not counted. */
  leaveOut(node: OnnxNode, reason: Problem): void {
    tally(this.#leftOut, node);
    const key = `${reason.code} ${reason.path} ${sentence(reason)}`;
    if (!this.#reasons.has(key)) this.#reasons.set(key, reason);
  }

  /** A node whose outputs have at most the shape that is counted. */
  bound(node: OnnxNode): void {
    tally(this.#bound, node);
  }

  /** A node of whose work, which depends on data, the most is counted. */
  countMost(node: OnnxNode): void {
    tally(this.#mostCounted, node);
  }

  /** A node whose output is taken to have the shape of its input. */
  assume(node: OnnxNode): void {
    tally(this.#assumed, node);
  }

  get hasAssumed(): boolean {
    return this.#assumed.size > 0;
  }

  /** The first reason for which something was left out. */
  get reason(): Problem | undefined {
    const [first] = this.#reasons.values();
    return first;
  }

  get warnings(): Problem[] {
    const warnings: Problem[] = [];
    const reasons = [...this.#reasons.values()];
    if (reasons.length > 0) {
      const values = [
        ...new Set(reasons.flatMap(({ code, data }) => (code === 'ONNX_UNRESOLVED' ? [(data as { value: string }).value] : []))),
      ];
      const operators = [
        ...new Set(
          reasons.flatMap(({ code, data }) => (code === 'ONNX_UNKNOWN_OPERATOR' ? [(data as { operator: string }).operator] : [])),
        ),
      ];
      warnings.push({ code: 'ONNX_LEFT_OUT', data: { nodes: listed(this.#leftOut), values, operators } });
    }
    if (this.#bound.size > 0) warnings.push({ code: 'ONNX_BOUND', data: { nodes: listed(this.#bound) } });
    if (this.#mostCounted.size > 0) warnings.push({ code: 'ONNX_AT_MOST', data: { nodes: listed(this.#mostCounted) } });
    if (this.#assumed.size > 0) warnings.push({ code: 'ONNX_ASSUMED', data: { nodes: listed(this.#assumed) } });
    return warnings;
  }
}
