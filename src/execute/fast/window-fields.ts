/**
 * How a window slides over a channels-last map, as both sides have it in memory: 32-bit fields in this order. The class `Window`
 * of the WebAssembly module is generated from this list. Sizes in elements; `step`, from one position of the input to the next,
 * and `taps`, where the taps are listed, in bytes.
 */
export const WINDOW_FIELDS = [
  'images',
  'step',
  'depth',
  'height',
  'width',
  'outDepth',
  'outHeight',
  'outWidth',
  'kernelDepth',
  'kernelHeight',
  'kernelWidth',
  'strideDepth',
  'strideHeight',
  'strideWidth',
  'dilationDepth',
  'dilationHeight',
  'dilationWidth',
  'beforeDepth',
  'beforeHeight',
  'beforeWidth',
  'taps',
  'tapCount',
] as const;

export type WindowFields = Readonly<Record<(typeof WINDOW_FIELDS)[number], number>>;

/** The fields in the order of memory. */
export const inOrder = (fields: WindowFields): number[] => WINDOW_FIELDS.map((name) => fields[name]);

/** The class, as AssemblyScript. */
export const windowClass = (): string => `// Generated from src/execute/fast/window-fields.ts by "npm run generate:docs".

/** How a window slides, and where its taps are listed. */
@unmanaged
export class Window {
${WINDOW_FIELDS.map((name) => `  ${name}: i32;`).join('\n')}
}
`;
