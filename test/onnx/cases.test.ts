import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { analyse } from '../../src/analysis/cost.ts';
import { memoryOf } from '../../src/analysis/memory.ts';
import { openOnnx } from '../../src/node/onnx.ts';
import { FlopwiseError } from '../../src/problems/problem.ts';

// Small files that were once read wrong, and what each must give.

const folder = fileURLToPath(new URL('../../../shared/cases/', import.meta.url));

interface Right {
  readonly asked?: Parameters<typeof openOnnx>[1];
  readonly macs?: number;
  readonly parameters?: number;
  readonly output?: string;
  readonly warnings?: readonly string[];
}

const RIGHT: Readonly<Record<string, Right>> = {
  'counters/nonzero': { macs: 110_592, warnings: ['ONNX_BOUND'] },
  'counters/deformconv19': { macs: 37_748_736, parameters: 36_928 },
  'counters/lstm_zero_state': { parameters: 2560 },
  'counters/groupnorm_as_instancenorm': { parameters: 32 },
  'counters/causal_mask': { parameters: 0 },
  'counters/grid_constants': { parameters: 0 },
  'onnx/order-main': { macs: 3888 },
  'onnx/order-branch': { macs: 3888, warnings: ['ONNX_BRANCH'] },
  'onnx/order-fp16-casts': { macs: 3888 },
  'onnx/if-branch-unknown': { macs: 148_347_648, warnings: ['ONNX_BRANCH'] },
  'onnx/contrib-attention': { asked: { dims: { b: 1, s: 16 } }, macs: 294_912, parameters: 16_576 },
  'onnx/contrib-fused': { macs: 9472 },
  'onnx/contrib-gelu-skip': { macs: 524_288, parameters: 33_152 },
  'onnx/contrib-gqa': { asked: { dims: { b: 1, s: 16, past: 7 } }, macs: 356_352 },
  'onnx/declared-compress': { macs: 192 },
  'onnx/declared-constantofshape': { output: '3×4' },
  'onnx/declared-expand': { macs: 42_336 },
  'onnx/declared-nms': { asked: { dims: { boxes: 7 } }, output: '7×3' },
  'onnx/declared-nonzero': { asked: { dims: { detections: 3 } }, macs: 12 },
  'onnx/declared-range': { output: '12' },
  'onnx/declared-reshape': { macs: 256 },
  'onnx/declared-topk': { macs: 80 },
  'onnx/declared-topk-symbol': { asked: { dims: { n: 2, k: 5 } }, output: '2×5' },
  'onnx/external-steering-declared': { macs: 256 },
  'onnx/kernel-computed': { parameters: 2160 },
  'onnx/weights-constantofshape': { parameters: 9_699_328 },
  'onnx/weights-stripped': { parameters: 108 },
  'onnx/merged-decoder': {
    asked: { dims: { b: 1, s: 1, past: 7, enc: 5 }, values: { use_cache_branch: [1] } },
    macs: 4096 + 4096 + 8 * 64,
  },
  'onnx/kv-cache': { asked: { dims: { b: 1, seq: 5, past: 0 } }, macs: 2 * 4 * 5 * 5 * 16 },
  'onnx/cache-empty-fixed': { macs: 1024 },
  'onnx/opset19-deformconv': { macs: 73_728 },
  'onnx/opset23-attention': { macs: 2_621_440 },
  'onnx/opset23-attention-declared': { macs: 2_621_440 },
  'onnx/opset23-rms-rotary': { macs: 32_768, parameters: 2112 },
  'onnx/loop-iteration-vector': { macs: 160 },
  'onnx/resize-tf-half-pixel-for-nn': { output: '1×3×16×16' },
  'onnx/imagescaler': { macs: 21_168 },
  'onnx/constant-sparse': { macs: 24 },
  'onnx/constant-strings': { output: '2' },
  'onnx/initializer-overridable': { output: '4×16' },
  'onnx/optional': { output: '1×3' },
  'onnx/lppool': { output: '1×3×7×7' },
  'onnx/slice-start-below': { output: '1×4' },
  'onnx/einsum-broadcast': { output: '3×5' },
  'onnx/batch-already-one': { asked: { batch: 1 }, macs: 3888 },
  'onnx/names-odd': { asked: { dims: { b: 1, 'n 1': 4, 'm=1': 4 } }, output: '1×4' },
  'onnx/dims-expression': { asked: { dims: { batch_size: 1, sequence_length: 4, past_sequence_length: 3 } }, macs: 7 * 64 },
};

const REFUSED: Readonly<Record<string, RegExp>> = {
  'onnx/batchnorm-misfit': /scale .* is 5, but its input asks for 1/,
  'onnx/kernel-shape-misfit': /4×3×3×3, .* 4×3×5×5/,
  'onnx/lstm-misfit': /1×16×7, .* 1×16×6/,
  'onnx/scalar-concat': /Concat_2 .*ONNX_NODE/,
};

describe('small files that were once read wrong', () => {
  if (!existsSync(folder)) {
    it.skip('are read right: shared/cases is not beside this repository');
    return;
  }

  it.each(Object.entries(RIGHT))('%s is right', (name, { asked, macs, parameters, output, warnings = [] }) => {
    const graph = openOnnx(`${folder}${name}.onnx`, asked);
    const { totals } = analyse(graph);
    if (macs !== undefined) expect(totals.macs).toBe(BigInt(macs));
    if (parameters !== undefined) expect(totals.parameters).toBe(BigInt(parameters));
    if (output !== undefined) expect(graph.outputs[0]?.shape.join('×')).toBe(output);
    expect(graph.warnings?.map(({ code }) => code) ?? []).toEqual(warnings);
    expect(graph.unknown).toBeUndefined();
  });

  it.each(Object.entries(REFUSED))('%s is an error that helps', (name, message) => {
    expect(() => openOnnx(`${folder}${name}.onnx`)).toThrow(FlopwiseError);
    expect(() => openOnnx(`${folder}${name}.onnx`)).toThrow(message);
  });

  it('a kernel that the network computes is alive until it is used', () => {
    expect(memoryOf(openOnnx(`${folder}onnx/kernel-computed.onnx`)).peak).toBeGreaterThanOrEqual(4n * (768n + 216n + 2048n));
  });

  it.each(['if-chain-14', 'if-chain-18', 'if-nested-8'])('%s is decided once a branch', (name) => {
    expect(openOnnx(`${folder}onnx/${name}.onnx`).nodes.length).toBeGreaterThan(0);
  });
});
