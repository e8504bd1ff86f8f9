import type { Graph } from '../graph/graph.ts';
import { fail } from '../problems/problem.ts';
import type { Spec } from '../spec/compiled.ts';
import { type Converted, convertText } from '../spec/convert/convert.ts';
import type { BlockKind } from '../spec/convert/residual.ts';
import { blockFile, displayName, isOnnxPath, isOwnSpec, modelFile, type SpecFile, type SpecFolder } from '../spec/folder.ts';
import { withVariant } from '../spec/load.ts';
import { expandBlock, expandSpec, readSpec } from '../spec/model.ts';
import type { Library, Reference } from './reference.ts';

/** A spec before and after: its text, and the models in it as they were and as they are. */
export interface ConvertedFile extends Converted {
  readonly file: string;
  readonly models: readonly { readonly name: string; readonly before: Graph; readonly after: Graph }[];
}

/** The file that a reference names, and the variant in it. */
function fileOf({ target, part }: Reference, library: Library): { file: SpecFile; variant: string | undefined; fromZoo: boolean } {
  if (isOnnxPath(target)) throw fail('ONNX_HAS_NONE', { path: target, of: 'blocks to convert' });
  if (isOwnSpec(target)) return { file: library.open(target), variant: part, fromZoo: false };
  const { zoo } = library;
  const family = modelFile(zoo, target);
  if (family !== undefined) {
    const spec = readSpec(family, zoo);
    if (spec.variants.has(target)) return { file: family, variant: target, fromZoo: true };
    if (spec.name === target) return { file: family, variant: undefined, fromZoo: true };
  }
  const block = blockFile(zoo, target);
  if (block === undefined)
    throw fail('UNKNOWN_MODEL', { name: target, known: zoo.list().map((path) => path.replace(/^.*\/|\.\w+$/g, '')) });
  return { file: block, variant: undefined, fromZoo: true };
}

/** The folder with one file replaced by a text. */
function withText({ folder, path }: SpecFile, text: string): SpecFile {
  return {
    path,
    folder: { prefix: folder.prefix, list: () => folder.list(), read: (asked) => (asked === path ? text : folder.read(asked)) },
  };
}

/** What can be expanded of a spec without further values, by name. */
function modelsOf(spec: Spec, variant: string | undefined): [string, () => Graph][] {
  const isComplete = (model: Spec) => [...model.parameters.values()].every(({ template }) => template !== undefined);
  const isWhole = spec.stages.size + spec.layers.length > 0;
  if (!isWhole) {
    const own = [...spec.blocks.values()].filter((block) => block.file === spec.file && block.example !== undefined);
    return own.map((block) => [block.name, () => expandBlock(spec, block)]);
  }
  const variants = [...spec.variants.keys()].filter((name) => variant === undefined || name === variant);
  const models = variants.length === 0 ? [spec] : variants.map((name) => withVariant(spec, name) as Spec);
  return models.filter(isComplete).map((model) => [model.name, () => expandSpec(model)]);
}

/**
 * Converts the blocks of a spec file to the other kind, and reads the result to see that it holds.
 * @throws FlopwiseError or ProblemError where the spec is broken, there is nothing to convert, or what comes out does not fit.
 */
export function convertFile(reference: Reference, to: BlockKind, library: Library): ConvertedFile {
  const { file, variant, fromZoo } = fileOf(reference, library);
  const { zoo } = library;
  const name = displayName(file);
  const before = readSpec(file, zoo);
  if (variant !== undefined && !before.variants.has(variant))
    throw fail('UNKNOWN_PART', { name: variant, file: name, known: [...before.variants.keys()] });
  const result = convertText(file.folder.read(file.path), before, { to, variant, fromZoo, zooFile: (block) => fileNameOf(block, zoo) });
  if (result.converted.length === 0)
    throw fail('NOTHING_TO_CONVERT', { file: name, to, why: result.left.map(({ line, what }) => `line ${line}: ${what}`) });
  const after = readSpec(withText(file, result.text), zoo);
  const now = modelsOf(after, variant);
  const models = modelsOf(before, variant).flatMap(([model, expand], index) => {
    const other = now[index];
    if (other === undefined) return [];
    const pair = { name: model, before: expand(), after: other[1]() };
    return isChanged(pair.before, pair.after) ? [pair] : [];
  });
  return { ...result, file: name, models };
}

/** Whether conversion reached the model: a variant that chooses other blocks stays as it was. */
const isChanged = (before: Graph, after: Graph): boolean =>
  before.nodes.length !== after.nodes.length ||
  before.nodes.some(({ path, operator }, index) => after.nodes[index]?.path !== path || after.nodes[index]?.operator !== operator);

const fileNameOf = (block: BlockKind, zoo: SpecFolder): string | undefined => {
  const file = blockFile(zoo, block);
  return file && displayName(file);
};
