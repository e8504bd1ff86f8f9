import type { Analysis } from '../../analysis/cost.ts';
import { describeModel } from '../../report/cost/describe-model.ts';
import { costTotals } from '../../report/cost/html.ts';
import { htmlTable } from '../../report/html/html-table.ts';
import { readable, withUnit } from '../../report/kit/number.ts';
import { countUnknown } from '../../report/problems/unknown.ts';
import { weightsTable } from '../../report/weights/weights.ts';
import type { Models } from '../../service/models.ts';
import { total } from '../../weights/name-tree.ts';
import type { View } from './counted.ts';
import type { Ground } from './ground.ts';
import { madeOf } from './made.ts';
import { controlsOf, countModel, modelsOf, nameModel } from './model.ts';
import { shownProblem, shownProblems } from './problems.ts';
import type { Answer, AskedState, Controls, ShownProblem, TextFormat } from './protocol.ts';
import { loadView } from './views.ts';
import { isWeights, weightsOf } from './weights.ts';

function warningsOf({ graph }: Analysis, file: string): ShownProblem[] {
  const { warnings = [], unknown = [] } = graph;
  const lacking: ShownProblem[] =
    unknown.length === 0
      ? []
      : [
          {
            code: 'UNKNOWN_OPERATORS',
            message: `${countUnknown(unknown)} not known, and counted as nothing: ${unknown.map(({ operator }) => operator).join(', ')}. The totals lack what these cost.`,
            place: file,
            isWarning: true,
          },
        ];
  return [...lacking, ...warnings.map((problem) => shownProblem(problem, file, true))];
}

const WEIGHT_FORMATS: readonly TextFormat[] = ['json', 'markdown', 'text'];

const NO_CONTROLS: Controls = { text: undefined, file: '', parts: [], part: '', parameters: [], inputs: [] };

/** Headers of weights have no layers: their table is all there is. */
function countWeights(asked: AskedState, ground: Ground): Omit<Answer, 'milliseconds'> {
  const { model } = asked.state;
  try {
    const file = weightsOf(asked, ground);
    const { elements, bytes } = total(file.tensors);
    const table = weightsTable(file, {});
    const about = `${file.tensors.length} tensors · ${withUnit(bytes, 'B')}`;
    const shown = {
      name: model,
      about,
      summary: `${model}: ${readable(elements)} parameters, ${about}`,
      totals: '',
      view: htmlTable({ ...table, rows: table.rows.slice(0, asked.rows) }, { caption: `What ${model} holds` }).text,
      formats: WEIGHT_FORMATS,
      hidden: Math.max(0, table.rows.length - asked.rows),
    };
    return { problems: [], controls: { ...NO_CONTROLS, file: model }, shown };
  } catch (error) {
    return { problems: shownProblems(error, model), controls: { ...NO_CONTROLS, file: model }, shown: undefined };
  }
}

function countNetwork(asked: AskedState, ground: Ground, models: Models, view: View): Omit<Answer, 'milliseconds'> {
  const { state, rows } = asked;
  const named = nameModel(state, models);
  const tell = (analysis: Analysis | undefined): Controls => controlsOf(state, named, analysis, models, ground.zoo);
  let analysis: Analysis | undefined;
  try {
    analysis = countModel(state, named, models);
    const { name, totals } = analysis;
    const controls = tell(analysis);
    const { html, hidden = 0 } = view.show({ state, named, analysis, models, made: madeOf(asked, ground) }, rows);
    const shown = {
      name,
      about: describeModel(analysis),
      summary: `${name}: ${withUnit(totals.macs, 'MAC')}, ${readable(totals.parameters)} parameters, ${readable(totals.activations)} activations`,
      totals: costTotals(analysis, {}).text,
      view: html.text,
      formats: Object.keys(view.formats) as TextFormat[],
      hidden,
    };
    return { problems: warningsOf(analysis, controls.file), controls, shown };
  } catch (error) {
    const controls = tell(analysis);
    return { problems: shownProblems(error, controls.file), controls, shown: undefined };
  }
}

/** Counts what is asked for. What a view needs is loaded first, and is not timed. */
export async function count(asked: AskedState, ground: Ground): Promise<Answer> {
  const [models, view] = await Promise.all([modelsOf(asked, ground), loadView(asked.state.view)]);
  const start = ground.now();
  const answer = isWeights(asked.state.model) ? countWeights(asked, ground) : countNetwork(asked, ground, models, view);
  return { ...answer, milliseconds: ground.now() - start };
}
