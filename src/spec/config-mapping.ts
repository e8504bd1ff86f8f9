import type { FileProblems, Location } from '../schema/parse.ts';
import { BROKEN, type Broken } from '../schema/words.ts';
import { compileTemplate } from './compile.ts';
import type { ConfigMapping, FieldTemplate, Parameter } from './compiled.ts';
import type { ConfigKeys, WrittenValue } from './schema.ts';

/** A field in an expression: its name, or the way to it through maps, as in `$attn_config.kv_n_heads`. */
const FIELD = /\$([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)/g;

/** The name by which an expression knows a field: a dot would name a part of a list. */
export const nameOf = (field: string): string => field.replaceAll('.', '__');

/** Fields that a value reads, as in `$hidden_size / $num_attention_heads`. */
function fieldsIn(value: WrittenValue | Broken): string[] {
  if (Array.isArray(value)) return value.flatMap(fieldsIn);
  return typeof value === 'string' ? [...value.matchAll(FIELD)].map(([, field]) => field as string) : [];
}

function withNames(value: WrittenValue | Broken): WrittenValue | Broken {
  if (Array.isArray(value)) return value.map((one) => withNames(one) as WrittenValue);
  return typeof value === 'string' ? value.replace(FIELD, (_, field: string) => `$${nameOf(field)}`) : value;
}

const listOf = (value: WrittenValue | Broken): readonly (WrittenValue | Broken)[] =>
  Array.isArray(value) ? value : [value as WrittenValue | Broken];

/** The section `config:` of a spec, by `model_type`. */
export function compileConfigs(
  report: FileProblems,
  raw: Readonly<Record<string, ConfigKeys>> | undefined,
  known: ReadonlyMap<string, Parameter>,
): Map<string, ConfigMapping> {
  const template = (value: WrittenValue | Broken, location: Location): FieldTemplate => {
    const reads = fieldsIn(value);
    return { template: compileTemplate(report, withNames(value), location, new Set(reads.map(nameOf))), reads };
  };
  const compiled = Object.entries(raw ?? {}).map(([type, keys]): [string, ConfigMapping] => {
    const { parameters, aliases = {}, defaults = {}, only = {}, each = {}, free = [] } = keys;
    const templates = (key: string, part: ConfigKeys['parameters']): Map<string, FieldTemplate> =>
      new Map(Object.entries(part).map(([name, value]) => [name, template(value, ['config', type, key, name])]));
    for (const name of Object.keys(parameters)) {
      const location = ['config', type, 'parameters', name];
      if (!known.has(name)) report.add('UNKNOWN_PARAMETER', { name, owner: 'This model', known: [...known.keys()] }, location, 'key');
    }
    const wanted = Object.entries(only).map(([field, value]): [string, FieldTemplate[]] => [
      field,
      listOf(value)
        .filter((one) => one !== BROKEN)
        .map((one) => template(one, ['config', type, 'only', field])),
    ]);
    return [
      type,
      {
        parameters: templates('parameters', parameters),
        aliases: new Map(Object.entries(aliases)),
        defaults: templates('defaults', defaults),
        only: new Map(wanted),
        each: new Map(Object.entries(each)),
        free: new Set(free),
      },
    ];
  });
  return new Map(compiled);
}
