import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CountingAlu } from '../../src/core/alu.ts';
import { elementCount } from '../../src/core/shape.ts';
import { countMacs, OPERATIONS, type Operation, type Term, type Work } from '../../src/core/work.ts';
import { runAlone } from '../../src/execute/alone.ts';
import { ReferenceKernels } from '../../src/execute/reference.ts';
import { Synthesis } from '../../src/execute/synthetic.ts';
import { compare, verify } from '../../src/execute/verify.ts';
import { weightReadsOf } from '../../src/execute/weight-reads.ts';
import type { Graph, Node } from '../../src/graph/graph.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node/disk.ts';
import { openKernels } from '../../src/node/kernels.ts';
import { operatorNames } from '../../src/operators/registry.ts';
import { graphOf } from '../execute/graph-of.ts';
import { runnable as cases } from '../operators/cases.ts';
import { runnableModels, smallModelOfEachFamily, smallModels } from '../specs/small-models.ts';
import { nodes } from './nodes.ts';

const kernels = await openKernels('fast');
const SEED = 1;

/** What a layer computes, and on what. */
const geometryOf = ({ operator, attributes, inputs }: Node): string =>
  JSON.stringify([operator, attributes, inputs.map(({ shape }) => shape)]);

/** More multiply-accumulates, or elements, than a layer may have here: those of the largest models take minutes each. */
const MOST_MACS = 2_000_000_000n;
const MOST_ELEMENTS = 30_000_000;

function isQuick({ work, outputs, weights }: Node): boolean {
  const tensors = [...outputs, ...Object.values(weights)];
  return countMacs(work) <= MOST_MACS && tensors.every(({ shape }) => elementCount(shape) <= MOST_ELEMENTS);
}

/** One layer of each kind and geometry that classification networks of the zoo have at full size. */
function distinctLayers(): Node[] {
  const layers = new Map<string, Node>();
  for (const { name } of runnableModels().filter(({ task }) => task === 'image classification'))
    for (const node of openModel(parseReference(name), diskLibrary).nodes) if (isQuick(node)) layers.set(geometryOf(node), node);
  return [...layers.values()];
}

describe('every layer of a classification network, but for the largest, holds when it is run at full size', () => {
  const all = distinctLayers();

  it.each([...new Set(all.map(({ operator }) => operator))])('%s', (name) => {
    const layers = all.filter(({ operator }) => operator === name);
    const synthesis = new Synthesis(SEED);
    const broken = layers.filter((node) => !compare(node, runAlone(node, kernels, synthesis), weightReadsOf(node)).holds);
    expect(broken.map(({ path }) => path)).toEqual([]);
  });
});

/** Models with kinds of layers that the first of their family does not have. */
const OTHERS = ['retinanet_resnet50_fpn_v2', 'deit_tiny_distilled', 'mobilenetv4_hybrid_medium'];

describe('a model of each family holds when it is run on a small input', () => {
  const others = smallModels().filter(({ name }) => OTHERS.includes(name));

  it.each([...smallModelOfEachFamily(), ...others])('$model', ({ model, input }) => {
    const { holds, layers } = verify(openModel(parseReference(model), diskLibrary, { input }), { kernels });
    expect(layers.filter((layer) => !layer.holds)).toEqual([]);
    expect(holds).toBe(true);
  });
});

