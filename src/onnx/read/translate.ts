import { elementCount, type Shape, sameShape } from '../../core/shape.ts';
import { countMacs } from '../../core/work.ts';
import { ask, checkedShapes } from '../../graph/answers.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import type { Edge, Experts, Graph, Node, UnknownOperator, Weight } from '../../graph/graph.ts';
import type { Scope } from '../../graph/path.ts';
import { type PickInput, pickOf } from '../../operators/kit/pick.ts';
import { type OperatorName, operatorOf } from '../../operators/registry.ts';
import { charge, withAllowance } from '../../problems/allowance.ts';
import { FlopwiseError, fail, type Problem, ProblemError, ProblemList, Stop } from '../../problems/problem.ts';
import type { ProblemCode } from '../../problems/sentences.ts';
import { type Fault, faultsOf } from '../check/faults.ts';
import type { OnnxAttribute, OnnxFunction, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from '../file/model.ts';
import { type Bindings, bind, givenValue, type OnnxSettings } from './bindings.ts';
import { broken, type Call, type LayerOptions } from './call.ts';
import { rememberOrigin } from './contents.ts';
import { CONTROL } from './control.ts';
import { sizeOfExpression } from './dimension.ts';
import { Gaps } from './gaps.ts';
import { layerShape, leftOut, pickAttributes, uncounted } from './layers.ts';
import { type ModulePath, pathOf, placeOf } from './names.ts';
import { checkNames, described, NodeOrders } from './order.ts';
import { ruleOf } from './rules.ts';
import { flowing, fromFile, isWeight, type ReadValue, viewed } from './value.ts';
import { LayerWeights } from './weights.ts';

/** Tensors of more elements are not compared with others. */
const MAX_COMPARED = 2 ** 16;

/** Functions and bodies in each other. */
const MAX_DEPTH = 64;

/** A value whose shape nothing tells, and why. */
class Gap {
  readonly reason: Problem;

  constructor(reason: Problem) {
    this.reason = reason;
  }
}
type Known = ReadValue | Gap;

/** Problems that leave a node out of the count. All others make the whole model wrong. */
const LEAVES_OUT: ReadonlySet<ProblemCode> = new Set<ProblemCode>(['ONNX_UNRESOLVED', 'ONNX_UNKNOWN_OPERATOR']);

/** Where names are looked up: a graph, the body of a function, or one within another. */
export interface NameTable {
  readonly values: Map<string, Known>;
  /** Bodies see the names around them; functions do not. */
  readonly outer: NameTable | undefined;
  readonly opsets: ReadonlyMap<string, number>;
  /** What references to attributes stand for in a function. */
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
  readonly scope: Scope;
  /** Shapes that the file declares. */
  readonly declared: ReadonlyMap<string, OnnxValue>;
  /** Names of the functions that are being inlined. */
  readonly functions: readonly string[];
  readonly depth: number;
}

function lookUp(frame: NameTable | undefined, name: string): Known | undefined {
  for (let at = frame; at !== undefined; at = at.outer) {
    const value = at.values.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** What a graph declares of its values, by name; outputs may be declared twice, once without a shape. */
function declaredIn({ values, outputs }: OnnxGraph): Map<string, OnnxValue> {
  const declared = new Map(values.map((value) => [value.name, value]));
  for (const output of outputs) if (output.shape !== undefined || !declared.has(output.name)) declared.set(output.name, output);
  return declared;
}

/** An attribute that refers to one of the function that it is in, as the call gives it. */
function resolved(node: OnnxNode, attributes: NameTable['attributes']): OnnxNode {
  const entries = Object.entries(node.attributes);
  if (!entries.some(([, { kind }]) => kind === 'reference')) return node;
  const given: Record<string, OnnxAttribute> = {};
  for (const [name, attribute] of entries) {
    const value = attribute.kind === 'reference' ? attributes[attribute.value] : attribute;
    if (value !== undefined) given[name] = value;
  }
  return { ...node, attributes: given };
}

/** Attributes as schemas give them; each combination is checked once, so that it is one object. */
class Attributes {
  readonly #checked = new Map<string, object>();

  of(operator: OperatorName, attributes: object, node: OnnxNode): object {
    const key = `${operator} ${JSON.stringify(attributes)}`;
    const there = this.#checked.get(key);
    if (there !== undefined) return there;
    charge('characters', key.length);
    const result = operatorOf(operator).attributes.safeParse(attributes);
    if (!result.success)
      throw broken(node, `${operator} cannot have ${result.error.issues.map(({ path }) => `this "${path.join('.')}"`).join(', ')}`);
    this.#checked.set(key, result.data);
    return result.data;
  }
}

/** Where a node stands, and the scope for it. */
interface Located extends ModulePath {
  readonly scope: Scope;
}

/** Which branch a node takes, and what is decided in it, in the order in which that comes up. */
export interface Decision {
  readonly node: OnnxNode;
  readonly taken: 0 | 1;
  readonly warning: Problem;
  readonly inside: readonly Decision[];
}

/** What came of something that was only tried. */
export interface Trial {
  readonly macs: bigint;
  /** Whether it gives all its results. */
  readonly isDone: boolean;
  /** Why it is not counted, or not wholly; `undefined` where it is. */
  readonly reason: Problem | undefined;
  readonly decisions: readonly Decision[];
}

/** Turns the nodes of an ONNX model into layers, one after the other. */
export class Translation {
  readonly #builder: GraphBuilder;
  readonly #model: OnnxModel;
  readonly #bindings: Bindings;
  /** Whether an operator that is not known is taken to keep the shape of its input, where nothing says otherwise. */
  readonly #assumes: boolean;
  readonly #attributes: Attributes;
  readonly #functions: ReadonlyMap<string, OnnxFunction>;
  readonly #weights = new LayerWeights();
  readonly #orders: NodeOrders;
  readonly #unpacked = new Map<OnnxTensor, OnnxTensor>();
  /** Tensors of constants that layers read, by what they are made of. */
  readonly #constants = new Map<object, { readonly shape: Shape; readonly isLearned: boolean; readonly tensor: Edge }[]>();
  /** What bodies declare, so that a loop asks once. */
  readonly #declarations = new WeakMap<OnnxGraph, ReadonlyMap<string, OnnxValue>>();
  readonly #literals: Map<string, ReadValue>;
  readonly #places = new WeakMap<OnnxNode, ModulePath>();
  readonly problems = new ProblemList();
  readonly warnings: Problem[] = [];
  readonly gaps = new Gaps();
  readonly faults: Fault[] = [];
  /** Sizes of the symbols of the file, as far as they are known yet. */
  readonly #sizes: Map<string, number>;
  /** Decisions that were made when this was tried before. */
  #script: Decision[] = [];
  readonly #decisions: Decision[] = [];
  readonly unknown = new Map<string, { operator: string; domain: string; nodes: [OnnxNode, Scope, string][] }>();
  /** What operators without inputs read the batch of. */
  #source: Edge | undefined;

  constructor(
    model: OnnxModel,
    bindings: Bindings,
    assumes: boolean,
    attributes = new Attributes(),
    literals = new Map<string, ReadValue>(),
    orders = new NodeOrders(),
  ) {
    this.#model = model;
    this.#bindings = bindings;
    this.#assumes = assumes;
    this.#attributes = attributes;
    this.#literals = literals;
    this.#orders = orders;
    this.#builder = new GraphBuilder();
    this.#sizes = new Map(bindings.symbols);
    this.#functions = new Map(model.functions.map((one) => [`${one.domain}:${one.name}`, one]));
  }

  get root(): Scope {
    return this.#builder.root;
  }

  /** What something would come to, without doing it. */
  try(attempt: (trial: Translation) => void): Trial {
    const trial = new Translation(this.#model, this.#bindings, this.#assumes, this.#attributes, this.#literals, this.#orders);
    trial.#source = this.#source;
    for (const [key, made] of this.#constants) trial.#constants.set(key, made);
    for (const [name, size] of this.#sizes) trial.#sizes.set(name, size);
    let reason: Problem | undefined;
    try {
      attempt(trial);
    } catch (error) {
      if (error instanceof ProblemError) reason = error.problem;
      else if (error instanceof Unresolved) reason = error.reason;
      else throw error;
    }
    const macs = trial.#builder.finish('', '', [], []).nodes.reduce((sum, { work }) => sum + countMacs(work), 0n);
    const [problem = reason] = trial.problems.found;
    return {
      macs,
      isDone: problem === undefined,
      reason: problem ?? trial.gaps.reason ?? trial.#firstUnknown(),
      decisions: trial.#decisions,
    };
  }

  #firstUnknown(): Problem | undefined {
    const [first] = this.unknown.values();
    return first && { code: 'ONNX_UNCOUNTED_OPERATOR', data: { operator: first.operator, domain: first.domain } };
  }

  /** The branch of a node; decided once, so that branches within branches are not tried again and again. */
  decide(node: OnnxNode, decideNow: () => Decision): Decision {
    const [scripted, ...rest] = this.#script;
    const decision = scripted?.node === node ? scripted : decideNow();
    this.#script = decision === scripted ? rest : [...decision.inside];
    this.#decisions.push(decision);
    return decision;
  }

  /** A layer that moves elements, for a node that runs graphs. */
  moved(node: OnnxNode, values: readonly ReadValue[], { scope }: NameTable, pick: PickInput): ReadValue {
    const { shape, attributes } = pickAttributes(pickOf(pick), values);
    const inputs = values.map((value) => this.tensorOf(value, scope));
    const [tensor] = this.#add('move', attributes, node, inputs, scope, node.operator, false);
    return flowing(values[0]?.type, shape, tensor as Edge);
  }

  /** Declares an input of the model. */
  input(name: string, type: OnnxValue['type'], shape: Shape): [ReadValue, { name: string; tensor: Edge }] {
    const tensor = { shape: layerShape(shape) };
    this.#source ??= tensor;
    return [flowing(type, shape, tensor), { name, tensor }];
  }

  /** The tensor of a value; a constant is made by a layer of its own, once. */
  tensorOf(value: ReadValue, scope: Scope): Edge {
    if (value.tensor !== undefined) return value.tensor;
    const key = value.origin ?? value;
    const shape = layerShape(value.shape);
    const made = this.#constants.get(key) ?? [];
    const isLearned = isWeight(value);
    const there = made.find((one) => one.isLearned === isLearned && sameShape(one.shape, shape));
    if (there !== undefined) return there.tensor;
    const tensor = this.#makeConstant(value, shape, scope);
    rememberOrigin(tensor, value);
    this.#constants.set(key, [...made, { shape, isLearned, tensor }]);
    return tensor;
  }

  /** What leaves the model; none where it cannot be made. */
  output(value: ReadValue): Edge[] {
    try {
      return [this.tensorOf(value, this.root)];
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      this.problems.add(error.problem);
      return [];
    }
  }

  #makeConstant(value: ReadValue, shape: Shape, scope: Scope): Edge {
    const name = isWeight(value) ? 'parameter' : 'constant';
    const node: OnnxNode = { name: '', operator: name, domain: '', inputs: [], outputs: [], attributes: {} };
    if (shape.includes(0)) return this.#add('move', { by: 'fill', to: [shape] }, node, [], scope, 'constant', false)[0] as Edge;
    const weights = isWeight(value) ? { value } : undefined;
    return this.#add(name, { shape, whole: true }, node, [], scope, name, false, weights)[0] as Edge;
  }

  /** What layers that make something of nothing are given. */
  #sourceTensor(): Edge {
    this.#source ??= { shape: [1] };
    return this.#source;
  }

  #add(
    operator: OperatorName,
    attributes: object,
    node: OnnxNode,
    inputs: readonly Edge[],
    scope: Scope,
    name: string,
    isNamedByScope: boolean,
    weights: LayerOptions['weights'] = {},
    experts?: Experts,
  ): readonly Edge[] {
    const checked = this.#attributes.of(operator, attributes, node);
    const tensors = inputs.length === 0 ? [this.#sourceTensor()] : inputs;
    return this.#builder.add({
      operator,
      attributes: checked,
      inputs: tensors,
      scope,
      name,
      isNamedByScope,
      experts,
      weightFor: (role: string, weight: Weight) => this.#weights.of(node.operator, role, weights[role], weight),
    });
  }

  /** Translates the nodes of a graph or a function, each when what it reads is there. */
  run(nodes: readonly OnnxNode[], frame: NameTable): void {
    if (frame.depth > MAX_DEPTH) throw fail('ONNX_TOO_NESTED', { limit: MAX_DEPTH });
    for (const index of this.#orders.of(nodes)) {
      const node = resolved(nodes[index] as OnnxNode, frame.attributes);
      try {
        this.#node(node, index, frame);
      } catch (error) {
        this.#fallBack(node, index, frame, error);
      }
    }
  }

  /** A node that cannot be translated is left out where its shapes depend on data, and a problem otherwise; what ends the reading is thrown on. */
  #fallBack(node: OnnxNode, index: number, frame: NameTable, error: unknown): void {
    if (!(error instanceof Unresolved || error instanceof ProblemError || error instanceof Stop)) throw error;
    const own = [frame.scope.toString(), ...pathOf(node, index)].filter((step) => step !== '').join('/');
    const problem = error instanceof Unresolved ? error.reason : { ...error.problem, path: error.problem.path ?? own };
    if (error instanceof Stop) throw new Stop(problem, { cause: error });
    if (error instanceof Unresolved || LEAVES_OUT.has(problem.code)) {
      this.#leaveOut(node, index, frame, problem);
    } else {
      this.problems.add(problem);
      for (const output of node.outputs) if (output !== '') frame.values.set(output, new Gap(problem));
    }
  }

  #node(node: OnnxNode, index: number, frame: NameTable): void {
    charge('steps');
    charge('edges', node.inputs.length + node.outputs.length);
    const inputs: (ReadValue | undefined)[] = [];
    for (const [place, name] of node.inputs.entries()) {
      const value = name === '' ? undefined : lookUp(frame, name);
      if (name !== '' && value === undefined) throw fail('ONNX_NO_VALUE', { name, operator: node.operator });
      // Of what says which graph runs how often the shape does not matter.
      if (value instanceof Gap && place < (STEERS_GRAPHS[node.operator] ?? 0)) inputs.push(OPEN_NUMBER);
      else if (value instanceof Gap) throw new Unresolved(value.reason);
      else inputs.push(value);
    }
    const outputs = this.#outputs(node, inputs, frame, () => this.#located(node, index, frame.scope));
    checkedShapes(outputs.map(({ shape }) => shape));
    for (const [i, output] of node.outputs.entries()) {
      const value = outputs[i];
      if (output === '') continue;
      if (value !== undefined) this.#note(output, value.shape, frame);
      frame.values.set(
        output,
        value === undefined
          ? new Gap({ code: 'ONNX_NO_OUTPUT', data: { operator: node.operator, name: output } })
          : this.#given(output, value),
      );
    }
  }

  /** A value that the settings give in place of what a run would compute. */
  #given(name: string, value: ReadValue): ReadValue {
    const numbers = this.#bindings.values.get(name);
    return numbers === undefined ? value : givenValue(name, value.type, value.shape, numbers);
  }

  #note(output: string, shape: Shape, { declared, depth }: NameTable): void {
    this.#bindSizes(declared.get(output), shape);
    if (depth === 0) this.#bindings.onValue?.(output, shape);
  }

  /** Names that a declared shape has for sizes that are known now. */
  #bindSizes(declared: OnnxValue | undefined, shape: Shape): void {
    if (declared?.shape?.length !== shape.length) return;
    for (const [axis, size] of declared.shape.entries())
      if (typeof size === 'string' && !this.#sizes.has(size)) this.#sizes.set(size, shape[axis] as number);
  }

  /** A node whose shapes nothing tells: the weights that it holds count, and what the file declares of its outputs holds. */
  #leaveOut(node: OnnxNode, index: number, frame: NameTable, reason: Problem): void {
    const found = node.inputs.map((name) => (name === '' ? undefined : lookUp(frame, name)));
    const inputs = found.map((value) => (value instanceof Gap ? undefined : value));
    const shapes = node.outputs.map((output) => (output === '' ? [] : this.#declaredShape(frame.declared.get(output))));
    const isDeclared = shapes.length > 0 && shapes.every((shape) => shape !== undefined);
    this.gaps.leaveOut(node, reason);
    const call = this.#call(node, inputs, frame, () => this.#located(node, index, frame.scope));
    const outputs = leftOut(call, isDeclared ? (shapes as Shape[]) : []);
    for (const [i, output] of node.outputs.entries()) {
      if (output === '') continue;
      const given = this.#bindings.values.get(output);
      const value = outputs[i];
      if (given !== undefined) frame.values.set(output, givenValue(output, undefined, value?.shape, given));
      else frame.values.set(output, value === undefined ? new Gap(reason) : { ...value, type: frame.declared.get(output)?.type });
    }
  }

  /** The scope and the name of what becomes a layer; what is folded needs none. */
  #located(node: OnnxNode, index: number, outermost: Scope): Located {
    const place = this.#places.get(node) ?? placeOf(node, index);
    this.#places.set(node, place);
    return { ...place, scope: place.modules.reduce((outer, module) => outer.child(module), outermost) };
  }

  #outputs(node: OnnxNode, inputs: readonly (ReadValue | undefined)[], frame: NameTable, locate: () => Located): readonly ReadValue[] {
    const domain = node.domain === 'ai.onnx' ? '' : node.domain;
    const body = this.#functions.get(`${domain}:${node.operator}`);
    const rule = ruleOf(domain, node.operator);
    const inner = (): Scope => {
      const { scope, layer } = locate();
      return scope.child(layer);
    };
    if (body !== undefined && rule === undefined) return this.#inline(body, node, inputs, frame, inner());
    const control = domain === '' && Object.hasOwn(CONTROL, node.operator) ? CONTROL[node.operator] : undefined;
    if (control !== undefined) return control(this, node, inputs, { ...frame, scope: inner() });
    const call = this.#call(node, inputs, frame, locate);
    return rule === undefined ? call.unknown() : rule(call);
  }

  #call(node: OnnxNode, inputs: readonly (ReadValue | undefined)[], frame: NameTable, locate: () => Located): Call {
    const domain = node.domain === 'ai.onnx' ? '' : node.domain;
    const call: Call = {
      node,
      opset: frame.opsets.get(domain) ?? 1,
      inputs,
      declared: (output) => this.#declaredShape(frame.declared.get(node.outputs[output] ?? '')),
      literal: (tensor) => this.#literal(tensor),
      unpacked: this.#unpacked,
      atMost: (bounds) => this.#bounded(node, bounds, frame),
      countsMost: () => this.gaps.countMost(node),
      fault: (reason) => this.faults.push({ node: described(node), reason }),
      unknown: () => this.#unknown(call, frame),
      shapeOf: (operator, attributes, values) =>
        ask(
          operator,
          this.#attributes.of(operator, attributes, node),
          values.map(({ shape }) => layerShape(shape)),
        ).outputs[0] as Shape,
      layer: (operator, attributes, values, { weights, shapes, types, experts } = {}) => {
        const { scope, layer, isOperator } = locate();
        const before = values.map((value) => this.tensorOf(value, scope));
        const tensors = this.#add(operator, attributes, node, before, scope, layer, isOperator, weights, experts);
        if (operator === 'unknown') this.#listUnknown(node, scope, layer);
        return tensors.map((tensor, i) => flowing(types === undefined ? values[0]?.type : types[i], shapes?.[i] ?? tensor.shape, tensor));
      },
    };
    return call;
  }

  /** A table that exporters write anew wherever it is read is one table. */
  #literal(tensor: OnnxTensor): ReadValue {
    const value = { ...fromFile(tensor), isLiteral: true };
    const numbers = isWeight(value) && elementCount(tensor.shape) <= MAX_COMPARED ? value.elements() : undefined;
    if (numbers === undefined) return value;
    // Other axes of size 1 make no other table.
    const key = `${tensor.type} ${tensor.shape.filter((size) => size !== 1).join()} ${numbers.join()}`;
    const there = this.#literals.get(key);
    if (there === undefined) this.#literals.set(key, value);
    return there === undefined ? value : viewed(there, tensor.shape);
  }

  /** Shapes that depend on data: what the file declares, or the most that they can be. */
  #bounded(node: OnnxNode, bounds: readonly Shape[], frame: NameTable): Shape[] {
    let isBound = false;
    const shapes = bounds.map((bound, output) => {
      const declared = this.#declaredSizes(frame.declared.get(node.outputs[output] ?? ''));
      const fits = declared?.length === bound.length;
      return bound.map((most, axis) => {
        const size = fits ? declared[axis] : undefined;
        if (size !== undefined && size <= most) return size;
        isBound ||= !bound.includes(0);
        return most;
      });
    });
    // A size of which every output has the same is bound by all.
    if (isBound) this.gaps.bound(node);
    return shapes;
  }

  #listUnknown(node: OnnxNode, scope: Scope, layer: string): void {
    const key = `${node.domain}:${node.operator}`;
    const there = this.unknown.get(key) ?? { operator: node.operator, domain: node.domain, nodes: [] };
    there.nodes.push([node, scope, layer]);
    this.unknown.set(key, there);
  }

  /**
   * An operator that is not known: of what it makes only what the file declares is known. Where it says nothing of the only output,
   * that is taken to have the shape of the first input, until it turns out not to fit.
   */
  #unknown(call: Call, frame: NameTable): readonly ReadValue[] {
    const { node } = call;
    const inputs = call.inputs.filter((value) => value !== undefined && !value.isConstant) as ReadValue[];
    const declared = node.outputs.map((output) => frame.declared.get(output));
    const assumed = this.#assumes && node.outputs.filter((output) => output !== '').length === 1 ? inputs[0]?.shape : undefined;
    const shapes = declared.map((value, i) => (node.outputs[i] === '' ? [] : this.#declaredShape(value)));
    const missing = shapes.indexOf(undefined);
    if (shapes.length === 0 || (missing !== -1 && assumed === undefined))
      throw fail('ONNX_UNKNOWN_OPERATOR', {
        operator: node.operator,
        domain: node.domain,
        output: node.outputs[missing] ?? '',
        open: (declared[missing]?.shape ?? []).filter(
          (size): size is string => typeof size === 'string' && this.#sizeOf(size) === undefined,
        ),
      });
    if (missing !== -1) this.gaps.assume(node);
    return uncounted(
      call,
      inputs,
      shapes.map((shape) => shape ?? (assumed as Shape)),
      declared.map((value) => value?.type ?? inputs[0]?.type),
    );
  }

  #sizeOf(symbol: string): number | undefined {
    return this.#sizes.get(symbol) ?? sizeOfExpression(symbol, (name) => this.#sizes.get(name));
  }

  #declaredSizes(value: OnnxValue | undefined): (number | undefined)[] | undefined {
    return value?.shape?.map((size) => (typeof size === 'string' ? this.#sizeOf(size) : size));
  }

  #declaredShape(value: OnnxValue | undefined): Shape | undefined {
    const shape = this.#declaredSizes(value);
    return shape === undefined || shape.some((size) => size === undefined || size < 0) ? undefined : (shape as number[]);
  }

  /** The body of a function in place of the call. */
  #inline(
    body: OnnxFunction,
    node: OnnxNode,
    inputs: readonly (ReadValue | undefined)[],
    frame: NameTable,
    scope: Scope,
  ): readonly ReadValue[] {
    const name = `${body.domain === '' ? '' : `${body.domain}.`}${body.name}`;
    if (frame.functions.includes(name))
      throw fail('ONNX_RECURSION', { names: [...frame.functions.slice(frame.functions.indexOf(name)), name] });
    const inner: NameTable = {
      values: new Map(),
      outer: undefined,
      opsets: new Map([...frame.opsets, ...body.opsets]),
      attributes: { ...body.defaults, ...node.attributes },
      scope,
      declared: new Map(),
      functions: [...frame.functions, name],
      depth: frame.depth + 1,
    };
    for (const [i, formal] of body.inputs.entries()) {
      const value = inputs[i];
      if (value !== undefined) inner.values.set(formal, value);
    }
    // An input that is left out is left out within too.
    const absent = new Set(body.inputs.filter((formal) => !inner.values.has(formal)));
    const nodes =
      absent.size === 0 ? body.nodes : body.nodes.map((one) => ({ ...one, inputs: one.inputs.map((i) => (absent.has(i) ? '' : i)) }));
    this.run(nodes, inner);
    return this.results(body.outputs, inner, node);
  }

  /** Translates a body with its inputs bound, and gives its outputs; `undefined` where one of them cannot be told. */
  body(graph: OnnxGraph, node: OnnxNode, inputs: readonly ReadValue[], frame: NameTable): ReadValue[] {
    charge('steps');
    checkNames(graph);
    const values = new Map<string, Known>([...graph.initializers].map(([name, tensor]) => [name, fromFile(tensor)]));
    for (const [i, { name }] of graph.inputs.entries()) {
      const value = inputs[i];
      if (value !== undefined) values.set(name, value);
    }
    const inner: NameTable = { ...frame, values, outer: frame, declared: this.#declared(graph), depth: frame.depth + 1 };
    this.run(graph.nodes, inner);
    return this.results(
      graph.outputs.map(({ name }) => name),
      inner,
      node,
    );
  }

  #declared(graph: OnnxGraph): ReadonlyMap<string, OnnxValue> {
    const there = this.#declarations.get(graph) ?? declaredIn(graph);
    this.#declarations.set(graph, there);
    return there;
  }

  /** Values by name; those that cannot be told are a problem that was reported already. */
  results(names: readonly string[], frame: NameTable, node: OnnxNode): ReadValue[] {
    return names.map((name) => {
      const value = lookUp(frame, name);
      if (value === undefined) throw fail('ONNX_NO_VALUE', { name, operator: node.operator });
      if (value instanceof Gap) throw new Unresolved(value.reason);
      return value;
    });
  }

  /** The graph, if there were no problems. */
  finish(name: string, file: string, inputs: Graph['inputs'], outputs: readonly Edge[]): Graph {
    const all = this.#source !== undefined && inputs.length === 0 ? [{ name: 'none', tensor: this.#source }] : inputs;
    const graph = this.#builder.finish(name, file, all, outputs);
    const unknown = [...this.unknown.values()].map(({ operator, domain, nodes }): UnknownOperator => {
      const paths = graph.nodes.filter((node) => isUnknown(node, operator, domain)).map(({ path }) => path);
      return { operator, domain, count: nodes.length, paths };
    });
    const warnings = [...this.warnings, ...this.gaps.warnings];
    return { ...graph, ...(unknown.length > 0 && { unknown }), ...(warnings.length > 0 && { warnings }) };
  }
}

