import type { Division } from './devices.ts';
import { macsOf } from './groups.ts';
import type { Training } from './step.ts';

/** What a step was measured at. */
export interface Measured {
  /** Seconds that a step took. */
  readonly seconds: number;
  /** FLOP/s that a device can do at most. */
  readonly peak: bigint;
}

/** How much of what devices can do a step has used. */
export interface Utilisation extends Measured {
  readonly devices: bigint;
  /** FLOPs of forward and backward, once, of all devices. */
  readonly modelFlops: bigint;
  /** With what is done again. */
  readonly hardwareFlops: bigint;
  /** Share of the peak, model FLOPs utilisation: Chowdhery et al. 2022, arXiv:2204.02311, appendix B. */
  readonly mfu: number;
  /** Hardware FLOPs utilisation. */
  readonly hfu: number;
}

/** The batch of the training is that of one copy of the model. */
export function utilisation(
  training: Training,
  measured: Measured,
  { dataParallel, tensorParallel, pipelineParallel }: Division,
): Utilisation {
  const { seconds, peak } = measured;
  const copies = BigInt(dataParallel ?? 1);
  const devices = copies * BigInt(tensorParallel ?? 1) * BigInt(pipelineParallel ?? 1);
  const steps = copies * BigInt(training.accumulate);
  const modelFlops = 2n * steps * macsOf(training);
  const hardwareFlops = modelFlops + 2n * steps * training.recomputed.macs;
  const share = (flops: bigint): number => Number(flops) / (seconds * Number(peak * devices));
  return { ...measured, devices, modelFlops, hardwareFlops, mfu: share(modelFlops), hfu: share(hardwareFlops) };
}
