import type { Alu } from '../../core/alu.ts';
import { type Element, ONE, ZERO } from '../../core/tensor.ts';
import type { Term } from '../../core/work.ts';
import { sigmoidOf } from '../sigmoid.ts';

export const CELL_NAMES = ['lstm', 'gru', 'rnn'] as const;
export type CellName = (typeof CELL_NAMES)[number];

/** What the gates of one unit give in one step: the sums that they get, and the state before. */
interface GateSums {
  /** The sum of a gate: of the input and of the state before, apart where the two are needed apart. */
  gate(index: number): Element;
  /** The state before, of the unit. */
  readonly h: Element;
  readonly c: Element;
  /** Adds a peephole on a state to a sum. */
  peep(sum: Element, index: number, state: Element): Element;
}

/** What one unit is after a step: its states, and what its gates gave, which the gradients are computed from. */
export interface After {
  readonly h: Element;
  readonly c: Element;
  readonly gates: readonly Element[];
}

/** A unit of which the gradients of the states are known, and the states before. */
interface Turn {
  readonly after: After;
  readonly h: Element;
  readonly c: Element;
  readonly toH: Element;
  readonly toC: Element;
  /** Adds a gradient times a peephole. */
  peep(sum: Element, index: number, gradient: Element): Element;
}

interface Cell {
  readonly gates: number;
  readonly states: number;
  /** Operations per unit and step beside the products. */
  readonly operations: Term['each'];
  /** The states after. */
  next(step: GateSums, alu: Alu): After;
  /** Operations of its gradient per unit and step beside the products, without the reset of a GRU. */
  readonly back: Term['each'];
  /** Gradients of the sums that the gates get, and of the states before as far as they do not go through gates. */
  turn(turn: Turn, alu: Alu): { readonly sums: readonly Element[]; readonly h: Element; readonly c: Element };
}

/** The gradient through a sigmoid that gave a share. */
export const throughSigmoid = (gradient: Element, share: Element, alu: Alu): Element =>
  alu.multiply(gradient, alu.multiply(share, alu.subtract(ONE, share)));

/** The gradient through tanh. */
const throughTanh = (gradient: Element, tanh: Element, alu: Alu): Element =>
  alu.multiply(gradient, alu.subtract(ONE, alu.multiply(tanh, tanh)));

/** The gates, in the order of ONNX: input, output, forget, cell; update, reset, hidden. */
export const CELLS: Readonly<Record<CellName, Cell>> = {
  lstm: {
    gates: 4,
    states: 2,
    operations: { multiply: 3, add: 4, subtract: 3, divide: 3, exp: 3, tanh: 2 },
    next({ gate, c, peep }, alu) {
      const input = sigmoidOf(peep(gate(0), 0, c), alu);
      const forget = sigmoidOf(peep(gate(2), 2, c), alu);
      const candidate = alu.tanh(gate(3));
      const cell = alu.add(alu.multiply(forget, c), alu.multiply(input, candidate));
      const output = sigmoidOf(peep(gate(1), 1, cell), alu);
      const bounded = alu.tanh(cell);
      return { h: alu.multiply(output, bounded), c: cell, gates: [input, output, forget, candidate, bounded] };
    },
    back: { multiply: 16, add: 1, subtract: 5 },
    turn({ after, c, toH, toC, peep }, alu) {
      const [input, output, forget, candidate, bounded] = after.gates;
      const toOutput = throughSigmoid(alu.multiply(toH, bounded), output, alu);
      const cell = peep(alu.add(toC, throughTanh(alu.multiply(toH, output), bounded, alu)), 1, toOutput);
      const toForget = throughSigmoid(alu.multiply(cell, c), forget, alu);
      const toInput = throughSigmoid(alu.multiply(cell, candidate), input, alu);
      const toCandidate = throughTanh(alu.multiply(cell, input), candidate, alu);
      const before = peep(peep(alu.multiply(cell, forget), 0, toInput), 2, toForget);
      return { sums: [toInput, toOutput, toForget, toCandidate], h: ZERO, c: before };
    },
  },
  gru: {
    gates: 3,
    states: 1,
    // The reset gate and its product are made before the sums of the hidden gate.
    operations: { multiply: 3, add: 3, subtract: 3, divide: 2, exp: 2, tanh: 1 },
    next({ gate, h }, alu) {
      const update = sigmoidOf(gate(0), alu);
      const hidden = alu.tanh(gate(2));
      const after = alu.add(alu.multiply(alu.subtract(ONE, update), hidden), alu.multiply(update, h));
      return { h: after, c: ZERO, gates: [update, hidden] };
    },
    back: { multiply: 7, subtract: 4 },
    // The reset gate is between the sum of the hidden gate and the state before.
    turn({ after, h, toH }, alu) {
      const [update, hidden] = after.gates;
      const toUpdate = throughSigmoid(alu.multiply(toH, alu.subtract(h, hidden)), update, alu);
      const toHidden = throughTanh(alu.multiply(toH, alu.subtract(ONE, update)), hidden, alu);
      return { sums: [toUpdate, ZERO, toHidden], h: alu.multiply(toH, update), c: ZERO };
    },
  },
  rnn: {
    gates: 1,
    states: 1,
    operations: { tanh: 1 },
    next({ gate }, alu) {
      const h = alu.tanh(gate(0));
      return { h, c: ZERO, gates: [h] };
    },
    back: { multiply: 2, subtract: 1 },
    turn: ({ after, toH }, alu) => ({ sums: [throughTanh(toH, after.h, alu)], h: ZERO, c: ZERO }),
  },
};
