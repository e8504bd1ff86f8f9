import { type Shape, sameShape } from '../../core/shape.ts';
import { countMacs } from '../../core/work.ts';
import { ask, checkedShapes } from '../../graph/answers.ts';
import { GraphBuilder } from '../../graph/builder.ts';
import type { Graph, Node, Tensor, UnknownOperator, Weight } from '../../graph/graph.ts';
import type { Scope } from '../../graph/path.ts';
import { type PickInput, pickOf } from '../../operators/kit/pick.ts';
import { type OperatorName, operatorOf } from '../../operators/registry.ts';
import { charge, withAllowance } from '../../problems/allowance.ts';
import { FlopwiseError, fail, type Problem, ProblemError, ProblemList, Stop } from '../../problems/problem.ts';
import type { OnnxAttribute, OnnxFunction, OnnxGraph, OnnxModel, OnnxNode, OnnxValue } from '../file/model.ts';
import { type Bindings, bind, freeInputs, type OnnxSettings } from './bindings.ts';
import { broken, type Call, type LayerOptions } from './call.ts';
import { rememberOrigin } from './contents.ts';
import { CONTROL } from './control.ts';
import { layerShape, pickAttributes, uncounted } from './layers.ts';
import { type Place, pathOf, placeOf } from './names.ts';
import { ruleOf } from './rules.ts';
import { flowing, fromFile, isWeight, type Value } from './value.ts';
import { Weights } from './weights.ts';

/** Functions and bodies in each other. */
const MAX_DEPTH = 64;

/** A value whose shape cannot be told; why has been reported where it is made. */
const UNRESOLVED = Symbol('unresolved');
type Known = Value | typeof UNRESOLVED;

