import { CountingAlu } from '../../core/alu.ts';
import { elementCount, type Shape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { Gradient, Gradients } from '../../operators/kit/gradient.ts';
import type { Weights } from '../../operators/kit/operator.ts';
import { operatorOf } from '../../operators/registry.ts';
import { type Elements, tensorFrom } from '../elements.ts';
import { rowsOfExpert, runExperts, weightsOfExpert } from '../experts.ts';
import type { Ran, Runnable } from '../kernels.ts';
import { runReference } from '../reference.ts';
import type { BackwardPass, RanBackward, TrainingKernels } from './training-kernels.ts';

/** The gradient of the operator of a node, which has one. */
const gradientOf = ({ operator }: Runnable): Gradient<unknown> => operatorOf(operator).gradient as Gradient<unknown>;

const tensorsOf = (weights: Readonly<Record<string, Elements>>): Weights =>
  Object.fromEntries(Object.entries(weights).map(([role, elements]) => [role, tensorFrom(elements)]));

/** Puts parts one after the other along the first axis. */
function joined(parts: readonly Tensor[], shape: Shape, zeros: (shape: Shape) => Tensor): Tensor {
  const y = zeros(shape);
  let filled = 0;
  for (const { data } of parts) {
    for (let i = 0; i < data.length; i++) y.data[filled + i] = data[i];
    filled += data.length;
  }
  return y;
}

/** The backward kernels of the operators' own files. `makeAlu` gives the arithmetic for a node; one that counts, if not given. */
export class ReferenceTraining implements TrainingKernels {
  readonly #makeAlu: () => CountingAlu;

  constructor(makeAlu: () => CountingAlu = () => new CountingAlu()) {
    this.#makeAlu = makeAlu;
  }

  forward(node: Runnable, inputs: readonly Tensor[], weights: Readonly<Record<string, Elements>>): Ran {
    const alu = this.#makeAlu();
    return { outputs: this.forwardWith(node, inputs, weights, alu), counts: alu.counts(), kernel: 'reference' };
  }

  /** The outputs, by an arithmetic that is given. */
  forwardWith(node: Runnable, inputs: readonly Tensor[], weights: Readonly<Record<string, Elements>>, alu: CountingAlu): readonly Tensor[] {
    const { gradient } = operatorOf(node.operator);
    const training = 'none' in gradient ? undefined : gradient.training;
    if (training === undefined) return runReference(node, inputs, weights, alu);
    const { attributes, experts } = node;
    const held = tensorsOf(weights);
    const run = (rows: readonly Tensor[], own: Weights): readonly Tensor[] => [training.run(attributes, rows, own, alu)];
    return experts === undefined ? run(inputs, held) : runExperts(experts.count, inputs, held, run, (shape) => alu.zeros(shape));
  }

  backward(node: Runnable, pass: BackwardPass): RanBackward {
    const alus = { inputs: this.#makeAlu(), weights: this.#makeAlu(), kept: this.#makeAlu() };
    const { run } = gradientOf(node);
    const whole = { ...pass, weights: tensorsOf(pass.weights) };
    const gradients =
      node.experts === undefined ? run(node.attributes, whole, alus) : this.#experts(node, whole, (one) => run(node.attributes, one, alus));
    return { gradients, counts: { inputs: alus.inputs.counts(), weights: alus.weights.counts() }, kernel: 'reference' };
  }

  /** Each expert by itself, on its own rows; an expert without rows has gradients of nothing. */
  #experts(
    { experts }: Runnable,
    pass: Omit<BackwardPass, 'weights'> & { readonly weights: Weights },
    run: (pass: Omit<BackwardPass, 'weights'> & { readonly weights: Weights }) => Gradients,
  ): Gradients {
    const count = experts?.count ?? 1;
    const zeros = (shape: Shape): Tensor => new CountingAlu().zeros(shape);
    const rows = (tensors: readonly Tensor[], expert: number): Tensor[] => tensors.map((tensor) => rowsOfExpert(tensor, expert, count));
    const parts = Array.from({ length: count }, (_, expert) => {
      const own = {
        ...pass,
        inputs: rows(pass.inputs, expert),
        outputs: rows(pass.outputs, expert),
        gradients: rows(pass.gradients, expert),
        weights: weightsOfExpert(pass.weights, expert),
      };
      return elementCount((own.inputs[0] as Tensor).shape) === 0 ? undefined : run(own);
    });
    const all = parts.filter((part) => part !== undefined);
    return {
      inputs: pass.inputs.map(({ shape }, index) =>
        pass.needs.inputs[index] === true
          ? joined(
              all.flatMap((part) => part.inputs[index] ?? []),
              shape,
              zeros,
            )
          : undefined,
      ),
      weights: Object.fromEntries(
        Object.entries(pass.weights).flatMap(([role, { shape }]) => {
          if (pass.needs.weights[role] !== true) return [];
          const own = parts.map((part) => part?.weights[role] ?? zeros(shape.slice(1)));
          return [[role, joined(own, shape, zeros)] as const];
        }),
      ),
    };
  }

  add(a: Tensor, b: Tensor): { sum: Tensor; counts: ReturnType<CountingAlu['counts']> } {
    const alu = this.#makeAlu();
    const sum = alu.zeros(a.shape);
    const [left, right] = [a.data, b.data];
    for (let i = 0; i < left.length; i++) sum.data[i] = alu.add(left[i], right[i]);
    return { sum, counts: alu.counts() };
  }

  makeUp(elements: Elements): Tensor {
    return tensorFrom(elements);
  }

  release(): void {
    // The memory of a tensor is free as soon as nobody holds it.
  }
}
