import { FlopwiseError, fail, ProblemList } from '../../problems/problem.ts';
import type { ByteSource } from './bytes.ts';
import { elementType } from './element-types.ts';
import type {
  ElementType,
  OnnxAttribute,
  OnnxDimension,
  OnnxFunction,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  OnnxValue,
} from './model.ts';
import { draftTensor, type Files, finishTensor, MAX_RANK, TENSOR, type TensorDraft } from './read-tensor.ts';
import { otherKind } from './signature.ts';
import { floats, integers, type MessageFields, message, name, textField, WireReader } from './wire.ts';

/** Nodes of all graphs and functions of a file together; a spec may expand to as many. */
const MAX_NODES = 100_000;

/** The version of the file format from which on a model states the versions of its operators. */
const FIRST_WITH_OPSETS = 3;

/** A thing whose fields are still coming in. */
type Draft<T> = {
  -readonly [K in keyof T]: T[K] extends ReadonlyMap<infer Key, infer Value>
    ? Map<Key, Value>
    : T[K] extends readonly (infer Item)[]
      ? Item[]
      : T[K];
};

interface ModelDraft {
  version: number;
  producer: string[];
  readonly opsets: Map<string, number>;
  graph: Draft<OnnxGraph> | undefined;
  readonly functions: OnnxFunction[];
}

interface AttributeDraft {
  name: string;
  type: number;
  f: number;
  i: number;
  s: string | undefined;
  t: OnnxTensor | undefined;
  g: Draft<OnnxGraph> | undefined;
  floats: number[] | undefined;
  ints: number[] | undefined;
  strings: (string | undefined)[] | undefined;
  graphs: OnnxGraph[] | undefined;
  reference: string;
  /** The kind that its fields are of, where `type` does not say: files before version 2 of the format have none. */
  met: number;
}

const FLOAT = 1;
const INT = 2;
const STRING = 3;
const TENSOR_KIND = 4;
const GRAPH = 5;
const FLOATS = 6;
const INTS = 7;
const STRINGS = 8;
const GRAPHS = 10;
const SPARSE_KIND = 11;

const OTHER: OnnxAttribute = { kind: 'other' };

const isText = (value: string | undefined): value is string => value !== undefined;

/** What an attribute is, by the number in its `type`. */
const ATTRIBUTES: Readonly<Record<number, (draft: AttributeDraft) => OnnxAttribute>> = {
  [FLOAT]: ({ f }) => ({ kind: 'float', value: f }),
  [INT]: ({ i }) => ({ kind: 'int', value: i }),
  [STRING]: ({ s }) => (s === undefined ? OTHER : { kind: 'string', value: s }),
  [TENSOR_KIND]: ({ t }) => (t === undefined ? OTHER : { kind: 'tensor', value: t }),
  [SPARSE_KIND]: ({ t }) => (t === undefined ? OTHER : { kind: 'tensor', value: t }),
  [GRAPH]: ({ g }) => (g === undefined ? OTHER : { kind: 'graph', value: g }),
  [FLOATS]: ({ floats = [] }) => ({ kind: 'floats', value: floats }),
  [INTS]: ({ ints = [] }) => ({ kind: 'ints', value: ints }),
  [STRINGS]: ({ strings = [] }) => (strings.every(isText) ? { kind: 'strings', value: strings } : OTHER),
  [GRAPHS]: ({ graphs = [] }) => ({ kind: 'graphs', value: graphs }),
};

const finishAttribute = (draft: AttributeDraft): OnnxAttribute =>
  draft.reference === '' ? (ATTRIBUTES[draft.type || draft.met]?.(draft) ?? OTHER) : { kind: 'reference', value: draft.reference };

/** Records whose keys a file chooses have no prototype, so that no key is there before. */
const record = <T>(): Record<string, T> => Object.create(null);

const draftGraph = (): Draft<OnnxGraph> => ({ name: '', nodes: [], inputs: [], outputs: [], values: [], initializers: new Map() });

const draftNode = (): Draft<OnnxNode> & { overload: string } => ({
  name: '',
  operator: '',
  domain: '',
  inputs: [],
  outputs: [],
  attributes: record(),
  overload: '',
});

