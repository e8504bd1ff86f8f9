import './site.css';
import { ELEMENT_BYTES, WEIGHT_BITS } from '../../analysis/memory.ts';
import { CHECKPOINTS } from '../../analysis/training/checkpoints.ts';
import { TRAINING_TYPES } from '../../analysis/training/memory.ts';
import { OPTIMIZER_NAMES } from '../../analysis/training/optimizers.ts';
import { SOLVABLE } from '../../service/solve/options.ts';
import { type ExtraColumn, type PageState, readAddress, START, type View, writeAddress } from '../address.ts';
import type { Answer, Catalogue, Controls, ExportFormat, Progress, ShownProblem, TextFormat, Totals } from '../engine/protocol.ts';
import { fileOf } from '../engine/saved-file.ts';
import { openDropped } from './dropped.ts';
import { element, make } from './elements.ts';
import { EngineClient } from './engine-client.ts';
import { remember, remembered } from './memory.ts';
import { parameterFields } from './parameters.ts';
import { plainEditor, type TextEditor } from './text-editor.ts';

/** The page: its state, what is asked of the engine when that changes, and what is shown of the answer. */

const zoo = element('zoo', HTMLSelectElement);
const part = element('part', HTMLSelectElement);
const view = element('view', HTMLElement);
const status = element('status', HTMLElement);
const more = element('more', HTMLButtonElement);
const convention = element('convention', HTMLSelectElement);
const difference = element('difference', HTMLInputElement);
const formats = element('format', HTMLSelectElement);

/** Rows that are shown at once: more take longer to lay out than to count. */
const ROWS = 400;
/** Milliseconds after which a count gives way to a newer one. */
const PATIENCE = 1500;

let state: PageState = START;
let files: readonly File[] = [];
let rows = ROWS;
let controls: Controls | undefined;
let editor: TextEditor = plainEditor(element('text', HTMLTextAreaElement), edited);

const say = (text: string): void => {
  status.textContent = text;
};

const note = (notes: readonly string[]): void =>
  element('notes', HTMLElement).replaceChildren(...notes.map((text) => make('p', { textContent: text })));

const engine = new EngineClient((message) => note([`Counting stopped (${message || 'out of memory'}). Change the model to start anew.`]));

// State

function change(changed: Partial<PageState>): void {
  state = { ...state, ...changed };
  // The engine counts while the page shows what changed.
  count();
  showState();
  keep();
}

/** Another model: what was set of the one before does not hold for it. */
function open(changed: Partial<PageState>): void {
  rows = ROWS;
  change({ text: undefined, part: '', set: '', input: '', batch: '', dim: '', sort: '', ...changed });
}

let keeping: ReturnType<typeof setTimeout> | undefined;

/** The address follows the state, a little later. */
function keep(): void {
  clearTimeout(keeping);
  keeping = setTimeout(() => {
    void writeAddress(state).then((address) => {
      history.replaceState(null, '', `#${address}`);
      const isKept = remember(address);
      element('unkept', HTMLElement).hidden = isKept;
    });
  }, 150);
}

const isFile = (model: string): boolean => /\.(onnx|safetensors|gguf)$/i.test(model);

async function readLink(hash: string): Promise<void> {
  const { state: read, notes } = await readAddress(hash);
  const isMissing = isFile(read.model) && !files.some(({ name }) => name === read.model);
  note(
    isMissing
      ? [...notes, `This link is about the file ${read.model}, which is not in it: files stay on their machine. Open or drop it here.`]
      : notes,
  );
  rows = ROWS;
  change(read);
}

// Counting

let isCounting = false;
let isWanted = false;
let since = 0;

/** Counts the state as it is now. While one count runs, only the last state that comes up is counted next. */
function count(): void {
  isWanted = true;
  if (!isCounting) void countWanted();
  else if (performance.now() - since > PATIENCE) engine.stop();
}

async function countWanted(): Promise<void> {
  isCounting = true;
  while (isWanted) {
    isWanted = false;
    since = performance.now();
    const slow = setTimeout(() => say('Counting…'), 400);
    const answer = await engine.ask('count', { state, files, rows }, showTotals);
    clearTimeout(slow);
    if (status.textContent === 'Counting…') say('');
    if (answer !== undefined) showAnswer(answer);
  }
  isCounting = false;
}

