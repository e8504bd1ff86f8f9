import * as z from 'zod/mini';
import { EXPRESSION } from '../language/expression.ts';
import { about, described, descriptionOf, isRequired, meaningOf, unwrapped } from '../operators/kit/attributes.ts';
import { operators } from '../operators/registry.ts';
import { fileSchema, modifiers, operatorModifiers, structures, value } from './schema.ts';

const expression = z.string().check(z.regex(EXPRESSION));

/** An attribute as it may be written: its own values, or an expression. */
function writable(attribute: z.core.$ZodType): z.ZodMiniType {
  const list = z.array(z.union([z.number(), expression, z.array(z.union([z.number(), expression]))]));
  const value = described(z.union([unwrapped(attribute), expression, list]), descriptionOf(attribute) ?? 'a value');
  return about(isRequired(attribute) ? value : z.optional(value), meaningOf(attribute) ?? '');
}

const attributesOf = (shape: Readonly<Record<string, z.core.$ZodType>>) =>
  z.strictObject(Object.fromEntries(Object.entries(shape).map(([key, attribute]) => [key, writable(attribute)])));

/** Every way to write a layer: a name alone, an operator or structure with its keys, or a block with its parameters. */
function layerSchema(): z.ZodMiniType {
  const layers: z.ZodMiniType = z.lazy(() => z.array(layer));
  const ofOperators = Object.values(operators).map((operator) =>
    described(
      z.strictObject({ [operator.name]: z.nullable(attributesOf(operator.attributes.shape)), ...operatorModifiers() }),
      operator.summary,
    ),
  );
  const ofStructures = Object.values(structures(layers)).map((keys) => z.strictObject({ ...keys, ...modifiers() }));
  const known = [...Object.keys(operators), ...Object.keys(structures(layers))];
  const blockCall = described(
    z.catchall(z.object(operatorModifiers()), z.nullable(z.record(z.string(), value()))),
    'A block with its parameters.',
  );
  const notKnown = z.record(z.string().check(z.regex(new RegExp(`^(?!(?:${known.join('|')})$)`))), z.unknown());
  const layer: z.ZodMiniType = z.union([z.string(), ...ofOperators, ...ofStructures, z.intersection(blockCall, notKnown)]);
  return layers;
}

/** What a key means, then what it accepts. */
const describe = ({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodType; jsonSchema: { description?: string } }): void => {
  const description = [meaningOf(zodSchema), descriptionOf(zodSchema)].filter(Boolean).join(' ');
  if (description !== '') jsonSchema.description = description;
};

/** The JSON Schema of spec files, for editors. */
export function specJsonSchema(): unknown {
  return {
    title: 'flopwise spec',
    ...z.toJSONSchema(fileSchema(layerSchema()), { target: 'draft-7', io: 'input', reused: 'ref', override: describe }),
  };
}
