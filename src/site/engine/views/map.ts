import { mapView } from '../cost-view.ts';
import type { View } from '../counted.ts';
import { COST } from './table.ts';

export const view: View = { show: ({ analysis }) => ({ html: mapView(analysis) }), formats: COST };
