import type { Question, Questions, Tell } from '../engine/protocol.ts';
import { EngineWorker } from './engine-worker.ts';

/** A question that is waiting for its answer; `undefined` is the answer of a worker that was stopped. */
interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly tell: ((part: never) => void) | undefined;
}

/** What the worker says of a question: something before its answer, or the answer. */
interface Message {
  readonly id: number;
  readonly part?: never;
  readonly answer?: never;
}

/** The engine in its worker, which is made when it is first asked and can be stopped at any time. */
export class EngineClient {
  #worker: Worker | undefined;
  #next = 0;
  readonly #waiting = new Map<number, Waiting>();
  readonly #onCrash: (message: string) => void;

  constructor(onCrash: (message: string) => void) {
    this.#onCrash = onCrash;
  }

  /** Nothing where the worker was stopped before it had an answer. */
  ask<Q extends Question>(question: Q, asked: Questions[Q]['asked'], tell?: Tell<Q>): Promise<Questions[Q]['answer'] | undefined> {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(id, { resolve, tell });
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
    worker.addEventListener('message', ({ data: { id, ...said } }: MessageEvent<Message>) => {
      const waiting = this.#waiting.get(id);
      if ('part' in said) return waiting?.tell?.(said.part as never);
      this.#waiting.delete(id);
      waiting?.resolve(said.answer as never);
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.stop();
      this.#onCrash(event.message);
    });
    return worker;
  }
}
