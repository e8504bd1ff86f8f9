import type { Shape } from '../core/shape.ts';
import { GraphBuilder, type Layer } from '../graph/builder.ts';
import type { Edge, Experts, Graph } from '../graph/graph.ts';
import { Scope } from '../graph/path.ts';
import { isWritten, WAYS, type Written } from '../graph/written.ts';
import type { Environment, Value } from '../language/expression.ts';
import { isOperatorName, type OperatorName, operatorNames, operatorOf } from '../operators/registry.ts';
import { writtenHere } from '../operators/synonyms.ts';
import { charge } from '../problems/allowance.ts';
import { AlreadyReported, fail, type Position, type Problem, ProblemError, type ProblemList, Stop } from '../problems/problem.ts';
import { type AttributeTemplates, type AttributeValues, checkAttributes } from './attributes.ts';
import type {
  Block,
  Branch,
  CallStep,
  ChosenStep,
  CompiledLayer,
  ExpertsStep,
  Join,
  OperatorStep,
  ParallelStep,
  ResidualStep,
  Spec,
  Template,
  Templates,
} from './compiled.ts';
import { isTrue } from './condition.ts';
import { doubtsAbout } from './doubts.ts';
import { type Env, type Flow, type Frame, homeOf } from './frame.ts';
import { joining } from './join.ts';
import { Outputs } from './outputs.ts';
import { checkRequirement } from './requirement.ts';
import { CommonWeights, sharedAsWhole, sharingOf } from './sharing.ts';
import { NO_SHORTCUT, type ShortcutLayer, shortcuts } from './shortcuts.ts';

/** What a model is counted with: the things that the command line can set. */
export interface Settings {
  /** Number of inputs in a batch; 1 if not given. */
  readonly batch?: number | undefined;
  /** Shapes without the batch, by name of the input; for a model with one input any name does. */
  readonly input?: Readonly<Record<string, Shape>> | undefined;
  /** Values for parameters. */
  readonly set?: Readonly<Record<string, Value>> | undefined;
  /** Sizes for the dimensions that an ONNX file has under a name in place of a size; specs have parameters. */
  readonly dims?: Readonly<Record<string, number>> | undefined;
  /** What inputs of an ONNX file hold that its shapes depend on; specs have parameters. */
  readonly values?: Readonly<Record<string, readonly number[]>> | undefined;
}

/** Deepest nesting of blocks in blocks. */
const MAX_CALLS = 64;

/** Expands the layers of a spec into a graph. Problems are collected, so that one run finds them all. */
export class Expansion {
  readonly #problems: ProblemList;
  readonly #builder = new GraphBuilder();
  readonly #spec: Spec;
  readonly #common = new CommonWeights();
  /** The experts that layers are in at the moment. */
  #experts: Experts | undefined;
  /** Whether what layers are in at the moment is frozen. */
  #isFrozen = false;
  #batch: number | undefined;
  readonly #doubts: Problem[] = [];
  /** Stages without a layer that is there: they give what stands before them. */
  readonly #empty = new Set<string>();

  constructor(spec: Spec, problems: ProblemList) {
    this.#spec = spec;
    this.#problems = problems;
  }

  /** The whole model. */
  model(settings: Settings): Graph {
    const spec = this.#spec;
    const env = this.#parameters({ ...settings.set, ...this.#bound(settings) });
    const inputs = this.#inputs(env, settings);
    const checkSizes = this.#watch(env, inputs);
    this.#batch = inputs[0]?.tensor.shape[0];
    this.#lets(env, inputs[0]?.tensor.shape);
    this.#require(env);
    const frame: Frame = { env, outputs: new Outputs([['in', inputs.map(({ tensor }) => tensor)]]), calls: 0 };
    for (const { name, tensor } of inputs) frame.outputs.set(name, [tensor]);
    const root = this.#builder.root;
    let flow: Flow = inputs.slice(0, 1).map(({ tensor }) => tensor);
    for (const [name, steps] of spec.stages) {
      const before: Flow = flow;
      flow = this.#run(steps, frame, flow, new Scope(root, name));
      frame.outputs.set(name, flow);
      if (flow === before) this.#empty.add(name);
    }
    flow = this.#run(spec.layers, frame, flow, root);
    checkSizes();
    return this.#finished(this.#builder.finish(spec.name, spec.file, inputs, this.#outputs(frame, flow) ?? []));
  }

