import { html } from '../../../report/html/html.ts';
import { toJson } from '../../../report/kit/json-text.ts';
import { PLAIN } from '../../../report/kit/terminal.ts';
import { type SolutionReport, solutionJson, solutionText } from '../../../report/solution/solution.ts';
import { solveReference } from '../../../service/solve/solve.ts';
import { type Counted, SCREEN, settled, textBox, type View } from '../counted.ts';
import { optionsOf } from '../model.ts';

function solved(counted: Counted): SolutionReport {
  const { state, models } = counted;
  const { solve, metric, target } = state;
  const { batch, input, dim } = optionsOf({ ...state, set: '' });
  const given = { ...(batch !== undefined && { batch }), ...(input !== undefined && { input }), ...(dim !== undefined && { dim }) };
  return solveReference(settled(counted), { ...given, param: [solve], metric, [metric]: target }, models);
}

/** The value of a parameter at which a cost meets a target. */
export const view: View = {
  show(counted) {
    const { solve, target } = counted.state;
    return {
      html:
        solve === '' || target === ''
          ? html`<p>Name a parameter of the model, or batch, and a target, such as <= 2G: the value that meets it is found.</p>`
          : textBox(solutionText(solved(counted), SCREEN)),
    };
  },
  formats: {
    json: (counted) => toJson(solutionJson(solved(counted))),
    text: (counted) => solutionText(solved(counted), PLAIN),
  },
};
