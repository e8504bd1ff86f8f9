import type { Shape } from '../../core/shape.ts';
import type { ElementType } from '../file/model.ts';
import { broken, type Call } from '../read/call.ts';
import { fromFile, type ReadValue } from '../read/value.ts';

/** A weight that a file has in packed bytes, as the tensor that it stands for. */
export function unpacked(call: Call, packed: ReadValue, shape: Shape, bits: number): ReadValue {
  const { origin } = packed;
  if (origin === undefined) throw broken(call.node, 'its packed weights are no tensor of the file');
  const type: ElementType = bits === 4 ? 'uint4' : 'uint8';
  const tensor = call.unpacked.get(origin) ?? { name: origin.name, type, shape, elements: () => undefined };
  call.unpacked.set(origin, tensor);
  return fromFile(tensor);
}
