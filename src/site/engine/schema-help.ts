import { isMap, isPair, isScalar, isSeq, type Node, type Pair, parseDocument, type Range } from 'yaml';
import { specJsonSchema } from '../../spec/json-schema.ts';

/** What may stand at a place of a spec, and what it means: from the JSON Schema of specs. */

interface Json {
  readonly $ref?: string;
  readonly anyOf?: readonly Json[];
  readonly allOf?: readonly Json[];
  readonly oneOf?: readonly Json[];
  readonly properties?: Readonly<Record<string, Json>>;
  readonly additionalProperties?: Json | boolean;
  readonly items?: Json;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly definitions?: Readonly<Record<string, Json>>;
}

/** A word that may stand where the cursor is. */
export interface Offer {
  readonly label: string;
  readonly info: string;
  readonly isKey: boolean;
}

export interface Offers {
  /** Where the word begins that an offer takes the place of. */
  readonly from: number;
  readonly offers: readonly Offer[];
}

/** What a key means. */
export interface Meaning {
  readonly from: number;
  readonly to: number;
  readonly title: string;
  readonly text: string;
}

type Key = string | number;

/** Where the cursor is: the way to it, and the keys beside it. */
interface Spot {
  readonly way: readonly Key[];
  readonly isKey: boolean;
  readonly siblings: readonly string[];
}

let made: Json | undefined;

const root = (): Json => {
  made ??= specJsonSchema() as Json;
  return made;
};

const DEEPEST = 8;

/** A schema with references and choices resolved: each of those that it may be. */
function choices(schema: Json, depth = 0): Json[] {
  if (depth > DEEPEST) return [];
  const { $ref, anyOf = [], allOf = [], oneOf = [] } = schema;
  const referred = $ref === undefined ? undefined : root().definitions?.[$ref.slice($ref.lastIndexOf('/') + 1)];
  const inner = [...anyOf, ...allOf, ...oneOf, ...(referred === undefined ? [] : [referred])];
  return [schema, ...inner.flatMap((one) => choices(one, depth + 1))];
}

function stepInto(schema: Json, step: Key): Json[] {
  if (typeof step === 'number') return schema.items === undefined ? [] : choices(schema.items);
  const { properties = {}, additionalProperties } = schema;
  const property = Object.hasOwn(properties, step) ? properties[step] : undefined;
  if (property !== undefined) return choices(property);
  return typeof additionalProperties === 'object' ? choices(additionalProperties) : [];
}

const schemasAt = (way: readonly Key[]): Json[] =>
  way.reduce<Json[]>((schemas, step) => schemas.flatMap((schema) => stepInto(schema, step)), choices(root()));

/** A word that no spec has. */
const MARK = 'x_cursor_x';

const isMark = (node: unknown): boolean => isScalar(node) && String(node.value).includes(MARK);

const keyOf = ({ key }: Pair): string => (isScalar(key) ? String(key.value) : '');

/** Looks for the mark below a node. */
function findMark(node: unknown, way: readonly Key[]): Spot | undefined {
  if (isMark(node)) return { way, isKey: false, siblings: [] };
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      const found = findMark(item, [...way, index]);
      if (found !== undefined) return found;
    }
  }
  if (!isMap(node)) return undefined;
  for (const pair of node.items) {
    if (!isPair(pair)) continue;
    if (isMark(pair.key)) return { way, isKey: true, siblings: node.items.map((one) => keyOf(one as Pair)) };
    const found = findMark(pair.value, [...way, keyOf(pair)]);
    if (found !== undefined) return found;
  }
  return undefined;
}

const WORD = /[\w$.-]*$/;

