import type { ConfigReading } from '../graph/graph.ts';
import type { Environment, Value } from '../language/expression.ts';
import type { Limit } from '../language/limit.ts';
import type { OperatorName } from '../operators/registry.ts';
import type { Position } from '../problems/problem.ts';
import type { Target } from '../schema/parse.ts';
import type { AttributeTemplates } from './attributes.ts';

import type { Task } from './task.ts';

/** A value that may depend on parameters, by name. */
export interface Template {
  /** The value, where it depends on nothing. */
  readonly constant: Value | undefined;
  /** The name that it is, where it is nothing else: `tokens` for `$tokens`. */
  readonly name?: string | undefined;
  /** All names that it depends on. */
  readonly names?: readonly string[] | undefined;
  /** An expression as it is written. */
  readonly text?: string | undefined;
  evaluate(environment: Environment): Value;
  locate(): Position;
}

export type Templates = ReadonlyMap<string, Template>;

/** Which weights a layer, or what is in it, shares: parts of one name, or names by role. */
export type SharingTemplate = readonly Template[] | Templates;

interface StepBase {
  /** One name, or one per output. */
  readonly names: readonly string[] | undefined;
  /** Names for `from` alone: they do not show in paths. */
  readonly as: readonly string[] | undefined;
  /** Each gives a name, or a list of names. */
  readonly from: readonly Template[] | undefined;
  readonly when: Template | undefined;
  readonly repeat: Template | undefined;
  /** How the published implementation writes the layer, or what joins its branches. */
  readonly written: Template | undefined;
  readonly weights: SharingTemplate | undefined;
  /** How many copies of the layer there are, and how many of them each row goes through. */
  readonly copies: Template | undefined;
  /** Whether its weights, and those of all that is in it, stay as they are in training. */
  readonly frozen: Template | undefined;
  /** Position of the layer, or of one of its attributes or keys. */
  locate(attribute?: string, target?: Target): Position;
}

export interface OperatorStep extends StepBase {
  readonly kind: 'operator';
  readonly operator: OperatorName;
  readonly attributes: AttributeTemplates;
}

export interface CallStep extends StepBase {
  readonly kind: 'call';
  readonly block: string;
  readonly arguments: Templates;
}

/** `- $block: { … }`: which operator or block it is depends on a parameter. */
export interface ChosenStep extends StepBase {
  readonly kind: 'chosen';
  /** As it is written: `$block`. */
  readonly chooser: string;
  readonly choice: Template;
  readonly arguments: Templates;
  /** The arguments as attributes, where it turns out to be an operator. */
  attributes(operator: OperatorName): AttributeTemplates;
}

/** The layer that joins branches. */
export interface Join {
  readonly operator: Template;
  /** Only concat has one. */
  readonly axis: Template | undefined;
}

export interface Branch {
  readonly name: string;
  readonly when: Template | undefined;
  readonly steps: readonly CompiledLayer[];
}

export interface ResidualStep extends StepBase {
  readonly kind: 'residual';
  readonly body: readonly CompiledLayer[];
  /** Layers, or the value that names an option; identity where it is not given. */
  readonly shortcut: readonly CompiledLayer[] | Template | undefined;
  readonly join: Join;
}

export interface ParallelStep extends StepBase {
  readonly kind: 'parallel';
  /** With `each`, the one that stands for all. */
  readonly branches: readonly Branch[];
  /** A list, with a branch for each of its values. */
  readonly each: Template | undefined;
  /** Without one, the outputs of the branches go on side by side. */
  readonly join: Join | undefined;
}

export interface SequenceStep extends StepBase {
  readonly kind: 'sequence';
  readonly steps: readonly CompiledLayer[];
}

/** Experts with the same layers, of which each position goes through the best. */
export interface ExpertsStep extends StepBase {
  readonly kind: 'experts';
  /** The layers of one expert. */
  readonly body: readonly CompiledLayer[];
  readonly count: Template;
  readonly best: Template;
  /** Whether what they give is added up by a matrix product. */
  readonly product: Template | undefined;
  /** Layers that give a score for each expert; a linear layer and a softmax if not given. */
  readonly router: readonly CompiledLayer[] | undefined;
  /** Layers for the scores of the best. */
  readonly gates: readonly CompiledLayer[] | undefined;
  /** Layers that all positions go through. */
  readonly shared: readonly CompiledLayer[] | undefined;
}

