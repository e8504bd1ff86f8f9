import { syntheticWeights } from '../../execute/synthetic-weights.ts';
import { exportOnnx } from '../../onnx/write/export.ts';
import { fail } from '../../problems/problem.ts';
import { PLAIN } from '../../report/kit/terminal.ts';
import { weightsJson, weightsMarkdown, weightsText } from '../../report/weights/weights.ts';
import { writeSpec } from '../../spec/write.ts';
import type { WeightFile } from '../../weights/weight-file.ts';
import type { Writers } from './counted.ts';
import type { Ground } from './ground.ts';
import { madeOf } from './made.ts';
import { countModel, modelsOf, nameModel } from './model.ts';
import { shownProblems } from './problems.ts';
import type { Questions, SavedFile, TextFormat } from './protocol.ts';
import { fileOf } from './saved-file.ts';
import { loadView } from './views.ts';
import { isWeights, weightsOf } from './weights.ts';

const WEIGHTS: Writers<WeightFile> = {
  json: (file) => weightsJson(file, {}),
  markdown: (file) => weightsMarkdown(file, {}),
  text: (file) => weightsText(file, {}, PLAIN),
};

const SEED = 1;

function written<R>(writers: Writers<R>, format: TextFormat, result: R): readonly string[] {
  const write = writers[format];
  if (write === undefined)
    throw fail('UNKNOWN_CHOICE', { option: 'Save as', value: format, known: [...Object.keys(writers), 'onnx', 'onnx-weights', 'spec'] });
  return [`${write(result)}\n`];
}

async function partsOf(asked: Questions['export']['asked'], ground: Ground): Promise<{ name: string; parts: SavedFile['parts'] }> {
  const { state, format } = asked;
  if (isWeights(state.model)) return { name: state.model, parts: written(WEIGHTS, format as TextFormat, weightsOf(asked, ground)) };
  const models = await modelsOf(asked, ground);
  const named = nameModel(state, models);
  const analysis = countModel(state, named, models);
  const { graph, name } = analysis;
  if (format === 'spec') return { name, parts: [writeSpec(graph)] };
  if (format !== 'onnx' && format !== 'onnx-weights') {
    const { formats } = await loadView(state.view);
    return { name, parts: written(formats, format, { state, named, analysis, models, made: madeOf(asked, ground) }) };
  }
  const { model } = exportOnnx(graph, {
    elementsOf: syntheticWeights(graph, SEED),
    placement: format === 'onnx' ? 'nowhere' : 'inside',
    dataFile: `${name}.onnx.data`,
    version: ground.version,
  });
  return { name, parts: [...model.chunks()] };
}

/** A file to save. */
export async function exported(asked: Questions['export']['asked'], ground: Ground): Promise<Questions['export']['answer']> {
  try {
    const { name, parts } = await partsOf(asked, ground);
    return { ...fileOf(name, asked.format), parts };
  } catch (error) {
    return { problems: shownProblems(error, asked.state.model) };
  }
}