  /** One block on its own, as its example says. */
  block(block: Block, settings: Settings): Graph {
    const { example } = block;
    const set = Object.entries(settings.set ?? {});
    const own = set.filter(([name]) => block.parameters.has(name));
    const env = this.#parameters(Object.fromEntries(set.filter(([name]) => !block.parameters.has(name))), block);
    const given = new Map<string, Value>();
    for (const [name, template] of example?.arguments ?? []) given.set(name, template.evaluate(env));
    for (const [name, value] of own) given.set(name, value);
    const inputs = this.#exampleInputs(block, given, env, settings);
    const [first] = inputs;
    if (first === undefined) {
      const expected = 'an input to count it with, as in example: { input: [64, 56, 56] }; or give its shape';
      throw new ProblemError({
        code: 'MISSING_KEY',
        data: { key: 'example', owner: `Block ${block.name}`, expected },
        position: block.locate(),
      });
    }
    const { shape } = first.tensor;
    this.#batch = shape[0];
    this.#lets(env, shape);
    const flow = inputs.map(({ tensor }) => tensor);
    const frame: Frame = { env, outputs: new Outputs(inputs.map(({ name, tensor }) => [name, [tensor]])), calls: 0 };
    const outputs = this.#enter(block, given, example?.arguments ?? new Map(), frame, flow, this.#builder.root);
    return this.#finished(this.#builder.finish(block.name, block.file, inputs, outputs ?? []));
  }

