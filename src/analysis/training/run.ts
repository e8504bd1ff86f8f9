import type { Training } from './step.ts';

/** A whole run of training: how much it computes, and which thresholds of the EU AI Act it passes. */

/** Floating-point operations of training from which the EU AI Act presumes something of a model. */
export const THRESHOLDS = [
  {
    flops: 10n ** 23n,
    meaning: 'a general-purpose AI model, as the Commission’s guidelines of July 2025 take it for one (if it makes text, images or video)',
  },
  { flops: 10n ** 25n, meaning: 'a general-purpose AI model with systemic risk: Regulation (EU) 2024/1689, article 51(2)' },
] as const;

/** What is trained on: tokens, or images so many times. */
export type Dataset = { readonly tokens: bigint } | { readonly images: bigint; readonly epochs: bigint };

export interface TrainingRun {
  /** What it sees in all: tokens, or images each time again. */
  readonly seen: bigint;
  /** What one step sees. */
  readonly perStep: bigint;
  /** Steps, the last of which may be a part of one. */
  readonly steps: bigint;
  /** Twice the multiply-accumulates; of a last part of a step its share, rounded up. */
  readonly flops: bigint;
  readonly passed: readonly (typeof THRESHOLDS)[number][];
}

const up = (numerator: bigint, denominator: bigint): bigint => (numerator + denominator - 1n) / denominator;

/** A token is one position of the first input: of ids [n, positions]. An image is one of its batch. */
export function trainingRun({ input, accumulate, step }: Training, amount: Dataset): TrainingRun {
  const [batch = 1, positions = 1] = input[0] ?? [];
  const perStep = BigInt(batch) * BigInt(accumulate) * ('tokens' in amount ? BigInt(positions) : 1n);
  const seen = 'tokens' in amount ? amount.tokens : amount.images * amount.epochs;
  const flops = up(2n * step.macs * seen, perStep);
  return { seen, perStep, steps: up(seen, perStep), flops, passed: THRESHOLDS.filter((threshold) => flops >= threshold.flops) };
}
