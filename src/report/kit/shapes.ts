import { formatShape, type Shape } from '../../core/shape.ts';

/** The shapes of several tensors: `1×64×56×56, 1×64×56×56` */
export const formatShapes = (shapes: readonly Shape[]): string => shapes.map(formatShape).join(', ');
