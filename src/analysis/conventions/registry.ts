import { fail } from '../../problems/problem.ts';
import { calflops } from './calflops.ts';
import { calflopsMacs } from './calflops-macs.ts';
import type { Convention } from './convention.ts';
import { fvcore } from './fvcore.ts';
import { macs } from './macs.ts';
import { operations } from './operations.ts';
import { paper } from './paper.ts';
import { ptflops } from './ptflops.ts';
import { ptflopsAten } from './ptflops-aten.ts';
import { thop } from './thop.ts';
import { timm } from './timm.ts';
import { torch } from './torch.ts';
import { torchinfo } from './torchinfo.ts';
import { torchvision } from './torchvision.ts';

/** The conventions that come with flopwise, the default first. */
export const conventions: readonly Convention[] = [
  macs,
  operations,
  paper,
  torchvision,
  fvcore,
  ptflops,
  ptflopsAten,
  thop,
  torchinfo,
  calflops,
  calflopsMacs,
  timm,
  torch,
];

export const conventionNames: readonly string[] = conventions.map(({ name }) => name);

/** The convention of that name. */
export function conventionOf(name: string): Convention {
  const found = conventions.find((convention) => convention.name === name);
  if (found === undefined) throw fail('UNKNOWN_CONVENTION', { name, known: conventionNames });
  return found;
}
