import * as z from 'zod/mini';
import { operatorNames } from '../operators/registry.ts';
import { wordsOf } from '../schema/words.ts';
import { definitions, kindKey, specSchema, writtenAttributes } from './schema.ts';

/** What zod cannot tell of its schemas. */
const MORE = new Map<z.core.$ZodType, object>([
  [kindKey, { type: ['object', 'null'] }],
  [definitions.expressions, { contains: { type: ['string', 'array'] } }],
]);

interface Json {
  properties?: object;
  definitions?: { readonly layer?: Json };
  type?: string | string[];
  anyOf?: Json[];
  description?: string;
}

/** Parts that stand in many places, or in themselves, by the name of their definition. */
for (const [id, schema] of Object.entries(definitions)) z.globalRegistry.add(schema, { id });

/** What a key means, then what it accepts; nothing for a value without a key. */
function describe(schema: z.core.$ZodType): string | undefined {
  const [meaning, accepts] = [wordsOf(schema, 'meaning'), wordsOf(schema, 'accepts')];
  const isObject = wordsOf(schema, 'owner') !== undefined;
  return meaning && (accepts === undefined || isObject ? meaning : `${meaning} Takes ${accepts}.`);
}

/** Editors tell of a mistake in an object only if it is the one thing that may be there; null is one of its types then. */
function merged(json: Json): void {
  const [only, nothing, ...others] = json.anyOf ?? [];
  if (only === undefined || nothing?.type !== 'null' || others.length > 0 || typeof only.type !== 'string') return;
  Object.assign(json, only, { type: [only.type, 'null'] });
  Reflect.deleteProperty(json, 'anyOf');
}

const converted = (schema: z.ZodMiniType): Json =>
  z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    reused: 'inline',
    override({ zodSchema, jsonSchema }) {
      Object.assign(jsonSchema, MORE.get(zodSchema));
      merged(jsonSchema as Json);
      const [description, title] = [describe(zodSchema), wordsOf(zodSchema, 'owner')];
      if (description !== undefined) jsonSchema.description = description;
      if (title !== undefined) jsonSchema.title = title;
    },
  }) as Json;

/** The JSON Schema of spec files, for editors: every key with what it means. */
export function specJsonSchema(): object {
  const spec = converted(specSchema);
  // When a file is read, the attributes of its operators are parsed apart: only its blocks tell which keys are operators.
  const attributes = converted(z.object(Object.fromEntries(operatorNames.map((name) => [name, z.optional(writtenAttributes(name))]))));
  const layer = spec.definitions?.layer;
  return {
    ...spec,
    definitions: {
      ...attributes.definitions,
      ...spec.definitions,
      layer: { ...layer, properties: { ...attributes.properties, ...layer?.properties } },
    },
    title: 'flopwise spec',
  };
}
