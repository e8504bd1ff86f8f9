import { elements, type Shape } from '../core/shape.ts';
import type { Graph, StoredWeights, Weight } from '../graph/graph.ts';
import { ProblemError } from '../problems/problem.ts';
import type { StoredTensor, WeightFile } from '../weights/weight-file.ts';

/** The tensors of a network held against those of a file of its weights: by the number of their layer, and by shape. */

/** A tensor that the network needs. */
interface Needed {
  readonly path: string;
  readonly role: string;
  readonly shape: Shape;
  /** Of experts: they may be stored one by one, or stacked. */
  readonly copies: number | undefined;
  /** Tables that are no parameters may be left out of a file. */
  readonly isOptional: boolean;
}

/** Types in which several numbers may be packed into an element: shapes tell nothing then. */
const PACKED: ReadonlySet<string> = new Set(['I8', 'U8', 'I16', 'U16', 'I32', 'U32', 'I64', 'U64', 'F4', 'F6_E2M3', 'F6_E3M2']);

function neededBy({ nodes }: Graph): Needed[] {
  const seen = new Set<Weight>();
  return nodes.flatMap(({ path, weights }) =>
    Object.entries(weights).flatMap(([role, weight]): Needed[] => {
      const held = weight.of ?? weight;
      if (seen.has(held) || held.madeBy !== undefined) return [];
      seen.add(held);
      return [{ path, role, shape: held.shape, copies: held.copies, isOptional: !held.learned }];
    }),
  );
}

/** `layers/llama_layer[3]/…` and `model.layers.3.…` both have the number 3. */
const numberOf = (name: string): string => /\[(\d+)\]|(?:^|\.)(\d+)(?:\.|$)/.exec(name)?.slice(1).find(Boolean) ?? '';

/** What two shapes have alike that hold the same numbers: matrices are stored either way round, and axes of one element come and go. */
const sizesOf = (shape: Shape): string =>
  shape
    .filter((size) => size !== 1)
    .toSorted((a, b) => a - b)
    .join('×');

/** How many words of a path are in the name of a tensor, whole or by their first letter, as `key` in `k_proj`; a word that is not counts a little against it. */
function likeness(path: string, { name }: StoredTensor): number {
  const words = path.split(/[^a-z]+/).filter((word) => word.length > 1);
  const found = words.filter((word) => name.includes(word) || new RegExp(`[._]${word[0]}(_|\\.|$)`).test(name));
  return found.length - (words.length - found.length) / 100;
}

/** So many names of one shape are looked at: a stranger's file may have a million. */
const COMPARED = 64;

/** Tensors that nothing has been matched with yet. */
class Pool {
  readonly #tensors = new Map<string, StoredTensor[]>();
  readonly #keyOf: (name: string, shape: Shape) => string;

  constructor(tensors: readonly StoredTensor[], keyOf: (name: string, shape: Shape) => string) {
    this.#keyOf = keyOf;
    for (const tensor of tensors) {
      const key = keyOf(tensor.name, tensor.shape);
      const there = this.#tensors.get(key);
      if (there === undefined) this.#tensors.set(key, [tensor]);
      else there.push(tensor);
    }
  }

  /** Takes as many tensors of a shape as are needed, or none. */
  #take(path: string, shape: Shape, count: number): readonly StoredTensor[] | undefined {
    const there = this.#tensors.get(this.#keyOf(path, shape)) ?? [];
    return there.length < count ? undefined : there.splice(0, count);
  }

  /** Those that are likest to what is there come first, where there are fewer than are needed: the others are the ones that are missing. */
  inOrder(wanted: readonly Needed[]): readonly Needed[] {
    const counts = new Map<string, number>();
    const keys = wanted.map(({ path, shape }) => this.#keyOf(path, shape));
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
    const scores = wanted.map(({ path }, index) => {
      const key = keys[index] as string;
      const there = this.#tensors.get(key) ?? [];
      const isShort = there.length < (counts.get(key) ?? 0) && there.length <= COMPARED;
      return isShort ? there.reduce((best, tensor) => Math.max(best, likeness(path, tensor)), 0) : 0;
    });
    return wanted
      .map((one, index) => ({ one, score: scores[index] as number }))
      .toSorted((a, b) => (a.score === b.score ? 0 : b.score - a.score))
      .map(({ one }) => one);
  }

  takeFor({ path, shape, copies }: Needed): readonly StoredTensor[] | undefined {
    return this.#take(path, shape, 1) ?? (copies === undefined ? undefined : this.#take(path, shape.slice(1), copies));
  }
}

