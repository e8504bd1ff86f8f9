import { conventions } from '../../analysis/conventions/registry.ts';
import { type Analysis, analyse } from '../../analysis/cost.ts';
import { draw } from '../../analysis/drawing/draw.ts';
import type { Drawing } from '../../analysis/drawing/drawing.ts';
import type { Kernels } from '../../execute/kernels.ts';
import { syntheticWeights } from '../../execute/synthetic-weights.ts';
import { verify } from '../../execute/verify.ts';
import { openModel, parseReference, zooModels } from '../../library/reference.ts';
import { exportOnnx } from '../../onnx/write/export.ts';
import { fail } from '../../problems/problem.ts';
import {
  type ComparisonReport,
  comparisonCsv,
  comparisonJson,
  comparisonMarkdown,
  comparisonText,
} from '../../report/comparison/comparison.ts';
import { comparisonBody, comparisonHtml } from '../../report/comparison/html.ts';
import { conventionsJson, conventionsMarkdown, conventionsText } from '../../report/conventions/conventions.ts';
import { costCsv } from '../../report/cost/csv.ts';
import { describeModel } from '../../report/cost/describe-model.ts';
import { costHtml, costTotals } from '../../report/cost/html.ts';
import { costJson } from '../../report/cost/json.ts';
import { costMarkdown, costText } from '../../report/cost/table.ts';
import { drawingDot } from '../../report/drawing/dot.ts';
import { drawingHtml } from '../../report/drawing/html.ts';
import { drawingMermaid } from '../../report/drawing/mermaid.ts';
import { drawingFile } from '../../report/drawing/svg.ts';
import { type Html, html, lines } from '../../report/html/html.ts';
import { htmlTable } from '../../report/html/html-table.ts';
import { readable, withUnit } from '../../report/kit/number.ts';
import { PLAIN, type Screen } from '../../report/kit/terminal.ts';
import { plotFigure } from '../../report/plots/figure.ts';
import { plotsHtml } from '../../report/plots/html.ts';
import { type Plot, plotsFile } from '../../report/plots/plot.ts';
import { PLOTS, type PlotName, plotsOf } from '../../report/plots/plots.ts';
import { countUnknown } from '../../report/problems/unknown.ts';
import { verificationHtml } from '../../report/verification/html.ts';
import { weightsJson, weightsMarkdown, weightsTable, weightsText } from '../../report/weights/weights.ts';
import { compareReferences } from '../../service/compare.ts';
import { openConvention } from '../../service/convention.ts';
import { explainModel } from '../../service/explain.ts';
import type { Models } from '../../service/models.ts';
import { blockFile, blockNames, type SpecFolder } from '../../spec/folder.ts';
import { readSpec } from '../../spec/model.ts';
import { writeSpec } from '../../spec/write.ts';
import { readGguf } from '../../weights/gguf.ts';
import { total } from '../../weights/name-tree.ts';
import { readSafetensors } from '../../weights/safetensors.ts';
import type { WeightFile } from '../../weights/weight-file.ts';
import type { PageState, View } from '../address.ts';
import { costOptions, costView, graphView, mapView } from './cost-view.ts';
import { type OpenFile, pageLibrary } from './files.ts';
import { controlsOf, countModel, type Named, nameModel, optionsOf } from './model.ts';
import { plainName } from './plain-name.ts';
import { shownProblem, shownProblems } from './problems.ts';
import type { Answer, AskedState, Catalogue, Controls, ExportFormat, Progress, Questions, SavedFile, ShownProblem } from './protocol.ts';
import { meaningAt, offersAt } from './schema-help.ts';

/** What the engine stands on: the page's worker, or a test. */
export interface Ground {
  readonly zoo: SpecFolder;
  readonly openFile: OpenFile;
  /** Milliseconds from some point on. */
  now(): number;
  /** What networks are run with, and what a person should know of it. */
  kernels(): { readonly kernels: Kernels; readonly note: string };
  /** Bytes that a run may take. */
  readonly memory: number;
  /** Told how far a run is. */
  progress(progress: Progress): void;
  /** Written into files. */
  readonly version: string;
}

/** Text of reports goes into a box as wide as this. */
const SCREEN: Screen = { ...PLAIN, columns: 110 };

