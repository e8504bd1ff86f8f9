import { bytesOf, CountingAlu } from '../../core/alu.ts';
import { addUp, type Counts } from '../../core/counts.ts';
import type { Shape } from '../../core/shape.ts';
import { numbersOf, type Tensor } from '../../core/tensor.ts';
import { type GradientFlow, heldBy } from '../../gradients/flow.ts';
import { lossOf } from '../../gradients/loss.ts';
import type { Edge, Graph, Node, Weight } from '../../graph/graph.ts';
import { idsIn } from '../../graph/ids.ts';
import type { Gradients } from '../../operators/kit/gradient.ts';
import { ProblemError } from '../../problems/problem.ts';
import { type Elements, tensorFrom } from '../elements.ts';
import { at } from '../interpreter.ts';
import type { KernelKind } from '../kernels.ts';
import { Synthesis } from '../synthetic.ts';
import { numberWeights } from '../synthetic-weights.ts';
import { ReferenceTraining } from './reference-training.ts';
import type { TrainingKernels } from './training-kernels.ts';

export interface ExecuteStepOptions {
  /** Seed of the random input and weights. */
  readonly seed?: number | undefined;
  /** Bytes that tensors may take. */
  readonly memory?: number | undefined;
  /** What nodes are run with; the reference kernels, if not given. */
  readonly kernels?: TrainingKernels | undefined;
  /** The elements of inputs and weights; the default is random. */
  readonly given?: ((held: Edge | Weight) => readonly number[] | undefined) | undefined;
  /** Told of each node before it is run, and how many runs are done: each node forward, then each backward. */
  readonly onNode?: ((node: Node, begun: number) => void) | undefined;
}

/** What was executed at one node: forward, and for the gradients of its inputs and of its weights, what adds them up included. */
export interface ExecutedNode {
  readonly output: readonly Shape[];
  readonly forward: Counts;
  readonly inputGradient: Counts;
  readonly weightGradient: Counts;
  /** The kernels forward and backward; none backward where no gradient flows. */
  readonly kernel: KernelKind;
  readonly backwardKernel: KernelKind | undefined;
  /** What has a gradient of another shape than its own: inputs by number, weights by role. */
  readonly misshapen: readonly string[];
}

type RanForward = Pick<ExecutedNode, 'output' | 'forward' | 'kernel'>;

/** A training step that was run. */
export interface ExecutedStep {
  readonly nodes: readonly ExecutedNode[];
  readonly loss: Counts;
  /** The sum of the losses of all outputs: cross-entropy, added up over rows. */
  readonly total: number;
  /** Gradients of the network's inputs and of weights. */
  readonly gradients: ReadonlyMap<Edge | Weight, Tensor>;
}

const NOTHING: Counts = addUp([]);

const bytesOfAll = (tensors: Iterable<{ readonly shape: Shape }>): bigint => {
  let total = 0n;
  for (const { shape } of tensors) total += bytesOf(shape);
  return total;
};

/** Throws where the tensors that are there when the forward pass is done, twice for their gradients, need more memory than there is. */
function checkMemory({ nodes, inputs }: Graph, limit: number): void {
  let bytes = bytesOfAll(inputs.map(({ tensor }) => tensor));
  for (const node of nodes) {
    bytes += 2n * bytesOfAll(node.outputs);
    const all = bytes + 2n * bytesOfAll(Object.values(node.weights));
    if (all > limit) throw at(node, new ProblemError({ code: 'OUT_OF_MEMORY', data: { bytes: all, limit } }));
  }
}

/** One step, from the first node to the last and back. */
class StepRun {
  readonly #graph: Graph;
  readonly #flows: readonly GradientFlow[];
  readonly #kernels: TrainingKernels;
  readonly #synthesis: Synthesis;
  readonly #numbers: ReadonlyMap<Weight, number>;
  readonly #options: ExecuteStepOptions;
  readonly #values = new Map<Edge, Tensor>();
  readonly #gradients = new Map<Edge | Weight, Tensor>();
  readonly #isInput: ReadonlySet<Edge>;

  constructor(graph: Graph, flows: readonly GradientFlow[], options: ExecuteStepOptions) {
    this.#graph = graph;
    this.#flows = flows;
    this.#options = options;
    this.#kernels = options.kernels ?? new ReferenceTraining();
    this.#synthesis = new Synthesis(options.seed ?? 1);
    this.#numbers = numberWeights(graph);
    this.#isInput = new Set(graph.inputs.map(({ tensor }) => tensor));
  }

  run(): ExecutedStep {
    const { nodes } = this.#graph;
    const { onNode = () => undefined } = this.#options;
    this.#makeInputs();
    const forward = nodes.map((node, index) => {
      onNode(node, index);
      return this.#located(node, () => this.#forward(node));
    });
    const { total, counts } = this.#loss();
    const executed: ExecutedNode[] = [];
    for (const [index, flow] of [...this.#flows.entries()].toReversed()) {
      onNode(flow.node, 2 * nodes.length - 1 - index);
      const backward = this.#located(flow.node, () => this.#backward(flow));
      executed.push({ ...(forward[index] as RanForward), ...backward });
    }
    return { nodes: executed.toReversed(), loss: counts, total, gradients: this.#gradients };
  }

  #located<T>(node: Node, run: () => T): T {
    try {
      return run();
    } catch (error) {
      throw at(node, error);
    }
  }

  #elements(held: Edge | Weight, made: () => Elements): Elements {
    const numbers = this.#options.given?.(held);
    return numbers === undefined ? made() : { shape: held.shape, numbers: Float32Array.from(numbers), start: 0 };
  }