/** Where names are looked up: a graph, the body of a function, or one within another. */
export interface Frame {
  readonly values: Map<string, Known>;
  /** Bodies see the names around them; functions do not. */
  readonly outer: Frame | undefined;
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

function lookUp(frame: Frame | undefined, name: string): Known | undefined {
  for (let at = frame; at !== undefined; at = at.outer) {
    const value = at.values.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

const declaredIn = ({ values, outputs }: OnnxGraph): Map<string, OnnxValue> =>
  new Map([...values, ...outputs].map((value) => [value.name, value]));

/** An attribute that refers to one of the function that it is in, as the call gives it. */
function resolved(node: OnnxNode, attributes: Frame['attributes']): OnnxNode {
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
interface Located extends Place {
  readonly scope: Scope;
}

/** Turns the nodes of an ONNX model into layers, one after the other. */
export class Translation {
  readonly #builder: GraphBuilder;
  readonly #model: OnnxModel;
  readonly #bindings: Bindings;
  readonly #attributes: Attributes;
  readonly #functions: ReadonlyMap<string, OnnxFunction>;
  readonly #weights = new Weights();
  /** Tensors of constants that layers read, by what they are made of. */
  readonly #constants = new Map<object, { readonly shape: Shape; readonly tensor: Tensor }[]>();
  /** What bodies declare, so that a loop asks once. */
  readonly #declarations = new WeakMap<OnnxGraph, ReadonlyMap<string, OnnxValue>>();
  readonly #places = new WeakMap<OnnxNode, Place>();
  readonly problems = new ProblemList();
  readonly warnings: Problem[] = [];
  readonly unknown = new Map<string, { operator: string; domain: string; nodes: [OnnxNode, Scope, string][] }>();
  /** What operators without inputs read the batch of. */
  #source: Tensor | undefined;

  constructor(model: OnnxModel, bindings: Bindings, attributes = new Attributes(), builder = new GraphBuilder()) {
    this.#model = model;
    this.#bindings = bindings;
    this.#attributes = attributes;
    this.#builder = builder;
    this.#functions = new Map(model.functions.map((one) => [`${one.domain}:${one.name}`, one]));
  }

  get root(): Scope {
    return this.#builder.root;
  }

  /** Multiply-accumulates that something would come to, without doing it; `undefined` where it cannot be done. */
  try(attempt: (trial: Translation) => void): bigint | undefined {
    const trial = new Translation(this.#model, this.#bindings, this.#attributes);
    trial.#source = this.#source;
    for (const [key, made] of this.#constants) trial.#constants.set(key, made);
    try {
      attempt(trial);
    } catch (error) {
      if (!(error instanceof ProblemError || error instanceof Unresolved)) throw error;
      return undefined;
    }
    return trial.problems.found.length > 0
      ? undefined
      : trial.#builder.finish('', '', [], []).nodes.reduce((sum, { work }) => sum + countMacs(work), 0n);
  }

  /** A layer that moves elements, for a node that runs graphs. */
  moved(node: OnnxNode, values: readonly Value[], { scope }: Frame, pick: PickInput): Value {
    const { shape, attributes } = pickAttributes(pickOf(pick), values);
    const inputs = values.map((value) => this.tensorOf(value, scope));
    const [tensor] = this.#add('move', attributes, node, inputs, scope, node.operator, false);
    return flowing(values[0]?.type, shape, tensor as Tensor);
  }

  /** Declares an input of the model. */
  input(name: string, type: OnnxValue['type'], shape: Shape): [Value, { name: string; tensor: Tensor }] {
    const tensor = { shape: layerShape(shape) };
    this.#source ??= tensor;
    return [flowing(type, shape, tensor), { name, tensor }];
  }

  /** The tensor of a value; a constant is made by a layer of its own, once. */
  tensorOf(value: Value, scope: Scope): Tensor {
    if (value.tensor !== undefined) return value.tensor;
    const key = value.origin ?? value;
    const shape = layerShape(value.shape);
    const made = this.#constants.get(key) ?? [];
    const there = made.find((one) => sameShape(one.shape, shape));
    if (there !== undefined) return there.tensor;
    const tensor = this.#makeConstant(value, shape, scope);
    rememberOrigin(tensor, value);
    this.#constants.set(key, [...made, { shape, tensor }]);
    return tensor;
  }

  /** What leaves the model; none where it cannot be made. */
  output(value: Value): Tensor[] {
    try {
      return [this.tensorOf(value, this.root)];
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      this.problems.add(error.problem);
      return [];
    }
  }

  #makeConstant(value: Value, shape: Shape, scope: Scope): Tensor {
    const name = isWeight(value) ? 'parameter' : 'constant';
    const node: OnnxNode = { name: '', operator: name, domain: '', inputs: [], outputs: [], attributes: {} };
    if (shape.includes(0)) return this.#add('move', { by: 'fill', to: [shape] }, node, [], scope, 'constant', false)[0] as Tensor;
    const weights = isWeight(value) ? { value } : undefined;
    return this.#add(name, { shape, whole: true }, node, [], scope, name, false, weights)[0] as Tensor;
  }

  /** What layers that make something of nothing are given. */
  #sourceTensor(): Tensor {
    this.#source ??= { shape: [1] };
    return this.#source;
  }

  #add(
    operator: OperatorName,
    attributes: object,
    node: OnnxNode,
    inputs: readonly Tensor[],
    scope: Scope,
    name: string,
    isNamedByScope: boolean,
    weights: LayerOptions['weights'] = {},
  ): readonly Tensor[] {
    const checked = this.#attributes.of(operator, attributes, node);
    const tensors = inputs.length === 0 ? [this.#sourceTensor()] : inputs;
    return this.#builder.add({
      operator,
      attributes: checked,
      inputs: tensors,
      scope,
      name,
      isNamedByScope,
      weightFor: (role: string, weight: Weight) => this.#weights.of(weights[role], weight),
    });
  }

  /** Translates the nodes of a graph or a function, in order. */
  run(nodes: readonly OnnxNode[], frame: Frame): void {
    if (frame.depth > MAX_DEPTH) throw fail('ONNX_TOO_NESTED', { limit: MAX_DEPTH });
    for (const [index, node] of nodes.entries()) {
      try {
        this.#node(resolved(node, frame.attributes), index, frame);
      } catch (error) {
        this.#report(error, node, index, frame);
        for (const output of node.outputs) if (output !== '') frame.values.set(output, UNRESOLVED);
      }
    }
  }

  /** Reports what a node throws, with its path; what ends the reading is thrown on. */
  #report(error: unknown, node: OnnxNode, index: number, { scope }: Frame): void {
    if (error instanceof Unresolved) return;
    if (!(error instanceof ProblemError || error instanceof Stop)) throw error;
    const path = error.problem.path ?? [scope.toString(), ...pathOf(node, index)].filter((step) => step !== '').join('/');
    const problem = { ...error.problem, path };
    if (error instanceof Stop) throw new Stop(problem, { cause: error });
    this.problems.add(problem);
  }

  #node(node: OnnxNode, index: number, frame: Frame): void {
    charge('steps');
    charge('edges', node.inputs.length + node.outputs.length);
    const inputs: (Value | undefined)[] = [];
    for (const name of node.inputs) {
      const value = name === '' ? undefined : lookUp(frame, name);
      if (name !== '' && value === undefined) throw fail('ONNX_NO_VALUE', { name, operator: node.operator });
      if (value === UNRESOLVED) {
        for (const output of node.outputs) if (output !== '') frame.values.set(output, UNRESOLVED);
        return;
      }
      inputs.push(value);
    }
    const outputs = this.#outputs(node, inputs, frame, () => this.#located(node, index, frame.scope));
    checkedShapes(outputs.map(({ shape }) => shape));
    for (const [i, output] of node.outputs.entries()) {
      const value = outputs[i];
      if (output !== '') frame.values.set(output, value ?? UNRESOLVED);
    }
  }

