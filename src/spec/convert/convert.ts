import { type Document, isMap, isScalar, isSeq, parseDocument, type YAMLMap } from 'yaml';
import type { CompiledLayer, Spec } from '../compiled.ts';
import { keyOf } from '../plain.ts';
import { applyEdits, type Edit, insertion, lineEnd, lineOf, lineStart } from './edit.ts';
import { hasKey, pairOf, pairsOf, scalarOf, spanOf } from './layer.ts';
import { type BlockKind, convertResidual } from './residual.ts';

export interface ConvertOptions {
  readonly to: BlockKind;
  /** The variant to convert; all of them if not given. */
  readonly variant: string | undefined;
  /** How the file of the zoo that holds a block is called. */
  readonly zooFile: (block: BlockKind) => string | undefined;
  /** The text is a file of the zoo, and will stand elsewhere: what it refers to is called by the names of the zoo. */
  readonly fromZoo: boolean;
}

/** Something that was converted or left as it is, and its place in the original text. */
export interface Note {
  readonly line: number;
  readonly what: string;
}

export interface Converted {
  readonly text: string;
  readonly converted: readonly Note[];
  readonly left: readonly Note[];
}

const COUNTERPART: Readonly<Record<BlockKind, BlockKind>> = { basic: 'bottleneck', bottleneck: 'basic' };

/** Parameters of a bottleneck that a basic block has nothing for. */
const GROUPED = ['groups', 'group_width'];

/** Every map of a document, outer ones first. */
function mapsIn(node: unknown, found: YAMLMap[] = []): YAMLMap[] {
  if (isMap(node)) {
    found.push(node);
    for (const pair of pairsOf(node)) mapsIn(pair.value, found);
  } else if (isSeq(node)) for (const item of node.items) mapsIn(item, found);
  return found;
}

const mapAt = (map: YAMLMap | undefined, key: string): YAMLMap | undefined => {
  const value = pairOf(map, key)?.value;
  return isMap(value) ? value : undefined;
};

/** All steps, those inside others too. */
function stepsIn(steps: readonly CompiledLayer[]): CompiledLayer[] {
  return steps.flatMap((step) => [step, ...stepsIn(insideOf(step))]);
}

function insideOf(step: CompiledLayer): readonly CompiledLayer[] {
  if (step.kind === 'residual') return step.body;
  if (step.kind === 'parallel') return step.branches.flatMap(({ steps }) => steps);
  return step.kind === 'sequence' ? step.steps : [];
}

/** Names of the parameters by which a model chooses its blocks: `block` in `- $block: { … }`. */
function choosersOf(spec: Spec): Set<string> {
  const steps = stepsIn([...spec.stages.values(), spec.layers, ...[...spec.blocks.values()].map((block) => block.steps)].flat());
  return new Set(steps.flatMap((step) => (step.kind === 'chosen' ? [step.chooser.slice(1)] : [])));
}

/** A conversion as it goes on: edits, and the notes on them. */
class Editing {
  readonly edits: Edit[] = [];
  readonly converted: Note[] = [];
  readonly left: Note[] = [];
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  done(node: unknown, what: string): void {
    this.converted.push({ line: lineOf(this.source, spanOf(node)[0]), what });
  }

  leave(node: unknown, what: string): void {
    this.left.push({ line: lineOf(this.source, spanOf(node)[0]), what });
  }

  replace(node: unknown, text: string): void {
    const [from, to] = spanOf(node);
    const quote = this.source[from];
    this.edits.push({ from, to, text: quote === '"' || quote === "'" ? `${quote}${text}${quote}` : text });
  }
}

/** Residuals that are written out. Returns the maps of those that were converted. */
function convertResiduals(editing: Editing, root: YAMLMap, to: BlockKind): Set<YAMLMap> {
  const done = new Set<YAMLMap>();
  for (const map of mapsIn(root)) {
    const pair = pairOf(map, 'residual');
    if (pair === undefined) continue;
    const result = convertResidual(map, to, editing.source);
    if ('why' in result) editing.leave(pair.key, `a residual is left as it is: ${result.why}`);
    else {
      editing.edits.push(...result.edits);
      editing.done(pair.key, `a residual is now a ${to} block`);
      done.add(map);
    }
  }
  return done;
}

/** A block of the file itself that is named after its kind, and was converted: it gets the other name. */
function renameOwn(editing: Editing, blocks: YAMLMap | undefined, done: ReadonlySet<YAMLMap>, from: BlockKind, to: BlockKind): boolean {
  const own = pairOf(blocks, from);
  if (own === undefined || hasKey(blocks, to) || !mapsIn(own.value).some((map) => done.has(map))) return false;
  editing.replace(own.key, to);
  return true;
}

/** Calls by name: `- basic: { d: 64 }`. */
function renameCalls(editing: Editing, root: YAMLMap, blocks: YAMLMap | undefined, from: BlockKind, to: BlockKind): boolean {
  const calls = mapsIn(root).flatMap((map) =>
    map === blocks ? [] : pairsOf(map).filter((pair) => keyOf(pair) === from && isMap(pair.value)),
  );
  for (const call of calls) {
    editing.replace(call.key, to);
    editing.done(call.key, `${from} is now ${to}`);
  }
  return calls.length > 0;
}