// What is shown

const tabs: readonly HTMLButtonElement[] = [...element('tabs', HTMLElement).querySelectorAll('button')];

const viewOf = ({ id }: HTMLElement): View => id.replace('tab-', '') as View;

/** What a person is writing in stays as it is. */
function setValue(field: HTMLInputElement | HTMLSelectElement, value: string): void {
  if (document.activeElement !== field || field instanceof HTMLSelectElement) field.value = value;
}

const FIELDS = ['input', 'batch', 'dim', 'against', 'figure', 'checkpoint', 'prompt', 'fresh', 'limits', 'solve', 'target'] as const;
const CHOICES = ['by', 'depth', 'heat', 'convention', 'optimizer', 'precision', 'metric', 'stored', 'storedWeights'] as const;

function showState(): void {
  for (const field of FIELDS) setValue(element(field, HTMLInputElement), state[field]);
  for (const choice of CHOICES) setValue(element(choice, HTMLSelectElement), state[choice]);
  difference.checked = state.difference !== '';
  setValue(zoo, state.text === undefined ? state.model : '');
  for (const box of element('columns', HTMLElement).querySelectorAll('input'))
    box.checked = state.columns.includes(box.value as ExtraColumn);
  for (const tab of tabs) {
    const isChosen = viewOf(tab) === state.view;
    tab.ariaSelected = String(isChosen);
    tab.tabIndex = isChosen ? 0 : -1;
  }
  view.setAttribute('aria-labelledby', `tab-${state.view}`);
  for (const option of element('options', HTMLElement).querySelectorAll<HTMLElement>('[data-views]'))
    option.hidden = !option.dataset.views?.split(' ').includes(state.view);
}

function problemItem({ code, message, place, isWarning, span }: ShownProblem): HTMLElement {
  const item = make('li', { className: isWarning ? 'warning' : '' });
  if (span === undefined) item.append(make('span', { className: 'place', textContent: place === '' ? code : `${place} · ${code}` }));
  else {
    const jump = make('button', { type: 'button', className: 'jump', textContent: place });
    jump.addEventListener('click', () => editor.goTo(span.line, span.column));
    item.append(jump, make('span', { className: 'place', textContent: ` · ${code}` }));
  }
  item.append(make('br'), message);
  return item;
}

/** Words to choose from, unless they are there already. */
function showOptions(into: HTMLSelectElement | HTMLDataListElement, words: readonly string[]): void {
  if (words.join('\n') === [...into.options].map(({ value }) => value).join('\n')) return;
  into.replaceChildren(...words.map((name) => make('option', { value: name, textContent: name })));
}

function showControls(now: Controls): void {
  controls = now;
  if (state.text !== undefined && now.parts.length > 0) state = { ...state, part: now.part };
  const field = element('part-field', HTMLElement);
  field.hidden = now.parts.length < 2;
  showOptions(part, now.parts);
  part.value = now.part;
  showParameters(now.parameters);
  const solvable = [...now.parameters.filter(({ kind }) => kind === 'number').map(({ name }) => name), 'batch'];
  showOptions(element('solvable', HTMLDataListElement), solvable);
  element('input', HTMLInputElement).placeholder = now.inputs
    .map(({ name, shape }) => (now.inputs.length > 1 ? `${name}=${shape}` : shape))
    .join(';');
  element('dim-field', HTMLElement).hidden = !/\.onnx$/i.test(state.model);
  editor.setReadOnly(now.text === undefined);
  if (state.text === undefined) editor.setText(now.text ?? '');
  else if (editor.text() !== state.text) editor.setText(state.text);
}

/** Puts the header of the column that rows are sorted by in its state, and the focus back on it. */
function markSorted(): void {
  const column = state.sort.replace(/^-/, '');
  for (const header of view.querySelectorAll<HTMLElement>('thead th')) {
    if (column === '' || header.textContent !== column) continue;
    const isNumber = header.classList.contains('number');
    header.ariaSort = state.sort.startsWith('-') === isNumber ? 'ascending' : 'descending';
  }
}

/** Puts HTML into an element, unless it is there already: what does not change need not be laid out again. */
const shownHtml = new WeakMap<Element, string>();
function showHtml(into: Element, text: string): boolean {
  if (shownHtml.get(into) === text) return false;
  shownHtml.set(into, text);
  into.innerHTML = text;
  return true;
}

