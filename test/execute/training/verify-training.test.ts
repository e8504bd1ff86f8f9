import { describe, expect, it } from 'vitest';
import { CountingAlu } from '../../../src/core/alu.ts';
import { type Shape, sameShape } from '../../../src/core/shape.ts';
import { type Elements, numbersOf, type Tensor } from '../../../src/core/tensor.ts';
import type { Runnable } from '../../../src/execute/kernels.ts';
import { ReferenceTraining } from '../../../src/execute/training/reference-training.ts';
import { executeStep } from '../../../src/execute/training/step.ts';
import type { BackwardPass, RanBackward } from '../../../src/execute/training/training-kernels.ts';
import { type TrainingVerification, verifyTraining } from '../../../src/execute/training/verify-training.ts';
import { type FlowOptions, gradientFlowOf, heldBy } from '../../../src/gradients/flow.ts';
import type { Edge, Graph, Weight } from '../../../src/graph/graph.ts';
import { openModel, parseReference } from '../../../src/library/reference.ts';
import { diskLibrary } from '../../../src/node/disk.ts';
import { compileKernels, makeTrainingKernels } from '../../../src/node/kernels.ts';
import { expandSpec, parseSpec } from '../../../src/spec/model.ts';
import { runnable as cases } from '../../operators/cases.ts';
import { smallModels } from '../../specs/small-models.ts';
import { TWINS } from '../../specs/twins.ts';
import { graphOf } from '../graph-of.ts';

const compiled = await compileKernels('fast');

const wrong = ({ layers }: TrainingVerification) =>
  layers.filter(({ holds }) => !holds).map(({ path, mismatches, misshapen }) => ({ path, mismatches, misshapen }));

const small = (name: string): Graph => {
  const { model, input } = smallModels().find((one) => one.name === name) as ReturnType<typeof smallModels>[0];
  return openModel(parseReference(model), diskLibrary, { input });
};

const twin = (model: string): Graph =>
  openModel(parseReference(model), diskLibrary, { set: (TWINS.find(([name]) => name === model) as (typeof TWINS)[0])[1] });

describe('a training step does what it is predicted to, forward and backward', () => {
  it.each(TWINS.map(([model]) => model))('twin of %s', (model) => {
    const verification = verifyTraining(twin(model), {}, { kernels: makeTrainingKernels(compiled) });
    expect(wrong(verification)).toEqual([]);
    expect(verification.holds).toBe(true);
    expect(verification.totals['weight gradient'].executed.macs).toBeGreaterThan(0n);
  });

  it.each(['resnet18', 'mobilenet_v3_small', 'shufflenet_v2_x0_5', 'squeezenet1_0', 'densenet121', 'mnasnet0_5'])('%s', (name) => {
    expect(wrong(verifyTraining(small(name), {}, { kernels: makeTrainingKernels(compiled) }))).toEqual([]);
  });

  it.each<[string, FlowOptions]>([
    ['only the classifier', { train: ['head/**'] }],
    ['the first layers frozen', { freeze: ['conv1', 'conv2_x'] }],
    ['the gradient of the input too', { inputGradient: true }],
    ['only shifts', { train: ['**/shift'] }],
  ])('resnet18: %s', (_, flow) => {
    expect(wrong(verifyTraining(small('resnet18'), flow, { kernels: makeTrainingKernels(compiled) }))).toEqual([]);
  });

  it('counts what reference kernels execute as what fast ones do', () => {
    const [fast, reference] = [makeTrainingKernels(compiled), new ReferenceTraining()].map((kernels) =>
      verifyTraining(small('squeezenet1_0'), {}, { kernels }),
    );
    expect(fast?.totals).toEqual(reference?.totals);
  });
});

/** Runs every node with both kernels on the same tensors, and holds the gradients of the fast ones against the others. */
class Both extends ReferenceTraining {
  readonly #fast = makeTrainingKernels(compiled);
  /** The greatest difference of an operator, by the size of the gradients. */
  readonly off = new Map<string, number>();
  readonly fast = new Set<string>();

  override backward(node: Runnable, pass: BackwardPass): RanBackward {
    const reference = super.backward(node, pass);
    this.#fast.forward(node, pass.inputs, pass.weights);
    const { gradients, counts, kernel } = this.#fast.backward(node, pass);
    const compared = ({ inputs, weights }: RanBackward['counts']) =>
      [inputs, weights].map(({ macs, operations }) => ({ macs, operations }));
    expect({ node, counts: compared(counts) }).toEqual({ node, counts: compared(reference.counts) });
    if (kernel === 'fast') this.fast.add(node.operator);
    const compare = (a: Tensor | undefined, b: Tensor | undefined): void => {
      if (a === undefined || b === undefined) {
        expect(b).toBe(a);
        return;
      }
      expect(sameShape(a.shape, b.shape)).toBe(true);
      const [one, other] = [numbersOf(a), numbersOf({ shape: b.shape, data: b.data })];
      const size = one.reduce((most, x) => Math.max(most, Math.abs(x)), 1e-6);
      const most = one.reduce((far, x, i) => Math.max(far, Math.abs(x - (other[i] as number))), 0);
      this.off.set(node.operator, Math.max(this.off.get(node.operator) ?? 0, most / size));
    };
    for (const [index, gradient] of reference.gradients.inputs.entries()) compare(gradient, gradients.inputs[index]);
    for (const [role, gradient] of Object.entries(reference.gradients.weights)) compare(gradient, gradients.weights[role]);
    return reference;
  }
}

