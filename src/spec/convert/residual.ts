import { isScalar, isSeq, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { type Channels, expanded, isExpanded } from './channels.ts';
import { type Edit, insertion, lineEnd, lineStart } from './edit.ts';
import {
  hasKey,
  isBetween,
  isConvolution,
  isSize,
  pairOf,
  pairsOf,
  scalarOf,
  spanOf,
  type WrittenLayer,
  writtenLayer,
  writtenLayers,
} from './layer.ts';

/** The two blocks of He et al. 2015, arXiv:1512.03385, Figure 5. */
export type BlockKind = 'basic' | 'bottleneck';

/** The edits that convert a residual, or why there are none. */
export type Conversion = { readonly edits: readonly Edit[] } | { readonly why: string };

const refuse = (why: string): Conversion => ({ why });

const channelsOf = ({ attributes }: WrittenLayer): Channels | undefined => {
  const out = scalarOf(attributes, 'out');
  return typeof out === 'boolean' ? undefined : out;
};

/** Kernels of the convolutions of each kind, in order. */
const KERNELS: Readonly<Record<BlockKind, readonly number[]>> = { basic: [3, 3], bottleneck: [1, 3, 1] };

interface Body {
  readonly list: YAMLSeq;
  readonly layers: readonly WrittenLayer[];
  readonly convolutions: readonly WrittenLayer[];
}

/** The body of a residual, if it is a block of that kind. */
function bodyOf(map: YAMLMap, kind: BlockKind): Body | { readonly why: string } {
  const list = pairOf(map, 'residual')?.value;
  const layers = isSeq(list) ? writtenLayers(list) : undefined;
  if (!isSeq(list) || layers === undefined) return { why: 'it holds more than convolutions, norms and activations' };
  const convolutions = layers.filter(isConvolution);
  const kernels = KERNELS[kind];
  if (convolutions.length !== kernels.length) return { why: `it has ${convolutions.length} convolutions, not ${kernels.length}` };
  if (!layers.every((layer) => isConvolution(layer) || isBetween(layer)))
    return { why: 'it holds more than convolutions, norms and activations' };
  if (!isConvolution(layers[0] as WrittenLayer)) return { why: 'it does not begin with a convolution' };
  if (!convolutions.every(({ isPlain }) => isPlain)) return { why: 'a convolution in it has a name or a condition' };
  const fits = convolutions.every(({ attributes }, index) => isSize(attributes, 'kernel', kernels[index] as number, 0));
  if (!fits) return { why: `its kernels are not ${kernels.map((size) => `${size}×${size}`).join(', ')}` };
  if (!convolutions.every(({ attributes }) => isSize(attributes, 'groups', 1, 1) && isSize(attributes, 'dilation', 1, 1)))
    return { why: 'its convolutions are grouped or dilated' };
  return { list, layers, convolutions };
}

/** Replaces the value of an attribute. */
function replaceValue(map: YAMLMap | undefined, key: string, value: Channels): Edit[] {
  const pair = pairOf(map, key);
  if (pair === undefined) return [];
  const [from, to] = spanOf(pair.value);
  const node = pair.value;
  const isQuoted = isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE');
  return [{ from, to, text: isQuoted && typeof value === 'string' ? JSON.stringify(value) : String(value) }];
}

/** Takes an attribute out, with the comma or the line break that goes with it. */
function removePair(map: YAMLMap, key: string, source: string): Edit[] {
  const pairs = pairsOf(map);
  const index = pairs.indexOf(pairOf(map, key) as Pair);
  const pair = pairs[index];
  if (pair === undefined) return [];
  const [from] = spanOf(pair.key);
  const [, to] = spanOf(pair.value);
  if (map.flow !== true) return [{ from: lineStart(source, from), to: Math.min(source.length, lineEnd(source, to) + 1), text: '' }];
  const [before, next] = [pairs[index - 1], pairs[index + 1]];
  if (before !== undefined) return [{ from: spanOf(before.value)[1], to, text: '' }];
  return [{ from, to: next === undefined ? to : spanOf(next.key)[0], text: '' }];
}

/** Puts an attribute after another one. */
function addPair(map: YAMLMap, after: string, key: string, value: string, source: string): Edit[] {
  const pair = pairOf(map, after);
  if (pair === undefined) return [];
  const [keyFrom] = spanOf(pair.key);
  const [, to] = spanOf(pair.value);
  const isJson = source[keyFrom] === '"';
  if (map.flow === true) return [insertion(to, `, ${isJson ? `"${key}"` : key}: ${value}`)];
  return [insertion(lineEnd(source, to), `\n${' '.repeat(keyFrom - lineStart(source, keyFrom))}${key}: ${value}`)];
}

const sourceOf = (node: unknown, source: string): string => source.slice(...spanOf(node)).trimEnd();

/** Puts layers, as they are written, in front of another. */
function addLayers(layers: readonly string[], before: WrittenLayer, list: YAMLSeq, source: string): Edit[] | undefined {
  const [from] = spanOf(before.node);
  if (list.flow === true) return [insertion(from, layers.map((layer) => `${layer}, `).join(''))];
  const start = lineStart(source, from);
  const lead = source.slice(start, from);
  if (!/^\s*-\s+$/.test(lead)) return undefined;
  return [insertion(start, layers.map((layer) => `${lead}${layer}\n`).join(''))];
}

/** A 1×1 convolution that has all but size and position of another. */
function firstConvolution(model: WrittenLayer, source: string): string {
  const others = pairsOf(model.attributes as YAMLMap).filter(
    ({ key }) => !['kernel', 'stride', 'padding', 'groups', 'dilation'].includes(sourceOf(key, source).replaceAll('"', '')),
  );
  const isJson = source[spanOf(others[0]?.key)[0]] === '"';
  const name = (key: string) => (isJson ? `"${key}"` : key);
  const rest = others.map(({ key, value }) => `${sourceOf(key, source)}: ${sourceOf(value, source)}`);
  const conv = `${name('conv')}: { ${[`${name('kernel')}: 1`, ...rest].join(', ')} }`;
  return isJson ? `{ ${conv} }` : conv;
}

/** Convolutions of a written shortcut that reach one number of channels are made to reach another. */
function shortcutChannels(map: YAMLMap, isWanted: (out: Channels) => boolean, channels: Channels): Edit[] {
  const shortcut = pairOf(map, 'shortcut')?.value;
  if (!isSeq(shortcut)) return [];
  return shortcut.items.flatMap((item) => {
    const layer = writtenLayer(item);
    const out = layer && isConvolution(layer) ? channelsOf(layer) : undefined;
    return out !== undefined && isWanted(out) ? replaceValue(layer?.attributes, 'out', channels) : [];
  });
}

/** A shortcut that changes channels where it must: those that a wider block puts out. */
function projectingShortcut(map: YAMLMap, list: YAMLSeq, source: string): Edit[] {
  const pair = pairOf(map, 'shortcut');
  if (pair !== undefined) return scalarOf(map, 'shortcut') === 'identity' ? replaceValue(map, 'shortcut', 'B') : [];
  const [keyFrom] = spanOf(pairOf(map, 'residual')?.key);
  const isJson = source[keyFrom] === '"';
  if (map.flow === true) return [insertion(spanOf(list)[1], isJson ? ', "shortcut": "B"' : ', shortcut: B')];
  const last = list.items.at(-1);
  const end = list.flow === true ? spanOf(list)[1] : spanOf(last)[0] + sourceOf(last, source).length;
  return [insertion(lineEnd(source, end), `\n${' '.repeat(keyFrom - lineStart(source, keyFrom))}shortcut: B`)];
}

/** {(3×3, d), (3×3, d)} → {(1×1, d), (3×3, d), (1×1, 4d)}; the stride stays on the 3×3. */
function toBottleneck(map: YAMLMap, source: string): Conversion {
  const body = bodyOf(map, 'basic');
  if ('why' in body) return body;
  const { list, layers, convolutions } = body;
  const [first, second] = convolutions as [WrittenLayer, WrittenLayer];
  const [d, out] = [channelsOf(first), channelsOf(second)];
  if (d === undefined || out === undefined || String(d) !== String(out)) return refuse('its two convolutions have different channels');
  if (!isSize(second.attributes, 'stride', 1, 1)) return refuse('its second convolution has a stride');
  const between = layers.slice(1, layers.indexOf(second)).map(({ node }) => sourceOf(node, source));
  const added = addLayers([firstConvolution(first, source), ...between], first, list, source);
  if (added === undefined) return refuse('its layers are not each on a line of their own');
  const attributes = second.attributes as YAMLMap;
  return {
    edits: [
      ...added,
      ...replaceValue(attributes, 'kernel', 1),
      ...replaceValue(attributes, 'out', expanded(d)),
      ...removePair(attributes, 'padding', source),
      ...shortcutChannels(map, (channels) => String(channels) === String(d), expanded(d)),
      ...projectingShortcut(map, list, source),
    ],
  };
}

/** {(1×1, d), (3×3, d), (1×1, 4d)} → {(3×3, d), (3×3, d)}; a stride of the first 1×1 goes to the first 3×3. */
function toBasic(map: YAMLMap, source: string): Conversion {
  const body = bodyOf(map, 'bottleneck');
  if ('why' in body) return body;
  const { convolutions } = body;
  const [reduce, middle, restore] = convolutions as [WrittenLayer, WrittenLayer, WrittenLayer];
  const [d, inner, out] = convolutions.map(channelsOf);
  if (d === undefined || out === undefined || String(d) !== String(inner) || !isExpanded(out, d))
    return refuse('its channels are not d, d and 4d');
  if (!isSize(restore.attributes, 'stride', 1, 1)) return refuse('its last convolution has a stride');
  const stride = isSize(reduce.attributes, 'stride', 1, 1) ? undefined : pairOf(reduce.attributes, 'stride');
  if (stride !== undefined && hasKey(middle.attributes, 'stride')) return refuse('two of its convolutions have a stride');
  const cut = { from: spanOf(reduce.node)[0], to: spanOf(middle.node)[0], text: '' };
  return {
    edits: [
      cut,
      ...(stride === undefined ? [] : addPair(middle.attributes as YAMLMap, 'out', 'stride', sourceOf(stride.value, source), source)),
      ...replaceValue(restore.attributes, 'kernel', 3),
      // One edit for both, since they are at the same place.
      ...withPadding(replaceValue(restore.attributes, 'out', d), restore, source),
      ...shortcutChannels(map, (channels) => isExpanded(channels, d), d),
    ],
  };
}

function withPadding(edits: Edit[], { attributes }: WrittenLayer, source: string): Edit[] {
  const [out] = edits;
  const map = attributes as YAMLMap;
  if (out === undefined) return [];
  const [keyFrom] = spanOf(pairOf(map, 'out')?.key);
  if (hasKey(map, 'padding')) return [out, ...replaceValue(map, 'padding', 1)];
  if (map.flow !== true) return [out, ...addPair(map, 'out', 'padding', '1', source)];
  const key = source[keyFrom] === '"' ? '"padding"' : 'padding';
  return [{ ...out, text: `${out.text}, ${key}: 1` }];
}

const CONVERSIONS: Readonly<Record<BlockKind, (map: YAMLMap, source: string) => Conversion>> = {
  bottleneck: toBottleneck,
  basic: toBasic,
};

/** Converts a residual that is written out, in the text that it is written in. */
export const convertResidual = (map: YAMLMap, to: BlockKind, source: string): Conversion => CONVERSIONS[to](map, source);
