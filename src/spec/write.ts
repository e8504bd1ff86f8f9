import { ask } from '../graph/answers.ts';
import type { Sharing } from '../graph/builder.ts';
import type { Edge, Graph, Node, Weight } from '../graph/graph.ts';
import { USUALLY } from '../graph/written.ts';
import { shortest } from '../operators/kit/attributes.ts';
import { type OperatorName, operatorOf } from '../operators/registry.ts';
import { fail } from '../problems/problem.ts';

/**
 * Writes a graph as a spec without blocks or repetitions: stages, sequences and layers as its paths have them, attributes that
 * are no defaults, and names where a layer takes something else than what the one before it gives.
 */

/** Characters that a name may have. */
const LONGEST_NAME = 200;

/** Words that YAML, of some version, takes for a value. */
const isValue = (word: string): boolean => /^(true|false|null|yes|no|on|off|y|n)$/i.test(word);

/** A step of a path without the number that siblings of the same name have. */
const unnumbered = (step: string): string => step.replace(/\[\d+\]$/, '');

/** Names of specs have fewer signs than those of other formats. */
const nameOf = (step: string): string => {
  const name = unnumbered(step).replace(/[^\w.-]/g, '_');
  // A word such as null would be no text.
  return /^[A-Za-z_]/.test(name) && !isValue(name) ? name.slice(0, LONGEST_NAME) : `_${name}`.slice(0, LONGEST_NAME);
};

/** The attributes that must be written: without them, the operator would have others. */
function writtenAttributes(operator: OperatorName, attributes: object): Record<string, unknown> {
  const schema = operatorOf(operator).attributes;
  const shortened = (values: object): [string, unknown][] =>
    Object.entries(shortest(schema, values)).filter(([, value]) => value !== undefined);
  const sorted = (entries: [string, unknown][]): string => JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  const entries = shortened(attributes);
  const whole = sorted([...entries]);
  const isNeeded = (key: string): boolean => {
    const parsed = schema.safeParse(Object.fromEntries(entries.filter(([other]) => other !== key)));
    return !parsed.success || sorted(shortened(parsed.data)) !== whole;
  };
  return Object.fromEntries(entries.filter(([key]) => isNeeded(key)));
}

/** A word that YAML takes for a text, and flopwise for no expression. */
const PLAIN_WORD = /^[A-Za-z][\w]*$/;
const isPlain = (word: string): boolean => PLAIN_WORD.test(word) && !isValue(word);

/** A value in one line. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'string') return isPlain(value) ? value : JSON.stringify(value);
  return String(value);
}

const flowMap = (values: Record<string, unknown>): string => {
  const entries = Object.entries(values).map(([key, value]) => `${key}: ${flow(value)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
};

/** Which name each tensor has that a later layer takes by name. */
class Names {
  readonly #names = new Map<Edge, string>();
  readonly #taken: ReadonlySet<string>;
  #next = 1;

  constructor(inputs: Graph['inputs'], taken: ReadonlySet<string>) {
    this.#taken = taken;
    for (const { name, tensor } of inputs) this.#names.set(tensor, inputs.length === 1 ? 'in' : nameOf(name));
  }

