import { formatShape } from '../../core/shape.ts';
import type { Arrow, Repeat, Vertex } from './drawing.ts';
import type { Wiring } from './layers.ts';
import { runs } from './summary.ts';

/** Most blocks that repeat together, as a block with shifted windows after one without. */
const LONGEST_PERIOD = 4;

const shapes = (all: Vertex['rows'][number]['output']): string => all.map(formatShape).join(' ');

/** What is the same in two vertices that stand for the same thing: what they say, do and cost. */
const likeness = ({ kind, lines, shortcut, state, rows }: Vertex): string =>
  [
    kind,
    state ?? '',
    shortcut ?? '',
    ...lines,
    ...rows.map((row) => `${row.operator} ${shapes(row.input)} ${shapes(row.output)} ${row.macs} ${row.parameters}`),
  ].join('\n');

type Unit = readonly number[];

const kindOf = ({ kind, text, state = 'kept' }: Arrow): string => `${kind} ${state} ${text}`;

/** How a unit hangs together with what is around it. */
interface Wires {
  readonly inside: string;
  /** From the unit before: places in both. */
  readonly before: string;
  readonly beforeTargets: string;
  /** From anywhere else. */
  readonly others: string;
  readonly othersList: readonly Arrow[];
  /** Whether nothing but the unit after reads it. */
  readonly isOnlyReadBy: (next: Unit) => boolean;
}

const sortedText = (all: readonly string[]): string => [...new Set(all)].sort().join(';');

/** Finds vertices that repeat, and leaves one of each. */
export function foldRepeats({ vertices, edges }: Wiring): Wiring & { readonly repeats: readonly Repeat[] } {
  const into = vertices.map((): Arrow[] => []);
  const outOf = vertices.map((): Arrow[] => []);
  for (const edge of edges) {
    into[edge.to]?.push(edge);
    outOf[edge.from]?.push(edge);
  }
  const alike = vertices.map(likeness);
  /** By vertex: the one that is drawn for it. */
  const drawn = vertices.map((_, place) => place);
  const times = vertices.map(() => 1);
  const brackets: Repeat[] = [];

  const wiresOf = (unit: Unit, previous: Unit): Wires => {
    const places = new Map(unit.map((vertex, place) => [vertex, place]));
    const earlier = new Map(previous.map((vertex, place) => [vertex, place]));
    const coming = unit.flatMap((vertex) => into[vertex] ?? []);
    const fromBefore = coming.filter(({ from }) => earlier.has(from));
    const othersList = coming.filter(({ from }) => !earlier.has(from) && !places.has(from));
    const inside = coming.filter(({ from }) => places.has(from));
    return {
      inside: sortedText(inside.map((edge) => `${places.get(edge.from)} ${places.get(edge.to)} ${kindOf(edge)}`)),
      before: sortedText(fromBefore.map((edge) => `${earlier.get(edge.from)} ${places.get(edge.to)} ${kindOf(edge)}`)),
      beforeTargets: sortedText(fromBefore.map((edge) => `${places.get(edge.to)} ${kindOf(edge)}`)),
      others: sortedText(othersList.map((edge) => `${edge.from} ${places.get(edge.to)} ${kindOf(edge)}`)),
      othersList,
      isOnlyReadBy: (next) => unit.every((vertex) => (outOf[vertex] ?? []).every(({ to }) => places.has(to) || next.includes(to))),
    };
  };

  /** Whether the first of several copies takes from outside what each other takes from the one before, and the same things beside. */
  const beginsAs = (first: Unit, second: Wires): boolean => {
    const { othersList } = wiresOf(first, []);
    const places = new Map(first.map((vertex, place) => [vertex, place]));
    const own = sortedText(othersList.map((edge) => `${places.get(edge.to)} ${kindOf(edge)}`));
    const common = second.othersList.length === 0 ? [] : second.others.split(';');
    const commonTargets = common.map((one) => one.slice(one.indexOf(' ') + 1));
    const fromOthers = new Set(othersList.map((edge) => `${edge.from} ${places.get(edge.to)} ${kindOf(edge)}`));
    return (
      common.every((one) => fromOthers.has(one)) &&
      own === sortedText([...commonTargets, ...second.beforeTargets.split(';').filter((one) => one !== '')])
    );
  };

  /** How often the first unit of a list repeats at its beginning. */
  const countOf = (unitAt: (place: number) => Unit | undefined): number => {
    const [first, second] = [unitAt(0), unitAt(1)];
    if (first === undefined || second === undefined) return 1;
    const texts = first.map((vertex) => alike[vertex]).join('\n\n');
    const isAlike = (unit: Unit): boolean => unit.length === first.length && unit.map((vertex) => alike[vertex]).join('\n\n') === texts;
    if (!isAlike(second)) return 1;
    const pattern = wiresOf(second, first);
    if (pattern.before === '' || wiresOf(first, []).inside !== pattern.inside || !beginsAs(first, pattern)) return 1;
    let count = 1;
    for (let next = unitAt(count); next !== undefined; next = unitAt(count)) {
      const previous = unitAt(count - 1) as Unit;
      if (!isAlike(next) || !wiresOf(previous, []).isOnlyReadBy(next)) break;
      const wires = wiresOf(next, previous);
      if (wires.inside !== pattern.inside || wires.before !== pattern.before || wires.others !== pattern.others) break;
      count++;
    }
    return count;
  };

  const fold = (all: Unit, depth: number): void => {
    const stepOf = (vertex: number): string => (vertices[vertex] as Vertex).path.split('/', depth + 1).join('/');
    const children = runs(all, stepOf);
    let at = 0;
    while (at < children.length) {
      const found = periodAt(children, at);
      const period = found?.period ?? 1;
      for (const child of children.slice(at, at + period)) if (child.length > 1 && depth < 64) fold(child, depth + 1);
      at += period * (found?.count ?? 1);
    }
  };

  const periodAt = (children: readonly Unit[], at: number): { period: number; count: number } | undefined => {
    for (let period = 1; period <= LONGEST_PERIOD && at + 2 * period <= children.length; period++) {
      const unitAt = (place: number): Unit | undefined => {
        const begin = at + place * period;
        return begin + period > children.length ? undefined : children.slice(begin, begin + period).flat();
      };
      const count = countOf(unitAt);
      if (count < 2) continue;
      const first = unitAt(0) as Unit;
      for (let copy = 1; copy < count; copy++)
        for (const [place, vertex] of (unitAt(copy) as Unit).entries()) drawn[vertex] = first[place] as number;
      if (first.length === 1) times[first[0] as number] = count;
      else brackets.push({ vertices: first, times: count });
      return { period, count };
    }
    return undefined;
  };

  fold(
    vertices.map((_, place) => place),
    0,
  );
  return withOne({ vertices, edges }, drawn, times, brackets);
}