/** A model that was counted, and how it is called. */
interface Counted {
  readonly state: PageState;
  readonly named: Named;
  readonly analysis: Analysis;
  readonly models: Models;
}

const textBox = (text: string): Html => html`<pre tabindex="0">${lines(text)}</pre>`;

/** The reference with its settings: what is compared with it has its own. */
const settled = ({ named: { reference }, state: { set } }: Counted): string => (set === '' ? reference : `${reference}:${set}`);

const namesIn = (text: string): string[] => text.split(/\s+/).filter((name) => name !== '');

function comparison(counted: Counted): ComparisonReport | undefined {
  const { state, models } = counted;
  const alone = settled(counted);
  const others = namesIn(state.against);
  // A model alone can be compared where a parameter is left open.
  if (others.length === 0 && !/=\?/.test(alone)) return undefined;
  const { batch, input } = optionsOf({ ...state, set: '' });
  const options = { ...(batch === undefined ? {} : { batch }), ...(input === undefined ? {} : { input }) };
  return compareReferences([alone, ...others], { ...options, factors: 'macs' }, models);
}

function explained({ named: { reference }, state, models }: Counted) {
  return explainModel(reference, { ...optionsOf(state), ...(state.figure === '' ? {} : { number: state.figure }) }, models);
}

const conventionsShown = ({ state: { convention }, models }: Counted) =>
  convention === '' ? conventions : [openConvention(convention, models)];

/** The model, and those that are named to stand beside it. */
function sideBySide({ analysis, state: { against }, models }: Counted): Analysis[] {
  return [analysis, ...namesIn(against).map((name) => analyse(openModel(parseReference(name), models.library)))];
}

const drawn = (counted: Counted): Drawing[] => {
  const { depth } = counted.state;
  return draw(sideBySide(counted), depth === '' ? {} : { depth });
};

function plotted(counted: Counted): { readonly analyses: readonly Analysis[]; readonly plots: readonly Plot[] } {
  const analyses = sideBySide(counted);
  return { analyses, plots: (Object.keys(PLOTS) as PlotName[]).flatMap((what) => plotsOf(what, analyses)) };
}

/** What each view shows of a model, and how many rows of it are left out. */
const VIEW: Readonly<Record<View, (counted: Counted, rows: number) => { html: Html; hidden: number }>> = {
  table: ({ analysis, state }, rows) => costView(analysis, state, rows),
  map: ({ analysis }) => ({ html: mapView(analysis), hidden: 0 }),
  graph: (counted) => ({ html: graphView(drawn(counted), { heat: counted.state.heat }), hidden: 0 }),
  plots: (counted) => ({ html: html`<div class="plots">${plotted(counted).plots.map(plotFigure)}</div>`, hidden: 0 }),
  compare: (counted) => {
    const report = comparison(counted);
    const html_ =
      report === undefined ? html`<p>Name a model to compare with, such as resnet34 or bottleneck:d=128.</p>` : comparisonBody(report);
    return { html: html_, hidden: 0 };
  },
  explain: (counted) => ({ html: textBox(explained(counted).table(SCREEN)), hidden: 0 }),
  conventions: (counted) => ({ html: textBox(conventionsText(conventionsShown(counted), {}, SCREEN)), hidden: 0 }),
  verify: ({ analysis: { rows, totals } }) => ({
    html: html`<p>Runs all ${rows.length} layers on made-up input and weights, counts every operation, and compares: ${withUnit(totals.macs, 'MAC')} to execute.</p>`,
    hidden: 0,
  }),
};

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

const isWeights = (model: string): boolean => /\.(safetensors|gguf)$/i.test(model);

function weightsOf({ state: { model }, files }: AskedState, { openFile }: Ground): WeightFile {
  const file = files.find(({ name }) => plainName(name) === model);
  if (file === undefined) throw fail('FILE_NOT_FOUND', { path: model });
  return (/\.gguf$/i.test(model) ? readGguf : readSafetensors)(openFile(file), model);
}

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
      hidden: Math.max(0, table.rows.length - asked.rows),
    };
    return { problems: [], controls: { ...NO_CONTROLS, file: model }, shown };
  } catch (error) {
    return { problems: shownProblems(error, model), controls: { ...NO_CONTROLS, file: model }, shown: undefined };
  }
}

