import { describe, it } from 'vitest';
import { hostile, NAMES } from '../drawing/hostile.ts';
import { counted } from '../helpers.ts';
import { checkMaps } from './check-map.ts';

describe('texts of a treemap lie in what they name', () => {
  it.each(['resnet50', 'gpt2', 'densenet121', 'mobilenet_v2', 'basic', 'inception_v3', 'vit_b_16'])('of %s', (name) =>
    checkMaps(counted(name)),
  );

  it.each(Object.entries(NAMES))('whatever stages are called: %s', (_, name) => checkMaps(hostile(name)));
});
