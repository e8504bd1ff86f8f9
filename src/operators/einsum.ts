import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import { eachPlace, offsetOf } from '../core/places.ts';
import { elementCount, type Shape } from '../core/shape.ts';
import { type Tensor, ZERO } from '../core/tensor.ts';
import { each, type Factor, factor, macs, type Work } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { about, text } from './kit/attributes.ts';
import { fill, offsetsAlong } from './kit/elements.ts';
import { savedInput } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';
import { type Extent, jointly, type Reach, upTo } from './kit/reach.ts';

/** Labels of axes: letters, and numbers for those that an ellipsis stands for, counted from the last. */
type Labels = readonly string[];

interface Equation {
  readonly operands: readonly Labels[];
  readonly output: Labels;
}

const malformed = (equation: string, message: string) => fail('CONTRADICTION', { message: `"${equation}" ${message}` }, 'equation');

/** The labels of one term for a tensor of so many axes. */
function labelsOf(equation: string, term: string, rank: number | undefined, dots: number): Labels {
  const [before, after, ...rest] = term.split('...') as [string, string?, ...string[]];
  const letters = (part: string): string[] => {
    if (!/^[a-zA-Z]*$/.test(part))
      throw malformed(equation, 'has something other than letters for axes. Use letters, commas, "..." and "->"');
    return [...part];
  };
  if (rest.length > 0) throw malformed(equation, 'has "..." twice in one term. Write it once');
  if (after === undefined) return letters(before);
  const hidden = rank === undefined ? dots : rank - before.length - after.length;
  return [...letters(before), ...Array.from({ length: Math.max(hidden, 0) }, (_, i) => String(hidden - i)), ...letters(after)];
}

/** Reads an equation for inputs of these ranks; without an arrow, labels that stand once are the output, in order of the alphabet. */
function parse(equation: string, inputs: readonly Shape[]): Equation {
  const [left, right, ...rest] = equation.replaceAll(' ', '').split('->') as [string, string?, ...string[]];
  const terms = left.split(',');
  if (rest.length > 0 || terms.length !== inputs.length)
    throw malformed(equation, `does not describe ${inputs.length} inputs. Write one term for each, with commas between them`);
  const operands = terms.map((term, i) => labelsOf(equation, term, (inputs[i] as Shape).length, 0));
  const all = operands.flat();
  const numbers = [...new Set(all)].filter((label) => /\d/.test(label)).sort((a, b) => Number(b) - Number(a));
  if (right !== undefined) return { operands, output: labelsOf(equation, right, undefined, numbers.length) };
  const once = [...new Set(all)].filter((label) => !/\d/.test(label) && all.indexOf(label) === all.lastIndexOf(label)).sort();
  return { operands, output: [...numbers, ...once] };
}

/** The size of every label; an axis of size 1 is repeated. */
function sizesOf(equation: string, { operands, output }: Equation, inputs: readonly Shape[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const [i, labels] of operands.entries()) {
    const shape = inputs[i] as Shape;
    if (shape.length !== labels.length)
      throw malformed(equation, `has ${labels.length} axes for an input of ${shape.length}. Name each axis`);
    for (const [axis, label] of labels.entries()) {
      const [size, before] = [shape[axis] as number, sizes.get(label)];
      if (before !== undefined && before !== size && size !== 1 && before !== 1)
        throw fail(
          'SHAPES_DO_NOT_FIT',
          { operator: 'einsum', rule: 'axes with the same letter must be equal, or 1', shapes: inputs },
          'equation',
        );
      sizes.set(label, before === undefined || before === 1 ? size : before);
    }
  }
  const strange = output.find((label) => !sizes.has(label));
  if (strange !== undefined) throw malformed(equation, `has "${strange}" in its output, which no input has. Name only axes of inputs`);
  if (new Set(output).size < output.length) throw malformed(equation, 'names an axis of its output twice. Name each once');
  return sizes;
}

/** One product of two operands, or a sum over one: what goes in, and the labels of what comes out. */
interface Contraction {
  readonly operands: readonly Labels[];
  readonly output: Labels;
  /** Summed over. */
  readonly summed: Labels;
}

/** From left to right, two at a time; what neither the output nor a later operand needs is summed over at once. */
function contractionsOf({ operands, output }: Equation): Contraction[] {
  const [first, ...others] = operands as [Labels, ...Labels[]];
  if (others.length === 0) return [contractionOf([first], output)];
  const steps: Contraction[] = [];
  let left = first;
  for (const [i, right] of others.entries()) {
    const needed = new Set([...output, ...others.slice(i + 1).flat()]);
    const isLast = i === others.length - 1;
    const joined = isLast ? output : [...new Set([...left, ...right])].filter((label) => needed.has(label));
    steps.push(contractionOf([left, right], joined));
    left = joined;
  }
  return steps;
}

const contractionOf = (operands: readonly Labels[], output: Labels): Contraction => ({
  operands,
  output,
  summed: [...new Set(operands.flat())].filter((label) => !output.includes(label)),
});

