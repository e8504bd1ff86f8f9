import type { Progress, Question, Questions } from '../engine/protocol.ts';
import { EngineWorker } from './engine-worker.ts';

/** A question that is waiting for its answer; `undefined` is the answer of a worker that was stopped. */
interface Waiting {
  readonly resolve: (answer: never) => void;
}

type Message =
  | { readonly id: number; readonly answer: never; readonly progress?: undefined }
  | { readonly progress: Progress; readonly id?: undefined };

/** The engine in its worker, which is made when it is first asked and can be stopped at any time. */
export class EngineClient {
  #worker: Worker | undefined;
  #next = 0;
  readonly #waiting = new Map<number, Waiting>();
  readonly #onProgress: (progress: Progress) => void;
  readonly #onCrash: (message: string) => void;

  constructor(onCrash: (message: string) => void, onProgress: (progress: Progress) => void = () => undefined) {
    this.#onCrash = onCrash;
    this.#onProgress = onProgress;
  }

  /** Nothing where the worker was stopped before it had an answer. */
  ask<Q extends Question>(question: Q, asked: Questions[Q]['asked']): Promise<Questions[Q]['answer'] | undefined> {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(id, { resolve });
      worker.postMessage({ id, question, asked });
    });
  }

  /** Ends what runs now; the next question starts anew. */
  stop(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    const open = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { resolve } of open) resolve(undefined as never);
  }

  #start(): Worker {
    const worker = new EngineWorker();
    worker.addEventListener('message', ({ data }: MessageEvent<Message>) => {
      if (data.progress !== undefined) return this.#onProgress(data.progress);
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      waiting?.resolve(data.answer);
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.stop();
      this.#onCrash(event.message);
    });
    return worker;
  }
}
