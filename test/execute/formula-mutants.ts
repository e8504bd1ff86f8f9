import { parseAst } from 'rolldown/parseAst';

/** Source text with one formula broken. */
export interface Mutant {
  readonly line: number;
  /** What stood there, and what stands there now. */
  readonly change: string;
  readonly text: string;
}

interface Part {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

const isPart = (value: unknown): value is Part => typeof value === 'object' && value !== null && 'type' in value;

/** Parts of a part of the source, types left out. */
const partsOf = (part: Part): Part[] =>
  Object.entries(part)
    .filter(([key]) => key !== 'typeAnnotation' && key !== 'returnType' && key !== 'typeArguments' && key !== 'typeParameters')
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
    .filter((value) => isPart(value) && (!value.type.startsWith('TS') || 'expression' in value)) as Part[];

const OTHER_SIGN: Readonly<Record<string, string>> = {
  '+': '-',
  '-': '+',
  '*': '+',
  '/': '*',
  '%': '*',
  '**': '*',
  '<': '<=',
  '<=': '<',
  '>': '>=',
};
const OTHER_FUNCTION: Readonly<Record<string, string>> = { floor: 'ceil', ceil: 'floor', min: 'max', max: 'min' };

const nameOf = (part: unknown): string | undefined => (isPart(part) && part.type === 'Identifier' ? (part.name as string) : undefined);

/** What only refuses input, is asked for where nothing is, or is no formula: not broken. */
function isGuard(part: Part): boolean {
  if (part.type === 'AssignmentPattern') return true;
  if (part.type === 'ThrowStatement' || part.type === 'TemplateLiteral') return true;
  if (part.type === 'CallExpression') return /^(check|fail$|misfit$|about$|withDefault$)/.test(nameOf(part.callee) ?? '');
  return part.type === 'IfStatement' && !isPart(part.alternate) && endsInThrow(part.consequent as Part);
}

const endsInThrow = (part: Part): boolean =>
  part.type === 'ThrowStatement' ||
  (part.type === 'ExpressionStatement' && /^misfit/.test(nameOf((part.expression as Part).callee) ?? '')) ||
  (part.type === 'BlockStatement' && (part.body as Part[]).length > 0 && endsInThrow((part.body as Part[]).at(-1) as Part));

/** From where to where in the text something is replaced, and by what. */
type Edit = readonly [start: number, end: number, by: string];

function editsOf(part: Part, text: string): Edit[] {
  if (part.type === 'BinaryExpression') {
    const [left, right, sign] = [part.left as Part, part.right as Part, part.operator as string];
    const by = OTHER_SIGN[sign];
    const at = text.indexOf(sign, left.end);
    return by === undefined || at >= right.start ? [] : [[at, at + sign.length, by]];
  }
  if (part.type === 'ConditionalExpression') {
    const test = part.test as Part;
    return [[test.start, test.end, `!(${text.slice(test.start, test.end)})`]];
  }
  if (part.type === 'Literal' && typeof part.value === 'number') return [[part.start, part.end, String(part.value + 1)]];
  if (part.type === 'MemberExpression' && nameOf(part.object) === 'Math') {
    const property = part.property as Part;
    const by = OTHER_FUNCTION[property.name as string];
    return by === undefined ? [] : [[property.start, property.end, by]];
  }
  return [];
}

/** All mutants of a file: every formula that the properties of these names use, or every function where none is named. */
export function formulaMutants(text: string, roots: readonly string[]): Mutant[] {
  const program = parseAst(text, { lang: 'ts' }) as unknown as Part;
  const functions = new Map<string, Part>();
  for (const statement of program.body as Part[]) {
    const declared = (statement.declaration ?? statement) as Part;
    if (declared.type === 'FunctionDeclaration') functions.set(nameOf(declared.id) as string, declared);
    if (declared.type === 'VariableDeclaration')
      for (const one of declared.declarations as Part[])
        if (isPart(one.init) && one.init.type === 'ArrowFunctionExpression') functions.set(nameOf(one.id) as string, one.init);
  }
  const edits = new Map<string, Edit>();
  const seen = new Set<Part>();
  const visit = (part: Part): void => {
    if (seen.has(part) || isGuard(part)) return;
    seen.add(part);
    for (const edit of editsOf(part, text)) edits.set(edit.join(), edit);
    const called = functions.get(nameOf(part) ?? '');
    if (called !== undefined) visit(called);
    for (const inner of partsOf(part)) visit(inner);
  };
  const find = (part: Part): void => {
    const isRoot = part.type === 'Property' && roots.includes(nameOf(part.key) ?? '');
    if (isRoot) visit(part.value as Part);
    else if (part.type !== 'Property' || nameOf(part.key) !== 'gradient') for (const inner of partsOf(part)) find(inner);
  };
  if (roots.length === 0) for (const one of functions.values()) visit(one);
  else find(program);
  return [...edits.values()].map(([start, end, by]) => ({
    line: text.slice(0, start).split('\n').length,
    change: `${text.slice(start, end)} → ${by}`,
    text: text.slice(0, start) + by + text.slice(end),
  }));
}
