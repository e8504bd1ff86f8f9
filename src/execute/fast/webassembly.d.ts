/** The part of WebAssembly's JavaScript interface that is used here: TypeScript has it only among the types of browsers. */
// biome-ignore lint/style/noNamespace: this is what it is.
declare namespace WebAssembly {
  class Memory {
    constructor(limits: { readonly initial: number; readonly maximum?: number });
    readonly buffer: ArrayBuffer;
    /** Adds pages of 64 KiB. */
    grow(pages: number): number;
  }
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: Readonly<Record<string, Readonly<Record<string, Memory>>>>);
    readonly exports: object;
  }
  function compile(bytes: Uint8Array): Promise<Module>;
}