const modelsOf = ({ state, files }: AskedState, { zoo, openFile }: Ground): Models => ({
  library: pageLibrary(state, files, zoo, openFile),
});

function countNetwork(asked: AskedState, ground: Ground): Omit<Answer, 'milliseconds'> {
  const { state, rows } = asked;
  const models = modelsOf(asked, ground);
  const named = nameModel(state, models);
  const tell = (analysis: Analysis | undefined): Controls => controlsOf(state, named, analysis, models, ground.zoo);
  let analysis: Analysis | undefined;
  try {
    analysis = countModel(state, named, models);
    const { name, totals } = analysis;
    const controls = tell(analysis);
    const { html: view, hidden } = VIEW[state.view]({ state, named, analysis, models }, rows);
    const shown = {
      name,
      about: describeModel(analysis),
      summary: `${name}: ${withUnit(totals.macs, 'MAC')}, ${readable(totals.parameters)} parameters, ${readable(totals.activations)} activations`,
      totals: costTotals(analysis, {}).text,
      view: view.text,
      hidden,
    };
    return { problems: warningsOf(analysis, controls.file), controls, shown };
  } catch (error) {
    const controls = tell(analysis);
    return { problems: shownProblems(error, controls.file), controls, shown: undefined };
  }
}

function count(asked: AskedState, ground: Ground): Answer {
  const start = ground.now();
  const answer = isWeights(asked.state.model) ? countWeights(asked, ground) : countNetwork(asked, ground);
  return { ...answer, milliseconds: ground.now() - start };
}

/** Whether a block can be counted alone. */
function hasExample(name: string, zoo: SpecFolder): boolean {
  const file = blockFile(zoo, name);
  return file !== undefined && readSpec(file, zoo).blocks.get(name)?.example !== undefined;
}

const catalogueOf = (zoo: SpecFolder): Catalogue => ({
  models: [
    ...zooModels(zoo).map(({ name, task }) => ({ name, group: task as string })),
    ...blockNames(zoo)
      .filter((name) => hasExample(name, zoo))
      .map((name) => ({ name, group: 'blocks' })),
  ],
  conventions: conventions.map(({ name }) => name),
});

type TextFormat = Exclude<ExportFormat, 'onnx' | 'onnx-weights' | 'spec'>;

/** The ways to write a result: those of the command line. */
type Writers<R> = Readonly<Partial<Record<TextFormat, (result: R) => string>>>;

const COST: Writers<Counted> = {
  csv: ({ analysis, state }) => costCsv([analysis], costOptions(state)),
  json: ({ analysis, state }) => costJson([analysis], costOptions(state)),
  markdown: ({ analysis, state }) => costMarkdown([analysis], costOptions(state)),
  html: ({ analysis, state }) => costHtml([analysis], costOptions(state)),
  text: ({ analysis, state }) => costText([analysis], costOptions(state), PLAIN),
};

const DRAWINGS: Writers<Counted> = {
  svg: (counted) => drawingFile(drawn(counted), counted.state),
  html: (counted) => drawingHtml(drawn(counted), counted.state),
  mermaid: (counted) => drawingMermaid(drawn(counted), counted.state),
  dot: (counted) => drawingDot(drawn(counted), counted.state),
};

const asReport = (counted: Counted): ComparisonReport => {
  const report = comparison(counted);
  if (report === undefined) throw fail('WRONG_VALUE', { key: 'compare with', value: '', expected: 'the name of a model' });
  return report;
};

const WRITERS: Readonly<Record<View, Writers<Counted>>> = {
  table: COST,
  map: COST,
  verify: COST,
  graph: DRAWINGS,
  plots: {
    svg: (counted) => plotsFile(plotted(counted).plots),
    html: (counted) => plotsHtml(plotted(counted).plots, plotted(counted).analyses),
  },
  compare: {
    csv: (counted) => comparisonCsv(asReport(counted)),
    json: (counted) => comparisonJson(asReport(counted)),
    markdown: (counted) => comparisonMarkdown(asReport(counted)),
    html: (counted) => comparisonHtml(asReport(counted)),
    text: (counted) => comparisonText(asReport(counted), {}, PLAIN),
  },
  explain: {
    json: (counted) => explained(counted).json(),
    markdown: (counted) => explained(counted).markdown(),
    text: (counted) => explained(counted).table(PLAIN),
  },
  conventions: {
    json: (counted) => conventionsJson(conventionsShown(counted)),
    markdown: (counted) => conventionsMarkdown(conventionsShown(counted)),
    text: (counted) => conventionsText(conventionsShown(counted), {}, PLAIN),
  },
};

