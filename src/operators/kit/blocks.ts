import type { Place } from '../../core/places.ts';

/**
 * Blocks of pixels, so many along each spatial axis, against channels. `CRD`: the pixels of a block are next to each other among the
 * channels, as in PyTorch. `DCR`: the channels of a pixel are, as in TensorFlow. The names are those of ONNX.
 */
export type BlockMode = 'CRD' | 'DCR';

/** Where an element of `[n, c, …]` is once the pixels of each block are channels. */
export function inChannels(mode: BlockMode, block: number, [n, channel, ...at]: Place, channels: number): Place {
  const pixel = at.reduce((before, place) => before * block + (place % block), 0);
  const packed = mode === 'CRD' ? (channel as number) * block ** at.length + pixel : pixel * channels + (channel as number);
  return [n as number, packed, ...at.map((place) => Math.floor(place / block))];
}

/** The inverse: where an element of a packed channel is once its blocks are pixels. */
export function inBlocks(mode: BlockMode, block: number, [n, packed, ...at]: Place, channels: number): Place {
  const whole = mode === 'CRD' ? block ** at.length : channels;
  const [first, second] = [Math.floor((packed as number) / whole), (packed as number) % whole];
  const [channel, pixel] = mode === 'CRD' ? [first, second] : [second, first];
  const pixelAlong = (axis: number): number => Math.floor(pixel / block ** (at.length - 1 - axis)) % block;
  return [n as number, channel, ...at.map((place, axis) => place * block + pixelAlong(axis))];
}
