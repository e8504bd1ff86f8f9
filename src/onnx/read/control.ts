import type { Shape } from '../../core/shape.ts';
import { charge } from '../../problems/allowance.ts';
import { statement } from '../../problems/problem.ts';
import type { OnnxElement, OnnxGraph, OnnxNode } from '../file/model.ts';
import { axisIn, broken, int, ints, unresolved } from './call.ts';
import type { NameTable, Translation, Trial } from './translate.ts';
import { known, listOf, numberIn, type ReadValue } from './value.ts';

type Control = (
  translation: Translation,
  node: OnnxNode,
  inputs: readonly (ReadValue | undefined)[],
  frame: NameTable,
) => readonly ReadValue[];

function bodyOf(node: OnnxNode, name: string): OnnxGraph {
  const attribute = Object.hasOwn(node.attributes, name) ? node.attributes[name] : undefined;
  if (attribute?.kind !== 'graph') throw broken(node, `it has no graph "${name}"`);
  return attribute.value;
}

/** What each iteration gave, one behind the other. */
function stacked(translation: Translation, node: OnnxNode, rows: readonly ReadValue[], frame: NameTable): ReadValue {
  const [first] = rows;
  const shape: Shape = [rows.length, ...(first?.shape ?? [])];
  const all: OnnxElement[] = [];
  for (const row of rows) {
    const elements = row.isConstant ? row.elements() : undefined;
    if (elements === undefined) return translation.moved(node, rows, frame, { by: 'stack' });
    charge('elements', elements.length);
    for (const element of elements) all.push(element);
  }
  return known(first?.type, shape, all);
}

const NAMES = ['then', 'else'] as const;

/** The branch that a known condition takes; else of those that give their results the one with more multiply-accumulates. */
const branch: Control = (translation, node, inputs, frame) => {
  const branches = [bodyOf(node, 'then_branch'), bodyOf(node, 'else_branch')] as const;
  const [condition] = inputs;
  const number = condition?.isConstant ? numberIn(condition) : undefined;
  if (number !== undefined) return translation.body(number === 0 ? branches[1] : branches[0], node, [], frame);
  const { taken, warning } = translation.decide(node, () => {
    const [then, otherwise] = branches.map((body) => {
      return translation.try((trial) => trial.body(body, node, [], { ...frame, scope: trial.root }));
    }) as [Trial, Trial];
    const takesThen = then.isDone === otherwise.isDone ? then.macs >= otherwise.macs : then.isDone;
    const [of, other] = takesThen ? [then, otherwise] : [otherwise, then];
    const place = takesThen ? 0 : 1;
    const data = {
      taken: NAMES[place],
      condition: node.inputs[0] ?? '',
      partly: of.reason && statement(of.reason),
      instead: other.reason && statement(other.reason),
    };
    return { node, taken: place, warning: { code: 'ONNX_BRANCH', data }, inside: of.decisions };
  });
  translation.warnings.push({ ...warning, path: frame.scope.toString() });
  return translation.body(branches[taken], node, [], frame);
};

/** More iterations are not unrolled. */
const MAX_ITERATIONS = 10_000;

/** The inputs, of which none may be left out. */
const present = (node: OnnxNode, inputs: readonly (ReadValue | undefined)[]): readonly ReadValue[] =>
  inputs.map((value) => {
    if (value === undefined) throw broken(node, 'it leaves an input out');
    return value;
  });

/** As often as it says that it runs; once where only a run would tell. */
const loop: Control = (translation, node, inputs, frame) => {
  const body = bodyOf(node, 'body');
  const [limit, first, ...given] = inputs;
  const initial = given.slice(0, given.findLastIndex((value) => value !== undefined) + 1);
  const states = initial.length;
  if (body.outputs.length < 1 + states) throw broken(node, `it carries ${states} values, and its body gives ${body.outputs.length}`);
  const trips = limit === undefined ? Number.POSITIVE_INFINITY : numberIn(limit);
  const isBounded = trips !== undefined && trips <= MAX_ITERATIONS;
  let condition = first;
  let carried = present(node, initial);
  const rows: ReadValue[][] = [];
  const holds = (): boolean | undefined => (condition === undefined ? true : condition.isConstant ? numberIn(condition) !== 0 : undefined);
  let isGuess = trips === undefined;
  // Some exporters declare the number of the iteration as a vector of one element.
  const rank = body.inputs[0]?.shape?.length === 1 ? [1] : [];
  const counter = (i: number): ReadValue => known('int64', rank, [i]);
  for (let i = 0; i < (trips ?? 1); i++) {
    const goesOn = holds();
    if (goesOn === false) break;
    if (goesOn === undefined && !isBounded && i > 0) {
      isGuess = true;
      break;
    }
    if (i >= MAX_ITERATIONS) throw broken(node, `it runs more than ${MAX_ITERATIONS} times, which is the limit`);
    const [next, ...results] = translation.body(body, node, [counter(i), condition ?? known('bool', [], [1]), ...carried], frame);
    condition = next;
    carried = results.slice(0, states);
    rows.push(results.slice(states));
  }
  if (isGuess) translation.warnings.push({ code: 'ONNX_LOOP', data: {}, path: frame.scope.toString() });
  const scans = body.outputs.length - 1 - states;
  return [
    ...carried,
    ...Array.from({ length: scans }, (_, i) =>
      stacked(
        translation,
        node,
        rows.map((row) => row[i] as ReadValue),
        frame,
      ),
    ),
  ];
};

