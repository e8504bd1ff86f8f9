/** The engine as a file beside the page, of which more is loaded as it is asked for. */
export { default as EngineWorker } from '../worker/worker.ts?worker';