const layerShape = (shape: Shape): Shape => (shape.length === 0 ? [1] : shape);

interface Plan {
  readonly sizes: ReadonlyMap<string, number>;
  readonly steps: readonly Contraction[];
  readonly shapeOf: (labels: Labels) => Shape;
}

function plan(equation: string, inputs: readonly Shape[]): Plan {
  const parsed = parse(equation, inputs);
  const sizes = sizesOf(equation, parsed, inputs);
  return { sizes, steps: contractionsOf(parsed), shapeOf: (labels) => labels.map((label) => sizes.get(label) as number) };
}

type Stride = (label: string) => number;

const strideAlong =
  (labels: Labels, shape: Shape): Stride =>
  (label) =>
    labels.reduce((sum, own, axis) => sum + (own === label && shape[axis] !== 1 ? elementCount(shape.slice(axis + 1)) : 0), 0);

const factorsOf = (labels: Labels, sizes: ReadonlyMap<string, number>): Factor[] =>
  labels.map((label, i) => factor(i === 0 ? 'n' : label, sizes.get(label) as number));

/** Runs one step: for every place of the output, the sum over the others. */
function runStep({ operands, output, summed }: Contraction, tensors: readonly Tensor[], { shapeOf }: Plan, alu: Alu): Tensor {
  // How far apart neighbours along a label are in each operand; 0 where it has none, or repeats.
  const strides = operands.map((labels, i) => strideAlong(labels, (tensors[i] as Tensor).shape));
  const places = summed.length === 0 ? [[]] : placesOf(shapeOf(summed));
  const inner = strides.map((strideOf) => places.map((at) => at.reduce((sum, place, i) => sum + place * strideOf(summed[i] as string), 0)));
  const [left, right] = tensors;
  return fill(shapeOf(output), alu, (at) => {
    const starts = strides.map((strideOf) => at.reduce((sum, place, i) => sum + place * strideOf(output[i] as string), 0));
    const first = (i: number) => (left as Tensor).data[(starts[0] as number) + (inner[0]?.[i] as number)];
    const second = (i: number) => (right as Tensor).data[(starts[1] as number) + (inner[1]?.[i] as number)];
    if (right === undefined && summed.length === 0) return first(0);
    if (summed.length === 0) return alu.multiply(first(0), second(0));
    let sum = ZERO;
    for (const i of places.keys()) sum = right === undefined ? alu.add(sum, first(i)) : alu.multiplyAdd(sum, first(i), second(i));
    return sum;
  });
}

const placesOf = (shape: Shape): number[][] =>
  offsetsAlong(shape, [...shape.keys()]).map((offset) =>
    shape.map((size, axis) => Math.floor(offset / elementCount(shape.slice(axis + 1))) % size),
  );

/** As far as all axes of a letter reach together. */
function reachOf(equation: string, inputs: readonly Shape[]): Extent {
  const { operands, output } = parse(equation, inputs);
  if (output.length === 0) return [upTo(1)];
  return output.map((label): Reach => {
    const sizes = operands.flatMap((labels, i) =>
      labels.flatMap((own, axis) => (own === label ? [[(inputs[i] as Shape)[axis] as number]] : [])),
    );
    return jointly(sizes)[0] as Reach;
  });
}

/** What each step computes. */
function worksOf(equation: string, inputs: readonly Shape[]): Work[] {
  const { steps, sizes, shapeOf } = plan(equation, inputs);
  return steps.map(({ operands, output, summed }) => {
    const factors = factorsOf([...output, ...summed], sizes);
    if (operands.length === 1) return summed.length === 0 ? [] : [each({ add: 1 }, factors)];
    return summed.length === 0 ? [each({ multiply: 1 }, factors)] : [macs(factors, layerShape(shapeOf(output)))];
  });
}

/** The gradient of a factor of a step: the same products, summed over what the factor has no axis for. */
function factorWork({ operands, output, summed }: Contraction, index: number, shape: Shape, { sizes }: Plan): Work {
  const labels = [...output, ...summed];
  if (operands.length === 1)
    return repeats(operands[0] as Labels, shape, labels, sizes) ? [each({ add: 1 }, factorsOf(labels, sizes))] : [];
  const own = operands[index] as Labels;
  const factors = factorsOf(labels, sizes);
  return repeats(own, shape, labels, sizes) ? [macs(factors, layerShape(shape))] : [each({ multiply: 1 }, factors)];
}

/** Whether an element of an operand takes part more than once. */
const repeats = (own: Labels, shape: Shape, labels: Labels, sizes: ReadonlyMap<string, number>): boolean =>
  labels.some((label) => (sizes.get(label) as number) > 1 && !own.some((one, axis) => one === label && shape[axis] !== 1));

