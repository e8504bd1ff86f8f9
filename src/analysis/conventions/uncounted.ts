import { each, NOTHING } from './convention.ts';

/** Functions and searches that most tools have no rule for, and count as nothing. */
export const uncounted = each(NOTHING, 'pointwise', 'reduce', 'cumsum', 'topk', 'lrn', 'gridsample', 'nms', 'scatter', 'roialign', 'rope');
