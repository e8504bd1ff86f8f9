import type { Value } from '../language/expression.ts';
import { FlopwiseError, ProblemList } from '../problems/problem.ts';
import { FileProblems } from '../schema/parse.ts';
import type { ConfigMapping, FieldTemplate, Parameter, Requirement, Spec } from '../spec/compiled.ts';
import { nameOf } from '../spec/config-mapping.ts';
import { displayName, familyFiles, type SpecFile, type SpecFolder } from '../spec/folder.ts';
import { readSpec } from '../spec/model.ts';
import { checkRequirement } from '../spec/requirement.ts';
import { parseSource } from '../spec/source.ts';

/** The config.json of a published model: its `model_type` names a spec, and its fields give the spec's parameters their values. */

/**
 * Fields that any configuration of the transformers library may have, and that change no cost: who wrote it, how it is trained,
 * how words are drawn, and what is returned. Source: huggingface/transformers, PretrainedConfig and GenerationConfig.
 */
const ALWAYS_FREE: ReadonlySet<string> = new Set(
  `model_type _name_or_path _commit_hash _attn_implementation _attn_implementation_autoset _flash_attn_2_enabled transformers_version
  torch_dtype dtype torchscript use_bfloat16 auto_map
  bos_token_id eos_token_id pad_token_id sep_token_id cls_token_id mask_token_id unk_token_id decoder_start_token_id forced_bos_token_id
  forced_eos_token_id bad_words_ids suppress_tokens begin_suppress_tokens tokenizer_class prefix finetuning_task task_specific_params
  initializer_range initializer_factor use_cache return_dict output_attentions output_hidden_states problem_type
  gradient_checkpointing quantization_config label2id id2label chunk_size_feed_forward license language
  max_length min_length do_sample early_stopping num_beams num_beam_groups diversity_penalty temperature top_k top_p typical_p
  repetition_penalty length_penalty no_repeat_ngram_size encoder_no_repeat_ngram_size num_return_sequences output_scores
  return_dict_in_generate remove_invalid_values exponential_decay_length_penalty max_new_tokens`.split(/\s+/),
);

/** Fields that any configuration of that library may have, and that change no cost while they say what they usually say. */
const USUAL: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['add_cross_attention', false],
  ['cross_attention_hidden_size', null],
  ['is_decoder', false],
  ['is_encoder_decoder', false],
  ['pruned_heads', {}],
  ['tf_legacy_loss', false],
  ['tie_encoder_decoder', false],
]);

type Keys = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Keys => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a file may be a configuration: its name says so, or its text. A spec has no `model_type`. */
const mayBeConfig = (path: string, text: string): boolean => /(^|\/)config\.json$/.test(path) || /"model_type"\s*:/.test(text);

const SPEC_KEYS = ['stages', 'layers', 'blocks', 'extends', 'use', 'input'];

const isConfig = (value: unknown): value is Keys => isObject(value) && ('model_type' in value || !SPEC_KEYS.some((key) => key in value));

/** Specs that describe types of model: one beside the configuration that is called after its type, then those of the zoo. */
function findSpec(type: string, file: SpecFile, zoo: SpecFolder): Spec | readonly string[] {
  const beside = /^[\w.-]+$/.test(type) ? specBeside(`${type}.yaml`, file, zoo) : undefined;
  if (beside?.configs.has(type)) return beside;
  // Most specs have no such section, and to compile one takes longer than to look.
  const candidates = familyFiles(zoo).filter(({ path }) => /^config:/m.test(zoo.read(path)));
  const names = candidates.filter(({ path }) => zoo.read(path).includes(`  ${type}:`));
  for (const candidate of names) {
    const spec = readSpec(candidate, zoo);
    if (spec.configs.has(type)) return spec;
  }
  return candidates.flatMap((candidate) => [...readSpec(candidate, zoo).configs.keys()]);
}

function specBeside(name: string, { folder, path }: SpecFile, zoo: SpecFolder): Spec | undefined {
  const beside: SpecFile = { folder, path: `${path.slice(0, path.lastIndexOf('/') + 1)}${name}` };
  try {
    folder.read(beside.path);
  } catch {
    return undefined;
  }
  return readSpec(beside, zoo);
}

/** The classes that a model has code for are a list, mostly of one, and are then that word. */
const wordOf = (field: string, raw: unknown): unknown =>
  field === 'architectures' && Array.isArray(raw) && raw.length === 1 ? raw[0] : raw;

/** A field as expressions read it: null is the word none. */
function asValue(raw: unknown): Value | undefined {
  if (raw === null) return 'none';
  if (Array.isArray(raw)) {
    const parts = raw.map(asValue);
    return parts.every((part) => part !== undefined) ? (parts as Value[]) : undefined;
  }
  return typeof raw === 'number' || typeof raw === 'string' || typeof raw === 'boolean' ? raw : undefined;
}

const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const isSame: (a: Value, b: Value) => boolean = isEqual;

const written = (value: Value): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** A numeral in quotes, and what is not finite, is no value of a parameter. */
const isParameterValue = (value: Value): boolean =>
  Array.isArray(value)
    ? value.every(isParameterValue)
    : typeof value === 'number'
      ? Number.isFinite(value) && value >= 0
      : !/^[-+.\d]/.test(String(value));