/** A text that is read out is not written again where it stays the same. */
function showText(id: string, text: string): void {
  const into = element(id, HTMLElement);
  if (into.textContent !== text) into.textContent = text;
}

let shownProblems: readonly ShownProblem[] = [];

function showProblems(problems: readonly ShownProblem[]): void {
  if (problems.length + shownProblems.length === 0) return;
  shownProblems = problems;
  element('problems', HTMLElement).replaceChildren(...problems.map(problemItem));
  editor.showProblems(problems);
}

const FORMAT_NAMES: Readonly<Record<ExportFormat, string>> = {
  csv: 'CSV',
  json: 'JSON',
  markdown: 'Markdown',
  html: 'HTML',
  text: 'text',
  svg: 'SVG',
  mermaid: 'Mermaid',
  dot: 'Graphviz',
  latex: 'LaTeX',
  junit: 'JUnit',
  sarif: 'SARIF',
  gitlab: 'GitLab code quality',
  github: 'GitHub annotations',
  summary: 'GitHub summary',
  onnx: 'ONNX, shapes only',
  'onnx-weights': 'ONNX with made-up weights',
  spec: 'spec without blocks',
};

/** What the view is saved as, and the network itself. */
function showFormats(offered: readonly ExportFormat[]): void {
  const all: readonly ExportFormat[] =
    isFile(state.model) && !/\.onnx$/i.test(state.model) ? offered : [...offered, 'onnx', 'onnx-weights', 'spec'];
  if (all.join() === [...formats.options].map(({ value }) => value).join()) return;
  const chosen = formats.value;
  formats.replaceChildren(...all.map((value) => make('option', { value, textContent: FORMAT_NAMES[value], selected: value === chosen })));
}

/** The numbers come first; what is drawn of the model follows with the answer. */
function showTotals({ name, about, summary, totals, milliseconds }: Totals): void {
  showHtml(element('totals', HTMLElement), totals);
  showText('name', name);
  showText('about', about);
  showText('summary', summary);
  showText('time', `Counted in ${milliseconds.toFixed(1)} ms.`);
  document.title = `${name} · flopwise playground`;
}

function showAnswer({ problems, controls: now, shown }: Answer): void {
  // Read before anything is written: a layout in between would take longer than a count.
  const scrolled = view.querySelector('.scroll')?.scrollLeft ?? 0;
  showControls(now);
  showProblems(problems);
  const result = document.querySelector('.result');
  result?.classList.toggle('stale', shown === undefined);
  if (shown === undefined) return;
  const focused = document.activeElement?.closest('#view thead th')?.textContent;
  const isNew = showHtml(view, shown.view);
  if (state.view === 'verify' && verified.parentElement !== view) view.append(verified);
  showFormats(shown.formats);
  more.hidden = shown.hidden === 0;
  more.textContent = `Show ${shown.hidden.toLocaleString('en')} more rows`;
  if (isNew) markSorted();
  if (isNew && scrolled > 0) view.querySelector('.scroll')?.scrollTo(scrolled, 0);
  if (isNew && focused !== undefined && focused !== null)
    for (const header of view.querySelectorAll('thead th')) if (header.textContent === focused) header.querySelector('button')?.focus();
}

// The text of the spec

/** The text was edited: that of the zoo becomes a person's own. */
function edited(text: string): void {
  const isOwn = state.text !== undefined;
  const file = controls?.file.split('/').at(-1) ?? 'spec.yaml';
  change(isOwn ? { text } : { text, model: file === '' ? 'spec.yaml' : file, part: controls?.part ?? '' });
}

/** The better editor takes the place of the plain field when it has loaded. */
async function loadEditor(): Promise<void> {
  const { codeEditor } = await import('./code-editor.ts');
  const better = codeEditor(element('editor', HTMLElement), editor.text(), edited, {
    complete: (text, offset) => engine.ask('complete', { text, offset }),
    hover: (text, offset) => engine.ask('hover', { text, offset }),
  });
  editor = better;
  editor.setReadOnly(controls?.text === undefined);
  editor.showProblems(shownProblems);
}

// Parameters and settings