  /** The name; a new one where it has none. */
  of(tensor: Edge): string {
    const there = this.#names.get(tensor);
    if (there !== undefined) return there;
    while (this.#taken.has(`t${this.#next}`)) this.#next++;
    const name = `t${this.#next++}`;
    this.#names.set(tensor, name);
    return name;
  }

  has(tensor: Edge): boolean {
    return this.#names.has(tensor);
  }
}

const sameTensors = (a: readonly Edge[], b: readonly Edge[]): boolean => a.length === b.length && a.every((one, i) => one === b[i]);

/** What each layer takes by name, in place of what the one before it gives. */
function sourcesOf({ nodes, inputs }: Graph): ReadonlyMap<Node, readonly Edge[]> {
  const sources = new Map<Node, readonly Edge[]>();
  let before: readonly Edge[] = inputs.slice(0, 1).map(({ tensor }) => tensor);
  for (const node of nodes) {
    if (!sameTensors(node.inputs, before)) sources.set(node, node.inputs);
    before = node.outputs;
  }
  return sources;
}

/** The weight whose elements it has. */
const origin = (weight: Weight): Weight => weight.of ?? weight;

const sameWeights = (a: Node['weights'], b: Node['weights']): boolean => {
  const [roles, others] = [Object.keys(a), Object.keys(b)];
  return roles.length === others.length && roles.every((role) => a[role] === b[role]);
};

/** How each layer that has weights in common with others says so: all of them at once, where none of them is held elsewhere. */
function sharings({ nodes }: Graph): ReadonlyMap<Node, Sharing> {
  const holders = new Map<Weight, Node[]>();
  for (const node of nodes)
    for (const weight of Object.values(node.weights)) holders.set(origin(weight), [...(holders.get(origin(weight)) ?? []), node]);
  const holdersOf = (weight: Weight): readonly Node[] => holders.get(origin(weight)) ?? [];
  const keys = new Map<Weight, string>();
  const keyOf = (weight: Weight): string => {
    const key = keys.get(origin(weight)) ?? `shared${keys.size + 1}`;
    keys.set(origin(weight), key);
    return key;
  };
  return new Map(
    nodes.flatMap((node): [Node, Sharing][] => {
      const all = Object.entries(node.weights);
      const shared = all.filter(([, weight]) => holdersOf(weight).length > 1);
      const [first] = shared;
      if (first === undefined) return [];
      const others = holdersOf(first[1]);
      const isWhole =
        others.every(({ weights }) => sameWeights(weights, node.weights)) &&
        all.every(([, one]) => holdersOf(one).length === others.length);
      return [[node, isWhole ? keyOf(first[1]) : Object.fromEntries(shared.map(([role, weight]) => [role, keyOf(weight)]))]];
    }),
  );
}

interface Line {
  readonly depth: number;
  readonly text: string;
}

/** The lines of one layer. */
function layerLines(
  node: Node,
  step: string,
  depth: number,
  sources: ReadonlyMap<Node, readonly Edge[]>,
  named: ReadonlySet<Edge>,
  names: Names,
  shared: ReadonlyMap<Node, Sharing>,
): Line[] {
  const { operator, attributes, outputs, experts, frozen, written } = node;
  const own = flowMap(writtenAttributes(operator, attributes));
  const source = sources.get(node);
  const share = shared.get(node);
  const name = nameOf(step);
  const more = [
    ...(name === operator ? [] : [`name: ${name}`]),
    ...(source === undefined
      ? []
      : [`from: ${source.length === 1 ? names.of(source[0] as Edge) : flow(source.map((one) => names.of(one)))}`]),
    ...(outputs.some((output) => named.has(output))
      ? [`as: ${outputs.length === 1 ? names.of(outputs[0] as Edge) : `[${outputs.map((output) => names.of(output)).join(', ')}]`}`]
      : []),
    ...(share === undefined ? [] : [`weights: ${typeof share === 'string' ? share : flowMap(share)}`]),
    ...(experts === undefined ? [] : [`copies: [${experts.count}, ${experts.best}]`]),
    ...(frozen === true ? ['frozen: true'] : []),
    ...(written === USUALLY[operator] ? [] : [`written: ${written}`]),
  ];
  if (own === '{}' && more.length === 0) return [{ depth, text: `- ${operator}` }];
  return [{ depth, text: `- ${operator}: ${own}` }, ...more.map((text) => ({ depth: depth + 1, text }))];
}

/** Opens and closes the stages and sequences that paths go through. */
class Groups {
  readonly #hasStages: boolean;
  /** All that paths go through, from the first step on. */
  readonly #all: ReadonlySet<string>;
  /** How many steps of a name there were, in what they are in. */
  readonly #counts = new Map<string, number>();
  #open: readonly string[] = [];

  constructor(paths: readonly (readonly string[])[], hasStages: boolean) {
    this.#hasStages = hasStages;
    this.#all = new Set(paths.flatMap((path) => path.map((_, depth) => path.slice(0, depth + 1).join('/'))));
  }

