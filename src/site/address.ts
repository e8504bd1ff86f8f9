import { GROUPINGS, type Grouping } from '../analysis/group.ts';
import { ELEMENT_BYTES, type StoredType, WEIGHT_BITS, type WeightType } from '../analysis/memory.ts';
import { TRAINING_TYPES, type TrainingType } from '../analysis/training/memory.ts';
import { OPTIMIZER_NAMES, type OptimizerName } from '../analysis/training/optimizers.ts';
import { HEATS, type HeatMetric } from '../report/drawing/heat.ts';
import { SOLVABLE, type Solvable } from '../service/solve/options.ts';
import { MAX_LENGTH } from '../spec/limits.ts';

/** What the page shows, as its address keeps it: a link is the whole of it. */
export interface PageState {
  /** A name of the zoo, or the name of the file whose text follows. */
  readonly model: string;
  /** The text of a spec that is not the zoo's. */
  readonly text: string | undefined;
  /** A variant or block of that text. */
  readonly part: string;
  /** Values for parameters, `classes=10,width=2`. */
  readonly set: string;
  /** Shapes of inputs without the batch, `3x224x224`; with names and semicolons where there are several. */
  readonly input: string;
  readonly batch: string;
  /** Sizes of dimensions that an ONNX file names, `batch=1,tokens=128`. */
  readonly dim: string;
  readonly view: View;
  readonly by: Grouping;
  /** The header of the column that rows are sorted by; with a "-" before it the other way round. */
  readonly sort: string;
  readonly columns: readonly ExtraColumn[];
  readonly convention: string;
  /** A box of the graph stands for; nothing for what fits a page. */
  readonly depth: BoxDepth | '';
  /** What colours of the graph stand for. */
  readonly heat: HeatMetric;
  /** What the model is compared with. */
  readonly against: string;
  /** Whether the graph shows what changed from that; nothing for side by side. */
  readonly difference: '' | 'yes';
  /** A published figure to explain. */
  readonly figure: string;
  /** What updates the weights, the type of elements in training, and what is done again in place of being kept. */
  readonly optimizer: OptimizerName;
  readonly precision: TrainingType;
  readonly checkpoint: string;
  /** Positions of a prompt, and new tokens after it; the type of elements in memory, and of weights where that is another. */
  readonly prompt: string;
  readonly fresh: string;
  readonly stored: StoredType;
  readonly storedWeights: WeightType | '';
  /** `macs <= 4.2 GMAC, parameters < 26M` */
  readonly limits: string;
  /** The parameter to find a value for, the cost that is to meet a target, and the target, `<= 2G`. */
  readonly solve: string;
  readonly metric: Solvable;
  readonly target: string;
}

export const VIEWS = [
  'table',
  'map',
  'graph',
  'plots',
  'stages',
  'compare',
  'explain',
  'conventions',
  'train',
  'generate',
  'check',
  'solve',
  'verify',
] as const;
export type View = (typeof VIEWS)[number];

export const EXTRA_COLUMNS = ['formula', 'memory', 'field', 'padding', 'masked'] as const;
export type ExtraColumn = (typeof EXTRA_COLUMNS)[number];

const BOX_DEPTHS = ['stage', 'block', 'layer'] as const;
export type BoxDepth = (typeof BOX_DEPTHS)[number];

export const START: PageState = {
  model: 'resnet50',
  text: undefined,
  part: '',
  set: '',
  input: '',
  batch: '',
  dim: '',
  view: 'table',
  by: 'block',
  sort: '',
  columns: [],
  convention: '',
  depth: '',
  heat: 'macs',
  against: '',
  difference: '',
  figure: '',
  optimizer: 'adamw',
  precision: 'fp32',
  checkpoint: '',
  prompt: '512',
  fresh: '128',
  stored: 'fp16',
  storedWeights: '',
  limits: '',
  solve: '',
  metric: 'macs',
  target: '',
};

/** An address as read: what it says, and what of it could not be understood. */
export interface ReadAddress {
  readonly state: PageState;
  readonly notes: readonly string[];
}

const VERSION = 1;
/** Longest value of a field, beside the text. */
const MAX_FIELD = 2000;

const isOneOf = <W extends string>(words: readonly W[], text: string): text is W => words.includes(text as W);

/** A field that holds any text. */
const plain = (text: string): string | undefined => (text.length <= MAX_FIELD ? text : undefined);

type Field = Exclude<keyof PageState, 'text'>;

