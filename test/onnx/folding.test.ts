import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bufferSource } from '../../src/onnx/file/bytes.ts';
import type { OnnxElement } from '../../src/onnx/file/model.ts';
import { readOnnx } from '../../src/onnx/file/read-model.ts';
import { bind } from '../../src/onnx/read/bindings.ts';
import { type NameTable, Translation } from '../../src/onnx/read/translate.ts';
import { known, type ReadValue } from '../../src/onnx/read/value.ts';
import { CASES, caseNames, tensorsIn } from './node-cases.ts';

// Constants that shapes depend on are computed while a model is read: what comes of it is held against the expected outputs of
// the conformance cases of ONNX, with all inputs known.

interface Folded {
  readonly name: string;
  readonly expected: readonly OnnxElement[];
  readonly folded: readonly OnnxElement[];
}

/** The first output of a case, where it was folded. */
function fold(name: string): Folded | undefined {
  const folder = `${CASES}${name}`;
  const model = readOnnx(bufferSource(readFileSync(`${folder}/model.onnx`)), name);
  const inputs = tensorsIn(`${folder}/test_data_set_0`, 'input');
  const [expected] = tensorsIn(`${folder}/test_data_set_0`, 'output');
  const values = new Map<string, ReadValue>();
  for (const [i, { name: input }] of model.graph.inputs.entries()) {
    const tensor = inputs[i];
    const elements = tensor?.elements();
    if (tensor !== undefined && elements !== undefined) values.set(input, known(tensor.type, tensor.shape, elements));
  }
  const translation = new Translation(model, bind({ ...model, graph: { ...model.graph, inputs: [] } }, {}), false);
  const frame: NameTable = {
    values,
    outer: undefined,
    opsets: model.opsets,
    attributes: {},
    scope: translation.root,
    declared: new Map(),
    functions: [],
    depth: 0,
  };
  translation.run(model.graph.nodes, frame);
  const value = values.get(model.graph.outputs[0]?.name ?? '');
  const folded = typeof value === 'object' && value.isConstant ? value.elements() : undefined;
  const elements = expected?.elements();
  return folded === undefined || elements === undefined ? undefined : { name, expected: elements, folded };
}

/** Their files keep a bfloat16 as the integer of its bits; and what is dropped in training is not at inference. */
const OTHERWISE = /BFLOAT16|training_dropout/;

const isNear = (a: OnnxElement | undefined, b: OnnxElement): boolean => {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b;
  return Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-3 * Math.max(1, Math.abs(b));
};

describe('folding', () => {
  const folded = caseNames()
    .filter((name) => !OTHERWISE.test(name))
    .flatMap((name) => fold(name) ?? []);
  if (folded.length === 0) {
    it.skip('gives the expected elements: shared/onnx-node-tests is not beside this repository');
    return;
  }
  it('reaches many cases', () => {
    console.log(`${folded.length} conformance cases are folded`);
    expect(folded.length).toBeGreaterThan(100);
  });
  it.each(folded)('gives the expected elements: $name', ({ expected, folded: elements }) => {
    expect(elements).toHaveLength(expected.length);
    const wrong = expected.findIndex((element, i) => !isNear(elements[i], element));
    expect(wrong === -1 ? 'equal' : { at: wrong, expected: expected[wrong], folded: elements[wrong] }).toBe('equal');
  });
});
