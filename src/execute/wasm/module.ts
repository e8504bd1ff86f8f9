export { adds, compares, divides, macs, macsOnPadding, multiplies, reset } from './counters';
export { convolve, convolveDepthwise, pack } from './conv';
export { copyRows, rectify, scale, sum, transpose } from './elements';
export { listRows, packColumns } from './matrix';
export { poolMaximum, poolWhole } from './pool';
export { listPositions, listTaps } from './window';