/** A layer with a problem that has been reported. */
export interface BrokenStep extends StepBase {
  readonly kind: 'broken';
}

export type CompiledLayer = OperatorStep | CallStep | ChosenStep | ResidualStep | ParallelStep | SequenceStep | ExpertsStep | BrokenStep;

export interface Parameter {
  /** `undefined` where a value is required. */
  readonly template: Template | undefined;
  /** Where it is declared. */
  locate(): Position;
}

/** What a block is counted with when it stands alone. */
export interface Example {
  /** May depend on the block's parameters. */
  readonly input: InputTemplates;
  readonly arguments: Templates;
}

export interface Block {
  readonly name: string;
  readonly file: string;
  readonly summary: string | undefined;
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly lets: Templates;
  /** Names of what comes in, where a call must give that many. */
  readonly inputs: readonly string[] | undefined;
  readonly steps: readonly CompiledLayer[];
  /** Names of the blocks it calls. */
  readonly calls: ReadonlySet<string>;
  readonly example: Example | undefined;
  locate(): Position;
}

/** What must hold for the input and the parameters of a model. */
export interface Requirement {
  readonly text: string;
  readonly condition: Template;
}

/** By parameter, then by value as it is written. */
export type Alternatives = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** A value that fields of a config.json give. */
export interface FieldTemplate {
  readonly template: Template;
  /** The fields that it reads, as `$names`, or `$map.name`. */
  readonly reads: readonly string[];
}

/** What the fields of a config.json say of the parameters of a spec. */
export interface ConfigMapping {
  readonly parameters: ReadonlyMap<string, FieldTemplate>;
  /** Other names of fields. */
  readonly aliases: ReadonlyMap<string, string>;
  /** What fields are that are left out or null; each may read those before it. */
  readonly defaults: ReadonlyMap<string, FieldTemplate>;
  /** Values that fields may have in the models that the spec describes. */
  readonly only: ReadonlyMap<string, readonly FieldTemplate[]>;
  /** Words that the elements of fields which are lists may be. */
  readonly each: ReadonlyMap<string, readonly string[]>;
  /** Fields that change no cost. */
  readonly free: ReadonlySet<string>;
}

/** An output of a model. */
export interface Output {
  readonly reference: Template;
  readonly when: Template | undefined;
}

export type InputTemplates = ReadonlyMap<string, readonly Template[]>;

/** A spec file with all that it draws on, checked as far as it can be without values for its parameters. */
export interface Spec {
  readonly name: string;
  readonly file: string;
  readonly summary: string | undefined;
  readonly citation: string | undefined;
  /** What its models are for. */
  readonly task: Task | undefined;
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly lets: Templates;
  readonly requirements: readonly Requirement[];
  readonly input: InputTemplates | undefined;
  readonly blocks: ReadonlyMap<string, Block>;
  /** Empty for a file of blocks only. */
  readonly stages: ReadonlyMap<string, readonly CompiledLayer[]>;
  /** Layers outside stages. */
  readonly layers: readonly CompiledLayer[];
  readonly outputs: readonly Output[] | undefined;
  readonly variants: ReadonlyMap<string, Templates>;
  /** Values that parameters are known with in published networks, each in words. */
  readonly alternatives: Alternatives;
  /** The values that make the network of the source. */
  readonly paper: ReadonlyMap<string, Value>;
  /** By `model_type`: how a config.json gives the parameters their values. */
  readonly configs: ReadonlyMap<string, ConfigMapping>;
  /** The config.json that gave its parameters their values, if one did. */
  readonly config?: ConfigReading;
  /** What its models may cost. Its own: a spec that extends another does not inherit its budget. */
  readonly budget: readonly Limit[];
  /** Position of the file's first line, or of one of its keys. */
  locate(key?: string): Position;
}

/** Names that always have a value: the shape of the input, the shape a shortcut must reach, the count of a repetition, the value of a branch. */
export const SPECIAL_NAMES = ['in', 'to', 'index', 'each'] as const;

export const isSpecialName = (name: string): boolean => (SPECIAL_NAMES as readonly string[]).includes(name);
