import type { Graph } from '../graph/graph.ts';
import { withAllowance } from '../problems/allowance.ts';
import { FlopwiseError, fail, type Problem, ProblemList, Stop } from '../problems/problem.ts';
import type { Block, Spec } from './compiled.ts';
import { Expansion, type Settings } from './expand.ts';
import type { SpecFile, SpecFolder } from './folder.ts';
import { SpecLoader, withVariant } from './load.ts';
import { seenWithOtherBatch } from './other-batch.ts';

/** The same problem at the same place is reported once, with its number of occurrences. */
function merged(problems: readonly Problem[]): Problem[] {
  const byPlace = new Map<string, Problem>();
  for (const problem of problems) {
    const { file, line, column } = problem.position ?? {};
    const place = problem.position === undefined ? `${byPlace.size}` : `${problem.code} ${file} ${line} ${column}`;
    const first = byPlace.get(place);
    byPlace.set(place, first === undefined ? { ...problem } : { ...first, repeats: (first.repeats ?? 0) + 1 });
  }
  return [...byPlace.values()];
}

/** In the order of the text, file by file; what has no place comes first. */
function inOrder(problems: readonly Problem[]): Problem[] {
  const files = [...new Set(problems.map(({ position }) => position?.file))];
  const file = ({ position }: Problem) => (position === undefined ? -1 : files.indexOf(position.file));
  const line = ({ position }: Problem) => position?.line ?? 0;
  const column = ({ position }: Problem) => position?.column ?? 0;
  return problems.toSorted((a, b) => file(a) - file(b) || line(a) - line(b) || column(a) - column(b));
}

/** Does what may find problems; throws all of them at once. */
function withProblems<T>(run: (problems: ProblemList) => T): T {
  return withAllowance(() => collected(run));
}

function collected<T>(run: (problems: ProblemList) => T): T {
  const problems = new ProblemList();
  const last: Problem[] = [];
  let result: T | undefined;
  try {
    result = problems.attempt(() => run(problems));
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    last.push(error.problem);
  }
  if (problems.found.length + last.length > 0) throw new FlopwiseError([...inOrder(merged(problems.found)), ...last]);
  return result as T;
}

const isWhole = (spec: Spec): boolean => spec.stages.size > 0 || spec.layers.length > 0;

/** Specs by the object that stands for their file: whoever asks again with the same one means the same text. */
const read = new WeakMap<SpecFile, Spec>();

/**
 * Reads a spec and the files that it draws on.
 * @throws FlopwiseError with all that is wrong in them.
 */
export function readSpec(file: SpecFile, zoo?: SpecFolder): Spec {
  const known = read.get(file);
  if (known !== undefined) return known;
  const spec = withProblems((problems) => {
    const spec = new SpecLoader(problems, zoo).load(file);
    // Mistakes in the shapes are reported together with those in the text.
    if (problems.found.length > 0) tryOut(spec, problems);
    return spec;
  });
  read.set(file, spec);
  return spec;
}

/** Expands what a spec gives enough values for, to find what does not fit. */
function tryOut(spec: Spec, problems: ProblemList): void {
  if (isWhole(spec)) {
    const [variant] = spec.variants.keys();
    const model = (variant !== undefined && withVariant(spec, variant)) || spec;
    if ([...model.parameters.values()].every(({ template }) => template !== undefined)) new Expansion(model, problems).model({});
    return;
  }
  for (const block of spec.blocks.values())
    if (block.file === spec.file && block.example !== undefined) problems.attempt(() => new Expansion(spec, problems).block(block, {}));
}

/**
 * Expands a spec into a graph.
 * @throws FlopwiseError with all that does not fit.
 */
export function expandSpec(spec: Spec, settings: Settings = {}): Graph {
  const expanded = (own: Settings): Graph => withProblems((problems) => new Expansion(spec, problems).model(own));
  if (isWhole(spec)) return seenWithOtherBatch(expanded(settings), (batch) => expanded({ ...settings, batch }));
  const { file, blocks, variants } = spec;
  const data = { file, blocks: [...blocks.keys()], variants: [...variants.keys()] };
  throw new FlopwiseError([{ code: 'NOTHING_TO_ANALYSE', data, position: spec.locate() }]);
}

/**
 * Expands one block of a spec on its own, with the input and the parameters of its `example`.
 * @throws FlopwiseError with all that does not fit.
 */
export function expandBlock(spec: Spec, block: Block, settings: Settings = {}): Graph {
  const expanded = (own: Settings): Graph => withProblems((problems) => new Expansion(spec, problems).block(block, own));
  return seenWithOtherBatch(expanded(settings), (batch) => expanded({ ...settings, batch }));
}

/**
 * Reads a spec from a text. `files` holds the texts of files that it uses or extends, by their path.
 * @throws FlopwiseError with all that is wrong in them.
 */
export function parseSpec(text: string, { file = 'spec.yaml', files = {}, zoo }: ParseOptions = {}): Spec {
  const texts: Readonly<Record<string, string>> = { ...files, [file]: text };
  const folder: SpecFolder = {
    prefix: '',
    read(path) {
      const found = Object.hasOwn(texts, path) ? texts[path] : undefined;
      if (found === undefined) throw fail('FILE_NOT_FOUND', { path });
      return found;
    },
    list: () => Object.keys(texts),
  };
  return readSpec({ folder, path: file }, zoo);
}

export interface ParseOptions {
  /** What the text is called in messages. */
  readonly file?: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Where names without an ending are looked up. */
  readonly zoo?: SpecFolder;
}