  /** The scope and the name of what becomes a layer; what is folded needs none. */
  #located(node: OnnxNode, index: number, outermost: Scope): Located {
    const place = this.#places.get(node) ?? placeOf(node, index);
    this.#places.set(node, place);
    return { ...place, scope: place.modules.reduce((outer, module) => outer.child(module), outermost) };
  }

  #outputs(node: OnnxNode, inputs: readonly (Value | undefined)[], frame: Frame, locate: () => Located): readonly Value[] {
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
    const call: Call = {
      node,
      opset: frame.opsets.get(domain) ?? 1,
      inputs,
      declared: (output) => this.#declaredShape(frame.declared.get(node.outputs[output] ?? '')),
      unknown: () => this.#unknown(call, frame),
      shapeOf: (operator, attributes, values) =>
        ask(
          operator,
          this.#attributes.of(operator, attributes, node),
          values.map(({ shape }) => layerShape(shape)),
        ).outputs[0] as Shape,
      layer: (operator, attributes, values, { weights, shapes, types } = {}) => {
        const { scope, layer, isOperator } = locate();
        const before = values.map((value) => this.tensorOf(value, scope));
        const tensors = this.#add(operator, attributes, node, before, scope, layer, isOperator, weights);
        if (operator === 'unknown') this.#listUnknown(node, scope, layer);
        return tensors.map((tensor, i) => flowing(types === undefined ? values[0]?.type : types[i], shapes?.[i] ?? tensor.shape, tensor));
      },
    };
    return rule === undefined ? call.unknown() : rule(call);
  }

  #listUnknown(node: OnnxNode, scope: Scope, layer: string): void {
    const key = `${node.domain}:${node.operator}`;
    const there = this.unknown.get(key) ?? { operator: node.operator, domain: node.domain, nodes: [] };
    there.nodes.push([node, scope, layer]);
    this.unknown.set(key, there);
  }

  /** An operator that is not known: of what it makes only what the file declares is known. */
  #unknown(call: Call, frame: Frame): readonly Value[] {
    const { node } = call;
    const declared = node.outputs.map((output) => frame.declared.get(output));
    const shapes = declared.map((value) => this.#declaredShape(value));
    const missing = shapes.findIndex((shape, i) => shape === undefined && node.outputs[i] !== '');
    if (missing !== -1 || shapes.length === 0)
      throw fail('ONNX_UNKNOWN_OPERATOR', {
        operator: node.operator,
        domain: node.domain,
        output: node.outputs[missing] ?? '',
        open: (declared[missing]?.shape ?? []).filter(
          (size): size is string => typeof size === 'string' && !this.#bindings.symbols.has(size),
        ),
      });
    const inputs = call.inputs.filter((value) => value !== undefined && !value.isConstant) as Value[];
    return uncounted(
      call,
      inputs,
      shapes.map((shape) => shape ?? []),
      declared.map((value) => value?.type),
    );
  }

  #declaredShape(value: OnnxValue | undefined): Shape | undefined {
    const shape = value?.shape?.map((size) => (typeof size === 'string' ? this.#bindings.symbols.get(size) : size));
    return shape === undefined || shape.some((size) => size === undefined || size < 0) ? undefined : (shape as number[]);
  }

  /** The body of a function in place of the call. */
  #inline(body: OnnxFunction, node: OnnxNode, inputs: readonly (Value | undefined)[], frame: Frame, scope: Scope): readonly Value[] {
    const name = `${body.domain === '' ? '' : `${body.domain}.`}${body.name}`;
    if (frame.functions.includes(name))
      throw fail('ONNX_RECURSION', { names: [...frame.functions.slice(frame.functions.indexOf(name)), name] });
    const inner: Frame = {
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
  body(graph: OnnxGraph, node: OnnxNode, inputs: readonly Value[], frame: Frame): Value[] {
    charge('steps');
    const values = new Map<string, Known>([...graph.initializers].map(([name, tensor]) => [name, fromFile(tensor)]));
    for (const [i, { name }] of graph.inputs.entries()) {
      const value = inputs[i];
      if (value !== undefined) values.set(name, value);
    }
    const inner: Frame = { ...frame, values, outer: frame, declared: this.#declared(graph), depth: frame.depth + 1 };
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
  results(names: readonly string[], frame: Frame, node: OnnxNode): Value[] {
    return names.map((name) => {
      const value = lookUp(frame, name);
      if (value === undefined) throw fail('ONNX_NO_VALUE', { name, operator: node.operator });
      if (value === UNRESOLVED) throw new Unresolved();
      return value;
    });
  }

  /** The graph, if there were no problems. */
  finish(name: string, file: string, inputs: Graph['inputs'], outputs: readonly Tensor[]): Graph {
    const all = this.#source !== undefined && inputs.length === 0 ? [{ name: 'none', tensor: this.#source }] : inputs;
    const graph = this.#builder.finish(name, file, all, outputs);
    const unknown = [...this.unknown.values()].map(({ operator, domain, nodes }): UnknownOperator => {
      const paths = graph.nodes.filter((node) => isUnknown(node, operator, domain)).map(({ path }) => path);
      return { operator, domain, count: nodes.length, paths };
    });
    return { ...graph, ...(unknown.length > 0 && { unknown }), ...(this.warnings.length > 0 && { warnings: this.warnings }) };
  }
}

/** What ends the reading is reported behind what was found before. */
function runAll(translation: Translation, nodes: readonly OnnxNode[], frame: Frame): void {
  try {
    translation.run(nodes, frame);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    throw new FlopwiseError([...translation.problems.found, error.problem], { cause: error });
  }
}

const isUnknown = ({ operator, attributes }: Node, name: string, domain: string): boolean => {
  const given = attributes as { readonly operator?: string; readonly domain?: string };
  return operator === 'unknown' && given.operator === name && given.domain === domain;
};

/** Thrown where a body does not give a value, for a reason that was reported. */
class Unresolved extends Error {
  override readonly name = 'Unresolved';
}

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
  withAllowance(() => translated(model, file, settings));

function translated(model: OnnxModel, file: string, settings: OnnxSettings): Graph {
  const bindings = bind(model, settings);
  if (bindings.problems.length > 0) throw new FlopwiseError(bindings.problems.map(({ problem }) => problem));
  const translation = new Translation(model, bindings);
  const { graph } = model;
  const values = new Map<string, Known>([...graph.initializers].map(([name, tensor]) => [name, fromFile(tensor)]));
  const inputs = freeInputs(model).map(({ name, type }) => {
    const [value, declared] = translation.input(name, type, bindings.inputs.get(name) as Shape);
    values.set(name, value);
    return declared;
  });
  const frame: Frame = {
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
    if (value === undefined) translation.problems.add({ code: 'ONNX_NO_VALUE', data: { name, operator: 'The graph' } });
    return value === undefined || value === UNRESOLVED ? [] : translation.output(value);
  });
  if (translation.problems.found.length > 0) throw new FlopwiseError(translation.problems.found);
  return translation.finish(baseName(file), file, inputs, outputs);
}