/** Before a key there is only indentation, a "- ", or a sign of a map on one line. */
const BEFORE_KEY = /(^\s*(- +)*|[{,]\s*)$/;

function spotAt(text: string, offset: number): { from: number; spot: Spot | undefined } {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const word = WORD.exec(line)?.[0] ?? '';
  const from = offset - word.length;
  const rest = text.slice(offset).replace(/^[\w$.-]*/, '');
  const isBeforeColon = /^\s*:/.test(rest);
  const mayBeKey = BEFORE_KEY.test(line.slice(0, line.length - word.length)) && !isBeforeColon;
  const marked = (mark: string): Spot | undefined => {
    const document = parseDocument(`${text.slice(0, from)}${mark}${rest}`, { uniqueKeys: false, logLevel: 'silent' });
    return findMark(document.contents, []);
  };
  // In a list on one line a comma comes before values, too: there a colon would make another map.
  return { from, spot: (mayBeKey ? marked(`${MARK}: `) : undefined) ?? marked(MARK) };
}

const wordsIn = (schema: Json): unknown[] => [
  ...(schema.enum ?? []),
  ...(schema.const === undefined ? [] : [schema.const]),
  ...(schema.type === 'boolean' ? [true, false] : []),
];

const valueOffers = (schemas: readonly Json[]): Offer[] =>
  schemas.flatMap((schema) => wordsIn(schema).map((word) => ({ label: String(word), info: schema.description ?? '', isKey: false })));

const keyOffers = (schemas: readonly Json[], siblings: readonly string[]): Offer[] =>
  schemas
    .flatMap(({ properties = {} }) => Object.entries(properties))
    .filter(([key]) => !siblings.includes(key))
    .map(([label, property]) => ({ label, info: meaningOf(choices(property)), isKey: true }));

const meaningOf = (schemas: readonly Json[]): string => schemas.find(({ description }) => description !== undefined)?.description ?? '';

/** Words that may stand at an offset of a text. */
export function offersAt(text: string, offset: number): Offers {
  const { from, spot } = spotAt(text, offset);
  if (spot === undefined) return { from, offers: [] };
  const isEmpty = text.trim() === '';
  const schemas = schemasAt(spot.way);
  const isItem = !spot.isKey && typeof spot.way.at(-1) === 'number';
  const keys = spot.isKey || isItem || isEmpty ? keyOffers(schemas, spot.siblings) : [];
  const isFirst = spot.isKey && typeof spot.way.at(-1) === 'number' && spot.siblings.length === 1;
  const values = !spot.isKey || isFirst ? valueOffers(schemas) : [];
  const seen = new Set<string>();
  return { from, offers: [...keys, ...values].filter(({ label }) => !seen.has(label) && seen.add(label)) };
}

const spans = (node: unknown, offset: number): node is Node & { range: Range } => {
  const range = (node as Node | null)?.range;
  return range !== null && range !== undefined && range[0] <= offset && offset <= range[1];
};

/** The key at an offset, or the operator that stands alone in a list. */
function keyAt(node: unknown, offset: number, way: readonly Key[]): { way: readonly Key[]; key: Node } | undefined {
  if (isSeq(node)) {
    const index = node.items.findIndex((item) => spans(item, offset));
    const item = node.items[index];
    if (isScalar(item) && typeof item.value === 'string') return { way: [...way, index, item.value], key: item };
    return index < 0 ? undefined : keyAt(item, offset, [...way, index]);
  }
  if (!isMap(node)) return undefined;
  for (const pair of node.items as Pair[]) {
    if (spans(pair.key, offset)) return { way: [...way, keyOf(pair)], key: pair.key };
    if (spans(pair.value, offset)) return keyAt(pair.value, offset, [...way, keyOf(pair)]);
  }
  return undefined;
}

/** What the key at an offset of a text means; nothing where there is none, or where a person chose its name. */
export function meaningAt(text: string, offset: number): Meaning | undefined {
  const found = keyAt(parseDocument(text, { uniqueKeys: false, logLevel: 'silent' }).contents, offset, []);
  const range = found?.key.range;
  if (found === undefined || range === null || range === undefined) return undefined;
  const meaning = meaningOf(schemasAt(found.way));
  return meaning === '' ? undefined : { from: range[0], to: range[1], title: String(found.way.at(-1)), text: meaning };
}