/** Fields by name, those that are left out and have a default included. */
interface Fields {
  readonly values: ReadonlyMap<string, Value>;
  readonly defaults: ReadonlyMap<string, Value>;
}

const missing = ({ reads }: FieldTemplate, values: ReadonlyMap<string, Value>): string[] => reads.filter((field) => !values.has(field));

const evaluated = ({ template, reads }: FieldTemplate, values: ReadonlyMap<string, Value>): Value =>
  template.evaluate(Object.fromEntries(reads.map((field) => [nameOf(field), values.get(field)])));

const fieldsRead = ({ parameters, defaults, only }: ConfigMapping): Set<string> =>
  new Set([...parameters.values(), ...defaults.values(), ...[...only.values()].flat()].flatMap(({ reads }) => reads));

/** Every field that the mapping names, but those that it calls free. */
const fieldsKnown = (mapping: ConfigMapping): Set<string> =>
  new Set([...fieldsRead(mapping), ...mapping.defaults.keys(), ...mapping.only.keys(), ...mapping.each.keys()]);

/** Fields by their way: those of maps in which the mapping knows one are named as in `text_config.hidden_size`. */
type Flat = ReadonlyMap<string, unknown>;

const wayTo = (field: string): string[] => field.split('.');

function flattened(config: Keys, known: ReadonlySet<string>, report: FileProblems): Map<string, unknown> {
  const maps = new Set([...known].flatMap((field) => wayTo(field).map((_, index, way) => way.slice(0, index).join('.'))));
  const flat = new Map<string, unknown>();
  const add = (fields: Keys, before: string): void => {
    for (const [name, raw] of Object.entries(fields)) {
      const field = `${before}${name}`;
      if (!maps.has(field) || known.has(field)) flat.set(field, raw);
      else if (isObject(raw)) add(raw, `${field}.`);
      else if (raw !== null) report.add('WRONG_VALUE', { key: field, value: raw, expected: 'a map of fields' }, wayTo(field));
    }
  };
  add(config, '');
  return flat;
}

/** Fields under their own names; the classes to choose from are as many as have a label. */
function renamed(flat: Map<string, unknown>, { aliases }: ConfigMapping, report: FileProblems): Flat {
  for (const [other, field] of aliases) {
    if (!flat.has(other)) continue;
    const [value, same] = [flat.get(other), flat.get(field)];
    if (flat.has(field) && JSON.stringify(value) !== JSON.stringify(same))
      report.add('WRONG_VALUE', { key: other, value, expected: `${JSON.stringify(same)}, which "${field}" says` }, wayTo(other));
    flat.set(field, value);
    flat.delete(other);
  }
  const labels = flat.get('id2label');
  if (isObject(labels) && !flat.has('num_labels')) flat.set('num_labels', Object.keys(labels).length);
  return flat;
}

/** Whether a field says what it is taken for where it is left out, which may be a number such as -1 for none. */
function isDefault(field: string, value: Value, { defaults }: ConfigMapping): boolean {
  const usual = defaults.get(field);
  return usual !== undefined && usual.reads.length === 0 && isSame(evaluated(usual, new Map()), value);
}

/** Fields that the mapping asks about, as they are or, where they are left out, are taken for. */
function fieldsOf(config: Flat, mapping: ConfigMapping, report: FileProblems): Fields {
  const values = new Map<string, Value>();
  for (const name of new Set([...fieldsRead(mapping), ...mapping.defaults.keys()])) {
    if (!config.has(name)) continue;
    const raw = config.get(name);
    const value = asValue(wordOf(name, raw));
    if (value !== undefined && (isParameterValue(value) || isDefault(name, value, mapping))) values.set(name, value);
    else report.add('WRONG_VALUE', { key: name, value: raw, expected: 'a number of at least 0, a word, true or false' }, wayTo(name));
  }
  const defaults = new Map<string, Value>();
  for (const [name, field] of mapping.defaults) {
    if (config.has(name) || missing(field, values).length > 0) continue;
    const value = evaluated(field, values);
    values.set(name, value);
    defaults.set(name, value);
  }
  return { values, defaults };
}

const isListOf = (words: readonly string[], raw: unknown): boolean => Array.isArray(raw) && raw.every((word) => words.includes(word));

/** What a field must be, where it is something else. */
function expectedOf(field: string, raw: unknown, mapping: ConfigMapping, values: Fields['values']): string | undefined {
  const { only, each } = mapping;
  const words = each.get(field);
  if (words !== undefined)
    return raw === null || isListOf(words, raw) || isDefault(field, raw as Value, mapping) ? undefined : `a list of ${words.join(' and ')}`;
  const wanted = (only.get(field) ?? []).filter((one) => missing(one, values).length === 0).map((one) => evaluated(one, values));
  const value = asValue(wordOf(field, raw));
  return wanted.length === 0 || (value !== undefined && wanted.some((one) => isSame(one, value)))
    ? undefined
    : wanted.map(written).join(' or ');
}

