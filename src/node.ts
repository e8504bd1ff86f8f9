/** Reading specs from a disk, for programs that run on Node. */
export { diskFile, diskFolder, diskLibrary, zoo } from './node/disk.ts';
