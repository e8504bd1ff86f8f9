import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import type { Shape } from '../core/shape.ts';
import { type Element, elementOf, ONE } from '../core/tensor.ts';
import { each, elementFactors } from '../core/work.ts';
import { about, flag, oneOf, withDefault } from './kit/attributes.ts';
import { mapElements } from './kit/elements.ts';
import { perElement, savedInput } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';

const OPERATIONS = {
  none: { multiply: 3, add: 1, erf: 1 },
  tanh: { multiply: 6, add: 2, tanh: 1 },
} as const;

const HALF = elementOf(0.5);
const ROOT_OF_HALF = elementOf(Math.SQRT1_2);
const ROOT_OF_2_BY_PI = elementOf(Math.sqrt(2 / Math.PI));
const CUBIC = elementOf(0.044715);
const ROOT_OF_2_PI = elementOf(1 / Math.sqrt(2 * Math.PI));
const SLOPE = elementOf(3 * 0.044715);

const SLOPES = {
  none(x: Element, g: Element, alu: Alu): Element {
    const share = alu.multiply(HALF, alu.add(ONE, alu.erf(alu.multiply(x, ROOT_OF_HALF))));
    const density = alu.multiply(ROOT_OF_2_PI, alu.exp(alu.multiply(elementOf(-0.5), alu.multiply(x, x))));
    return alu.multiply(g, alu.add(share, alu.multiply(x, density)));
  },
  tanh(x: Element, g: Element, alu: Alu): Element {
    const square = alu.multiply(x, x);
    const cube = alu.multiply(alu.multiply(CUBIC, square), x);
    const tanh = alu.tanh(alu.multiply(ROOT_OF_2_BY_PI, alu.add(x, cube)));
    const inner = alu.multiply(ROOT_OF_2_BY_PI, alu.add(ONE, alu.multiply(SLOPE, square)));
    const outer = alu.multiply(alu.multiply(alu.multiply(HALF, x), alu.subtract(ONE, alu.multiply(tanh, tanh))), inner);
    return alu.multiply(g, alu.add(alu.multiply(HALF, alu.add(ONE, tanh)), outer));
  },
} as const;

/** Φ(x) + x·φ(x), and the derivative of the approximation, times the gradient. */
const DERIVATIVES = {
  none: { multiply: 7, add: 2, erf: 1, exp: 1 },
  tanh: { multiply: 12, add: 4, subtract: 1, tanh: 1 },
} as const;

const KERNELS = {
  none(x: Element, alu: Alu): Element {
    const share = alu.add(ONE, alu.erf(alu.multiply(x, ROOT_OF_HALF)));
    return alu.multiply(alu.multiply(HALF, x), share);
  },
  tanh(x: Element, alu: Alu): Element {
    const cube = alu.multiply(alu.multiply(alu.multiply(CUBIC, x), x), x);
    const share = alu.add(ONE, alu.tanh(alu.multiply(ROOT_OF_2_BY_PI, alu.add(x, cube))));
    return alu.multiply(alu.multiply(HALF, x), share);
  },
} as const;

interface Attributes {
  readonly approximate: keyof typeof DERIVATIVES;
  readonly composed: boolean;
}

export const gelu = defineOperator({
  name: 'gelu',
  summary: 'Weight every element by the normal distribution up to it, exactly or approximated by tanh.',
  attributes: z.strictObject({
    approximate: about(withDefault(oneOf('none', 'tanh'), 'none'), 'How the error function is computed: exactly, or by tanh.'),
    composed: about(
      withDefault(flag, false),
      'Whether the approximation by tanh is written as arithmetic, each part of which keeps in training what its gradient needs.',
    ),
  }),
  rule: '0.5·x·(1 + erf(x·√½)): three multiplies, one add and one erf per element; approximated, 0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x·x·x))): six multiplies, two adds and one tanh.',
  source: 'Hendrycks and Gimpel 2016, arXiv:1606.08415; torch.nn.GELU',
  shape: (_, [x]) => x,
  work: ({ approximate }, [x]) => [each(OPERATIONS[approximate], elementFactors(x))],
  gradient: {
    ...perElement(
      'input',
      ({ approximate }: Attributes) => DERIVATIVES[approximate],
      (x, g, alu, { approximate }) => SLOPES[approximate](x, g, alu),
    ),
    /** Composed: the input for its power, what tanh gave, and both factors of the last product, ½·x and 1 + tanh. */
    saves: ({ approximate, composed }, [x]) => [
      savedInput(0),
      ...(composed && approximate === 'tanh' ? [{ what: 'between', shape: [3, ...(x as Shape)], type: 'element' } as const] : []),
    ],
  },
  run: ({ approximate }, [x], _, alu) => mapElements(x, alu, KERNELS[approximate]),
});