/** What is left: one vertex for all that it is drawn for, and the edges between those. */
function withOne({ vertices, edges }: Wiring, drawn: readonly number[], times: readonly number[], brackets: readonly Repeat[]) {
  const rootOf = (place: number): number => {
    let root = place;
    while (drawn[root] !== root) root = drawn[root] as number;
    return root;
  };
  const roots = vertices.map((_, place) => rootOf(place));
  const kept = vertices.flatMap((_, place) => (roots[place] === place ? [place] : []));
  const newPlace = new Map(kept.map((place, index) => [place, index]));
  const rows = new Map<number, Vertex['rows'][number][]>(kept.map((place) => [place, []]));
  for (const [place, vertex] of vertices.entries()) rows.get(roots[place] as number)?.push(...vertex.rows);
  const placeOf = (place: number): number => newPlace.get(roots[place] as number) as number;
  const found = new Map<string, Arrow>();
  const intoPlace = new Map<number, Set<string>>();
  // From one copy to the next: what the first copy takes from outside stands for it.
  const isBetween = ({ from, to }: Arrow): boolean => roots[to] !== to && (roots[from] as number) >= (roots[to] as number);
  for (const edge of edges) {
    const to = placeOf(edge.to);
    const keys = intoPlace.get(to) ?? new Set();
    const isTwin = (key: string): boolean => found.get(key)?.kind === edge.kind;
    const key = isBetween(edge) ? [...keys].find(isTwin) : `${placeOf(edge.from)} ${to}`;
    if (key === undefined) continue;
    const there = found.get(key);
    found.set(key, there === undefined ? { ...edge, from: placeOf(edge.from), to } : { ...there, rows: [...there.rows, ...edge.rows] });
    intoPlace.set(to, keys.add(key));
  }
  return {
    vertices: kept.map((place) => ({ ...(vertices[place] as Vertex), rows: rows.get(place) ?? [], times: times[place] as number })),
    edges: [...found.values()],
    repeats: brackets
      .map(({ vertices: all, times: count }) => ({ vertices: all.filter((place) => newPlace.has(place)).map(placeOf), times: count }))
      .filter(({ vertices: all }) => all.length > 0),
  };
}
