import type { Kernels } from '../../execute/kernels.ts';
import type { SpecFolder } from '../../spec/folder.ts';
import type { OpenFile } from './files.ts';

/** What networks are run with, and what a person should know of it. */
export interface KernelChoice {
  readonly kernels: Kernels;
  readonly note: string;
}

/** What the engine stands on: the page's worker, or a test. */
export interface Ground {
  readonly zoo: SpecFolder;
  readonly openFile: OpenFile;
  /** Milliseconds from some point on. */
  now(): number;
  kernels(): Promise<KernelChoice>;
  /** Bytes that a run may take. */
  readonly memory: number;
  /** Written into files. */
  readonly version: string;
}