/** Runs a step backward: for every combination of all labels, the gradient of the output times the other factor goes to this one. */
function stepBack(step: Contraction, index: number, tensors: readonly Tensor[], gradient: Tensor, all: Plan, alu: Alu): Tensor {
  const labels = [...step.output, ...step.summed];
  const shapes = tensors.map(({ shape }) => shape);
  const strides = step.operands.map((own, i) => strideAlong(own, shapes[i] as Shape));
  const outputShape = all.shapeOf(step.output);
  const to = alu.zeros(shapes[index] as Shape);
  const other = tensors[1 - index];
  const isSum = repeats(step.operands[index] as Labels, shapes[index] as Shape, labels, all.sizes);
  eachPlace(all.shapeOf(labels), (at) => {
    const offset = (i: number): number =>
      labels.reduce((sum, label, axis) => sum + (at[axis] as number) * (strides[i] as Stride)(label), 0);
    const [place, g] = [offset(index), gradient.data[offsetOf(outputShape, at.slice(0, outputShape.length))]];
    if (other === undefined) to.data[place] = isSum ? alu.add(to.data[place], g) : g;
    else if (isSum) to.data[place] = alu.multiplyAdd(to.data[place], g, other.data[offset(1 - index)]);
    else to.data[place] = alu.multiply(g, other.data[offset(1 - index)]);
  });
  return to;
}

/** What each step starts from: the first operand, then what the step before gave. */
function leftsOf(all: Plan, inputs: readonly Tensor[], alu: Alu): Tensor[] {
  const lefts = [inputs[0] as Tensor];
  for (const [i, step] of all.steps.slice(0, -1).entries())
    lefts.push(runStep(step, [lefts[i] as Tensor, inputs[i + 1] as Tensor], all, alu));
  return lefts;
}

/** More operands are not read: every step looks at the letters of all that follow. */
const MOST_OPERANDS = 64;

export const einsum = defineOperator({
  name: 'einsum',
  summary: 'Multiply tensors and sum over axes, as an equation with a letter for each axis says: nij,njk->nik.',
  attributes: z.strictObject({ equation: about(text, 'The axes of each input, then of the output, one letter per axis: nij,njk->nik.') }),
  rule: 'Two inputs at a time, from left to right. Where axes are summed over, one multiply-accumulate for each combination of all letters of the two; without such axes one multiply for each. One input alone: one add for each element that is summed, else nothing.',
  source: 'torch.einsum; ONNX operator Einsum',
  inputs: { min: 1, max: MOST_OPERANDS },
  shape({ equation }, inputs) {
    const { steps, shapeOf } = plan(equation, inputs);
    return layerShape(shapeOf((steps.at(-1) as Contraction).output));
  },
  reach: ({ equation }, inputs) => reachOf(equation, inputs),
  work: ({ equation }, inputs) => worksOf(equation, inputs).flat(),
  window: () => 'apart',
  gradient: {
    saves: (_, inputs, { inputs: needed }) =>
      inputs.flatMap((__, index) => (needed.some((need, other) => need && other !== index) ? [savedInput(index)] : [])),
    inputs({ equation }, inputs) {
      const all = plan(equation, inputs);
      return inputs.map((input, index) => factorWork(all.steps[Math.max(index - 1, 0)] as Contraction, Math.min(index, 1), input, all));
    },
    /** What every product but the last gives is a factor of the next, if something before it has a gradient. */
    between({ equation }, inputs, needs) {
      const all = plan(equation, inputs);
      return all.steps.flatMap((step, i) =>
        i > 0 && needs.inputs.slice(0, i + 1).includes(true)
          ? factorWork(step, 0, all.shapeOf((all.steps[i - 1] as Contraction).output), all)
          : [],
      );
    },
    run({ equation }, { inputs, gradients: [g], needs }, { inputs: alu, kept }) {
      const all = plan(
        equation,
        inputs.map(({ shape }) => shape),
      );
      const lefts = leftsOf(all, inputs, kept);
      const to: (Tensor | undefined)[] = inputs.map(() => undefined);
      let gradient = g as Tensor;
      for (const [i, step] of [...all.steps.entries()].toReversed()) {
        const tensors = inputs.length === 1 ? lefts : [lefts[i] as Tensor, inputs[i + 1] as Tensor];
        if (needs.inputs[i + 1] === true) to[i + 1] = stepBack(step, 1, tensors, gradient, all, alu);
        if (needs.inputs.slice(0, i + 1).includes(true)) gradient = stepBack(step, 0, tensors, gradient, all, alu);
      }
      if (needs.inputs[0] === true) to[0] = gradient;
      return { inputs: to, weights: {} };
    },
  },
  run({ equation }, inputs, _, alu) {
    const all = plan(
      equation,
      inputs.map(({ shape }) => shape),
    );
    const [first, ...others] = inputs;
    let result: Tensor = first;
    if (others.length === 0) result = runStep(all.steps[0] as Contraction, [first], all, alu);
    for (const [i, other] of others.entries()) result = runStep(all.steps[i] as Contraction, [result, other], all, alu);
    return { shape: layerShape(result.shape), data: result.data };
  },
});
