import type * as z from 'zod/mini';
import { frozen } from '../core/freeze.ts';
import type { Environment, Value } from '../language/expression.ts';
import { isOptional } from '../operators/kit/attributes.ts';
import { type OperatorName, operatorOf } from '../operators/registry.ts';
import { parseKeys } from '../schema/parse.ts';
import type { Template, Templates } from './compiled.ts';

/** As the value of an expression: the attribute is left out. */
const NOT_GIVEN = 'none';

export type AttributeValues = Readonly<Record<string, Value>>;

/** Most sets of values that are remembered. */
const MAX_KNOWN = 64;

const sameValue = (a: Value | undefined, b: Value | undefined): boolean =>
  a === b || (Array.isArray(a) && Array.isArray(b) && sameValues(a, b));

const sameValues = (a: readonly Value[], b: readonly Value[]): boolean =>
  a.length === b.length && a.every((value, index) => sameValue(value, b[index]));

/**
 * The attributes of a layer as they are written. A layer is expanded many times with few sets of values,
 * so those that passed the operator's schema are remembered.
 */
export class AttributeTemplates {
  readonly #operator: OperatorName;
  readonly #constants: AttributeValues;
  readonly #variable: readonly (readonly [string, Template])[];
  readonly #known: { readonly values: readonly Value[]; readonly attributes: object }[] = [];

  constructor(operator: OperatorName, templates: Templates) {
    const entries = [...templates];
    this.#operator = operator;
    this.#constants = Object.fromEntries(
      entries.flatMap(([key, { constant }]): [string, Value][] => (constant === undefined ? [] : [[key, constant]])),
    );
    this.#variable = entries.filter(([, { constant }]) => constant === undefined);
  }

  /** The attributes, checked and with defaults; throws a `ProblemError` that blames the one that is wrong. */
  check(environment: Environment): object {
    const values = this.#variable.map(([, template]) => template.evaluate(environment));
    for (const known of this.#known) if (sameValues(known.values, values)) return known.attributes;
    const attributes = frozen(checkAttributes(this.#operator, this.#all(values)));
    if (this.#known.length >= MAX_KNOWN) this.#known.shift();
    this.#known.push({ values, attributes });
    return attributes;
  }

  /** The values as they are, unchecked. */
  values(environment: Environment): AttributeValues {
    return this.#all(this.#variable.map(([, template]) => template.evaluate(environment)));
  }

  #all(values: readonly Value[]): AttributeValues {
    const { shape } = operatorOf(this.#operator).attributes;
    const given = this.#variable
      .map(([key], index) => [key, values[index] as Value] as const)
      // A parameter can say that an attribute is not given.
      .filter(([key, value]) => value !== NOT_GIVEN || !Object.hasOwn(shape, key) || !isOptional(shape[key] as z.core.$ZodType));
    return { ...this.#constants, ...Object.fromEntries(given) };
  }
}

/** Attributes of an operator, checked and with defaults; throws a `ProblemError` that blames the one that is wrong. */
export const checkAttributes = (operator: OperatorName, values: AttributeValues): object =>
  parseKeys(operatorOf(operator).attributes, values, operator);