/** How each field is read; `undefined` where it cannot be. */
const READ: { readonly [F in Field]: (text: string) => PageState[F] | undefined } = {
  model: (text) => (text === '' ? undefined : plain(text)),
  part: plain,
  set: plain,
  input: plain,
  batch: plain,
  dim: plain,
  view: (text) => (isOneOf(VIEWS, text) ? text : undefined),
  by: (text) => (isOneOf(GROUPINGS, text) ? text : undefined),
  sort: plain,
  columns: (text) => {
    const words = text.split(',').filter((word) => word !== '');
    return words.every((word) => isOneOf(EXTRA_COLUMNS, word)) ? (words as ExtraColumn[]) : undefined;
  },
  convention: plain,
  depth: (text) => (text === '' || isOneOf(BOX_DEPTHS, text) ? text : undefined),
  heat: (text) => (Object.hasOwn(HEATS, text) ? (text as HeatMetric) : undefined),
  against: plain,
  difference: (text) => (text === '' || text === 'yes' ? text : undefined),
  figure: plain,
  optimizer: (text) => (isOneOf(OPTIMIZER_NAMES, text) ? text : undefined),
  precision: (text) => (Object.hasOwn(TRAINING_TYPES, text) ? (text as TrainingType) : undefined),
  checkpoint: plain,
  prompt: plain,
  fresh: plain,
  stored: (text) => (Object.hasOwn(ELEMENT_BYTES, text) ? (text as StoredType) : undefined),
  storedWeights: (text) => (text === '' || Object.hasOwn(WEIGHT_BITS, text) ? (text as WeightType | '') : undefined),
  limits: plain,
  solve: plain,
  metric: (text) => (isOneOf(SOLVABLE, text) ? text : undefined),
  target: plain,
};

const FIELDS = Object.keys(READ) as Field[];

const toBase64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');

const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0));

async function compressed(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return toBase64(new Uint8Array(await new Response(stream).arrayBuffer()));
}

/** The text again; nothing where it is damaged, or longer than a spec can be. */
async function decompressed(packed: string): Promise<string | undefined> {
  try {
    const reader = new Blob([fromBase64(packed)]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
    const decoder = new TextDecoder('utf-8', { fatal: true });
    let text = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += decoder.decode(part.value, { stream: true });
      if (text.length > MAX_LENGTH) return undefined;
    }
    return text + decoder.decode();
  } catch {
    return undefined;
  }
}

/** The part of an address after its "#". What is as at the start is left out. */
export async function writeAddress(state: PageState): Promise<string> {
  const words = new URLSearchParams({ v: String(VERSION) });
  for (const field of FIELDS) {
    const [value, usual] = [String(state[field]), String(START[field])];
    if (field === 'model' || value !== usual) words.set(field, value);
  }
  if (state.text !== undefined) words.set('text', await compressed(state.text));
  return words.toString();
}

const versionNote = (text: string | null): string[] => {
  if (text === null || text === String(VERSION)) return [];
  return Number(text) > VERSION
    ? [
        `This link was made by a newer version of the page (format ${text.slice(0, 20)}; this page reads ${VERSION}). It shows what it understands.`,
      ]
    : [`This link has the format "${text.slice(0, 20)}", but this page reads ${VERSION}. It shows what it understands.`];
};

/** Reads the part of an address after its "#". Whatever cannot be understood becomes a sentence, and the rest holds. */
export async function readAddress(hash: string): Promise<ReadAddress> {
  const raw = hash.replace(/^#/, '');
  if (raw === '') return { state: START, notes: [] };
  // By hand: "#resnet50".
  const words = new URLSearchParams(raw.includes('=') ? raw : { model: safeDecode(raw) });
  const notes = versionNote(words.get('v'));
  const state: { -readonly [F in keyof PageState]: PageState[F] } = { ...START };
  for (const [name, text] of words) {
    if (name === 'v' || name === 'text') continue;
    const value = isOneOf(FIELDS, name) ? READ[name](text) : undefined;
    if (value !== undefined) Object.assign(state, { [name]: value });
    else if (isOneOf(FIELDS, name))
      notes.push(`The link has "${text.slice(0, 40)}" as ${name}, which cannot be; ${name} is left as it is.`);
    else notes.push(`The link has a field "${name.slice(0, 40)}", which this page does not know; it is left out.`);
  }
  const packed = words.get('text');
  if (packed === null) return { state, notes };
  const text = await decompressed(packed);
  if (text !== undefined) return { state: { ...state, text }, notes };
  return {
    state: START,
    notes: [...notes, 'The spec in the link is damaged: part of the link may be missing. The start page is shown instead.'],
  };
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
