import { PLAIN } from '../../../report/kit/terminal.ts';
import { explainModel } from '../../../service/explain.ts';
import { type Counted, SCREEN, textBox, type View } from '../counted.ts';
import { optionsOf } from '../model.ts';

const explained = ({ named: { reference }, state, models }: Counted) =>
  explainModel(reference, { ...optionsOf(state), ...(state.figure === '' ? {} : { number: state.figure }) }, models);

export const view: View = {
  show: (counted) => ({ html: textBox(explained(counted).table(SCREEN)) }),
  formats: {
    json: (counted) => explained(counted).json(),
    markdown: (counted) => explained(counted).markdown(),
    text: (counted) => explained(counted).table(PLAIN),
  },
};
