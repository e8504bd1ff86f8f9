import { type Analysis, total } from './cost.ts';
import { stageOf } from './group.ts';

/** A network without the linear layers that its last stage ends with, if it has such; as many published figures are. */
export function withoutClassifier(analysis: Analysis): Analysis | undefined {
  const { rows } = analysis;
  const last = rows.findLastIndex(({ macs }) => macs > 0n);
  const end = rows[last];
  if (end?.operator !== 'linear') return undefined;
  const others = rows.findLastIndex((row) => row.macs > 0n && (row.operator !== 'linear' || stageOf(row.path) !== stageOf(end.path)));
  const kept = rows.filter(({ operator }, index) => index <= others || operator !== 'linear');
  return others < 0 ? undefined : { ...analysis, rows: kept, totals: total(kept) };
}