  /** The lines that lead from the layer before to the layer at a path. */
  enter(path: readonly string[]): Line[] {
    const groups = path.slice(0, -1);
    let same = 0;
    while (same < groups.length && same < this.#open.length && groups[same] === this.#open[same]) same++;
    const lines = this.#close(same);
    for (let depth = same; depth < path.length; depth++) lines.push(...this.#step(path, depth));
    this.#open = groups;
    return lines;
  }

  /** A name is numbered only where it is there again: nothing follows with it where a branch was empty. */
  #close(depth: number): Line[] {
    return this.#open
      .flatMap((step, at) => {
        const path = this.#open.slice(0, at + 1).join('/');
        const isAlone = /\[0\]$/.test(step) && !this.#all.has(path.replace(/\[0\]$/, '[1]'));
        return at >= depth && isAlone ? this.#empty(step, at) : [];
      })
      .toReversed();
  }

  #step(path: readonly string[], depth: number): Line[] {
    const step = path[depth] as string;
    const key = [...path.slice(0, depth), unnumbered(step)].join('/');
    const number = Number(/\[(\d+)\]$/.exec(step)?.[1] ?? 0);
    const lines: Line[] = [];
    // Numbers that no path has are those of branches without a layer.
    for (let before = this.#counts.get(key) ?? 0; before < number; before++) lines.push(...this.#empty(step, depth));
    this.#counts.set(key, number + 1);
    if (depth === path.length - 1) return lines;
    const name = nameOf(step);
    if (this.#hasStages && depth === 0) return [{ depth: 1, text: `${name}:` }];
    return [...lines, ...[`- name: ${name}`, '  sequence:'].map((text) => ({ depth: this.#at(depth), text }))];
  }

  #at(depth: number): number {
    return 2 * depth + (this.#hasStages ? 0 : 1);
  }

  #empty(step: string, depth: number): Line[] {
    return [{ depth: this.#at(depth), text: `- { name: ${nameOf(step)}, sequence: [] }` }];
  }
}

/** The sizes after the batch, which all inputs must have in common. */
function inputSizes({ inputs }: Graph): readonly (readonly [string, readonly number[]])[] {
  const [first] = inputs;
  return inputs.map(({ name, tensor: { shape } }) => {
    const [batch, ...sizes] = shape;
    if (sizes.length === 0 || batch !== first?.tensor.shape[0])
      throw fail('CONTRADICTION', {
        message: `The input "${name}" of ${shape.join('×')} cannot be written in a spec, whose inputs have a batch in common and sizes after it. Export a part of the model`,
      });
    return [nameOf(name), sizes];
  });
}

/** In a spec, a layer learns its weights; in other formats they may be computed, or frozen. */
function checkWeights({ nodes }: Graph): void {
  for (const { path, operator, attributes, inputs, weights } of nodes) {
    const own = ask(
      operator,
      attributes,
      inputs.map(({ shape }) => shape),
    ).weights;
    for (const [role, { learned }] of Object.entries(weights))
      if (learned !== own[role]?.learned)
        throw fail('CONTRADICTION', {
          message: `The ${role} of ${path} is computed by the network, and cannot be written in a spec, whose layers learn theirs. Export a part of the model without it`,
        });
  }
}

/**
 * A spec that comes to the same layers: paths, operators, attributes, shapes, counts.
 * @throws ProblemError where the inputs have no batch in common, or weights are computed.
 */
export function writeSpec(graph: Graph): string {
  const { nodes, outputs } = graph;
  checkWeights(graph);
  const inputs = inputSizes(graph);
  const sources = sourcesOf(graph);
  const last = nodes.at(-1)?.outputs ?? [];
  const isLast = sameTensors(outputs, last);
  const named = new Set([...[...sources.values()].flat(), ...(isLast ? [] : outputs)]);
  const steps = new Set(nodes.flatMap(({ path }) => path.split('/').map(nameOf)));
  const names = new Names(graph.inputs, new Set([...steps, ...inputs.map(([name]) => name), 'in']));
  const shared = sharings(graph);
  const lines: Line[] = [];
  const first = nodes.map(({ path }) => path.split('/'));
  // Stages come before layers outside of them, so there are stages only where all layers are in one.
  const hasStages = first.every((path) => path.length > 1) && isInOnePiece(first.map(([stage]) => stage as string));
  const base = hasStages ? 0 : 1;
  const groups = new Groups(first, hasStages);
  for (const [index, node] of nodes.entries()) {
    const path = first[index] as readonly string[];
    lines.push(...groups.enter(path));
    lines.push(...layerLines(node, path.at(-1) as string, 2 * (path.length - 1) + base, sources, named, names, shared));
  }
  lines.push(...groups.enter(['']));
  const head = [
    `# Written by flopwise from ${graph.source}.`,
    `name: ${nameOf(graph.name)}`,
    inputs.length === 1 && graph.inputs[0]?.name === 'input'
      ? `input: ${flow(inputs[0]?.[1])}`
      : `input: { ${inputs.map(([name, sizes]) => `${name}: ${flow(sizes)}`).join(', ')} }`,
    hasStages ? 'stages:' : 'layers:',
  ];
  const tail = isLast ? [] : [`outputs: [${outputs.map((output) => names.of(output)).join(', ')}]`];
  return `${[...head, ...lines.map(({ depth, text }) => `${'  '.repeat(depth)}${text}`), ...tail].join('\n')}\n`;
}

/** Whether the same stages stand together. */
const isInOnePiece = (stages: readonly string[]): boolean => {
  const distinct = stages.filter((stage, i) => stage !== stages[i - 1]);
  return new Set(distinct).size === distinct.length && distinct.every((stage) => stage === nameOf(stage));
};