const showParameters = parameterFields(element('parameters', HTMLElement), (name, value) => {
  const given = new Map(setEntries(state.set));
  if (value === '') given.delete(name);
  else given.set(name, value);
  change({ set: [...given].map((entry) => entry.join('=')).join(',') });
});

/** `classes=10,depths=[2,2]` as entries. */
const setEntries = (text: string): [string, string][] =>
  text
    .split(/,(?=\s*[A-Za-z_]\w*\s*=)/)
    .filter((entry) => entry.includes('='))
    .map((entry) => [entry.slice(0, entry.indexOf('=')).trim(), entry.slice(entry.indexOf('=') + 1)]);

for (const field of FIELDS) {
  const input = element(field, HTMLInputElement);
  input.addEventListener('input', () => change({ [field]: input.value.trim() }));
}
for (const choice of CHOICES) {
  const select = element(choice, HTMLSelectElement);
  // Rows of another kind have other columns.
  select.addEventListener('change', () => change({ [choice]: select.value, ...(choice === 'by' && { sort: '' }) }));
}
difference.addEventListener('change', () => change({ difference: difference.checked ? 'yes' : '' }));
zoo.addEventListener('change', () => zoo.value !== '' && open({ model: zoo.value }));
part.addEventListener('change', () => change({ part: part.value, set: '' }));
element('columns', HTMLElement).addEventListener('change', () => {
  const boxes = element('columns', HTMLElement).querySelectorAll('input');
  change({ columns: [...boxes].filter(({ checked }) => checked).map(({ value }) => value as ExtraColumn) });
});
more.addEventListener('click', () => {
  rows = Number.MAX_SAFE_INTEGER;
  count();
});

// Views

for (const [index, tab] of tabs.entries()) {
  tab.addEventListener('click', () => change({ view: viewOf(tab) }));
  tab.addEventListener('keydown', ({ key }) => {
    const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
    const next = tabs[(index + step + tabs.length) % tabs.length];
    if (step === 0 || next === undefined) return;
    next.focus();
    change({ view: viewOf(next) });
  });
}

view.addEventListener('click', ({ target }) => {
  const header = target instanceof Element ? target.closest('thead th') : null;
  if (header === null || state.view !== 'table') return;
  const column = header.textContent ?? '';
  const next = state.sort === column ? `-${column}` : state.sort === `-${column}` ? '' : column;
  change({ sort: next });
});

// Files

async function openFiles(given: readonly File[]): Promise<void> {
  if (given.length === 0) return;
  const names = new Set(given.map(({ name }) => name));
  files = [...files.filter(({ name }) => !names.has(name)), ...given];
  const dropped = await openDropped(given);
  if (dropped.kind === 'none') return note([dropped.reason]);
  note([]);
  open(dropped.kind === 'text' ? { model: dropped.model, text: dropped.text, view: 'table' } : { model: dropped.model, view: 'table' });
}

const chooser = element('files', HTMLInputElement);
element('open', HTMLButtonElement).addEventListener('click', () => chooser.click());
chooser.addEventListener('change', () => {
  void openFiles([...(chooser.files ?? [])]);
  chooser.value = '';
});
addEventListener('dragover', (event) => {
  event.preventDefault();
  document.body.classList.add('dropping');
});
addEventListener('dragleave', ({ relatedTarget }) => {
  if (relatedTarget === null) document.body.classList.remove('dropping');
});
addEventListener('drop', (event) => {
  event.preventDefault();
  document.body.classList.remove('dropping');
  void openFiles([...(event.dataTransfer?.files ?? [])]);
});

// Saving

