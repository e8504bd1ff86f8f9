import pkg from '../../../package.json' with { type: 'json' };
import type { ByteSource } from '../../onnx/file/bytes.ts';
import { fail } from '../../problems/problem.ts';
import { answers } from '../engine/answers.ts';
import { windowed } from '../engine/files.ts';
import type { Ground } from '../engine/ground.ts';
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

/** Browsers give a worker no more for one memory than WebAssembly can address, and phones less. */
const MEMORY = 2 ** 31;

const ground: Ground = {
  zoo,
  openFile,
  now: () => performance.now(),
  kernels: async () => (await import('./kernels.ts')).kernels(),
  memory: MEMORY,
  version: pkg.version,
};

interface Message {
  readonly id: number;
  readonly question: Question;
  readonly asked: never;
}

async function reply({ id, question, asked }: Message): Promise<void> {
  const answer: Questions[Question]['answer'] = await answers[question](asked, ground, (part) => self.postMessage({ id, part }));
  self.postMessage({ id, answer });
}

self.addEventListener('message', ({ data }: MessageEvent<Message>) => void reply(data));

// A part that cannot be loaded, such as one of a page that was replaced since, ends the worker with a reason.
self.addEventListener('unhandledrejection', ({ reason }) => reportError(reason));