describe('fast backward kernels give what the reference kernels give', () => {
  it('on every operator in many forms, the gradient of the input included', () => {
    const both = new Both();
    for (const one of cases) {
      const graph = graphOf(one);
      const flows = gradientFlowOf(graph, { inputGradient: true });
      if (flows.some(({ needs }) => needs !== undefined)) executeStep(graph, flows, { kernels: both });
    }
    expect([...both.off].filter(([, off]) => !(off < 1e-4))).toEqual([]);
    expect([...both.fast].toSorted()).toEqual(
      ['add', 'batchnorm', 'conv', 'flatten', 'globalavgpool', 'identity', 'linear', 'matmul', 'maxpool', 'relu', 'reshape'].toSorted(),
    );
  });
});

/** Keeps every element in double precision. */
class DoubleAlu extends CountingAlu {
  override zeros(shape: Shape): Tensor {
    return { shape, data: new Float64Array(shape.reduce((product, size) => product * size, 1)) as unknown as Elements };
  }
}

/** The elements of every weight that is trained, as they are made up. */
function trainedElements(graph: Graph): Map<Weight, Float32Array> {
  const there = new Map<Weight, Float32Array>();
  let state = 7;
  for (const node of graph.nodes)
    for (const weight of Object.values(node.weights)) {
      const count = weight.shape.reduce((product, size) => product * size, 1);
      if (there.has(heldBy(weight))) continue;
      there.set(
        heldBy(weight),
        Float32Array.from({ length: count }, () => {
          state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
          return weight.around + 0.6 * ((state >>> 8) / 2 ** 24 - 0.5);
        }),
      );
    }
  return there;
}

const RESIDUAL = `
name: residual
input: [3, 9, 9]
layers:
  - conv: { out: 6, kernel: 3, stride: 2, padding: 1, bias: false }
  - batchnorm
  - silu
  - residual:
      - conv: { out: 12, kernel: 1 }
      - batchnorm
      - hardswish
      - conv: { out: 12, kernel: 3, padding: 1, groups: 12, bias: false }
      - gelu
      - conv: { out: 6, kernel: 1 }
  - maxpool: { kernel: 2, stride: 1 }
  - groupnorm: { groups: 2 }
  - dropout: { rate: 0.2 }
  - globalavgpool
  - flatten
  - linear: { out: 4 }
`;

const RECURRENT = `
name: recurrent
input: [5, 4]
layers:
  - recurrent: { cell: gru, hidden: 6, both: true }
    as: [states, last]
  - flatten: { start: 2 }
    from: states
    as: all
  - recurrent: { cell: lstm, hidden: 5 }
    as: [words, state, cell]
    from: all
  - reduce: { by: mean, axis: 1, keep: false }
    from: words
  - flatten
  - linear: { out: 4 }
`;

describe('the gradients of whole networks are the slopes of their loss, in double precision', () => {
  it.each([
    ['llama-3-8b', twin('llama-3-8b')],
    ['gpt2', twin('gpt2')],
    ['gemma-2-2b', twin('gemma-2-2b')],
    ['mixtral-8x7b', twin('mixtral-8x7b')],
    ['t5-small', twin('t5-small')],
    ['gpt-oss-20b', twin('gpt-oss-20b')],
    ['a residual network', expandSpec(parseSpec(RESIDUAL), {})],
    ['a recurrent network', expandSpec(parseSpec(RECURRENT), {})],
  ] as const)('%s', (_, graph) => {
    const elements = trainedElements(graph);
    const given = (held: Edge | Weight): readonly number[] | undefined => {
      const own = 'learned' in held ? elements.get(heldBy(held)) : undefined;
      return own && (own as unknown as readonly number[]);
    };
    const flows = gradientFlowOf(graph, {});
    const run = () => executeStep(graph, flows, { kernels: new ReferenceTraining(() => new DoubleAlu()), given });
    const rows = graph.outputs.map(({ shape }) => shape.slice(0, -1).reduce((product, size) => product * size, 1))[0] as number;
    const { gradients } = run();
    const trained = [...elements.keys()].filter((weight) => gradients.has(weight));
    expect(trained.length).toBeGreaterThan(5);
    let compared = 0;
    // Some weights, and of each the element with the largest gradient.
    for (const weight of trained.filter((__, index) => index % Math.ceil(trained.length / 6) === 0)) {
      const numbers = elements.get(weight) as Float32Array;
      const computed = numbersOf(gradients.get(weight) as Tensor);
      const at = computed.reduce((most, one, i) => (Math.abs(one) > Math.abs(computed[most] as number) ? i : most), 0);
      const before = numbers[at] as number;
      const lossAt = (value: number): readonly [x: number, loss: number] => {
        numbers[at] = value;
        const { total } = run();
        const x = numbers[at] as number;
        numbers[at] = before;
        return [x, total / rows];
      };
      const [[high, above], [low, below]] = [lossAt(before + 1e-4), lossAt(before - 1e-4)];
      const slope = (above - below) / (high - low);
      expect(Math.abs((computed[at] as number) - slope)).toBeLessThan(1e-3 * Math.abs(slope) + 1e-6);
      compared++;
    }
    expect(compared).toBeGreaterThan(3);
  });
});
