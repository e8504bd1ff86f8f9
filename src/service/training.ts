import { analyse } from '../analysis/cost.ts';
import type { Grouping } from '../analysis/group.ts';
import { alignTrainings, type ComparedTraining, compareTrainings } from '../analysis/training/comparison.ts';
import { TRAINING_TYPES, type TrainingType } from '../analysis/training/memory.ts';
import { OPTIMIZER_NAMES, type OptimizerName } from '../analysis/training/optimizers.ts';
import { type TrainingOptions, train } from '../analysis/training/step.ts';
import type { Value } from '../language/expression.ts';
import { parseSettings } from '../library/reference.ts';
import { fail } from '../problems/problem.ts';
import type { TrainingComparisonReport } from '../report/training/comparison.ts';
import { type ModelOptions, type Models, openAll } from './models.ts';

/** Training steps of models that are named, side by side. */

export interface CompareTrainingOptions extends ModelOptions, Omit<TrainingOptions, 'dtype'> {
  readonly dtype?: string | undefined;
  readonly by?: Grouping | undefined;
  /** Other ways to train, each as `checkpoint=block,optimizer=sgd`. */
  readonly against?: readonly string[] | undefined;
}

/** A word out of several. */
function oneOf<T extends string>(key: string, value: Value, known: readonly T[]): T {
  const found = known.find((word) => word === value);
  if (found === undefined) throw fail('UNKNOWN_CHOICE', { option: key, value: String(value), known });
  return found;
}

const patterns = (value: Value): string[] => [value].flat().map(String);

function flag(key: string, value: Value): boolean {
  if (typeof value !== 'boolean') throw fail('WRONG_VALUE', { key, value, expected: 'true or false' });
  return value;
}

/** What a setting of a step is made of, by its name. */
const SETTINGS: Readonly<Record<string, (value: Value, key: string) => TrainingOptions>> = {
  optimizer: (value, key) => ({ optimizer: oneOf<OptimizerName>(key, value, OPTIMIZER_NAMES) }),
  dtype: (value, key) => ({ dtype: trainingType(key, value) }),
  device: (value, key) => ({ device: oneOf(key, value, ['cpu', 'cuda'] as const) }),
  checkpoint: (value) => ({ checkpoint: String(value) }),
  freeze: (value) => ({ freeze: patterns(value) }),
  train: (value) => ({ train: patterns(value) }),
  input_gradient: (value, key) => ({ inputGradient: flag(key, value) }),
};

const trainingType = (key: string, value: Value): TrainingType => oneOf(key, value, Object.keys(TRAINING_TYPES) as TrainingType[]);

/** `checkpoint=block,optimizer=sgd` */
function parseWay(text: string): TrainingOptions {
  const settings = parseSettings(text, { option: '--against', example: 'checkpoint=block' });
  const names = settings.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined)
    throw fail('WRONG_VALUE', { key: '--against', value: text, expected: `settings that are given once: ${twice} is given twice` });
  const all = settings.map(([name, value]): TrainingOptions => {
    const make = Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined;
    if (make === undefined) throw fail('UNKNOWN_CHOICE', { option: '--against', value: name, known: Object.keys(SETTINGS) });
    return make(value, name);
  });
  return Object.assign({}, ...all) as TrainingOptions;
}

const FEW_LAYERS = 40;

/** Opens models and compares their training steps: each in every way that is asked for. */
export function compareTrainingReferences(
  references: readonly string[],
  { against = [], by, dtype, ...options }: CompareTrainingOptions,
  models: Models,
): TrainingComparisonReport {
  const usual: TrainingOptions = { ...options, ...(dtype !== undefined && { dtype: trainingType('--dtype', dtype) }) };
  const ways = [{ text: '', way: {} }, ...against.map((text) => ({ text, way: parseWay(text) }))];
  const compared = openAll(references, options, models).flatMap((graph) =>
    ways.map(
      ({ text, way }): ComparedTraining => ({
        name: text === '' ? graph.name : references.length > 1 ? `${graph.name}, ${text}` : text,
        training: train(graph, { ...usual, ...way }),
        settings: { ...usual, ...way },
        analysis: analyse(graph),
      }),
    ),
  );
  const [first, second] = compared;
  if (first === undefined || second === undefined)
    throw fail('WRONG_CALL', {
      message: 'A training step is compared with that of another model, or with itself under other settings: --against checkpoint=block',
      command: 'flopwise compare',
    });
  const grouping = by ?? (compared.every(({ training }) => training.rows.length <= FEW_LAYERS) ? 'layer' : 'block');
  return {
    compared,
    figures: compareTrainings(compared),
    by: grouping,
    pairs: compared.length === 2 ? alignTrainings(first, second, grouping) : [],
  };
}
