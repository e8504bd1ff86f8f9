import { FlopwiseError, fail, type Problem, ProblemError } from '../core/problem.ts';
import type { Graph } from '../graph/graph.ts';
import type { Block, Spec } from './compiled.ts';
import { Expansion, type Settings } from './expand.ts';
import type { SpecFile, SpecFolder } from './folder.ts';
import { SpecLoader } from './load.ts';

/** Runs a step that may throw one problem; it is added to the others. */
function collect<T>(problems: Problem[], run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    problems.push(error.problem);
    return undefined;
  }
}

/** The same problem at the same place is told once, with how often it occurs. */
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

function finish<T>(problems: readonly Problem[], result: T | undefined): T {
  if (problems.length > 0) throw new FlopwiseError(merged(problems));
  return result as T;
}

const isWhole = (spec: Spec): boolean => spec.stages.size > 0 || spec.layers.length > 0;

/**
 * Reads a spec and the files that it draws on.
 * @throws FlopwiseError with all that is wrong in them.
 */
export function readSpec(file: SpecFile, zoo?: SpecFolder): Spec {
  const loader = new SpecLoader(zoo);
  const { problems } = loader;
  const spec = collect(problems, () => loader.load(file));
  // What is wrong with the shapes is told together with what is wrong with the text.
  if (problems.length > 0 && spec !== undefined && isWhole(spec)) {
    const expansion = new Expansion(spec);
    collect(problems, () => expansion.model({}));
    problems.push(...expansion.problems);
  }
  return finish(problems, spec);
}

function expandWith(spec: Spec, build: (expansion: Expansion) => Graph): Graph {
  const expansion = new Expansion(spec);
  const problems: Problem[] = [];
  const graph = collect(problems, () => build(expansion));
  return finish([...expansion.problems, ...problems], graph);
}

/**
 * Expands a spec into a graph.
 * @throws FlopwiseError with all that does not fit.
 */
export function expandSpec(spec: Spec, settings: Settings = {}): Graph {
  if (!isWhole(spec)) {
    const problem: Problem = {
      code: 'NOTHING_TO_ANALYSE',
      data: { file: spec.file, blocks: [...spec.blocks.keys()], variants: [...spec.variants.keys()] },
      position: spec.locate(),
    };
    throw new FlopwiseError([problem]);
  }
  return expandWith(spec, (expansion) => expansion.model(settings));
}

/**
 * Expands one block of a spec on its own, with the input and the parameters of its `example`.
 * @throws FlopwiseError with all that does not fit.
 */
export const expandBlock = (spec: Spec, block: Block, settings: Settings = {}): Graph =>
  expandWith(spec, (expansion) => expansion.block(block, settings));

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