/** What ends the reading is reported behind what was found before. */
function runAll(translation: Translation, nodes: readonly OnnxNode[], frame: NameTable): void {
  try {
    translation.run(nodes, frame);
  } catch (error) {
    if (!(error instanceof Stop || error instanceof ProblemError)) throw error;
    throw new FlopwiseError([...translation.problems.found, error.problem], { cause: error });
  }
}

const isUnknown = ({ operator, attributes }: Node, name: string, domain: string): boolean => {
  const given = attributes as { readonly operator?: string; readonly domain?: string };
  return operator === 'unknown' && given.operator === name && given.domain === domain;
};

/** Thrown where a value has no shape, for a reason that was reported where it should have been made. */
class Unresolved extends Error {
  override readonly name = 'Unresolved';
  readonly reason: Problem;

  constructor(reason: Problem) {
    super();
    this.reason = reason;
  }
}

/** A number of which nothing is known. */
const OPEN_NUMBER: ReadValue = { type: undefined, shape: [], elements: () => undefined, isConstant: false };

/** How many of the first inputs of nodes with graphs say which of them runs, and how often. */
const STEERS_GRAPHS: Readonly<Partial<Record<string, number>>> = { If: 1, Loop: 2 };

const baseName = (file: string): string => {
  const name = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1).replace(/\.onnx$/i, '');
  return name === '' ? 'model' : name;
};

