import type { Edge } from '../graph/graph.ts';
import type { Value } from '../language/expression.ts';
import { fail } from '../problems/problem.ts';
import type { Block, Template, Templates } from './compiled.ts';
import type { Outputs } from './outputs.ts';

/** Values of names; `null` for one that has none because of a problem that was reported. */
export type Env = Record<string, Value | undefined | null>;

/** What flows from layer to layer; `undefined` where a problem, reported already, leaves it unknown. */
export type Flow = readonly Edge[] | undefined;

/** Where layers are expanded: one per block that is called, and one for the model. */
export interface Frame {
  readonly env: Env;
  readonly outputs: Outputs;
  /** How many blocks it is in. */
  readonly calls: number;
  /** The block, what its call gives, and where that stands; nothing for the model. */
  readonly called?: { readonly block: Block; readonly given: Templates; readonly by: Frame };
}

/** Whether a value is a name, or a list with it. */
function holds(value: Value | undefined | null, name: string): boolean {
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
  return parts.includes(name);
}

const WORD = /\$?[A-Za-z_]\w*/g;

/** Whether an expression has the name itself in its text. */
const says = ({ text = '' }: Template, name: string): boolean => text.match(WORD)?.some((word) => word === name) === true;

/**
 * Where an output is looked up that an expression names: a name means what it does in the place that it was written in. One
 * that a parameter holds is of the caller that gave it. Throws a `ProblemError` if it came from several places.
 */
export function homeOf(name: string, template: Template, frame: Frame): Frame {
  const { called, env } = frame;
  if (called === undefined) return frame;
  const homes = new Set(
    (template.names ?? []).filter((holder) => holds(env[holder], name)).map((holder) => homeOfValue(name, holder, frame)),
  );
  if (homes.size === 0 || says(template, name)) homes.add(frame);
  const [home, ...others] = homes;
  if (home === undefined || others.length > 0) throw fail('AMBIGUOUS_SOURCE', { name, text: template.text ?? name }, 'from');
  return home;
}

function homeOfValue(name: string, holder: string, frame: Frame): Frame {
  const { called } = frame;
  if (called === undefined) return frame;
  const given = called.given.get(holder);
  if (given !== undefined) return homeOf(name, given, called.by);
  const own = called.block.lets.get(holder) ?? called.block.parameters.get(holder)?.template;
  // A parameter of the model, which all blocks see.
  return own === undefined ? homeOfValue(name, holder, called.by) : homeOf(name, own, frame);
}