interface Matching {
  readonly matched: ReadonlySet<StoredTensor>;
  readonly missing: readonly Needed[];
}

/** First within the layer of the same number, then anywhere. */
function match(needed: readonly Needed[], tensors: readonly StoredTensor[]): Matching {
  const matched = new Set<StoredTensor>();
  const pass = (wanted: readonly Needed[], keyOf: (name: string, shape: Shape) => string): Needed[] => {
    const free = new Pool(
      tensors.filter((tensor) => !matched.has(tensor)),
      keyOf,
    );
    const left = new Set(wanted);
    for (const one of free.inOrder(wanted)) {
      const found = free.takeFor(one);
      for (const tensor of found ?? []) matched.add(tensor);
      if (found !== undefined) left.delete(one);
    }
    return [...left];
  };
  const left = pass(needed, (name, shape) => `${numberOf(name)} ${sizesOf(shape)}`);
  return { matched, missing: pass(left, (_, shape) => sizesOf(shape)) };
}

/** The tensor that was probably meant: of the same layer, with as many axes, alike in name. */
function nearestTo({ path, shape }: Needed, free: readonly StoredTensor[]): StoredTensor | undefined {
  const candidates = free.filter((tensor) => numberOf(tensor.name) === numberOf(path) && tensor.shape.length === shape.length);
  return candidates.reduce<StoredTensor | undefined>(
    (best, tensor) => (best === undefined || likeness(path, tensor) > likeness(path, best) ? tensor : best),
    undefined,
  );
}

/** Of so many layers it is told what is there in their place. */
const TOLD = 4;

/** What the configuration says in numbers, since one of these is wrong. */
const numbersOf = ({ config }: Graph): string[] =>
  [...(config?.parameters ?? [])].filter(([, value]) => typeof value === 'number').map(([name, value]) => `${name} = ${value}`);

/**
 * Holds the weights of a network against a file: each tensor that the network needs must be there.
 * @throws ProblemError with the layers whose tensors are not, and what is there in their place.
 */
export function holdWeights(graph: Graph, { file, tensors }: WeightFile): StoredWeights {
  const { matched, missing } = match(neededBy(graph), tensors);
  const alone = tensors.filter((tensor) => !matched.has(tensor));
  const isPacked = alone.some(({ type }) => PACKED.has(type));
  const wanting = missing.filter(({ isOptional }) => !isOptional);
  if (wanting.length > 0 && !isPacked)
    throw new ProblemError({
      code: 'WEIGHTS_DO_NOT_FIT',
      file: graph.config?.file,
      data: {
        file,
        model: graph.name,
        missing: wanting.map((one, index) => {
          const near = index < TOLD ? nearestTo(one, alone) : undefined;
          return { path: one.path, role: one.role, shape: one.shape, near: near && { name: near.name, shape: near.shape } };
        }),
        numbers: numbersOf(graph),
      },
    });
  const bytes = new Map<string, bigint>();
  for (const tensor of tensors) bytes.set(tensor.type, (bytes.get(tensor.type) ?? 0n) + tensor.bytes);
  return {
    file,
    tensors: tensors.length,
    matched: matched.size,
    alone: alone.map(({ name }) => name),
    missing: missing.map(({ path, role }) => `${path} ${role}`),
    parameters: tensors.reduce((sum, { shape }) => sum + elements(shape), 0n),
    bytes: [...bytes.values()].reduce((sum, one) => sum + one, 0n),
    bytesByType: bytes,
    isPacked,
  };
}