/**
 * The graph that an ONNX model means, every shape known: a layer for each node that is not folded, with the operators of
 * specs. Operators that are not known are layers that count nothing, and listed in `unknown`.
 * @throws FlopwiseError with all that hinders it, such as dimensions that nothing binds.
 */
export const translate = (model: OnnxModel, file: string, settings: OnnxSettings = {}): Graph =>
  withAllowance(() => {
    if (model.graph.nodes.length === 0) throw new FlopwiseError([{ code: 'ONNX_NO_NODES', data: {} }]);
    const bindings = bind(model, settings);
    if (bindings.problems.length > 0) throw new FlopwiseError(bindings.problems.map(({ problem }) => problem));
    const assuming = translatedOrRefused(model, file, bindings);
    const { problems, gaps } = assuming;
    // What was assumed of unknown operators may be what does not fit.
    const { graph, ...rest } = problems.length > 0 && gaps.hasAssumed ? translated(model, file, bindings, false) : assuming;
    if (rest.problems.length > 0) throw new FlopwiseError(rest.problems);
    const faults = [...faultsOf(model), ...rest.faults];
    return faults.length === 0 ? graph : { ...graph, warnings: [...(graph.warnings ?? []), { code: 'ONNX_INVALID', data: { faults } }] };
  });

interface Translated {
  readonly graph: Graph;
  readonly problems: readonly Problem[];
  readonly gaps: Gaps;
  readonly faults: readonly Fault[];
}