describe.each(nodes)('flopwise verify on $name', ({ node }) => {
  it.each([
    ['reference', '1'],
    ['fast', '1'],
    ['fast', '2'],
  ])('ends at once, with 130, when it is interrupted: %s kernels, %s threads', async (kernels, workers) => {
    const flopwise = fileURLToPath(new URL('../../bin/flopwise.js', import.meta.url));
    const program = spawn(node, [flopwise, 'verify', 'vgg19', 'vgg19', 'vgg19', '--kernels', kernels, '--workers', workers]);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const start = performance.now();
    program.kill('SIGINT');
    const [code, signal] = (await once(program, 'exit')) as [number | null, NodeJS.Signals | null];
    // A shell says 130 of a program that the signal has ended.
    expect(code ?? 128 + constants.signals[signal as NodeJS.Signals]).toBe(130);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

// No self-deception: whatever is broken, verify must fail.

const withWork = (graph: Graph, work: Work): Graph => ({ ...graph, nodes: graph.nodes.map((node) => ({ ...node, work })) });

/** The term, with each of its factors one greater in turn. */
const withWrongFactor = (term: Term): Term[] =>
  term.factors.map((_, wrong) => ({
    ...term,
    factors: term.factors.map((factor, index) => (index === wrong ? { ...factor, value: factor.value + 1 } : factor)),
  }));

/** The term, with each kind of operation once more, and once more that it does not have. */
const withWrongKind = (term: Term): Term[] =>
  OPERATIONS.map((kind) => ({ ...term, each: { ...term.each, [kind]: (term.each[kind] ?? 0) + 1 } }));

/** All ways to break a work in one place: a factor, a kind, a term too few or too many. */
function broken(work: Work): Work[] {
  const inTerm = work.flatMap((term, index) => [...withWrongFactor(term), ...withWrongKind(term)].map((wrong) => work.with(index, wrong)));
  const inList = work.flatMap((term, index) => [work.toSpliced(index, 1), work.toSpliced(index, 0, term)]);
  return [...inTerm, ...inList];
}

type Method = Operation | 'multiplyAdd' | 'multiplyAddOnPadding';
const METHODS: readonly Method[] = [...OPERATIONS, 'multiplyAdd', 'multiplyAddOnPadding'];

/** Arithmetic whose first call of one kind is lost, or done twice: as if the bound of a loop were one off. */
function brokenAlu(method: Method, times: 0 | 2): CountingAlu {
  const alu = new CountingAlu();
  const original = alu[method].bind(alu) as (...values: unknown[]) => unknown;
  let isFirst = true;
  const wrong = (...values: unknown[]): unknown => {
    const calls = isFirst ? times : 1;
    isFirst = false;
    let result = values[0];
    for (let call = 0; call < calls; call++) result = original(...values);
    return result;
  };
  return Object.assign(alu, { [method]: wrong });
}

/** The methods that a run calls. */
function calledBy(graph: Graph): Method[] {
  const called = new Set<Method>();
  const makeAlu = () => {
    const alu = new CountingAlu();
    for (const method of METHODS) {
      const original = alu[method].bind(alu) as (...values: unknown[]) => unknown;
      Object.assign(alu, {
        [method](...values: unknown[]) {
          called.add(method);
          return original(...values);
        },
      });
    }
    return alu;
  };
  verify(graph, { kernels: new ReferenceKernels(makeAlu) });
  return [...called];
}

const title = '$name $attributes on $inputs';

describe('verify fails', () => {
  it.each(cases)(`where a factor, a kind or a term of the work is wrong: ${title}`, (one) => {
    const graph = graphOf(one);
    expect(verify(graph).holds).toBe(true);
    const [node] = graph.nodes;
    const survivors = broken(node?.work ?? []).filter((work) => verify(withWork(graph, work)).holds);
    expect(survivors).toEqual([]);
  });

  it.each(cases)(`where the kernel leaves out an operation, or does it twice: ${title}`, (one) => {
    const graph = graphOf(one);
    for (const method of calledBy(graph))
      for (const times of [0, 2] as const)
        expect({ method, times, holds: verify(graph, { kernels: new ReferenceKernels(() => brokenAlu(method, times)) }).holds }).toEqual({
          method,
          times,
          holds: false,
        });
  });

  it('where an output has another shape', () => {
    for (const one of cases) {
      const graph = graphOf(one);
      const nodes = graph.nodes.map((node) => ({
        ...node,
        outputs: node.outputs.map(({ shape }) => ({ shape: shape.with(-1, (shape.at(-1) as number) + 1) })),
      }));
      expect({ name: one.name, holds: verify({ ...graph, nodes }).holds }).toEqual({ name: one.name, holds: false });
    }
  });

  it('for every operator that computes anything', () => {
    const computesBy = (name: string, computes: (graph: Graph) => boolean) =>
      cases
        .filter((one) => one.name === name)
        .map(graphOf)
        .some(computes);
    for (const name of operatorNames) {
      const isPredicted = computesBy(name, ({ nodes }) => nodes.some(({ work }) => work.length > 0));
      expect({ name, computes: computesBy(name, (graph) => calledBy(graph).length > 0) }).toEqual({ name, computes: isPredicted });
    }
  });
});