const WEIGHTS: Writers<WeightFile> = {
  json: (file) => weightsJson(file, {}),
  markdown: (file) => weightsMarkdown(file, {}),
  text: (file) => weightsText(file, {}, PLAIN),
};

const ENDINGS: Readonly<Record<ExportFormat, readonly [ending: string, type: string]>> = {
  csv: ['.csv', 'text/csv'],
  json: ['.json', 'application/json'],
  markdown: ['.md', 'text/markdown'],
  html: ['.html', 'text/html'],
  text: ['.txt', 'text/plain'],
  svg: ['.svg', 'image/svg+xml'],
  mermaid: ['.mmd', 'text/plain'],
  dot: ['.dot', 'text/vnd.graphviz'],
  onnx: ['.onnx', 'application/octet-stream'],
  'onnx-weights': ['.onnx', 'application/octet-stream'],
  spec: ['.yaml', 'application/yaml'],
};

const SEED = 1;

function written<R>(writers: Writers<R>, format: TextFormat, result: R): readonly string[] {
  const write = writers[format];
  if (write === undefined)
    throw fail('UNKNOWN_CHOICE', { option: 'Save as', value: format, known: [...Object.keys(writers), 'onnx', 'onnx-weights', 'spec'] });
  return [`${write(result)}\n`];
}

function partsOf(asked: Questions['export']['asked'], ground: Ground): { name: string; parts: SavedFile['parts'] } {
  const { state, format } = asked;
  if (isWeights(state.model)) return { name: state.model, parts: written(WEIGHTS, format as TextFormat, weightsOf(asked, ground)) };
  const models = modelsOf(asked, ground);
  const named = nameModel(state, models);
  const analysis = countModel(state, named, models);
  const { graph, name } = analysis;
  if (format === 'spec') return { name, parts: [writeSpec(graph)] };
  if (format !== 'onnx' && format !== 'onnx-weights')
    return { name, parts: written(WRITERS[state.view], format, { state, named, analysis, models }) };
  const { model } = exportOnnx(graph, {
    elementsOf: syntheticWeights(graph, SEED),
    placement: format === 'onnx' ? 'nowhere' : 'inside',
    dataFile: `${name}.onnx.data`,
    version: ground.version,
  });
  return { name, parts: [...model.chunks()] };
}

function exported(asked: Questions['export']['asked'], ground: Ground): Questions['export']['answer'] {
  try {
    const { name, parts } = partsOf(asked, ground);
    const [ending, type] = ENDINGS[asked.format];
    return { name: `${name.replaceAll(/[^\w.-]/g, '_')}${ending}`, type, parts };
  } catch (error) {
    return { problems: shownProblems(error, asked.state.model) };
  }
}

function verified(asked: AskedState, ground: Ground): Questions['verify']['answer'] {
  try {
    const models = modelsOf(asked, ground);
    const { kernels, note } = ground.kernels();
    const { graph } = countModel(asked.state, nameModel(asked.state, models), models);
    const of = graph.nodes.length;
    const options = { seed: SEED, memory: ground.memory, kernels };
    const verification = verify(graph, options, ({ path }, done) => ground.progress({ layer: path, done, of }));
    return { html: verificationHtml(verification).text, holds: verification.holds, note };
  } catch (error) {
    return { problems: shownProblems(error, asked.state.model) };
  }
}

/** Answers to all that the page asks. */
export const answers: { readonly [Q in keyof Questions]: (asked: Questions[Q]['asked'], ground: Ground) => Questions[Q]['answer'] } = {
  count,
  catalogue: (_, { zoo }) => catalogueOf(zoo),
  export: exported,
  verify: verified,
  complete: ({ text, offset }) => offersAt(text, offset),
  hover: ({ text, offset }) => meaningAt(text, offset),
};