/** Asks the browser to save a file. */
function save(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  make('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

async function saveAs(format: ExportFormat): Promise<void> {
  const ready = state.view === 'verify' ? runTexts[format as TextFormat] : undefined;
  if (ready !== undefined) {
    const { name, type } = fileOf(controls?.part || state.model, format);
    save(name, new Blob([`${ready}\n`], { type }));
    return say(`Saved ${name}.`);
  }
  say('Writing…');
  const saved = await engine.ask('export', { state, files, rows, format });
  if (saved === undefined) return say('');
  if ('problems' in saved) return say(saved.problems.map(({ message }) => message).join(' '));
  save(saved.name, new Blob(saved.parts as BlobPart[], { type: saved.type }));
  say(`Saved ${saved.name}.`);
}

element('save', HTMLButtonElement).addEventListener('click', () => void saveAs(formats.value as ExportFormat));
element('link', HTMLButtonElement).addEventListener('click', () => void copyLink());

async function copyLink(): Promise<void> {
  const link = `${location.href.split('#')[0]}#${await writeAddress(state)}`;
  try {
    await navigator.clipboard.writeText(link);
    say('The link is copied.');
  } catch {
    say('The browser does not let the page copy: the link is in the address bar.');
  }
}

// Verification, in a worker of its own: counting goes on beside it.

const verified = make('div', { id: 'verified' });
/** What the command line would write of the last run. */
let runTexts: Readonly<Partial<Record<TextFormat, string>>> = {};
const run = element('run', HTMLButtonElement);
const cancel = element('cancel', HTMLButtonElement);
const progress = element('progress', HTMLProgressElement);
const running = element('running', HTMLElement);

const verifier = new EngineClient((message) => {
  running.textContent = `The run stopped (${message || 'out of memory'}).`;
});

function showProgress({ layer, done, of }: Progress): void {
  progress.max = of;
  progress.value = done;
  running.textContent = `${done} of ${of}: ${layer}`;
}

const showRunning = (is: boolean): void => {
  run.disabled = is;
  cancel.hidden = !is;
  progress.hidden = !is;
};

async function runModel(): Promise<void> {
  showRunning(true);
  verified.replaceChildren();
  runTexts = {};
  running.textContent = 'Starting…';
  const outcome = await verifier.ask('verify', { state, files, rows }, showProgress);
  showRunning(false);
  if (outcome === undefined) {
    if (running.textContent.startsWith('The run stopped')) return;
    running.textContent = 'Cancelled.';
    return;
  }
  if ('problems' in outcome) {
    running.textContent = outcome.problems.map(({ message }) => message).join(' ');
    return;
  }
  running.textContent = outcome.note;
  verified.innerHTML = outcome.html;
  runTexts = outcome.texts;
}

run.addEventListener('click', () => void runModel());
cancel.addEventListener('click', () => verifier.stop());

// Start

function showCatalogue({ models, conventions }: Catalogue): void {
  const groups = [...new Set(models.map(({ group }) => group))];
  zoo.replaceChildren(
    make('option', { value: '', textContent: 'your own' }),
    ...groups.map((label) => {
      const entries = models.filter(({ group }) => group === label);
      return make('optgroup', { label }, ...entries.map(({ name }) => make('option', { value: name, textContent: name })));
    }),
  );
  showOptions(element('optimizer', HTMLSelectElement), OPTIMIZER_NAMES);
  showOptions(element('precision', HTMLSelectElement), Object.keys(TRAINING_TYPES));
  showOptions(element('stored', HTMLSelectElement), Object.keys(ELEMENT_BYTES));
  element('storedWeights', HTMLSelectElement).append(
    ...Object.keys(WEIGHT_BITS).map((name) => make('option', { value: name, textContent: name })),
  );
  showOptions(element('metric', HTMLSelectElement), SOLVABLE);
  showOptions(element('checkpoints', HTMLDataListElement), CHECKPOINTS);
  convention.append(...conventions.map((name) => make('option', { value: name, textContent: name })));
  element('models', HTMLDataListElement).append(...models.map(({ name }) => make('option', { value: name })));
  showState();
}

addEventListener('hashchange', () => void readLink(location.hash));

async function start(): Promise<void> {
  await readLink(location.hash === '' ? remembered() : location.hash);
  const catalogue = await engine.ask('catalogue', undefined);
  if (catalogue !== undefined) showCatalogue(catalogue);
  try {
    await loadEditor();
  } catch {
    note(['The better editor could not be loaded; this one does the same without colours.']);
  }
  keepOffline();
}

/** The page that is served keeps itself for when there is no network; the single file needs no keeping. */
function keepOffline(): void {
  if (import.meta.env.MODE !== 'production' || !('serviceWorker' in navigator)) return;
  // Refused where storage is denied or the page is not secure: it works all the same while there is a network.
  navigator.serviceWorker.register('./service-worker.js').catch(() => undefined);
}

void start();