const draftFunction = (): Draft<OnnxFunction> & { overload: string } => ({
  domain: '',
  name: '',
  inputs: [],
  outputs: [],
  attributes: [],
  defaults: record(),
  opsets: new Map(),
  nodes: [],
  overload: '',
});

const draftAttribute = (): AttributeDraft => ({
  name: '',
  type: 0,
  f: 0,
  i: 0,
  s: '',
  t: undefined,
  g: undefined,
  floats: undefined,
  ints: undefined,
  strings: undefined,
  graphs: undefined,
  reference: '',
  met: 0,
});

/** The standard operators go by two names. */
const domainOf = (domain: string): string => (domain === 'ai.onnx' ? '' : domain);

/** Functions that differ in their overload alone are called by name and overload. */
const overloaded = (operator: string, overload: string): string => (overload === '' ? operator : `${operator}:${overload}`);

interface ValueDraft {
  name: string;
  type: ElementType | undefined;
  shape: OnnxDimension[] | undefined;
}

interface DimensionDraft {
  size: OnnxDimension;
}

/** A Dimension; sizes below zero are how some exporters write one that they do not know. */
const DIMENSION: MessageFields<DimensionDraft> = {
  1: integers((into, size) => {
    into.size = size < 0 ? undefined : size;
  }),
  2: name((into, symbol) => {
    into.size = symbol === '' ? undefined : symbol;
  }),
};

/** A TensorShapeProto. */
const SHAPE: MessageFields<OnnxDimension[]> = {
  1: message(
    (): DimensionDraft => ({ size: undefined }),
    () => DIMENSION,
    (into, { size }) => into.push(size),
  ),
};

/** The Tensor or SparseTensor of a TypeProto. */
const TENSOR_TYPE: MessageFields<ValueDraft> = {
  1: integers((into, type) => {
    into.type = elementType(type);
  }),
  2: message(
    (into) => {
      into.shape ??= [];
      return into.shape;
    },
    () => SHAPE,
  ),
};

/** A TypeProto; sequences, maps and optionals are read over. */
const TYPE: MessageFields<ValueDraft> = {
  1: message(
    (into) => into,
    () => TENSOR_TYPE,
  ),
  8: message(
    (into) => into,
    () => TENSOR_TYPE,
  ),
};

/** A ValueInfoProto. */
const VALUE: MessageFields<ValueDraft> = {
  1: name((into, text) => {
    into.name = text;
  }),
  2: message(
    (into) => into,
    () => TYPE,
  ),
};

interface OpsetDraft {
  domain: string;
  version: number;
}

/** An OperatorSetIdProto. */
const OPSET: MessageFields<OpsetDraft> = {
  1: name((into, text) => {
    into.domain = domainOf(text);
  }),
  2: integers((into, version) => {
    into.version = version;
  }),
};

interface Note {
  key: string;
  modules: readonly string[] | undefined;
}

/** Under which key PyTorch's newer exporter notes the modules that a node comes from, and last the node's own name. */
const NAME_SCOPES = 'pkg.torch.onnx.name_scopes';

/** `['', 'layer1', 'layer1.0', 'conv2d']`, as Python writes lists. */
const pythonList = (text: string): string[] => [...text.matchAll(/'([^'\\]*)'/g)].map(([, item = '']) => item);

const modulesNoted = textField<Note>((into, list = '') => {
  into.modules = pythonList(list)
    .slice(0, -1)
    .filter((module) => module !== '');
});

/** A StringStringEntryProto among the notes of a node; values of other keys, such as whole stack traces, are stepped over. */
const NOTE: MessageFields<Note> = {
  1: name((into, key) => {
    into.key = key;
  }),
  2: (into, reader, wire) => into.key === NAME_SCOPES && modulesNoted(into, reader, wire),
};

const opsets = message<{ readonly opsets: Map<string, number> }, OpsetDraft>(
  () => ({ domain: '', version: 0 }),
  () => OPSET,
  (into, { domain, version }) => into.opsets.set(domain, version),
);