  /** The inputs of a block on its own: those of its example, or what is given in their place. */
  #exampleInputs(block: Block, given: ReadonlyMap<string, Value>, env: Env, settings: Settings): Graph['inputs'] {
    const declared = block.example?.input ?? new Map<string, readonly Template[]>();
    const batch = checkedBatch(settings.batch);
    const names = declared.size > 0 ? [...declared.keys()] : Object.keys(settings.input ?? {}).slice(0, 1);
    checkInputNames(names, settings);
    return names.map((name) => {
      const templates = declared.get(name);
      const chosen = givenFor(name, names, settings);
      const exampleEnv = chosen === undefined ? this.#exampleEnv(block, given, env) : env;
      const shape = chosen === undefined ? (templates ?? []).map((size) => dimension(size, exampleEnv)) : checkedShape(chosen);
      return { name, tensor: { shape: withBatch(shape, templates?.length ?? shape.length, batch) } };
    });
  }

  #finished(graph: Graph): Graph {
    const warnings = this.#problems.found.length > 0 ? [] : [...this.#doubts, ...doubtsAbout(graph)];
    return warnings.length === 0 ? graph : { ...graph, warnings };
  }

  /** What the input of an example may depend on: the block's parameters, where these do not depend on the input themselves. */
  #exampleEnv(block: Block, given: ReadonlyMap<string, Value>, outer: Env): Env {
    const env: Env = Object.create(outer);
    for (const [name, { template }] of block.parameters) {
      const value = given.get(name);
      if (value !== undefined) env[name] = value;
      else if (template?.constant !== undefined) env[name] = template.constant;
    }
    return env;
  }

  /** Values of the model's parameters: what is set, or else the default. */
  #parameters(set: Readonly<Record<string, Value>>, block?: Block): Env {
    const env: Env = Object.create(null);
    const { parameters, variants, file, name: owner } = this.#spec;
    for (const name of Object.keys(set)) {
      const known = [...(block?.parameters.keys() ?? []), ...parameters.keys()];
      if (!parameters.has(name)) this.#problems.add({ code: 'UNKNOWN_PARAMETER', data: { name, owner: block?.name ?? owner, known } });
    }
    for (const [name, { template, locate }] of parameters) {
      env[name] = null;
      if (Object.hasOwn(set, name)) env[name] = set[name];
      else if (template !== undefined) this.#define(env, name, template);
      // A block can do without those parameters of its file that it does not use.
      else if (block === undefined)
        this.#problems.add({
          code: 'MISSING_PARAMETER',
          data: { name, owner, variants: [...variants.keys()].map((variant) => `${file}#${variant}`) },
          position: locate(),
        });
      else env[name] = undefined;
    }
    return env;
  }

  /** The model's derived values; in them `$in` is its input. */
  #lets(env: Env, input: Shape | undefined): void {
    env.in = input;
    for (const [name, template] of this.#spec.lets) this.#define(env, name, template);
  }

  /** Reports each requirement of the model that does not hold, with the values it speaks of. */
  #require(env: Env): void {
    for (const requirement of this.#spec.requirements)
      this.#problems.attempt(() => checkRequirement(requirement, env), requirement.condition.locate);
  }

  /** Gives a name the value of a template, or `null` if that has a problem. */
  #define(env: Env, name: string, template: Template): void {
    env[name] = this.#problems.attempt(() => template.evaluate(env), template.locate) ?? null;
  }

  /** Parameters that have the size of an axis, by what is given for the input: those that one axis alone is named after. */
  #bound(settings: Settings): Record<string, Value> {
    const { input: templates = new Map<string, readonly Template[]>(), parameters } = this.#spec;
    const all = [...templates.values()].flat().map(({ name }) => name);
    const bound: Record<string, Value> = {};
    for (const [input, declared] of templates) {
      const shape = givenFor(input, [...templates.keys()], settings);
      if (shape?.length !== declared.length && shape?.length !== declared.length + 1) continue;
      for (const [axis, { name }] of declared.entries()) {
        const size = shape?.at(axis - declared.length);
        if (size === undefined || name === undefined || !parameters.has(name) || all.indexOf(name) !== all.lastIndexOf(name)) continue;
        const other = settings.set?.[name];
        if (other !== undefined && other !== size) throw fail('INPUT_DIFFERS', { input, size, name, value: other });
        bound[name] = size;
      }
    }
    return bound;
  }

  /**
   * Sizes that were given must be those that parameters make them. A parameter that says nothing but the side of an image may differ
   * from it, unless something else asks for it; what is returned looks whether anything did.
   */
  #watch(env: Env, inputs: Graph['inputs']): () => void {
    const different = inputs.flatMap(({ name: input, tensor }) => {
      const declared = this.#spec.input?.get(input) ?? [];
      return declared.flatMap((template, axis) => {
        const size = tensor.shape.at(axis - declared.length) as number;
        const value = template.constant === undefined ? dimension(template, env) : size;
        return size === value ? [] : [{ input, size, name: template.name, value, names: template.names ?? [] }];
      });
    });
    const asked = new Set<string>();
    for (const name of new Set(different.flatMap(({ names }) => names))) {
      const value = env[name];
      const get = () => {
        asked.add(name);
        return value;
      };
      Object.defineProperty(env, name, { get, configurable: true });
    }
    return () => {
      const wrong = this.#problems.found.length === 0 && different.find(({ names }) => names.some((name) => asked.has(name)));
      if (wrong) throw fail('INPUT_DIFFERS', { input: wrong.input, size: wrong.size, name: wrong.name, value: wrong.value });
    };
  }

  #inputs(env: Env, settings: Settings): Graph['inputs'] {
    const { input: templates, name: owner, locate } = this.#spec;
    const given = settings.input ?? {};
    if (templates === undefined && settings.input === undefined)
      throw new ProblemError({
        code: 'MISSING_KEY',
        data: { key: 'input', owner, expected: 'a list of sizes without the batch, as in [3, 224, 224]' },
        position: locate(),
      });
    const names = templates === undefined ? Object.keys(given) : [...templates.keys()];
    checkInputNames(names, settings);
    const batch = checkedBatch(settings.batch);
    return names.map((name) => {
      const declared = templates?.get(name);
      const chosen = givenFor(name, names, settings);
      const shape = chosen === undefined ? (declared as readonly Template[]).map((size) => dimension(size, env)) : checkedShape(chosen);
      if (chosen !== undefined && declared !== undefined) this.#checkChannels(name, shape, declared, env);
      return { name, tensor: { shape: withBatch(shape, declared?.length ?? shape.length, batch) } };
    });
  }

  /** An image of another number of channels is rarely meant. */
  #checkChannels(name: string, given: Shape, declared: readonly Template[], env: Env): void {
    const sizes = given.slice(given.length - declared.length);
    if (declared.length < 3) return;
    const channels = dimension(declared[0] as Template, env);
    if (sizes[0] !== channels) this.#doubts.push({ code: 'OTHER_CHANNELS', data: { name, given: sizes, channels } });
  }

  #outputs(frame: Frame, last: Flow): Flow {
    const { outputs: names, locate } = this.#spec;
    if (names === undefined) return last;
    const outputs: Edge[] = [];
    const { env } = frame;
    env.in = inputShape(last);
    const taken = names.flatMap(({ reference, when }) =>
      when === undefined || isTrue(when, env) ? namesGivenBy(reference, env, 'outputs') : [],
    );
    for (const name of taken) {
      if (frame.outputs.isLeftOut(name)) continue;
      const position = () => locate('outputs');
      const flow = this.#problems.attempt(() => frame.outputs.take(name, 'outputs'), position) ?? [];
      if (this.#empty.has(name)) this.#doubts.push({ code: 'EMPTY_OUTPUT', data: { name }, position: position() });
      else outputs.push(...flow);
      charge('edges', flow.length);
    }
    return outputs;
  }

  #run(steps: readonly CompiledLayer[], frame: Frame, flow: Flow, scope: Scope): Flow {
    let current = flow;
    for (const step of steps) current = this.#step(step, frame, current, scope);
    return current;
  }

  /** One layer, as often as its `repeat` says. */
  #step(step: CompiledLayer, frame: Frame, flow: Flow, scope: Scope): Flow {
    if (flow === undefined && step.from === undefined) {
      this.#bind(step, frame, undefined);
      return undefined;
    }
    try {
      return step.repeat === undefined ? this.#once(step, frame, flow, scope) : this.#repeat(step, step.repeat, frame, flow, scope);
    } catch (error) {
      if (error instanceof Stop) throw placed(error, step.locate);
      if (!(error instanceof AlreadyReported)) this.#report(error, step, () => scope.toString());
      this.#bind(step, frame, undefined);
      return undefined;
    }
  }

  /** Reports a problem with a layer; where it is not placed already, at the attribute that it blames. */
  #report(error: unknown, step: CompiledLayer, path: () => string): void {
    if (!(error instanceof ProblemError)) throw error;
    const { problem } = error;
    this.#problems.add({
      ...problem,
      position: problem.position ?? step.locate(problem.attribute),
      // Whether the steps of a path are numbered is known only at the end.
      get path() {
        return problem.path ?? path();
      },
    });
  }

  #repeat(step: CompiledLayer, repeat: Template, frame: Frame, flow: Flow, scope: Scope): Flow {
    const { env } = frame;
    env.in = inputShape(flow);
    const times = wholeNumber('repeat', repeat, env);
    const outer = env.index;
    let current = flow;
    try {
      for (let index = 0; index < times; index++) {
        env.index = index;
        current = this.#once(step, frame, current, scope);
        if (current === undefined) break;
      }
    } catch (error) {
      throw placed(error, repeat.locate);
    } finally {
      env.index = outer;
    }
    return current;
  }

  /** One layer, if its `when` holds. */
  #once(step: CompiledLayer, frame: Frame, flow: Flow, scope: Scope): Flow {
    charge('steps');
    frame.env.in = inputShape(flow);
    const source = step.from === undefined ? flow : this.#named(step.from, frame);
    const input = source instanceof ProblemError ? undefined : source;
    frame.env.in = inputShape(input);
    if (step.when !== undefined && !isTrue(step.when, frame.env)) {
      frame.outputs.leaveOut([step], step.locate);
      return flow;
    }
    if (source instanceof ProblemError) throw source;
    const output = input && this.#freezing(step, frame, () => this.#execute(step, frame, input, scope));
    this.#bind(step, frame, output);
    if (step.when !== undefined) frame.outputs.keep([step]);
    return output;
  }

  #bind({ names, as }: CompiledLayer, frame: Frame, flow: Flow): void {
    this.#bindNames(names, 'name', frame, flow);
    this.#bindNames(as, 'as', frame, flow);
  }

  #bindNames(names: readonly string[] | undefined, key: 'name' | 'as', frame: Frame, flow: Flow): void {
    if (names === undefined) return;
    const [first] = names as [string];
    if (names.length === 1) frame.outputs.set(first, flow);
    else if (flow !== undefined && names.length > flow.length) throw fail('TOO_MANY_NAMES', { names, outputs: flow.length }, key);
    else for (const [index, name] of names.entries()) frame.outputs.set(name, flow?.slice(index, index + 1));
  }

  /** The outputs that `from` names, or the problem with them; it is one only if the layer is not left out. */
  #named(references: readonly Template[], frame: Frame): Flow | ProblemError {
    try {
      const tensors: Edge[] = [];
      for (const reference of references)
        for (const name of namesGivenBy(reference, frame.env, 'from')) {
          const home = reference.constant === undefined ? homeOf(name, reference, frame) : frame;
          const flow = home.outputs.take(name, 'from');
          if (flow === undefined) return undefined;
          charge('edges', flow.length);
          for (const tensor of flow) tensors.push(tensor);
        }
      return tensors;
    } catch (error) {
      if (error instanceof AlreadyReported) return undefined;
      if (error instanceof ProblemError) return error;
      throw error;
    }
  }

  /** Expands a layer, frozen or not: what is innermost says so. */
  #freezing({ frozen }: CompiledLayer, frame: Frame, expand: () => Flow): Flow {
    if (frozen === undefined) return expand();
    const outer = this.#isFrozen;
    this.#isFrozen = isTrue(frozen, frame.env, 'frozen');
    try {
      return expand();
    } finally {
      this.#isFrozen = outer;
    }
  }

  #execute(step: CompiledLayer, frame: Frame, input: readonly Edge[], scope: Scope): Flow {
    switch (step.kind) {
      case 'operator':
        return this.#operator(step, step.operator, step.attributes, frame, input, scope);
      case 'call':
        return this.#call(step, this.#spec.blocks.get(step.block) as Block, frame, input, scope);
      case 'chosen':
        return this.#chosen(step, frame, input, scope);
      case 'residual':
        return this.#sharing(step, frame, () => this.#residual(step, frame, input, scope));
      case 'parallel':
        return this.#sharing(step, frame, () => this.#parallel(step, frame, input, scope));
      case 'sequence': {
        const inside = step.names === undefined ? scope : new Scope(scope, step.names[0]);
        return this.#sharing(step, frame, () => this.#run(step.steps, frame, input, inside));
      }
      case 'experts':
        return this.#sharing(step, frame, () => this.#routed(step, frame, input, scope));
      case 'broken':
        return undefined;
    }
  }

  /** Expands what is in a layer; with `weights`, what is in it holds the same ones wherever that name is. */
  #sharing({ weights }: CompiledLayer, frame: Frame, expand: () => Flow): Flow {
    const key = weights && sharedAsWhole(weights, frame.env);
    return key === undefined ? expand() : this.#common.inside(key, expand);
  }

  #operator(
    step: OperatorStep | ChosenStep,
    operator: OperatorName,
    templates: AttributeTemplates,
    frame: Frame,
    inputs: readonly Edge[],
    scope: Scope,
  ): Flow {
    const name = step.names?.length === 1 ? (step.names[0] as string) : operator;
    try {
      const attributes = this.#withBatch(step, operator, templates.check(frame.env), inputs);
      const written = writing(step, frame.env);
      const experts = copiesOf(step, frame.env);
      return this.#add({
        operator,
        attributes,
        inputs,
        scope,
        name,
        sharing: step.weights && sharingOf(step.weights, frame.env),
        experts,
        written,
        locate: step.locate,
      });
    } catch (error) {
      if (error instanceof AlreadyReported) return undefined;
      const index = scope.take(name);
      this.#report(error, step, () => scope.path(name, index));
      return this.#recover(operator, templates, frame.env, (error as ProblemError).problem.attribute, inputs);
    }
  }

  /** What comes from no input is there for each input of the network's batch, whatever stands before it. */
  #withBatch({ from }: CompiledLayer, operator: OperatorName, attributes: object, [before]: readonly Edge[]): object {
    if (from !== undefined || before?.shape[0] === this.#batch) return attributes;
    return operatorOf(operator).takesBatch?.(attributes) ? { batch: this.#batch, ...attributes } : attributes;
  }

  /** What would flow on if the blamed attribute had its default, so that later problems are found too. */
  #recover(operator: OperatorName, templates: AttributeTemplates, env: Env, blamed: string | undefined, inputs: readonly Edge[]): Flow {
    try {
      const values = templates.values(env);
      if (blamed === undefined || !(blamed in values)) return undefined;
      const { [blamed]: _, ...others } = values;
      const shapes = operatorOf(operator).shapes(
        checkAttributes(operator, others),
        inputs.map(({ shape }) => shape),
      );
      return shapes.map((shape) => ({ shape }));
    } catch (error) {
      if (error instanceof ProblemError || error instanceof AlreadyReported) return undefined;
      throw error;
    }
  }

  #chosen(step: ChosenStep, frame: Frame, input: readonly Edge[], scope: Scope): Flow {
    const choice = step.choice.evaluate(frame.env);
    const name = String(choice);
    const block = this.#spec.blocks.get(name);
    if (block !== undefined) return this.#call(step, block, frame, input, scope);
    if (isOperatorName(name)) return this.#operator(step, name, step.attributes(name), frame, input, scope);
    throw fail('UNKNOWN_OPERATOR', { name, known: [...operatorNames, ...this.#spec.blocks.keys()], written: writtenHere(name) });
  }

  #call(step: CallStep | ChosenStep, block: Block, frame: Frame, input: readonly Edge[], scope: Scope): Flow {
    if (frame.calls >= MAX_CALLS)
      throw new Stop({ code: 'BLOCKS_TOO_DEEP', data: { limit: MAX_CALLS, block: block.name }, position: step.locate() });
    const given = new Map<string, Value>();
    for (const [name, template] of step.arguments) {
      if (!block.parameters.has(name))
        throw fail('UNKNOWN_PARAMETER', { name, owner: `Block ${block.name}`, known: [...block.parameters.keys()] }, name);
      given.set(name, template.evaluate(frame.env));
    }
    const inside = new Scope(scope, step.names?.[0] ?? block.name);
    return this.#sharing(step, frame, () => this.#enter(block, given, step.arguments, frame, input, inside));
  }

  /** Expands a block with values for its parameters, and as they are written. */
  #enter(block: Block, given: ReadonlyMap<string, Value>, written: Templates, caller: Frame, input: readonly Edge[], scope: Scope): Flow {
    const { inputs } = block;
    if (inputs !== undefined && inputs.length !== input.length)
      throw fail('WRONG_INPUT_COUNT', { operator: block.name, expected: `${inputs.length}: ${inputs.join(', ')}`, actual: input.length });
    // Blocks see the parameters of the model, not those of the block that calls them.
    const env: Env = Object.create(caller.calls === 0 ? caller.env : Object.getPrototypeOf(caller.env));
    env.in = input[0]?.shape;
    env.index = undefined;
    env.to = undefined;
    env.each = undefined;
    const outputs = new Outputs([['in', input]]);
    for (const [index, name] of (inputs ?? []).entries()) {
      const tensor = input[index] as Edge;
      outputs.set(name, [tensor]);
      env[name] = tensor.shape;
    }
    for (const [name, { template }] of block.parameters) {
      const value = given.get(name);
      if (value !== undefined) env[name] = value;
      else if (template === undefined) throw fail('MISSING_PARAMETER', { name, owner: `Block ${block.name}` });
      else env[name] = template.evaluate(env);
    }
    for (const [name, template] of block.lets) env[name] = template.evaluate(env);
    const frame: Frame = { env, outputs, calls: caller.calls + 1, called: { block, given: written, by: caller } };
    return this.#run(block.steps, frame, inputs === undefined ? input : input.slice(0, 1), scope);
  }

  #residual(step: ResidualStep, frame: Frame, input: readonly Edge[], outer: Scope): Flow {
    const scope = step.names === undefined ? outer : new Scope(outer, step.names[0]);
    const body = this.#run(step.body, frame, input, scope);
    if (body === undefined) return undefined;
    const shortcut = this.#shortcut(step, frame, input, body, scope);
    if (shortcut === NO_SHORTCUT) return body;
    return shortcut && this.#join(step, step.join, [...body, ...shortcut], frame.env, scope);
  }

  #shortcut(step: ResidualStep, frame: Frame, input: readonly Edge[], body: readonly Edge[], scope: Scope): Flow | typeof NO_SHORTCUT {
    if (step.shortcut === undefined) return input;
    const [from, to] = [input[0]?.shape, body[0]?.shape];
    // A "parallel" without branches gives nothing.
    if (from === undefined || to === undefined)
      throw fail('WRONG_INPUT_COUNT', { operator: 'residual', expected: '1 input or more', actual: 0 });
    const { env } = frame;
    if (isSteps(step.shortcut)) {
      const outer = env.to;
      env.to = to;
      const flow = this.#run(step.shortcut, frame, input, new Scope(scope, 'shortcut'));
      env.to = outer;
      return flow;
    }
    env.in = from;
    const option = String(step.shortcut.evaluate(env));
    if (option === NO_SHORTCUT) return NO_SHORTCUT;
    const build = Object.hasOwn(shortcuts, option) ? shortcuts[option as keyof typeof shortcuts] : undefined;
    if (build === undefined)
      throw fail(
        'WRONG_VALUE',
        { key: 'shortcut', value: option, expected: `${Object.keys(shortcuts).join(', ')}, ${NO_SHORTCUT}, or a list of layers` },
        'shortcut',
      );
    const layers = build(from, to);
    return layers.length === 0 ? input : this.#layers(step, layers, input, new Scope(scope, 'shortcut'));
  }

  #layers(step: CompiledLayer, layers: readonly ShortcutLayer[], input: readonly Edge[], scope: Scope): readonly Edge[] {
    let flow = input;
    for (const { operator, attributes } of layers)
      flow = this.#add({ operator, attributes, inputs: flow, scope, name: operator, locate: step.locate });
    return flow;
  }

  #parallel(step: ParallelStep, frame: Frame, input: readonly Edge[], outer: Scope): Flow {
    const scope = step.names === undefined || step.names.length > 1 ? outer : new Scope(outer, step.names[0]);
    const turns = this.#turns(step, frame, input);
    // After a split, each branch gets its own part.
    const isDealt = input.length > 1 && input.length === turns.length;
    const flows = turns.map(({ branch: { name, when, steps }, special }, part) => {
      const own = isDealt ? input.slice(part, part + 1) : input;
      const flow = withSpecial(frame.env, special, () => this.#run(steps, frame, own, new Scope(scope, name)));
      if (when !== undefined) frame.outputs.keep(steps);
      return flow;
    });
    const known = flows.filter((flow) => flow !== undefined);
    if (known.length < flows.length) return undefined;
    for (const flow of known) charge('edges', flow.length);
    const tensors = known.flat();
    // One branch that is left of several has nothing to join.
    const isAlone = tensors.length === 1 && (step.each !== undefined || turns.length < step.branches.length);
    return step.join === undefined || isAlone ? tensors : this.#join(step, step.join, tensors, frame.env, scope);
  }

  /** The branches that are there, each with the values of a loop. */
  #turns({ branches, each, locate }: ParallelStep, { env, outputs }: Frame, input: readonly Edge[]): Turn[] {
    const [first] = branches;
    env.in = inputShape(input);
    const values = each?.evaluate(env);
    if (values !== undefined && !Array.isArray(values))
      throw fail('WRONG_VALUE', { key: 'each', value: values, expected: 'a list, as in range(4)' }, 'parallel');
    const all =
      values === undefined || first === undefined
        ? branches.map((branch): Turn => ({ branch, special: {} }))
        : values.map((value: Value, index: number): Turn => ({ branch: first, special: { index, each: value } }));
    charge('steps', all.length);
    return all.filter(({ branch: { when, steps }, special }) => {
      const isThere = when === undefined || withSpecial(env, special, () => isTrue(when, env));
      if (!isThere) outputs.leaveOut(steps, locate);
      return isThere;
    });
  }

  /** Adds a layer to where the layers are at the moment. */
  #add(layer: Layer): readonly Edge[] {
    const experts = layer.experts ?? this.#experts;
    return this.#builder.add({ ...layer, experts, common: this.#common.current, frozen: this.#isFrozen });
  }

  /** The best experts for each position, by a router, and what all positions share. */
  #routed(step: ExpertsStep, frame: Frame, input: readonly Edge[], outer: Scope): Flow {
    const name = step.names?.[0] ?? 'experts';
    if (this.#experts !== undefined) throw fail('EXPERTS_IN_EXPERTS', { name });
    const count = expertsOf('count', step.count, frame.env);
    const best = expertsOf('best', step.best, frame.env);
    if (best > count) throw fail('TOO_MANY_EXPERTS', { best, experts: count }, 'best');
    const scope = new Scope(outer, name);
    const add = (operator: OperatorName, values: AttributeValues, inputs: readonly Edge[], inside = scope) =>
      this.#add({ operator, attributes: checkAttributes(operator, values), inputs, scope: inside, name: operator, locate: step.locate });
    const routing = new Scope(scope, 'router');
    const scores =
      step.router === undefined
        ? add('softmax', {}, add('linear', { out: count, bias: false }, input, routing), routing)
        : this.#run(step.router, frame, input, routing);
    if (scores === undefined) return undefined;
    const shape = scores[0]?.shape ?? [];
    if (shape.at(-1) !== count) throw fail('ROUTER_DIFFERS', { shape, experts: count }, step.router === undefined ? 'count' : 'router');
    const [values, places] = add('topk', { k: best }, scores) as [Edge, Edge];
    const gates = step.gates === undefined ? [values] : this.#run(step.gates, frame, [values], new Scope(scope, 'gates'));
    const rows = add('dispatch', { experts: count }, [...input, places]);
    this.#experts = { count, best };
    const made = this.#run(step.body, frame, rows, new Scope(scope, 'expert'));
    this.#experts = undefined;
    const shared = step.shared === undefined ? [] : this.#run(step.shared, frame, input, new Scope(scope, 'shared'));
    if (made === undefined || gates === undefined || shared === undefined) return undefined;
    const product = step.product !== undefined && isTrue(step.product, frame.env, 'product');
    const combined = add('combine', { experts: count, product }, [...made, ...gates]);
    return shared.length === 0 ? combined : add('add', {}, [...combined, ...shared]);
  }

  #join(step: CompiledLayer, join: Join, inputs: readonly Edge[], env: Env, scope: Scope): Flow {
    const { operator, attributes } = joining(join, env);
    try {
      const written = writing(step, env);
      return this.#add({ operator, attributes, inputs, scope, name: operator, written, locate: step.locate });
    } catch (error) {
      const index = scope.take(operator);
      this.#report(error, step, () => scope.path(operator, index));
      return inputs.slice(0, 1);
    }
  }
}

