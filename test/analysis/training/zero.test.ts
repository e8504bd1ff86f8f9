import { describe, expect, it } from 'vitest';
import { deviceOf } from '../../../src/analysis/training/devices.ts';
import { train } from '../../../src/analysis/training/step.ts';
import { expandSpec, parseSpec } from '../../../src/spec/model.ts';

const STAGES = [1, 2, 3] as const;

/** Bytes of weights, gradients and state on each device, trained with Adam in 16 bits. */
function bytes(parameters: number, dataParallel: number, zero: 0 | 1 | 2 | 3): bigint {
  const features = 100_000;
  const spec = parseSpec(`name: layer\ninput: [${features}]\nlayers: [linear: { out: ${parameters / features}, bias: false }]\n`);
  const { weights, gradients, state } = deviceOf(train(expandSpec(spec), { dtype: 'fp16', optimizer: 'adam' }), { dataParallel, zero });
  return weights + gradients + state;
}

describe('memory of ZeRO, Rajbhandari et al. 2019, arXiv:1910.02054', () => {
  it.each([1, 4, 16, 64, 256, 1024])('follows the formulas of section 5 on %i devices', (devices) => {
    const [psi, n] = [7_680_000_000n, BigInt(devices)];
    expect(bytes(Number(psi), devices, 0)).toBe(16n * psi);
    expect(STAGES.map((stage) => bytes(Number(psi), devices, stage))).toEqual([
      4n * psi + (12n * psi) / n,
      2n * psi + (14n * psi) / n,
      (16n * psi) / n,
    ]);
  });

  it.each([
    [7.5, 64, 120, [31.4, 16.6, 1.88]],
    [128, 64, 2048, [536, 284, 32]],
    [1000, 1024, 16_000, [4011, 2014, 15.6]],
  ] as const)('is in Table 1, %f billion parameters on %i devices: %f GB, by stages %j', (billions, devices, whole, printed) => {
    const gigabytes = (stage: 0 | 1 | 2 | 3): number => Number(bytes(billions * 1e9, devices, stage)) / 1e9;
    expect(gigabytes(0)).toBe(whole);
    // The last digit of the table is cut off, or rounded.
    for (const [index, stage] of STAGES.entries()) {
      const digit = 10 ** -(String(printed[index]).split('.')[1]?.length ?? 0);
      expect(Math.abs(gigabytes(stage) - (printed[index] as number))).toBeLessThan(digit);
    }
  });
});
