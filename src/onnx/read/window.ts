import type { OnnxNode } from '../file/model.ts';
import { broken, choice, ints } from './call.ts';

/** Strides and dilations of a sliding window over so many axes. */
export const readWindow = (node: OnnxNode, axes: number): { stride: number[]; dilation: number[] } => ({
  stride: perAxis(node, 'strides', axes),
  dilation: perAxis(node, 'dilations', axes),
});

function perAxis(node: OnnxNode, name: string, axes: number): number[] {
  const given = ints(node, name) ?? new Array<number>(axes).fill(1);
  if (given.length !== axes) throw broken(node, `"${name}" has ${given.length} values for ${axes} axes`);
  return [...given];
}

const AUTOMATIC: Readonly<Record<string, 'same' | 'same_lower' | 'valid'>> = {
  SAME_UPPER: 'same',
  SAME_LOWER: 'same_lower',
  VALID: 'valid',
};

/** Ways to pad; an empty text is as none, as old converters write it. */
export const AUTOMATIC_NAMES = ['NOTSET', 'SAME_UPPER', 'SAME_LOWER', 'VALID', ''] as const;

/** Padding before and after each axis: all befores come first in ONNX. */
export function paddingOf(node: OnnxNode, axes: number): [number, number][] | 'same' | 'same_lower' | 'valid' {
  const automatic = AUTOMATIC[choice(node, 'auto_pad', AUTOMATIC_NAMES)];
  if (automatic !== undefined) return automatic;
  const pads = ints(node, 'pads') ?? new Array<number>(2 * axes).fill(0);
  if (pads.length !== 2 * axes) throw broken(node, `"pads" has ${pads.length} values for ${axes} axes`);
  return Array.from({ length: axes }, (_, axis) => [pads[axis] as number, pads[axis + axes] as number]);
}
