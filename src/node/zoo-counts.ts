import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import type { ListedModel } from '../report/zoo/zoo.ts';
import type { SpecFolder } from '../spec/folder.ts';

/** What the models of the zoo cost, counted once by the build: counting all of them takes seconds. */

/** A count as JSON, whose numbers end at 2^53. */
type Stored = Omit<ListedModel, 'parameters' | 'macs' | 'flops' | 'activations'> &
  Readonly<Record<'parameters' | 'macs' | 'flops' | 'activations', string>>;

interface StoredZoo {
  /** Of all specs that were counted. */
  readonly digest: string;
  readonly models: readonly Stored[];
}

const digestOf = (zoo: SpecFolder): string => {
  const hash = createHash('sha256');
  for (const path of zoo.list()) hash.update(`${path}\0${zoo.read(path)}\0`);
  return hash.digest('hex');
};

export function writeCounts(zoo: SpecFolder, models: readonly ListedModel[], file: URL): void {
  const stored: StoredZoo = {
    digest: digestOf(zoo),
    models: models.map(({ parameters, macs, flops, activations, ...others }) => ({
      ...others,
      parameters: String(parameters),
      macs: String(macs),
      flops: String(flops),
      activations: String(activations),
    })),
  };
  writeFileSync(file, JSON.stringify(stored));
}

/** The counts, if there are any and no spec was edited since. */
export function readCounts(zoo: SpecFolder, file: URL): ListedModel[] | undefined {
  try {
    const { digest, models }: StoredZoo = JSON.parse(readFileSync(file, 'utf8'));
    if (digest !== digestOf(zoo)) return undefined;
    return models.map(({ parameters, macs, flops, activations, ...others }) => ({
      ...others,
      parameters: BigInt(parameters),
      macs: BigInt(macs),
      flops: BigInt(flops),
      activations: BigInt(activations),
    }));
  } catch {
    return undefined;
  }
}
