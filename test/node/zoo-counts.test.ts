import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { readCounts, writeCounts } from '../../src/node/zoo-counts.ts';
import { listZoo } from '../../src/service/zoo.ts';
import type { SpecFolder } from '../../src/spec/folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'flopwise-counts-'));
afterAll(() => rmSync(folder, { recursive: true }));

const zooOf = (files: Readonly<Record<string, string>>): SpecFolder => ({
  prefix: 'zoo/',
  read: (path) => files[path] as string,
  list: () => Object.keys(files),
});

/** A layer of 2^30 × 2^30 weights: no double holds their number with its biases. */
const net = 'name: net\ntask: language\ninput: [1073741824]\nlayers:\n  - linear: { out: 1073741824 }\n';

describe('counts of the zoo', () => {
  const file = pathToFileURL(join(folder, 'zoo.json'));
  const zoo = zooOf({ 'net.yaml': net });
  const counts = listZoo(zoo);
  writeCounts(zoo, counts, file);

  it('are read as they were counted, to the last digit', () => {
    expect(readCounts(zoo, file)).toEqual(counts);
    expect(counts).toMatchObject([{ name: 'net', parameters: 2n ** 60n + 2n ** 30n, macs: 2n ** 60n }]);
  });

  it('are not used once a spec was edited, renamed or added', () => {
    for (const files of [{ 'net.yaml': `${net}# more` }, { 'other.yaml': net }, { 'net.yaml': net, 'other.yaml': net }])
      expect(readCounts(zooOf(files as Record<string, string>), file)).toBeUndefined();
  });

  it('are not there before a build', () => expect(readCounts(zoo, pathToFileURL(join(folder, 'none.json')))).toBeUndefined());

  it('are found by a text as others are', () => {
    expect(listZoo(zoo, 'NET', counts)).toEqual(counts);
    expect(() => listZoo(zoo, 'nothing', counts)).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code: 'UNKNOWN_MODEL' }) }),
    );
  });
});
