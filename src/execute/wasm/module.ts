export { gelu, geluByTanh, silu, times } from './activations';
export {
  adds,
  compares,
  divides,
  erfs,
  exps,
  macs,
  macsOnPadding,
  maskedMacs,
  multiplies,
  reset,
  sqrts,
  subtracts,
  tanhs,
} from './counters';
export { convolve, convolveDepthwise, pack } from './conv';
export { copyRows, rectify, scale, sum, transpose } from './elements';
export { listRows, packColumns } from './matrix';
export { poolMaximum, poolWhole } from './pool';
export { attend, gather, layernorm, rmsnorm, rotate, softmax } from './vectors';
export { listPositions, listTaps } from './window';
export { addRows, depthwiseToInput, depthwiseToWeights, listPlaces, listTap, multiplyOnto, packMatrix, packWindows } from './gradient';
export {
  addProducts,
  deviate,
  normaliseChannels,
  poolMaximumBack,
  poolWholeBack,
  rectifyBack,
  scaleChannels,
  unnormalise,
} from './gradient-elements';
