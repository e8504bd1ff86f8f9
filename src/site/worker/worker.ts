import kernelsUrl from '../../../dist/wasm/kernels.wasm?url';
import pkg from '../../../package.json' with { type: 'json' };
import { FastKernels } from '../../execute/fast/fast-kernels.ts';
import { Machine } from '../../execute/fast/machine.ts';
import { ReferenceKernels } from '../../execute/reference.ts';
import type { ByteSource } from '../../onnx/file/bytes.ts';
import { fail } from '../../problems/problem.ts';
import { answers, type Ground } from '../engine/engine.ts';
import { windowed } from '../engine/files.ts';
import type { DroppedFile, Question, Questions } from '../engine/protocol.ts';
import { zoo } from './zoo.ts';

/** The engine in a worker: what it does never holds up the page, and files can be read in windows only here. */

/** Reads while the worker waits; only workers have it. */
declare class FileReaderSync {
  readAsArrayBuffer(blob: Blob): ArrayBuffer;
}

function openFile(file: DroppedFile): ByteSource {
  const blob = file as File;
  const reader = new FileReaderSync();
  return windowed({
    size: blob.size,
    read(offset, into) {
      try {
        const bytes = new Uint8Array(reader.readAsArrayBuffer(blob.slice(offset, offset + into.length)));
        into.set(bytes);
        return bytes.length;
      } catch (error) {
        throw fail('FILE_UNREADABLE', { path: blob.name, reason: error instanceof Error ? error.message : 'it changed, or is gone' });
      }
    },
  });
}

const bytesOf = (url: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(url.slice(url.indexOf(',') + 1)), (sign) => sign.charCodeAt(0));

const SLOW = 'This browser has no WebAssembly with SIMD: the run took plain loops, which count the same and take longer.';

/** WebAssembly with four lanes where the browser has it, and the obvious loops where it has not. */
function kernels(): ReturnType<Ground['kernels']> {
  const bytes = bytesOf(kernelsUrl);
  return typeof WebAssembly === 'object' && WebAssembly.validate(bytes)
    ? { kernels: new FastKernels(new Machine(new WebAssembly.Module(bytes))), note: '' }
    : { kernels: new ReferenceKernels(), note: SLOW };
}

/** Browsers give a worker no more for one memory than WebAssembly can address, and phones less. */
const MEMORY = 2 ** 31;

const ground: Ground = {
  zoo,
  openFile,
  now: () => performance.now(),
  kernels,
  memory: MEMORY,
  progress: (progress) => self.postMessage({ progress }),
  version: pkg.version,
};

interface Message {
  readonly id: number;
  readonly question: Question;
  readonly asked: never;
}

self.addEventListener('message', ({ data: { id, question, asked } }: MessageEvent<Message>) => {
  const answer: Questions[Question]['answer'] = answers[question](asked, ground);
  self.postMessage({ id, answer });
});
