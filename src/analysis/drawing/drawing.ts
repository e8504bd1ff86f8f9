import type { Analysis, CostRow } from '../cost.ts';
import type { Label } from './look.ts';

/**
 * A network as a figure shows it: boxes and what flows between them, before anybody decides where they stand. Every layer of the
 * network is in exactly one vertex or edge, so costs add up to the totals.
 */
export interface Drawing {
  readonly name: string;
  readonly analysis: Analysis;
  /** Where it shows a difference: what was before. */
  readonly before?: Analysis | undefined;
  /** In execution order. */
  readonly vertices: readonly Vertex[];
  readonly edges: readonly Arrow[];
  readonly repeats: readonly Repeat[];
  /** What a box is. */
  readonly level: Level;
  /** Where boxes are fewer than were asked for: why, in a sentence. */
  readonly note?: string | undefined;
}

/** A box is a layer, a repeated layer once, or all that has the first so many steps of its path. */
export type Level = { readonly by: 'layer'; readonly isFolded: boolean } | { readonly by: 'steps'; readonly steps: number };

/** What became of something from one model to another. */
export type Change = 'kept' | 'changed' | 'added' | 'removed';

export interface Vertex {
  readonly kind: 'input' | 'box' | 'join';
  /** The path of what it stands for; the name of an input. */
  readonly path: string;
  /** Lines of text: `3×3 conv, 64, /2`; the sign of a join. */
  readonly lines: readonly string[];
  /** The size of what comes out, without batch and channels: `56×56`. */
  readonly size: string;
  /** The shape of what comes out, as it is written: `64×56×56`. */
  readonly output: string;
  /** All layers that it stands for, of all repeats. */
  readonly rows: readonly CostRow[];
  /** How many boxes in a row it stands for. */
  readonly times: number;
  /** A shortcut around all that is in the box. */
  readonly shortcut?: 'passes' | 'projects' | undefined;
  /** In the drawing of a difference. */
  readonly state?: Change | undefined;
  /** Its layer, where it is one. */
  readonly label?: Label | undefined;
}

export interface Arrow {
  /** Places in `vertices`. */
  readonly from: number;
  readonly to: number;
  /** A shortcut skips what another way goes through: it passes what it gets, or projects it to another shape. */
  readonly kind: 'flow' | 'passes' | 'projects';
  /** What projects: `1×1 conv, 128, /2` */
  readonly text: string;
  /** In the drawing of a difference. */
  readonly state?: Change | undefined;
  readonly rows: readonly CostRow[];
}

/** Vertices that stand for several like them, one after the other. */
export interface Repeat {
  readonly vertices: readonly number[];
  readonly times: number;
}
