import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { analyse } from '../../src/analysis/cost.ts';
import { verify } from '../../src/execute/verify.ts';
import { openModel, parseReference, referencesOf } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node/disk.ts';
import { openKernels } from '../../src/node/kernels.ts';

/** Networks that people wrote who knew no more of flopwise than its docs. Not held by this repository. */
const FOLDER = fileURLToPath(new URL('../../../shared/cases/networks/', import.meta.url));
const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.yaml')) : [];
if (files.length === 0) console.log(`skipped: no ${FOLDER}`);

/** Parameters as published, with where. */
const PUBLISHED: Readonly<Record<string, readonly [parameters: number, source: string]>> = {
  'bert_base.yaml': [109_482_240, 'bert-base-uncased on Hugging Face, with its pooler'],
  'ddpm_unet.yaml': [35_746_307, 'Ho et al. 2020, appendix B: 35.7 million'],
  'gpt2.yaml': [124_439_808, 'the published weights, as their head says'],
  'llama2_7b.yaml': [6_738_415_616, 'the published weights, as their head says'],
  't5_small.yaml': [60_506_624, 'the published weights, as their head says'],
};

/** Most multiply-accumulates of what is run here. */
const MOST_MACS = 100_000_000n;

const kernels = await openKernels('fast');

describe.skipIf(files.length === 0)('a network written from the docs alone', () => {
  it.each(files)('is counted, and holds where it is small: %s', (file) => {
    for (const reference of referencesOf(`${FOLDER}${file}`, diskLibrary)) {
      const graph = openModel(parseReference(reference), diskLibrary);
      const { totals } = analyse(graph);
      expect(totals.macs).toBeGreaterThan(0n);
      const published = PUBLISHED[file];
      if (published !== undefined) expect([file, totals.parameters]).toEqual([file, BigInt(published[0])]);
      if (totals.macs <= MOST_MACS) expect(verify(graph, { kernels }).holds).toBe(true);
    }
  });
});