/** The messages of one file: tensors in them know where their elements lie. */
function messagesOf(files: Files): MessageFields<ModelDraft> {
  let nodes = 0;

  /** Tensors, wherever they stand. */
  const tensor = <M>(take: (into: M, tensor: OnnxTensor) => void) =>
    message<M, TensorDraft>(
      draftTensor,
      () => TENSOR,
      (into, draft, offset) => take(into, finishTensor(draft, files, offset)),
    );

  /** Sparse tensors, wherever they stand. */
  const sparse = <M>(take: (into: M, tensor: OnnxTensor) => void) =>
    message<M, { values: TensorDraft; readonly shape: number[] }>(
      () => ({ values: draftTensor(), shape: [] }),
      () => SPARSE,
      (into, { values: { name, type }, shape }, offset) => {
        if (type !== 0) take(into, finishTensor({ ...draftTensor(), name, type, shape }, files, offset));
      },
    );

  const value = <M>(take: (into: M, value: OnnxValue) => void) =>
    message<M, ValueDraft>(
      () => ({ name: '', type: undefined, shape: undefined }),
      () => VALUE,
      (into, draft, offset) => {
        const { length } = draft.shape ?? [];
        if (length > MAX_RANK) throw malformed(offset, `the value "${draft.name}" has ${length} axes, more than ${MAX_RANK}`);
        take(into, draft);
      },
    );

  const malformed = (offset: number, reason: string) => fail('ONNX_MALFORMED', { path: files.file, offset, reason });

  const attribute = <M>(take: (into: M, name: string, attribute: OnnxAttribute) => void) =>
    message<M, AttributeDraft>(
      draftAttribute,
      () => ATTRIBUTE,
      (into, draft) => take(into, draft.name, finishAttribute(draft)),
    );

  const node = message<{ readonly nodes: OnnxNode[] }, ReturnType<typeof draftNode>>(
    draftNode,
    () => NODE,
    (into, { overload, ...draft }) => {
      if (++nodes > MAX_NODES) throw fail('ONNX_TOO_LARGE', { path: files.file, what: 'nodes', limit: MAX_NODES });
      into.nodes.push({ ...draft, operator: overloaded(draft.operator, overload) });
    },
  );

  /** A NodeProto. */
  const NODE: MessageFields<ReturnType<typeof draftNode>> = {
    1: name((into, text) => into.inputs.push(text)),
    2: name((into, text) => into.outputs.push(text)),
    3: name((into, text) => {
      into.name = text;
    }),
    4: name((into, text) => {
      into.operator = text;
    }),
    5: attribute((into, key, found) => {
      if (key in into.attributes) throw fail('ONNX_NODE', { operator: into.operator || 'node', reason: `it has "${key}" twice` });
      (into.attributes as Record<string, OnnxAttribute>)[key] = found;
    }),
    7: name((into, text) => {
      into.domain = domainOf(text);
    }),
    8: name((into, text) => {
      into.overload = text;
    }),
    9: message(
      (): Note => ({ key: '', modules: undefined }),
      () => NOTE,
      (into, { modules }) => {
        if (modules !== undefined) into.modules = modules;
      },
    ),
  };

  /** An AttributeProto. */
  const ATTRIBUTE: MessageFields<AttributeDraft> = {
    1: name((into, text) => {
      into.name = text;
    }),
    2: floats((into, number) => {
      into.f = number;
      into.met = FLOAT;
    }),
    3: integers((into, number) => {
      into.i = number;
      into.met = INT;
    }),
    4: textField((into, found) => {
      into.s = found;
      into.met = STRING;
    }),
    5: tensor((into, found) => {
      into.t = found;
      into.met = TENSOR_KIND;
    }),
    6: message(
      (into) => {
        into.met = GRAPH;
        into.g ??= draftGraph();
        return into.g;
      },
      () => GRAPH_FIELDS,
    ),
    7: floats((into, number) => {
      into.floats ??= [];
      into.floats.push(number);
      into.met = FLOATS;
    }),
    8: integers((into, number) => {
      into.ints ??= [];
      into.ints.push(number);
      into.met = INTS;
    }),
    9: textField((into, found) => {
      into.strings ??= [];
      into.strings.push(found);
      into.met = STRINGS;
    }),
    11: message(
      draftGraph,
      () => GRAPH_FIELDS,
      (into, graph) => {
        into.graphs ??= [];
        into.graphs.push(graph);
        into.met = GRAPHS;
      },
    ),
    20: integers((into, type) => {
      into.type = type;
    }),
    21: name((into, text) => {
      into.reference = text;
    }),
    22: sparse((into, found) => {
      into.t = found;
      into.met = SPARSE_KIND;
    }),
  };

  /** A SparseTensorProto: kernels that are not told of it compute with all its zeros, so it counts as the dense tensor that it stands for. */
  const SPARSE: MessageFields<{ values: TensorDraft; readonly shape: number[] }> = {
    1: message(
      ({ values }) => values,
      () => TENSOR,
    ),
    3: integers((into, size) => into.shape.push(size)),
  };

  /** A GraphProto. */
  const GRAPH_FIELDS: MessageFields<Draft<OnnxGraph>> = {
    1: node,
    2: name((into, text) => {
      into.name = text;
    }),
    5: tensor((into, found) => into.initializers.set(found.name, found)),
    11: value((into, found) => into.inputs.push(found)),
    12: value((into, found) => into.outputs.push(found)),
    13: value((into, found) => into.values.push(found)),
    15: sparse((into, found) => into.initializers.set(found.name, found)),
  };

  /** A FunctionProto. */
  const FUNCTION: MessageFields<ReturnType<typeof draftFunction>> = {
    1: name((into, text) => {
      into.name = text;
    }),
    4: name((into, text) => into.inputs.push(text)),
    5: name((into, text) => into.outputs.push(text)),
    6: name((into, text) => into.attributes.push(text)),
    7: node,
    9: opsets,
    10: name((into, text) => {
      into.domain = domainOf(text);
    }),
    11: attribute((into, key, found) => {
      into.attributes.push(key);
      (into.defaults as Record<string, OnnxAttribute>)[key] = found;
    }),
    13: name((into, text) => {
      into.overload = text;
    }),
  };

  /** A ModelProto. */
  return {
    1: integers((into, version) => {
      into.version = version;
    }),
    2: name((into, text) => into.producer.push(text)),
    3: name((into, text) => into.producer.push(text)),
    7: message(
      (into) => {
        into.graph ??= draftGraph();
        return into.graph;
      },
      () => GRAPH_FIELDS,
    ),
    8: opsets,
    25: message(
      draftFunction,
      () => FUNCTION,
      (into, { overload, ...draft }) => {
        into.functions.push({ ...draft, name: overloaded(draft.name, overload) });
      },
    ),
  };
}