/** Reports fields that the spec is not written for, left out or not, and those that nobody knows; returns those that change no cost. */
function checkFields(
  config: Flat,
  type: string,
  spec: Spec,
  mapping: ConfigMapping,
  { values, defaults }: Fields,
  report: FileProblems,
): string[] {
  const known = fieldsKnown(mapping);
  const free: string[] = [];
  for (const [field, raw] of [...config, ...defaults]) {
    const expected = expectedOf(field, raw, mapping, values);
    if (expected !== undefined)
      report.add('WRONG_VALUE', { key: field, value: raw, expected: `${expected} in what ${spec.file} describes` }, wayTo(field));
    if (known.has(field) || field === 'model_type') continue;
    const name = wayTo(field).at(-1) as string;
    const usual = USUAL.get(name);
    if (mapping.free.has(field) || mapping.free.has(name) || ALWAYS_FREE.has(name) || (usual !== undefined && isEqual(raw, usual)))
      free.push(field);
    else if (usual !== undefined)
      report.add(
        'WRONG_VALUE',
        { key: field, value: raw, expected: `${JSON.stringify(usual)} in what ${spec.file} describes` },
        wayTo(field),
      );
    else report.add('UNKNOWN_FIELD', { field, value: raw, type, spec: spec.file }, wayTo(field), 'key');
  }
  return free;
}

/** Reports what the fields say that does not fit together, such as a list of too few layers, at the first field that it speaks of. */
function checkRequirements(
  requirements: readonly Requirement[],
  given: ReadonlyMap<string, Value>,
  parameters: ReadonlyMap<string, Parameter>,
  report: FileProblems,
): void {
  const env = Object.fromEntries(given);
  for (const requirement of requirements) {
    const [first, ...others] = requirement.condition.names ?? [];
    if (first === undefined || ![first, ...others].every((name) => given.has(name))) continue;
    report.problems.attempt(() => checkRequirement(requirement, env), parameters.get(first)?.locate);
  }
}

/** The spec of the configuration's type, with the values that its fields give. */
function configured(spec: Spec, type: string, raw: Keys, report: FileProblems): Spec {
  const mapping = spec.configs.get(type) as ConfigMapping;
  const known = new Set([...fieldsKnown(mapping), ...mapping.aliases.keys(), ...mapping.aliases.values()]);
  const config = renamed(flattened(raw, known, report), mapping, report);
  const fields = fieldsOf(config, mapping, report);
  const { values, defaults } = fields;
  const free = checkFields(config, type, spec, mapping, fields, report);
  const parameters = new Map<string, Parameter>(spec.parameters);
  const given = new Map<string, Value>();
  for (const [name, field] of mapping.parameters) {
    const absent = missing(field, values).filter((read) => !config.has(read));
    for (const read of absent)
      report.add('MISSING_KEY', { key: read, owner: `A config of ${type}`, expected: 'a value, since the cost depends on it' }, []);
    if (missing(field, values).length > 0) continue;
    const place = wayTo(field.reads.find((read) => config.has(read)) ?? 'model_type');
    const locate = () => report.source.locate(place, 'value');
    const value = report.attempt(place, () => evaluated(field, values));
    if (value === undefined) continue;
    given.set(name, value);
    parameters.set(name, { template: { constant: value, evaluate: () => value, locate }, locate });
  }
  checkRequirements(spec.requirements, given, parameters, report);
  const reading = { file: report.source.file, modelType: type, spec: spec.file, parameters: given, defaults, free };
  return { ...spec, name: type, file: report.source.file, parameters, config: reading };
}

/**
 * The model that a configuration describes; nothing where the file is none.
 * @throws FlopwiseError with all that is wrong in it, or not known of it.
 */
export function readModelConfig(file: SpecFile, zoo: SpecFolder): Spec | undefined {
  if (!/\.json$/i.test(file.path)) return undefined;
  const text = file.folder.read(file.path);
  if (!mayBeConfig(file.path, text)) return undefined;
  const { source, problems: broken } = parseSource(displayName(file), text);
  if (source.value !== undefined && !isConfig(source.value)) return undefined;
  const problems = new ProblemList();
  for (const problem of broken) problems.add(problem);
  const spec = isConfig(source.value) ? ofType(source.value, file, zoo, new FileProblems(source, problems)) : undefined;
  if (problems.found.length > 0 || spec === undefined) throw new FlopwiseError(problems.found);
  return spec;
}

function ofType(config: Keys, file: SpecFile, zoo: SpecFolder, report: FileProblems): Spec | undefined {
  const { model_type: type } = config;
  if (typeof type !== 'string') {
    const expected = 'a word such as llama, the kind of network';
    if (type === undefined) report.add('MISSING_KEY', { key: 'model_type', owner: 'A config of a model', expected }, []);
    else report.add('WRONG_VALUE', { key: 'model_type', value: type, expected }, ['model_type']);
    return undefined;
  }
  const found = findSpec(type, file, zoo);
  if ('configs' in found) return configured(found, type, config, report);
  report.add('UNKNOWN_MODEL_TYPE', { type, known: found }, ['model_type']);
  return undefined;
}
