import type { Shape } from '../../core/shape.ts';
import type { OnnxModel } from '../file/model.ts';
import { freeInputs, type OnnxSettings } from './bindings.ts';

/** What a person asks an ONNX model to be counted with. */
export interface AskedInputs {
  /** Shapes by name of the input, whole or without the batch; for a model with one input under the name "input" too. */
  readonly input?: Readonly<Record<string, Shape>> | undefined;
  readonly batch?: number | undefined;
  readonly dims?: Readonly<Record<string, number>> | undefined;
  readonly values?: OnnxSettings['values'];
}

/** Whole shapes: one that has a size too few is without the batch, as those of specs are. */
export function bindInputs(model: OnnxModel, { input = {}, batch, dims, values }: AskedInputs): OnnxSettings {
  const inputs = freeInputs(model);
  const whole = Object.entries(input).map(([name, shape]): [string, Shape] => {
    const value = inputs.find((one) => one.name === name) ?? (name === 'input' && inputs.length === 1 ? inputs[0] : undefined);
    if (value?.shape === undefined || shape.length !== value.shape.length - 1) return [name, shape];
    const [declared] = value.shape;
    return [name, [batch ?? (typeof declared === 'number' ? declared : 1), ...shape]];
  });
  return { inputs: Object.fromEntries(whole), batch, dims, values };
}