/** The axes of a list of attributes, as they are counted from 0. */
const axisAt = (node: OnnxNode, axes: readonly number[] | undefined, index: number, rank: number): number => {
  if (rank === 0) throw broken(node, 'it scans a scalar');
  return axisIn(node, axes?.[index] ?? 0, rank);
};

/** Once for each element of the axis that it scans. Before version 9 there is a batch around it, and lengths before all. */
const scan: Control = (translation, node, inputs, frame) => {
  const body = bodyOf(node, 'body');
  const isBatched = (frame.opsets.get('') ?? 1) < 9;
  const given = isBatched ? inputs.slice(1) : inputs;
  const values = present(node, given);
  const states = values.length - (int(node, 'num_scan_inputs') ?? 0);
  if (!(states >= 0 && states < values.length)) throw broken(node, `it scans ${values.length - states} of ${values.length} inputs`);
  if (body.outputs.length < states) throw broken(node, `it carries ${states} values, and its body gives ${body.outputs.length}`);
  const batch = isBatched ? (values[0]?.shape[0] ?? 1) : 1;
  // Of a batch the first is taken for all.
  const unbatched = isBatched ? values.map((value) => translation.moved(node, [value], frame, { by: 'gather', indices: 0 })) : values;
  const sequences = unbatched.slice(states);
  const axes = ints(node, 'scan_input_axes');
  const [first] = sequences as [ReadValue];
  const length = first.shape[axisAt(node, axes, 0, first.shape.length)] as number;
  if (length * batch > MAX_ITERATIONS) throw broken(node, `it runs ${length * batch} times, but ${MAX_ITERATIONS} are the limit`);
  let carried: readonly ReadValue[] = [];
  let rows: ReadValue[][] = [];
  for (let item = 0; item < batch; item++) {
    carried = unbatched.slice(0, states);
    rows = [];
    for (let i = 0; i < length; i++) {
      const parts = sequences.map((value, at) => {
        const axis = axisAt(node, axes, at, value.shape.length);
        const place = ints(node, 'scan_input_directions')?.[at] === 1 ? length - 1 - i : i;
        return translation.moved(node, [value], frame, { by: 'gather', axis, indices: place });
      });
      const results = translation.body(body, node, [...carried, ...parts], frame);
      carried = results.slice(0, states);
      rows.push(results.slice(states));
    }
  }
  const scanned = Array.from({ length: body.outputs.length - states }, (_, i) => {
    const whole = stacked(
      translation,
      node,
      rows.map((row) => row[i] as ReadValue),
      frame,
    );
    const axis = axisAt(node, ints(node, 'scan_output_axes'), i, whole.shape.length);
    if (axis === 0) return whole;
    const [first, ...rest] = [...whole.shape.keys()] as [number, ...number[]];
    return translation.moved(node, [whole], frame, { by: 'transpose', order: rest.toSpliced(axis, 0, first) });
  });
  const results = [...carried, ...scanned];
  return isBatched
    ? results.map((value) => translation.moved(node, [value], frame, { by: 'expand', to: [[batch, ...value.shape]] }))
    : results;
};

/** Once for each item of a list; what comes beside it is a list of as many, or the same for all. */
const sequenceMap: Control = (translation, node, inputs, frame) => {
  const body = bodyOf(node, 'body');
  const [items, ...others] = inputs.map((value) => value?.items ?? value);
  if (!Array.isArray(items)) throw unresolved(node, node.inputs[0] ?? '');
  if (items.length > MAX_ITERATIONS) throw broken(node, `it runs ${items.length} times, but ${MAX_ITERATIONS} are the limit`);
  const results = items.map((item: ReadValue, index) => {
    const beside = others.map((other) => (Array.isArray(other) ? (other as readonly ReadValue[])[index] : other) as ReadValue);
    return translation.body(body, node, [item, ...beside], frame);
  });
  return body.outputs.map((_, output) => listOf(results.map((row) => row[output] as ReadValue)));
};

/** Nodes that run graphs of their own. */
export const CONTROL: Readonly<Record<string, Control>> = { If: branch, Loop: loop, Scan: scan, SequenceMap: sequenceMap };
