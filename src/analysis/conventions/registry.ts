import { fail } from '../../problems/problem.ts';
import { calflops } from './calflops.ts';
import { calflopsMacs } from './calflops-macs.ts';
import type { Convention } from './convention.ts';
import { deepspeed } from './deepspeed.ts';
import { deepspeedMacs } from './deepspeed-macs.ts';
import { fvcore } from './fvcore.ts';
import { twoN } from './language/2n.ts';
import { sixNd } from './language/6nd.ts';
import { chinchilla } from './language/chinchilla.ts';
import { chinchillaText } from './language/chinchilla-text.ts';
import { hfTrainer } from './language/hf-trainer.ts';
import { kaplan } from './language/kaplan.ts';
import { korthikantiHfu } from './language/korthikanti-hfu.ts';
import { llmFoundryHfu } from './language/llm-foundry-hfu.ts';
import { maxtext } from './language/maxtext.ts';
import { megatron } from './language/megatron.ts';
import { nanogpt } from './language/nanogpt.ts';
import { narayanan } from './language/narayanan.ts';
import { palm } from './language/palm.ts';
import { torchtitan } from './language/torchtitan.ts';
import { verl } from './language/verl.ts';
import { macs } from './macs.ts';
import { onnxTool } from './onnx-tool.ts';
import { operations } from './operations.ts';
import { paper } from './paper.ts';
import { ptflops } from './ptflops.ts';
import { ptflopsBefore } from './ptflops-0.7.ts';
import { ptflopsAten } from './ptflops-aten.ts';
import { thop } from './thop.ts';
import { thopRevived } from './thop-2.1.ts';
import { timm } from './timm.ts';
import { torch } from './torch.ts';
import { torchinfo } from './torchinfo.ts';
import { torchinfoReleased } from './torchinfo-1.8.ts';
import { torchvision } from './torchvision.ts';
import { xla } from './xla.ts';

/** The conventions that come with flopwise, the default first. */
export const conventions: readonly Convention[] = [
  macs,
  operations,
  paper,
  torchvision,
  fvcore,
  ptflops,
  ptflopsBefore,
  ptflopsAten,
  thop,
  thopRevived,
  torchinfo,
  torchinfoReleased,
  calflops,
  calflopsMacs,
  deepspeed,
  deepspeedMacs,
  timm,
  torch,
  xla,
  onnxTool,
  twoN,
  kaplan,
  sixNd,
  hfTrainer,
  chinchilla,
  chinchillaText,
  palm,
  nanogpt,
  megatron,
  maxtext,
  torchtitan,
  verl,
  narayanan,
  llmFoundryHfu,
  korthikantiHfu,
];

export const conventionNames: readonly string[] = conventions.map(({ name }) => name);

/** The convention of that name. */
export function conventionOf(name: string): Convention {
  const found = conventions.find((convention) => convention.name === name);
  if (found === undefined) throw fail('UNKNOWN_CONVENTION', { name, known: conventionNames });
  return found;
}