function read(files: Files): OnnxModel {
  const { source, file } = files;
  const draft: ModelDraft = { version: 0, producer: [], opsets: new Map(), graph: undefined, functions: [] };
  new WireReader(source, file).fields(draft, messagesOf(files));
  const { version, producer, opsets, graph, functions } = draft;
  if (graph === undefined) throw fail('ONNX_NO_GRAPH', { path: file, size: source.size });
  if (opsets.size === 0 && version < FIRST_WITH_OPSETS && version > 0) opsets.set('', 1);
  if (opsets.size === 0) throw fail('ONNX_NO_OPSET', { path: file });
  return { producer: producer.filter(Boolean).join(' '), opsets, graph, functions };
}

/**
 * Reads an ONNX model: its names, attributes and shapes. Of large tensors it reads nothing but where their data lie; `elements()`
 * of the others reads on demand, so `source` must stay open as long as it may be called. `external(location)` opens a file
 * beside the model; `undefined` where it is absent or lies outside the model's folder.
 *
 * Throws a `FlopwiseError` where the bytes are no model, are damaged, or are more than a model can have.
 */
export function readOnnx(source: ByteSource, file: string, external: Files['external'] = () => undefined): OnnxModel {
  const problems = new ProblemList();
  const model = problems.attempt(() => read({ source, file, external }));
  if (model !== undefined) return model;
  const other = otherKind(source);
  throw new FlopwiseError(other === undefined ? problems.found : [fail('NOT_ONNX', { path: file, ...other }).problem]);
}
