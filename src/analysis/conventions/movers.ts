import { each, NOTHING, type Rule } from './convention.ts';

/** Operators that only move, name or make tensors: no tool counts them. */
export const movers: Record<
  | 'concat'
  | 'split'
  | 'slice'
  | 'shuffle'
  | 'pixelshuffle'
  | 'pixelunshuffle'
  | 'flatten'
  | 'reshape'
  | 'permute'
  | 'pad'
  | 'roll'
  | 'move'
  | 'unknown'
  | 'embedding'
  | 'positions'
  | 'splitheads'
  | 'mergeheads'
  | 'cache'
  | 'recall'
  | 'relativebias'
  | 'dispatch'
  | 'parameter'
  | 'constant'
  | 'relativeposition'
  | 'dropout'
  | 'stochasticdepth'
  | 'identity',
  Rule
> = each(
  NOTHING,
  'concat',
  'split',
  'slice',
  'shuffle',
  'pixelshuffle',
  'pixelunshuffle',
  'flatten',
  'reshape',
  'permute',
  'pad',
  'roll',
  'move',
  'unknown',
  'embedding',
  'positions',
  'splitheads',
  'mergeheads',
  'cache',
  'recall',
  'relativebias',
  'dispatch',
  'parameter',
  'constant',
  'relativeposition',
  'dropout',
  'stochasticdepth',
  'identity',
);