/** Values of parameters that choose a block, of the model and of its variants. */
function renameChoices(
  editing: Editing,
  root: YAMLMap,
  choosers: ReadonlySet<string>,
  from: BlockKind,
  to: BlockKind,
  variant: string | undefined,
): boolean {
  const defaults = mapAt(root, 'with');
  const variants = mapAt(root, 'variants');
  const wanted = variants === undefined ? [] : pairsOf(variants).filter((pair) => variant === undefined || keyOf(pair) === variant);
  const own = wanted.flatMap(({ value }) => (isMap(value) ? [value] : []));
  // A variant that chooses for itself leaves the default to the others.
  const isDefaultUsed = variant === undefined || !own.some((map) => [...choosers].some((name) => hasKey(map, name)));
  const places = [...(isDefaultUsed && defaults !== undefined ? [defaults] : []), ...own];
  let isChanged = false;
  for (const map of places)
    for (const name of choosers) {
      if (scalarOf(map, name) !== from) continue;
      const value = pairOf(map, name)?.value;
      const grouped = GROUPED.find((key) => [map, ...(map === defaults ? own : [defaults])].some((other) => hasKey(other, key)));
      if (to === 'basic' && grouped !== undefined) {
        editing.leave(value, `${name}: ${from} is left as it is: "${grouped}" has no counterpart in a basic block`);
        continue;
      }
      editing.replace(value, to);
      editing.done(value, `${name}: ${from} is now ${name}: ${to}`);
      isChanged = true;
    }
  return isChanged;
}

const withoutFolder = (reference: string): string => reference.replace(/^.*\//, '').replace(/\.(ya?ml|json)$/, '');

/** Sees to it that the counterpart is there: beside the block in `use`, or in a `use` of its own. */
function addUse(editing: Editing, root: YAMLMap, from: BlockKind, to: BlockKind, fromZoo: boolean): void {
  const use = pairOf(root, 'use');
  const entries = isSeq(use?.value) ? use.value.items : use === undefined ? [] : [use.value];
  const known = entries.find((entry) => isScalar(entry) && withoutFolder(String(entry.value)) === from);
  const reference = isScalar(known) && !fromZoo ? String(known.value).replace(new RegExp(`${from}(?=\\.\\w+$|$)`), to) : to;
  const last = known ?? entries.at(-1);
  const [first] = pairsOf(root);
  const at = pairOf(root, 'extends') ?? first;
  if (use === undefined || last === undefined) {
    if (at !== undefined)
      editing.edits.push(
        root.flow === true
          ? insertion(spanOf(at.key)[0], `"use": "${to}", `)
          : insertion(lineStart(editing.source, spanOf(at.key)[0]), `use: ${to}\n`),
      );
    return;
  }
  const [start, end] = spanOf(last);
  const quote = editing.source[start] === '"' ? '"' : '';
  const written = `${quote}${reference}${quote}`;
  if (!isSeq(use.value)) editing.edits.push(insertion(start, '['), insertion(end, `, ${written}]`));
  else if (use.value.flow === true) editing.edits.push(insertion(end, `, ${written}`));
  else
    editing.edits.push(
      insertion(lineEnd(editing.source, end), `\n${editing.source.slice(lineStart(editing.source, start), start)}${written}`),
    );
}

/** References to other files of the zoo, by the names that hold everywhere. */
function renameReferences(editing: Editing, root: YAMLMap): void {
  const use = pairOf(root, 'use')?.value;
  const references = [...(isSeq(use) ? use.items : [use]), pairOf(root, 'extends')?.value];
  for (const reference of references) if (isScalar(reference)) editing.replace(reference, withoutFolder(String(reference.value)));
}

/** Why calls of a block cannot be converted; `undefined` where they can. */
function obstacle(spec: Spec, block: BlockKind, isOwn: boolean, { zooFile }: ConvertOptions): string | undefined {
  const file = spec.blocks.get(block)?.file;
  if (isOwn || file === undefined || file === zooFile(block)) return undefined;
  return `${block} is left as it is: it is a block of ${file}`;
}

/**
 * Converts every building block of a spec to the other kind, in its text: residuals that are written out, calls of the
 * zoo's blocks, and parameters that choose between these. What is not converted stays as it is, comments included.
 */
export function convertText(text: string, spec: Spec, options: ConvertOptions): Converted {
  const { to, variant, fromZoo } = options;
  const from = COUNTERPART[to];
  const document: Document.Parsed = parseDocument(text, { version: '1.2', stringKeys: true, uniqueKeys: false });
  const editing = new Editing(text);
  const root = document.contents;
  if (!isMap(root)) return { text, converted: [], left: [] };
  const blocks = mapAt(root, 'blocks');
  const isOwn = hasKey(blocks, from);
  const done = convertResiduals(editing, root, to);
  const isRenamed = renameOwn(editing, blocks, done, from, to);
  const why = obstacle(spec, from, isOwn, options);
  if (why !== undefined) editing.leave(root, why);
  else if (!isOwn || isRenamed) {
    const isCalled = renameCalls(editing, root, blocks, from, to);
    const isChosen = renameChoices(editing, root, choosersOf(spec), from, to, variant);
    if (!isRenamed && (isCalled || isChosen) && !spec.blocks.has(to)) addUse(editing, root, from, to, fromZoo);
  }
  const { converted, left } = editing;
  if (fromZoo && converted.length > 0) renameReferences(editing, root);
  return { text: applyEdits(text, editing.edits), converted, left };
}
