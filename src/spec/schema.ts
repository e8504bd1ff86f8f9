import * as z from 'zod/mini';
import { once } from '../core/once.ts';
import { WAYS } from '../graph/written.ts';
import { described, optional } from '../operators/kit/attributes.ts';
import { budgetSchema } from './budget-schema.ts';
import { TASKS } from './task.ts';

/** The grammar of a spec file, as zod schemas. What a layer may be depends on the operators: see `steps`. */

const NAME = /^[A-Za-z_][\w.-]{0,199}$/;
const PARAMETER = /^[A-Za-z_]\w{0,199}$/;

const name = once(() =>
  described(z.string().check(z.regex(NAME)), 'letters, digits, "_", "-" and ".", starting with a letter, at most 200 of them'),
);
const parameter = once(() =>
  described(z.string().check(z.regex(PARAMETER)), 'letters, digits and "_", starting with a letter, at most 200 of them'),
);
const names = once(() =>
  described(
    z.union([name(), z.array(name()).check(z.minLength(1))]),
    'a name (letters, digits, "_", "-" and ".", starting with a letter, at most 200 of them), or a list of names',
  ),
);
const text = once(() => described(z.string(), 'a text'));
const references = once(() =>
  described(z.union([z.string(), z.array(z.string())]), 'a file beside this one, a name from the zoo, or a list of these'),
);
const expression = once(() => z.string());

type Written = number | string | boolean | readonly Written[];
const written: () => z.ZodMiniType<Written> = once(() => z.lazy(() => z.union([z.number(), z.string(), z.boolean(), z.array(written())])));
export const value = once(() => described(written(), 'a number, a word, true or false, an expression, or a list of these'));
const parameters = once(() => described(z.record(parameter(), value()), 'names with their values; "required" where a value must be given'));
const values = once(() => described(z.record(parameter(), value()), 'names with their values'));

const count = once(() => described(z.union([z.int().check(z.minimum(0)), expression()]), 'a whole number of at least 0, or an expression'));
const condition = once(() => described(z.union([z.boolean(), expression()]), 'true, false, or an expression that is one of them'));
const size = once(() => z.union([z.int().check(z.minimum(1)), expression()]));
const shape = once(() => described(z.array(size()).check(z.minLength(1)), 'a list of sizes without the batch, as in [3, 224, 224]'));
const input = once(() =>
  described(
    z.union([shape(), z.record(name(), shape())]),
    'a list of sizes without the batch, as in [3, 224, 224], or names with such lists',
  ),
);

/** All that a layer may carry beside its kind. */
export const MODIFIERS = ['name', 'from', 'when', 'repeat', 'as', 'written', 'weights'] as const;

/** What any layer may carry. */
export const modifiers = once(() => ({
  name: optional(names()),
  from: optional(names()),
  when: optional(condition()),
  repeat: optional(count()),
}));

const way = `${WAYS.slice(0, -1).join(', ')} or ${WAYS.at(-1)}`;
const writing = once(() =>
  optional(described(z.string(), `how the published implementation writes it: ${way}, or an expression that is one of them`)),
);

/** What a layer may carry that is an operator. */
export const operatorModifiers = once(
  () =>
    ({
      ...modifiers(),
      as: optional(names()),
      written: writing(),
      weights: optional(
        described(
          z.union([name(), z.record(z.string(), name())]),
          'a name (letters, digits, "_", "-" and "."), or names for single weights, as in { bias: b1 }; what has the same one is shared',
        ),
      ),
    }) satisfies Record<(typeof MODIFIERS)[number], z.ZodMiniType>,
);

/** How branches come together again. */
export const JOINS = ['add', 'multiply', 'concat'] as const;
const join = once(() => described(z.enum(JOINS), JOINS.join(', ')));

/** The kinds of layer that hold other layers, and the keys that go with each. `layers` is the type of a list of layers. */
export const structures = (layers: z.core.$ZodType) => ({
  residual: {
    residual: described(layers as z.ZodMiniType, 'a list of layers'),
    shortcut: optional(described(z.union([z.string(), layers]), 'identity, A, B, C, none, an expression, or a list of layers')),
    join: optional(join()),
    written: writing(),
  },
  parallel: {
    parallel: described(
      z.union([
        z.array(layers).check(z.minLength(1)),
        z.record(name(), layers).check(z.refine((branches) => Object.keys(branches).length > 0)),
      ]),
      'a list of branches, or names with branches; a branch is a list of layers',
    ),
    join: optional(join()),
    axis: optional(described(z.int(), 'the axis to concatenate along')),
    written: writing(),
  },
  sequence: { sequence: described(layers as z.ZodMiniType, 'a list of layers') },
});

export const structureNames = ['residual', 'parallel', 'sequence'] as const;
export type StructureName = (typeof structureNames)[number];

/** Keys of a block. */
const blockSchema = (layers: z.core.$ZodType) =>
  z.strictObject({
    summary: optional(text()),
    source: optional(text()),
    with: optional(parameters()),
    let: optional(values()),
    layers: described(layers as z.ZodMiniType, 'a list of layers'),
    example: optional(
      described(
        z.strictObject({ input: shape(), with: optional(values()) }),
        'the input and the parameters for the block on its own: input, with',
      ),
    ),
  });

/** Keys of a file. */
export const fileSchema = (layers: z.core.$ZodType) =>
  z.strictObject({
    $schema: optional(text()),
    name: optional(name()),
    summary: optional(text()),
    source: optional(text()),
    notes: optional(text()),
    task: optional(described(z.enum(TASKS), `what it is for: ${TASKS.join(', ')}`)),
    extends: optional(described(z.string(), 'a file beside this one, or a name from the zoo')),
    use: optional(references()),
    input: optional(input()),
    with: optional(parameters()),
    let: optional(values()),
    require: optional(described(z.array(expression()).check(z.minLength(1)), 'a list of conditions on the input and the parameters')),
    blocks: optional(described(z.record(name(), blockSchema(layers)), 'names with blocks')),
    stages: optional(described(z.record(name(), z.nullable(layers)), 'names with lists of layers')),
    layers: optional(described(layers as z.ZodMiniType, 'a list of layers')),
    outputs: optional(names()),
    variants: optional(described(z.record(name(), values()), 'names with values for parameters')),
    alternatives: optional(
      described(
        z.record(parameter(), z.record(z.string(), z.string())),
        'parameters, each with the values it is known with and what they mean',
      ),
    ),
    budget: optional(budgetSchema()),
    paper: optional(described(values(), 'values of parameters that make the network of the source, where the defaults differ from it')),
  });

/** While a file is read, layers are checked one by one, so that each error is about one layer. */
export const anyLayers = once(() => described(z.array(z.unknown()), 'a list of layers'));
