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
  generate: () => import('./views/generate.ts'),
  check: () => import('./views/check.ts'),
  solve: () => import('./views/solve.ts'),
  verify: () => import('./views/verify.ts'),
};

const loaded = new Map<ViewName, View>();

/** A view that is there already is given at once: a browser takes longer to import what it has than to count a network. */
export function loadView(name: ViewName): View | Promise<View> {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  return LOAD[name]().then(({ view }) => {
    loaded.set(name, view);
    return view;
  });
}
