import { readFileSync } from 'node:fs';
import { fastKernels } from '../../src/execute/fast/by-operator.ts';
import { LAYERS } from '../../src/onnx/write/layers.ts';
import { identity } from '../../src/operators/identity.ts';
import type { Operator } from '../../src/operators/kit/operator.ts';
import { table } from './markdown.ts';

/** What there is for each operator, as the registry, the tables of kernels and of export, and the conformance test have it. */

interface Score {
  readonly cases: number;
  readonly computed: number;
  readonly folded: number;
}

interface Conformance {
  /** By the operator of the first node. */
  readonly onnx: Readonly<Record<string, Score>>;
  /** By each of our operators that a case runs. */
  readonly operators: Readonly<Record<string, Score>>;
}

const readConformance = (): Conformance => JSON.parse(readFileSync(new URL('../../test/onnx/conformance.json', import.meta.url), 'utf8'));

/** What operators have that do not say what they hold, or compute. */
const { weights: holdsNothing, work: costsNothing }: Operator = identity;

const yes = (is: boolean): string => (is ? 'yes' : '');

const HEADERS = ['operator', 'shape rule', 'weights', 'work', 'reference kernel', 'fast kernel', 'ONNX export', 'conformance cases'];

/** Where the numbers start, which are set to the right. */
const CASES = HEADERS.length - 1;

/** A layer of another format that is not known has a shape, and nothing else. */
const isKnown = ({ name }: Operator): boolean => name !== 'unknown';

const rowOf = (operator: Operator, scores: Conformance['operators']): string[] => {
  const score = scores[operator.name];
  return [
    `[${operator.name}](#${operator.name})`,
    'yes',
    operator.weights === holdsNothing ? 'none' : 'yes',
    operator.work === costsNothing ? (isKnown(operator) ? 'free' : '') : 'yes',
    yes(isKnown(operator)),
    yes(Object.hasOwn(fastKernels, operator.name)),
    yes(isKnown(operator) && Object.hasOwn(LAYERS, operator.name)),
    score === undefined ? '' : `${score.computed} of ${score.cases}`,
  ];
};

export function statusMatrix(all: readonly Operator[]): string[] {
  const { onnx, operators } = readConformance();
  const total = (count: (score: Score) => number): number => Object.values(onnx).reduce((sum, score) => sum + count(score), 0);
  const [cases, computed, folded] = [total((score) => score.cases), total((score) => score.computed), total((score) => score.folded)];
  const rows = all.map((operator) => rowOf(operator, operators));
  return [
    '## Status',
    'A fast kernel is one in WebAssembly; it leaves some cases to the reference kernel. Conformance cases are those of ONNX that run the operator: each is translated as `flopwise model.onnx` does it, the reference kernels run it on the inputs that it comes with, and it passes if all of its outputs are as expected, floating-point numbers within 1e-3 relative and 1e-5 absolute, those of bfloat16 within a unit of the last place, integers exactly. A case runs several operators where one of ONNX is made of several of these, and one that fails is held against all of them.',
    table(HEADERS, rows, CASES),
    `Of all ${cases} cases, operators that are not known included, kernels compute ${computed} as expected; ${folded} more depend on nothing that is computed, and are read as expected. The others are texts, lists that a model is given or gives, random numbers, training, what there is no operator for, and a half that single precision rounds up where the kernels, which compute in double precision, round it down: \`test/onnx/conformance-values.test.ts\` prints each with its reason. By the operator of ONNX:`,
    table(
      ['ONNX operator', 'computed', 'folded', 'cases'],
      Object.entries(onnx).map(([name, score]) => [`\`${name}\``, ...[score.computed, score.folded, score.cases].map(String)]),
      1,
    ),
  ];
}