  #makeInputs(): void {
    const ids = idsIn(this.#graph.nodes);
    for (const [index, { tensor }] of this.#graph.inputs.entries()) {
      const made = () => this.#synthesis.input(tensor.shape, this.#numbers.size + index, ids.get(tensor));
      this.#values.set(tensor, tensorFrom(this.#elements(tensor, made)));
    }
  }

  #weights({ weights }: Node): Readonly<Record<string, Elements>> {
    return Object.fromEntries(
      Object.entries(weights).map(([role, weight]) => {
        const made = weight.madeBy && this.#values.get(weight.madeBy);
        if (made !== undefined)
          return [role, { shape: weight.shape, numbers: numbersOf({ shape: made.shape, data: made.data }), start: 0 }];
        return [role, this.#elements(weight, () => this.#synthesis.weight(weight, this.#numbers.get(weight) as number))];
      }),
    );
  }

  readonly #inputs = ({ inputs }: Node): Tensor[] => inputs.map((tensor) => this.#values.get(tensor) as Tensor);

  #forward(node: Node): RanForward {
    const { outputs, counts, kernel } = this.#kernels.forward(node, this.#inputs(node), this.#weights(node));
    for (const [index, tensor] of node.outputs.entries()) this.#values.set(tensor, outputs[index] as Tensor);
    return { output: outputs.map(({ shape }) => shape), forward: counts, kernel };
  }

  /** The loss of every output, and its gradient. */
  #loss(): { total: number; counts: Counts } {
    const alu = new CountingAlu();
    let total = 0;
    for (const output of this.#flows.some(({ needs }) => needs !== undefined) ? this.#graph.outputs : []) {
      const { shape, data } = this.#values.get(output) as Tensor;
      const loss = lossOf({ shape, data }, alu);
      total += loss.total as unknown as number;
      this.#gradients.set(output, loss.gradient);
    }
    return { total, counts: alu.counts() };
  }

  /** The gradients of the outputs. Where none comes back at all, as from behind what has no gradient, the loss is taken to begin. */
  #gradientsOf({ outputs }: Node): Tensor[] {
    const spread = outputs.some((tensor) => this.#gradients.has(tensor)) ? 0 : 1;
    const made = ({ shape }: Edge): Tensor => this.#kernels.makeUp(this.#synthesis.elements(shape, 0, 0, spread));
    return outputs.map((tensor) => this.#gradients.get(tensor) ?? made(tensor));
  }

  #backward(flow: GradientFlow): Omit<ExecutedNode, keyof RanForward> {
    const { node, needs } = flow;
    const done = () => {
      for (const tensor of node.outputs) this.#release(tensor);
    };
    if (needs === undefined) {
      done();
      return { inputGradient: NOTHING, weightGradient: NOTHING, backwardKernel: undefined, misshapen: [] };
    }
    const ran = this.#kernels.backward(node, {
      inputs: this.#inputs(node),
      outputs: node.outputs.map((tensor) => this.#values.get(tensor) as Tensor),
      weights: this.#weights(node),
      gradients: this.#gradientsOf(node),
      needs,
    });
    const { gradients, counts } = ran;
    const misshapen = misshapenOf(node, gradients);
    const inputAdds = node.inputs.flatMap((tensor, index) => this.#arrives(tensor, gradients.inputs[index]));
    const weightAdds = Object.entries(node.weights).flatMap(([role, weight]) => this.#arrives(heldBy(weight), gradients.weights[role]));
    done();
    return {
      inputGradient: addUp([counts.inputs, ...inputAdds]),
      weightGradient: addUp([counts.weights, ...weightAdds]),
      backwardKernel: ran.kernel,
      misshapen,
    };
  }

  /** Keeps a gradient, added to what is there. */
  #arrives(of: Edge | Weight, gradient: Tensor | undefined): Counts[] {
    if (gradient === undefined) return [];
    const there = this.#gradients.get(of);
    if (there === undefined) {
      this.#gradients.set(of, gradient);
      return [];
    }
    const { sum, counts } = this.#kernels.add(there, gradient);
    this.#gradients.set(of, sum);
    for (const spent of new Set([there, gradient])) if (spent !== sum) this.#kernels.release(spent);
    return [counts];
  }

  #release(tensor: Edge): void {
    const [value, gradient] = [this.#values.get(tensor), this.#gradients.get(tensor)];
    if (this.#isInput.has(tensor)) return;
    if (value !== undefined) this.#kernels.release(value);
    if (gradient !== undefined && gradient !== value) this.#kernels.release(gradient);
    this.#values.delete(tensor);
    this.#gradients.delete(tensor);
  }
}

/** Which gradients have not the shape of what they are of. */
function misshapenOf({ inputs, weights }: Node, gradients: Gradients): string[] {
  const isWrong = ({ shape }: { readonly shape: Shape }, gradient: Tensor | undefined): boolean =>
    gradient !== undefined && gradient.shape.join() !== shape.join();
  return [
    ...inputs.flatMap((tensor, index) => (isWrong(tensor, gradients.inputs[index]) ? [`input ${index + 1}`] : [])),
    ...Object.entries(weights).flatMap(([role, weight]) => (isWrong(weight, gradients.weights[role]) ? [role] : [])),
  ];
}

/**
 * Runs one training step at full size, on random input and weights: forward, the loss, and backward.
 * @throws ProblemError where there is not enough memory.
 */
export function executeStep(graph: Graph, flows: readonly GradientFlow[], options: ExecuteStepOptions = {}): ExecutedStep {
  checkMemory(graph, options.memory ?? Number.MAX_SAFE_INTEGER);
  return new StepRun(graph, flows, options).run();
}
