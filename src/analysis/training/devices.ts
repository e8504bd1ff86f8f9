import type { Training } from './step.ts';

/** How a step is divided over devices. */
export interface Division {
  /** Copies of the model, each with a batch of its own. */
  readonly dataParallel?: number | undefined;
  /** What the copies divide among them: 1 the optimizer's state and master weights, 2 gradients too, 3 weights too. */
  readonly zero?: 0 | 1 | 2 | 3 | undefined;
  /** Parts of every weight. */
  readonly tensorParallel?: number | undefined;
  /** Parts of the layers. */
  readonly pipelineParallel?: number | undefined;
  /** Whether what the parts of weights would each keep whole is divided along the sequence too. */
  readonly sequenceParallel?: boolean | undefined;
}

/** What each device has and does, by division alone, rounded up. */
export interface Device {
  readonly devices: bigint;
  readonly weights: bigint;
  readonly gradients: bigint;
  /** The optimizer's state and the master weights. */
  readonly state: bigint;
  readonly saved: bigint;
  readonly macs: bigint;
  /** What this takes for granted. */
  readonly assumes: readonly string[];
}

const up = (numerator: bigint, denominator: bigint): bigint => (numerator + denominator - 1n) / denominator;

export function deviceOf({ memory, step }: Pick<Training, 'memory' | 'step'>, division: Division): Device {
  const [data, tensor, pipeline] = [division.dataParallel, division.tensorParallel, division.pipelineParallel].map((count) =>
    BigInt(count ?? 1),
  ) as [bigint, bigint, bigint];
  const { zero = 0, sequenceParallel = false } = division;
  const parts = tensor * pipeline;
  const divided = (from: number): bigint => parts * (zero >= from ? data : 1n);
  const assumes = [
    ...(data > 1n ? ['Each copy of the model has a batch of this size.'] : []),
    ...(zero > 0 ? ['Stages of ZeRO as in Rajbhandari et al. 2019, arXiv:1910.02054; buffers for what is gathered are left out.'] : []),
    ...(tensor > 1n
      ? [
          sequenceParallel
            ? 'Every weight and every activation is divided evenly: Korthikanti et al. 2022, arXiv:2205.05198, section 4.2.2.'
            : 'Every weight is divided evenly, outputs and inputs of layers in turn: activations between the two are divided, those of norms and residual sums are whole on each device. Shoeybi et al. 2019, arXiv:1909.08053, section 3.',
        ]
      : []),
    ...(pipeline > 1n
      ? [
          'Layers are divided evenly; the first device holds activations of as many batches as there are parts, so as much as one device without.',
        ]
      : []),
  ];
  return {
    devices: data * parts,
    weights: up(memory.weights, divided(3)),
    gradients: up(memory.gradients, divided(2)),
    state: up(memory.state + memory.masters, divided(1)),
    saved: sequenceParallel ? up(memory.saved, tensor) : memory.saved - memory.divided + up(memory.divided, tensor),
    macs: up(step.macs, parts),
    assumes,
  };
}
