import type * as z from 'zod/mini';
import type { InputCount, Operator } from '../../src/operators/kit/operator.ts';
import { operators } from '../../src/operators/registry.ts';
import { isRequired, wordsOf } from '../../src/schema/words.ts';
import { GENERATED, table } from './markdown.ts';
import { statusMatrix } from './status.ts';

/** docs/operators.md: all operators, as the registry has them. */

const defaultOf = (schema: z.core.$ZodType): string => {
  if (isRequired(schema)) return 'required';
  const { defaultValue } = schema._zod.def as { defaultValue?: unknown };
  return defaultValue === undefined ? '' : `\`${JSON.stringify(defaultValue).replaceAll('"', '')}\``;
};

const attributesOf = ({ attributes }: Operator): string[] => {
  const rows = Object.entries(attributes.shape as Readonly<Record<string, z.core.$ZodType>>).map(([name, schema]) => [
    `\`${name}\``,
    wordsOf(schema, 'meaning') ?? '',
    wordsOf(schema, 'accepts') ?? '',
    defaultOf(schema),
  ]);
  return rows.length === 0 ? ['No attributes.'] : [table(['attribute', 'meaning', 'value', 'default'], rows)];
};

const inputsOf = ({ min, max }: InputCount): string => {
  if (min === max) return String(min);
  return max === Number.POSITIVE_INFINITY ? `${min} or more` : `${min} to ${max}`;
};

const sectionOf = (operator: Operator): string =>
  [
    `## ${operator.name}`,
    operator.summary,
    ...attributesOf(operator),
    `- Inputs: ${inputsOf(operator.inputs)}`,
    `- Cost: ${operator.rule}`,
    ...(operator.source === undefined ? [] : [`- Source: ${operator.source}`]),
  ]
    .join('\n\n')
    // The facts are one list.
    .replaceAll('\n\n- ', '\n- ')
    .replace('\n- ', '\n\n- ');

export function operatorsPage(): string {
  const all: readonly Operator[] = Object.values(operators);
  return `${[
    GENERATED,
    '# Operators',
    `The ${all.length} kinds of layer that a [spec](spec.md) can name, as their definitions in \`src/operators/\` describe them. In shapes, \`n\` is the batch and \`c\` the channels: \`[n, c, …]\` has one, two or three spatial axes. What is counted as what is in [counting.md](counting.md); how to add an operator, in [adding-an-operator.md](adding-an-operator.md).`,
    all.map(({ name }) => `[${name}](#${name})`).join(' · '),
    'What there is for each of them, and what it was held against, is in the [table at the end](#status).',
    ...all.map(sectionOf),
    ...statusMatrix(all),
  ].join('\n\n')}\n`;
}
