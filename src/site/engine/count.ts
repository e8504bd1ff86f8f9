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
import type { Answer, AskedState, Controls, ShownProblem, Tell, TextFormat, Totals } from './protocol.ts';
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

/** A model that was counted, and how it is shown. */
interface CountedModel {
  readonly totals: Omit<Totals, 'milliseconds'>;
  readonly warnings: readonly ShownProblem[];
  show(view: View): NonNullable<Answer['shown']>;
}

/** A model that could not be counted: why, and what can be set of it. */
type Failed = Pick<Answer, 'problems' | 'controls'>;

/** Headers of weights have no layers: their table is all there is. */
function countWeights(asked: AskedState, ground: Ground): CountedModel | Failed {
  const { model } = asked.state;
  const controls = { ...NO_CONTROLS, file: model };
  try {
    const file = weightsOf(asked, ground);
    const { elements, bytes } = total(file.tensors);
    const about = `${file.tensors.length} tensors · ${withUnit(bytes, 'B')}`;
    return {
      totals: { controls, name: model, about, summary: `${model}: ${readable(elements)} parameters, ${about}`, totals: '' },
      warnings: [],
      show() {
        const table = weightsTable(file, {});
        return {
          view: htmlTable({ ...table, rows: table.rows.slice(0, asked.rows) }, { caption: `What ${model} holds` }).text,
          formats: WEIGHT_FORMATS,
          hidden: Math.max(0, table.rows.length - asked.rows),
        };
      },
    };
  } catch (error) {
    return { problems: shownProblems(error, model), controls };
  }
}

function countNetwork(asked: AskedState, ground: Ground, models: Models): CountedModel | Failed {
  const { state, rows } = asked;
  const named = nameModel(state, models);
  const tell = (analysis: Analysis | undefined): Controls => controlsOf(state, named, analysis, models, ground.zoo);
  try {
    const analysis = countModel(state, named, models);
    const { name, totals } = analysis;
    const controls = tell(analysis);
    return {
      totals: {
        controls,
        name,
        about: describeModel(analysis),
        summary: `${name}: ${withUnit(totals.macs, 'MAC')}, ${readable(totals.parameters)} parameters, ${readable(totals.activations)} activations`,
        totals: costTotals(analysis, {}).text,
      },
      warnings: warningsOf(analysis, controls.file),
      show(view) {
        const { html, hidden = 0 } = view.show({ state, named, analysis, models, made: madeOf(asked, ground) }, rows);
        return { view: html.text, formats: Object.keys(view.formats) as TextFormat[], hidden };
      },
    };
  } catch (error) {
    const controls = tell(undefined);
    return { problems: shownProblems(error, controls.file), controls };
  }
}

/** Counts what is asked for, tells the totals at once, and shows the model as it is asked for. */
export async function count(asked: AskedState, ground: Ground, tell?: Tell<'count'>): Promise<Answer> {
  const models = await modelsOf(asked, ground);
  const start = ground.now();
  const counted = isWeights(asked.state.model) ? countWeights(asked, ground) : countNetwork(asked, ground, models);
  if (!('totals' in counted)) return { ...counted, shown: undefined };
  tell?.({ ...counted.totals, milliseconds: ground.now() - start });
  const { controls } = counted.totals;
  try {
    return { problems: counted.warnings, controls, shown: counted.show(await loadView(asked.state.view)) };
  } catch (error) {
    return { problems: shownProblems(error, controls.file), controls, shown: undefined };
  }
}
