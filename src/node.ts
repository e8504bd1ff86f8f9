/** Reading specs from a disk, for programs that run on Node. */
export { diskFile, diskFolder, zoo } from './node/disk.ts';
export { openKernels } from './node/kernels.ts';
export { diskLibrary, openOnnx } from './node/onnx.ts';
export { readWeights, weightsBeside } from './node/weights.ts';