/** A branch, and what is set in it alone. */
interface Turn {
  readonly branch: Branch;
  readonly special: Readonly<Record<string, Value>>;
}

/** Does something while names have other values. */
function withSpecial<T>(env: Env, special: Environment, run: () => T): T {
  const outer = Object.keys(special).map((name) => [name, env[name]] as const);
  Object.assign(env, special);
  try {
    return run();
  } finally {
    for (const [name, value] of outer) env[name] = value;
  }
}

/** The names of outputs that a value is: one, or a list. */
function namesGivenBy(reference: Template, env: Env, key: 'from' | 'outputs'): readonly string[] {
  const value = reference.evaluate(env);
  const names: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (names.every((name) => typeof name === 'string')) return names as readonly string[];
  throw fail('WRONG_VALUE', { key, value, expected: 'a name of an earlier output, or a list of names' }, key);
}

/** `$in`: the shape of the first tensor. */
const inputShape = (flow: Flow): Shape | undefined | null => (flow === undefined ? null : flow[0]?.shape);

/** What ends the expansion, where it is. */
const placed = (error: unknown, locate: () => Position): unknown =>
  error instanceof Stop && error.problem.position === undefined
    ? new Stop({ ...error.problem, position: locate() }, { cause: error })
    : error;

/** How a layer is written, if it says so. */
function writing({ written }: CompiledLayer, env: Env): Written | undefined {
  const value = written?.evaluate(env);
  if (value === undefined || isWritten(value)) return value;
  throw fail('WRONG_VALUE', { key: 'written', value, expected: WAYS.join(', ') }, 'written');
}

