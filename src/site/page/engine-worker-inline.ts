/** The engine as part of the page, where that is a single file. */
export { default as EngineWorker } from '../worker/worker.ts?worker&inline';
