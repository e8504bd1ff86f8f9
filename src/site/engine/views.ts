import type { View as ViewName } from '../address.ts';
import type { View } from './counted.ts';

/** Where each view is: it is loaded when it is first looked at. */
const LOAD: Readonly<Record<ViewName, () => Promise<{ readonly view: View }>>> = {
  table: () => import('./views/table.ts'),
  map: () => import('./views/map.ts'),
  graph: () => import('./views/graph.ts'),
  plots: () => import('./views/plots.ts'),
  stages: () => import('./views/stages.ts'),
  compare: () => import('./views/compare.ts'),
  explain: () => import('./views/explain.ts'),
  conventions: () => import('./views/conventions.ts'),
  train: () => import('./views/train.ts'),
  check: () => import('./views/check.ts'),
  solve: () => import('./views/solve.ts'),
  verify: () => import('./views/verify.ts'),
};

export const loadView = async (name: ViewName): Promise<View> => (await LOAD[name]()).view;