/** How many copies of a layer there are, if it says so. */
function copiesOf({ copies }: CompiledLayer, env: Env): Experts | undefined {
  const value = copies?.evaluate(env);
  if (value === undefined) return undefined;
  const [count, best, ...others] = Array.isArray(value) ? value : [value];
  if (!isPositive(count) || !isPositive(best) || others.length > 0 || best > count)
    throw fail(
      'WRONG_VALUE',
      { key: 'copies', value, expected: 'two whole numbers of at least 1, the second at most the first' },
      'copies',
    );
  return { count, best };
}

const isPositive = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;

/** The shape that is given for an input; where there is but one, any name does. */
function givenFor(name: string, names: readonly string[], { input = {} }: Settings): Shape | undefined {
  const shapes = Object.values(input);
  if (names.length === 1 && shapes.length === 1) return shapes[0];
  return Object.hasOwn(input, name) ? input[name] : undefined;
}

/** Shapes must be given for inputs that there are. */
function checkInputNames(names: readonly string[], { input = {} }: Settings): void {
  const given = Object.keys(input);
  if (names.length === 1 && given.length === 1) return;
  for (const name of given) if (!names.includes(name)) throw fail('UNKNOWN_INPUT', { name, known: names });
}

/** A shape that a caller gave. */
function checkedShape(shape: Shape): Shape {
  if (Array.isArray(shape) && shape.length > 0 && shape.every(isPositive)) return [...shape];
  throw fail('WRONG_VALUE', { key: 'input', value: shape, expected: 'a list of whole numbers of at least 1' });
}

