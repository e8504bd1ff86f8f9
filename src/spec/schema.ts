import * as z from 'zod/mini';
import { WAYS, WAYS_IN_WORDS } from '../graph/written.ts';
import { EXPRESSION, isExpression } from '../language/expression.ts';
import type { Operator } from '../operators/kit/operator.ts';
import { type OperatorName, operatorOf } from '../operators/registry.ts';
import { notEmpty } from '../schema/not-empty.ts';
import { about, type Broken, breakable, called, described, isRequired, kindOf, named, wordsOf } from '../schema/words.ts';
import { budgetSchema } from './budget-schema.ts';
import { remembered } from './memo.ts';
import { TASKS } from './task.ts';

/**
 * The grammar of a spec file, as zod schemas: what files are checked with, and what the JSON Schema for editors is made
 * of. What takes the names of blocks and parameters to tell is checked when a spec is compiled.
 */

const optional = z.optional;

const NAME = /^[A-Za-z_][\w.-]{0,199}$/;
const PARAMETER = /^[A-Za-z_]\w{0,199}$/;
const FIELD = /^(?=.{1,200}$)[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/;

const name = described(z.string().check(z.regex(NAME)), 'letters, digits, "_", "-" and ".", starting with a letter, at most 200 of them');
const parameter = described(z.string().check(z.regex(PARAMETER)), 'letters, digits and "_", starting with a letter, at most 200 of them');
const names = described(
  z.union([name, z.array(name).check(notEmpty())]),
  'a name (letters, digits, "_", "-" and ".", starting with a letter, at most 200 of them), or a list of names',
);
/** Of an earlier output, or of weights: as it is, or what an expression gives. */
const reference = z.string().check(z.regex(/^[A-Za-z_][\w.-]{0,199}$|\$/));
const references = described(
  z.union([reference, z.array(reference).check(notEmpty())]),
  'a name, an expression that gives one, as in $skip, or a list of these',
);
const text = described(z.string(), 'a text');
const file = described(z.string(), 'a file beside this one, or a name from the zoo');
const files = described(z.union([z.string(), z.array(z.string())]), 'a file beside this one, a name from the zoo, or a list of these');

/** A value as it is written: an expression is a string. */
export type WrittenValue = number | string | boolean | readonly WrittenValue[];
const written: z.ZodMiniType<WrittenValue> = z.lazy(() => z.union([z.number(), z.string(), z.boolean(), z.array(written)]));
const value = breakable(
  described(
    z.lazy(() => written),
    'a number, a word, true or false, an expression, or a list of these',
  ),
);
const parameters = described(z.record(parameter, value), 'names with their values; "required" where a value must be given');
const values = described(z.record(parameter, value), 'names with their values');

/** What a block is called with. */
export const argumentValues = described(z.record(z.string(), value), 'names with values, as in { kernel: 3, out: 64 }');
/** Names with values as they are written. */
export type WrittenValues = z.output<typeof values>;

const count = described(z.union([z.int().check(z.minimum(0)), z.string()]), 'a whole number of at least 0, or an expression');
const condition = described(z.union([z.boolean(), z.string()]), 'true, false, or an expression that is one of them');
const size = z.union([z.int().check(z.minimum(1)), z.string()]);
const shape = described(z.array(size).check(notEmpty()), 'a list of sizes without the batch, as in [3, 224, 224]');
/** A shape as it is written. */
export type WrittenShape = z.output<typeof shape>;
const input = breakable(
  described(
    z.union([shape, named(z.record(name, breakable(shape)), 'names with shapes')]),
    'a list of sizes without the batch, as in [3, 224, 224], or names with such lists',
  ),
);

const listOf = (names: readonly string[]): string => `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;

const way = described(z.string(), `how the published implementation writes it: ${listOf(WAYS)}, or an expression that is one of them`);

const sharing = described(
  z.union([reference, z.array(z.union([reference, z.int()])).check(notEmpty()), z.record(z.string(), reference)]),
  'a name, an expression, a list of these that make one name, as in [head, $index], or names for single weights, as in { bias: b1 }; what has the same one is shared',
);

/** What a layer may carry beside its kind. */
const modifiers = {
  name: about(optional(names), 'What the layer is called in tables and for "from"; a list names its outputs one by one.'),
  from: about(optional(breakable(references)), 'Takes these earlier outputs in place of the last.'),
  when: about(optional(condition), 'Leaves the layer out unless this is true.'),
  repeat: about(optional(count), 'How many times the layer stands here, one after the other.'),
  as: about(optional(names), 'What its output is called for "from", without a new name in tables.'),
  written: about(
    optional(way),
    `Which Python stands behind the layer, for tools that count by it: ${WAYS.map((one) => `${one}, ${WAYS_IN_WORDS[one]}`).join('; ')}.`,
  ),
  weights: about(optional(sharing), 'Layers with the same name here share their weights; of a block, all layers in it do.'),
  frozen: about(
    optional(condition),
    'Keeps its weights as they are in training; of a block, those of all layers in it that do not say otherwise.',
  ),
  copies: about(
    optional(described(z.union([z.string(), z.tuple([size, size])]), 'two whole numbers of at least 1, or an expression')),
    'How many copies of the layer there are, each with weights of its own, and how many of them each row goes through; for operators only.',
  ),
};

/** How branches come together again. */
export const JOINS = ['add', 'multiply', 'concat'] as const;
const join = described(
  z.union([z.enum(JOINS), z.string().check(z.regex(/\$/))]),
  `${JOINS.join(', ')}, or an expression that is one of them`,
);

/** A layer with what it may carry. */
type Layer = string | LayerKeys;
/** Layers as they are written. */
export type Layers = readonly (Layer | Broken)[];

const layer = called(
  described(
    z.lazy((): z.ZodMiniType<Layer> => z.union([z.string(), layerKeys]) as z.ZodMiniType<Layer>),
    'the name of an operator or block, or such a name with its attributes',
  ),
  'layer',
);
const layers: z.ZodMiniType<Layers> = described(z.array(breakable(layer)), 'a list of layers');
const layersAbout = about(layers, 'Its layers.');
const stage = described(
  z.union([
    layers,
    named(
      z.strictObject({
        frozen: about(optional(condition), 'Keeps the weights of its layers as they are in training.'),
        layers: about(optional(layers), 'Its layers; those of the model that this one extends unless given.'),
      }),
      'a stage with "frozen"',
    ),
  ]),
  'a list of layers, or such a list with a condition: { frozen: …, layers: […] }',
);
/** A stage as it is written. */
export type WrittenStage = z.output<typeof stage>;
const conditional = named(
  z.strictObject({ when: about(condition, 'Leaves the branch out unless this is true.'), layers: layersAbout }),
  'a branch with "when"',
);
const branch = described(z.union([layers, conditional]), 'a list of layers, or such a list with a condition: { when: …, layers: […] }');
const loop = named(
  z.strictObject({
    each: about(
      described(z.union([z.string(), z.array(written)]), 'a list, or an expression that gives one, as in range(4)'),
      'There is a branch for each of these: $each in its layers, and $index its number.',
    ),
    when: about(optional(condition), 'Leaves a branch out unless this is true.'),
    layers: layersAbout,
  }),
  'a loop over branches',
);
const branches = described(
  z.union([
    z.array(breakable(branch)).check(notEmpty()),
    loop,
    z.record(name, breakable(branch)).check(z.refine((given) => Object.keys(given).length > 0)),
  ]),
  'a list of branches, names with branches, or a loop: { each: range(4), layers: […] }; a branch is a list of layers',
);
/** A branch as it is written. */
export type WrittenBranch = z.output<typeof branch>;
/** A branch for each value of a list, as it is written. */
export type WrittenLoop = z.output<typeof loop>;

const expertCount = described(z.union([z.int().check(z.minimum(1)), z.string()]), 'a whole number of at least 1, or an expression');

/** The kinds of layer that hold other layers, and what goes with each. */
const structures = {
  residual: about(optional(breakable(layers)), 'Runs these layers, and adds what came in.'),
  shortcut: about(
    optional(described(z.union([z.string(), layers]), 'identity, A, B, C, none, an expression, or a list of layers')),
    'How what came into a residual gets the shape of what comes out. A pads with zeros, B projects where the shape changes, C always projects.',
  ),
  parallel: about(optional(breakable(branches)), 'Runs branches side by side on the same input.'),
  join: about(optional(join), 'How branches, or a residual and its shortcut, come together.'),
  axis: about(
    optional(described(z.union([z.int(), z.string()]), 'the axis to concatenate along')),
    'The axis for join: concat; the channels unless given.',
  ),
  sequence: about(optional(breakable(layers)), 'Runs these layers one after the other, to name, repeat or leave out together.'),
  experts: about(optional(breakable(layers)), 'Layers of which every expert has its own; each position goes through the best experts.'),
  count: about(optional(expertCount), 'How many experts there are.'),
  best: about(optional(expertCount), 'How many experts each position goes through.'),
  router: about(
    optional(breakable(layers)),
    'Layers that give each position a score for each expert; a linear layer without bias and a softmax unless given.',
  ),
  gates: about(optional(breakable(layers)), 'Layers for the scores of the chosen experts, before these weigh what they give.'),
  product: about(optional(condition), 'Whether what the experts give is added up by a matrix product, and counts as one.'),
  shared: about(optional(breakable(layers)), 'Layers that all positions go through beside, added to what the experts give.'),
};

export const structureNames = ['residual', 'parallel', 'sequence', 'experts'] as const;
export type StructureName = (typeof structureNames)[number];

const ALL = ['name', 'as', 'from', 'when', 'repeat', 'weights', 'frozen'] as const;

/** What each kind of layer may carry. */
export const CARRIES = {
  operator: [...ALL, 'written', 'copies'],
  block: ALL,
  residual: ['shortcut', 'join', 'written', ...ALL],
  parallel: ['join', 'axis', 'written', ...ALL],
  sequence: ALL,
  experts: ['count', 'best', 'router', 'gates', 'product', 'shared', ...ALL],
} as const satisfies Readonly<Record<string, readonly (keyof typeof modifiers | keyof typeof structures)[]>>;

/** Keys of layers that the language has itself, so that no block can be called so. */
export const LAYER_KEYS: ReadonlySet<string> = new Set([...Object.keys(structures), ...Object.keys(modifiers)]);

/** Keys that never say what a layer is. */
export const MODIFIERS: readonly string[] = Object.keys(modifiers);

/** Whether any text in the value is an expression, so that it can be checked only once parameters have values. */
export function dependsOnValues(value: unknown): boolean {
  if (typeof value === 'string') return isExpression(value);
  return Array.isArray(value) && value.some(dependsOnValues);
}

const expression = z.string().check(z.regex(EXPRESSION));
const numberOrExpression = z.union([z.number(), expression]);
const expressions = z
  .array(z.union([numberOrExpression, z.array(numberOrExpression), z.string(), z.boolean()]))
  .check(z.refine(dependsOnValues));

/** By kind of value: that, or an expression; required or not. */
const writableKinds = new Map<z.core.$ZodType, Readonly<Record<'required' | 'optional', z.ZodMiniType>>>();

function writableKind(kind: z.core.$ZodType) {
  const either = described(z.union([kind, expression, expressions]), wordsOf(kind, 'accepts') ?? 'a value');
  const both = { required: breakable(either), optional: optional(either) };
  writableKinds.set(kind, both);
  return both;
}

/** An attribute as it may be written: a value of its kind, or an expression. */
function writable(attribute: z.core.$ZodType): z.ZodMiniType {
  const kind = kindOf(attribute);
  const { required, optional } = writableKinds.get(kind) ?? writableKind(kind);
  return about(isRequired(attribute) ? required : optional, wordsOf(attribute, 'meaning') ?? '');
}

/** Attributes as they are written. */
export type WrittenAttributes = Readonly<Record<string, WrittenValue | Broken>>;

/** The attributes of an operator as they are written; where none is required, a name with a colon alone is enough. */
function attributesOf({ name, summary, attributes }: Operator): z.ZodMiniType<WrittenAttributes | null> {
  const shape = Object.entries(attributes.shape as Readonly<Record<string, z.core.$ZodType>>);
  const keys = named(z.strictObject(Object.fromEntries(shape.map(([key, attribute]) => [key, writable(attribute)]))), name);
  const needsNone = shape.every(([, attribute]) => !isRequired(attribute));
  const kind = described(needsNone ? z.nullable(keys) : keys, 'names with values, as in { kernel: 3, out: 64 }');
  return about(kind as z.ZodMiniType<WrittenAttributes | null>, summary);
}

/** The schema of an operator's attributes as they are written; made when first asked for, since few operators are in one file. */
export const writtenAttributes = remembered((name: OperatorName) => attributesOf(operatorOf(name)));

/** The name of an operator with its attributes, or of a block with its parameters: which it is, the blocks of the file say. */
export const kindKey = about(z.unknown(), 'A block with its parameters.');

const layerKeys = named(z.catchall(z.object({ ...structures, ...modifiers }), kindKey), 'layer with attributes');
export interface LayerKeys extends z.output<typeof layerKeys> {}

const block = z.strictObject({
  summary: about(optional(text), 'What it is.'),
  source: about(optional(text), 'Where it comes from: a paper, an implementation.'),
  with: about(optional(parameters), 'Its parameters and their defaults; "required" where a call must give a value.'),
  let: about(optional(values), 'Derived values; $in is the shape that comes into the block.'),
  inputs: about(
    optional(described(z.array(parameter).check(notEmpty()), 'a list of names')),
    'Names of what comes in, where that is several outputs: for "from", and, with a $, of their shapes.',
  ),
  layers: about(breakable(layers), 'Its layers.'),
  example: about(
    optional(
      described(
        z.strictObject({
          input: about(
            described(
              z.union([shape, named(z.record(name, shape), 'names with shapes')]),
              'a list of sizes without the batch, as in [64, 56, 56], or names with such lists',
            ),
            'The input of the block, without the batch.',
          ),
          with: about(optional(values), 'Values for its parameters.'),
        }),
        'the input and the parameters for the block on its own: input, with',
      ),
    ),
    'What it is counted with on its own.',
  ),
});
/** What is the same in many places of a file. */
export const definitions = { layers, layer: layerKeys, value: written, shape, expression, expressions };

/** A block as it is written. */
export type BlockKeys = z.output<typeof block>;

/** A field of a config.json, or one of a map in it: attn_config.kv_n_heads. */
const field = described(z.string().check(z.regex(FIELD)), 'a field, such as hidden_size, or one of a map, such as text_config.hidden_size');
const fields = described(z.record(field, value), 'fields with their values');

/** What the fields of a config.json say of a model. */
const config = z.strictObject({
  parameters: about(parameters, 'Parameters of this spec, each with its value: a field, as in $hidden_size, or an expression.'),
  aliases: about(optional(described(z.record(field, field), 'other names, each with the field')), 'Other names of fields.'),
  defaults: about(optional(fields), 'Fields that may be left out, with what they are then.'),
  only: about(optional(fields), 'Fields, each with the value, or the list of values, that this spec is written for.'),
  each: about(
    optional(described(z.record(field, z.array(z.string()).check(notEmpty())), 'fields, each with a list of words')),
    'Fields that are lists, each with the words that its elements may be.',
  ),
  free: about(
    optional(described(z.array(z.string()), 'a list of fields')),
    'Fields that change no cost; a name without a map stands for that field of every map.',
  ),
});
export interface ConfigKeys extends z.output<typeof config> {}

/** The keys of a file. */
export const specSchema = named(
  described(
    z.strictObject({
      $schema: about(optional(text), 'The JSON Schema of specs, for editors.'),
      name: about(optional(name), 'Name of the model; that of the file unless given.'),
      summary: about(optional(text), 'What it is.'),
      source: about(optional(text), 'Where it comes from: a paper, an implementation.'),
      notes: about(optional(text), 'What to know about it.'),
      task: about(optional(described(z.enum(TASKS), TASKS.join(', '))), 'What it is for; "flopwise list" groups by it.'),
      extends: about(optional(file), 'The model that this one changes.'),
      use: about(optional(files), 'Files that lend their blocks.'),
      input: about(optional(input), 'Shape of the input without the batch, channels first; or names with shapes.'),
      with: about(optional(parameters), 'Parameters and their defaults; "required" where a value must be given.'),
      let: about(optional(values), 'Derived values; $in is the shape of the input.'),
      require: about(
        optional(described(z.array(z.string()).check(notEmpty()), 'a list of conditions on the input and the parameters')),
        'Conditions that must hold.',
      ),
      blocks: about(
        optional(described(z.record(name, block), 'names with blocks')),
        'Lists of layers with parameters, called like operators.',
      ),
      stages: about(
        optional(described(z.record(name, breakable(z.nullable(stage))), 'names with lists of layers')),
        'Parts of the network, which run one after the other; null leaves out a stage of the model that this one extends.',
      ),
      layers: about(optional(layers), 'Layers outside of stages, after these.'),
      outputs: about(
        optional(
          described(
            z.union([
              reference,
              z.array(
                z.union([
                  reference,
                  named(
                    z.strictObject({
                      name: about(reference, 'Name of the output.'),
                      when: about(condition, 'Leaves the output out unless this is true.'),
                    }),
                    'an output with "when"',
                  ),
                ]),
              ),
            ]),
            'a name, an expression that gives one, or a list of these, each alone or with a condition: { name: …, when: … }',
          ),
        ),
        'Name of the output, or of several; what comes last unless given.',
      ),
      variants: about(optional(described(z.record(name, values), 'names with values for parameters')), 'Models of this family, by name.'),
      alternatives: about(
        optional(
          described(
            z.record(parameter, z.record(z.string(), z.string())),
            'parameters, each with the values it is known with and what they mean',
          ),
        ),
        'Values that parameters have in published networks, in words; "flopwise explain" tries them.',
      ),
      budget: about(optional(budgetSchema), 'What it may cost, for "flopwise check".'),
      config: about(
        optional(described(z.record(z.string(), config), 'values of "model_type" in a config.json, each with what its fields say')),
        'What the fields of the config.json of a published model say of the parameters.',
      ),
      paper: about(
        optional(described(values, 'values of parameters that make the network of the source, where the defaults differ from it')),
        'Values of parameters that make the network of the source, where the defaults differ.',
      ),
    }),
    'a map of keys such as "input:" and "stages:"',
  ),
  'a spec',
);
/** A file as it is written. */
export type SpecKeys = z.output<typeof specSchema>;
