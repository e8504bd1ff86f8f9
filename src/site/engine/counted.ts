import { type Analysis, analyse } from '../../analysis/cost.ts';
import { openModel, parseReference } from '../../library/reference.ts';
import type { ComparisonReport } from '../../report/comparison/comparison.ts';
import { type Html, html, lines } from '../../report/html/html.ts';
import type { Made } from '../../report/html/made.ts';
import { PLAIN, type Screen } from '../../report/kit/terminal.ts';
import { compareReferences } from '../../service/compare.ts';
import type { Models } from '../../service/models.ts';
import type { PageState } from '../address.ts';
import { type Named, optionsOf } from './model.ts';
import type { TextFormat } from './protocol.ts';

/** A model that was counted, and how it is called. */
export interface Counted {
  readonly state: PageState;
  readonly named: Named;
  readonly analysis: Analysis;
  readonly models: Models;
  /** What its reports come from. */
  readonly made: Made;
}

/** The ways to write a result: those of the command line. */
export type Writers<R> = Readonly<Partial<Record<TextFormat, (result: R) => string>>>;

/** One of the ways to look at a model: what it shows, of so many rows at most, and how it is saved. */
export interface View {
  /** `hidden`: how many rows are left out. */
  show(counted: Counted, rows: number): { readonly html: Html; readonly hidden?: number };
  readonly formats: Writers<Counted>;
}

/** Text of reports goes into a box as wide as this. */
export const SCREEN: Screen = { ...PLAIN, columns: 110 };

export const textBox = (text: string): Html => html`<pre tabindex="0">${lines(text)}</pre>`;

export const namesIn = (text: string): string[] => text.split(/\s+/).filter((name) => name !== '');

/** The reference with its settings: what is compared with it has its own. */
export const settled = ({ named: { reference }, state: { set } }: Counted): string => (set === '' ? reference : `${reference}:${set}`);

/** What the model is compared with. */
export const others = ({ state: { against }, models }: Counted): Analysis[] =>
  namesIn(against).map((name) => analyse(openModel(parseReference(name), models.library)));

/** The model, and those that are named to stand beside it. */
export const sideBySide = (counted: Counted): Analysis[] => [counted.analysis, ...others(counted)];

export function comparison(counted: Counted): ComparisonReport | undefined {
  const { state, models } = counted;
  const alone = settled(counted);
  const names = namesIn(state.against);
  // A model alone can be compared where a parameter is left open.
  if (names.length === 0 && !/=\?/.test(alone)) return undefined;
  const { batch, input } = optionsOf({ ...state, set: '' });
  const options = { ...(batch === undefined ? {} : { batch }), ...(input === undefined ? {} : { input }) };
  return compareReferences([alone, ...names], { ...options, factors: 'macs' }, models);
}