function checkedBatch(batch: number | undefined): number | undefined {
  if (batch === undefined || isPositive(batch)) return batch;
  throw fail('WRONG_VALUE', { key: 'batch', value: batch, expected: 'a whole number of at least 1' });
}

const isSteps = (shortcut: readonly CompiledLayer[] | Template): shortcut is readonly CompiledLayer[] => Array.isArray(shortcut);

/** A shape with the batch in front, unless it has one more size than declared and so names it itself. */
function withBatch(shape: Shape, rank: number, batch: number | undefined): Shape {
  if (shape.length === rank) return [batch ?? 1, ...shape];
  if (shape.length === rank + 1 && batch === undefined) return shape;
  const expected = `${rank} sizes${batch === undefined ? ', or one more with the batch in front' : ', since the batch is given apart'}`;
  throw fail('WRONG_VALUE', { key: 'input', value: shape, expected });
}

function wholeNumber(key: string, template: Template, env: Env): number {
  const value = template.evaluate(env);
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0)
    throw fail('WRONG_VALUE', { key, value, expected: 'a whole number of at least 0' }, key);
  return value;
}

function expertsOf(key: 'count' | 'best', template: Template, env: Env): number {
  const value = wholeNumber(key, template, env);
  if (value > 0) return value;
  throw fail('WRONG_VALUE', { key, value, expected: 'a whole number of at least 1' }, key);
}

function dimension(template: Template, env: Env): number {
  const value = template.evaluate(env);
  if (isPositive(value)) return value as number;
  throw new ProblemError({
    code: 'WRONG_VALUE',
    data: { key: 'input', value, expected: 'whole numbers of at least 1' },
    position: template.locate(),
  });
}