/** The same; what is wrong before the first node is read is an error of the model too. */
function translatedOrRefused(model: OnnxModel, file: string, bindings: Bindings): Translated {
  try {
    return translated(model, file, bindings, true);
  } catch (error) {
    if (error instanceof ProblemError) throw new FlopwiseError([error.problem], { cause: error });
    throw error;
  }
}

function translated(model: OnnxModel, file: string, bindings: Bindings, assumes: boolean): Translated {
  const translation = new Translation(model, bindings, assumes);
  const { graph } = model;
  const { problems, gaps } = translation;
  checkNames(graph);
  const values = new Map<string, Known>([...graph.initializers].map(([name, tensor]) => [name, fromFile(tensor)]));
  const inputs = bindings.free.flatMap(({ name, type }) => {
    const shape = bindings.inputs.get(name) as Shape;
    const numbers = bindings.values.get(name);
    if (numbers !== undefined) {
      values.set(name, givenValue(name, type, shape, numbers));
      return [];
    }
    const [value, declared] = translation.input(name, type, shape);
    values.set(name, value);
    return [declared];
  });
  const frame: NameTable = {
    values,
    outer: undefined,
    opsets: model.opsets,
    attributes: {},
    scope: translation.root,
    declared: declaredIn(graph),
    functions: [],
    depth: 0,
  };
  runAll(translation, graph.nodes, frame);
  const outputs = graph.outputs.flatMap(({ name }) => {
    const value = values.get(name);
    if (value === undefined) problems.add({ code: 'ONNX_NO_VALUE', data: { name, operator: 'The graph' } });
    return value === undefined || value instanceof Gap ? [] : translation.output(value);
  });
  const result = translation.finish(baseName(file), file, inputs, outputs);
  // Where nothing at all is counted there is no count to speak of.
  if (gaps.reason !== undefined && problems.found.length === 0 && result.nodes.every(({ operator }) => FREE_OF_WORK.has(operator)))
    problems.add(gaps.reason);
  return { graph: result, problems: problems.found, gaps, faults: translation.faults };
}

const FREE_OF_WORK: ReadonlySet<OperatorName> = new Set<OperatorName>(['unknown', 'constant', 'parameter']);
