import { type Random, TELLING } from './random.ts';

/** Files of bytes that are nearly right: those of protobuf by their fields, and headers of weights by their numbers. */

/** Where a field begins and ends, and where its content does. */
interface Field {
  readonly from: number;
  readonly content: number;
  readonly to: number;
}

function varintAt(bytes: Uint8Array, at: number): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  for (let [end, scale] = [at, 1]; end < bytes.length && end < at + 10; end++, scale *= 128) {
    const byte = bytes[end] as number;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, end: end + 1 };
  }
  return undefined;
}

/** The fields of a message; nothing where it is none. */
function fieldsIn(bytes: Uint8Array, from: number, to: number): Field[] | undefined {
  const fields: Field[] = [];
  for (let at = from; at < to; ) {
    const key = varintAt(bytes, at);
    if (key === undefined || key.value < 8) return undefined;
    const wire = key.value % 8;
    const length = wire === 2 ? varintAt(bytes, key.end) : undefined;
    const content = length?.end ?? key.end;
    const end =
      wire === 0
        ? varintAt(bytes, key.end)?.end
        : wire === 1
          ? content + 8
          : wire === 5
            ? content + 4
            : content + (length?.value ?? Number.NaN);
    if (end === undefined || !(end <= to)) return undefined;
    fields.push({ from: at, content, to: end });
    at = end;
  }
  return fields;
}

/** Some field of a message, or of one inside of it. */
function someField(bytes: Uint8Array, random: Random): Field | undefined {
  let fields = fieldsIn(bytes, 0, bytes.length);
  let found: Field | undefined;
  while (fields !== undefined && fields.length > 0) {
    found = random.of(fields);
    if (random.chance(0.15)) return found;
    fields = fieldsIn(bytes, found.content, found.to);
  }
  return found;
}

const joined = (...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

const varint = (number: number): number[] => {
  const bytes: number[] = [];
  for (let rest = BigInt.asUintN(64, BigInt(number)); ; rest >>= 7n) {
    if (rest < 128n) return [...bytes, Number(rest)];
    bytes.push(Number(rest & 127n) | 128);
  }
};

/** One field taken away, doubled, or with other content; lengths around it are left as they are as often as they are mended. */
function changed(bytes: Uint8Array, random: Random): Uint8Array {
  const field = someField(bytes, random);
  if (field === undefined) return bytes;
  const { from, content, to } = field;
  const [before, after] = [bytes.subarray(0, from), bytes.subarray(to)];
  const whole = bytes.subarray(from, to);
  const size = to - content;
  switch (random.below(5)) {
    case 0: {
      // As long as it was, so that all around stays right.
      const other = Uint8Array.from(whole);
      if (size > 0) other[content - from + random.below(size)] = random.of([0, 1, 2, 7, 0x7f, 0x80, 0xff, random.below(256)]);
      return joined(before, other, after);
    }
    case 1:
      return joined(before, after);
    case 2:
      return joined(before, whole, whole, after);
    case 3:
      return joined(before, whole.subarray(0, content - from), varint(random.of(TELLING)), after);
    default: {
      const other = Uint8Array.from(whole);
      other[0] = random.below(256);
      return joined(before, other, after);
    }
  }
}

export function changedMessage(bytes: Uint8Array, random: Random): Uint8Array {
  let result = bytes;
  for (const _ of random.list(4, () => 0, 1)) result = changed(result, random);
  return random.chance(0.1) ? result.subarray(0, random.below(result.length + 1)) : result;
}

const utf8 = new TextEncoder();

function little(value: number | bigint, size: 4 | 8): number[] {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true);
  return [...new Uint8Array(view.buffer, 0, size)];
}

const telling = (random: Random, usual: number): number => (random.chance(0.08) ? random.of(TELLING) : usual);

export function safetensorsBytes(random: Random): Uint8Array {
  let end = 0;
  const entries = random.list(4, (index): [string, unknown] => {
    const shape = random.list(3, () => telling(random, 2));
    const from = end;
    end += 4 * shape.reduce((product, size) => product * Math.max(0, Math.min(size, 8)), 1);
    return [
      random.chance(0.1) ? random.of(['__proto__', '', 'a.b', '\u001b']) : `layer.${index}`,
      {
        dtype: random.chance(0.9) ? 'F32' : random.of(['BF16', 'F4', 'x', 1]),
        shape: random.chance(0.97) ? shape : random.of([1, 'x', null]),
        data_offsets: [telling(random, from), telling(random, end)],
      },
    ];
  });
  const text = utf8.encode(JSON.stringify(Object.fromEntries(entries)));
  const other = Uint8Array.from(text);
  if (random.chance(0.2) && other.length > 0) other[random.below(other.length)] = random.below(256);
  return joined(little(telling(random, other.length), 8), other, new Uint8Array(end));
}

export function ggufBytes(random: Random): Uint8Array {
  const name = (text: string): number[] => [...little(telling(random, text.length), 8), ...utf8.encode(text)];
  const value = (type: number, depth = 0): number[] => {
    if (type === 8) return name('x');
    if (type === 9 && depth < 70) {
      const inner = random.chance(0.3) ? 9 : 4;
      const values = random.list(3, () => value(inner, depth + 1));
      return [...little(inner, 4), ...little(telling(random, values.length), 8), ...values.flat()];
    }
    return little(random.of(TELLING), 4);
  };
  const entries = random.list(4, (index) => {
    const type = random.chance(0.9) ? random.of([4, 5, 8, 9]) : random.of(TELLING);
    return [...name(random.chance(0.2) ? 'general.alignment' : `key.${index}`), ...little(type, 4), ...value(type)];
  });
  let end = 0;
  const tensors = random.list(4, (index) => {
    const shape = random.list(3, () => telling(random, 2));
    const from = end;
    end += Math.ceil((4 * 2 ** shape.length) / 32) * 32;
    return [
      ...name(`layer.${index}`),
      ...little(telling(random, shape.length), 4),
      ...shape.flatMap((size) => little(size, 8)),
      ...little(telling(random, 0), 4),
      ...little(telling(random, from), 8),
    ];
  });
  const header = [
    ...utf8.encode('GGUF'),
    ...little(telling(random, 3), 4),
    ...little(telling(random, tensors.length), 8),
    ...little(telling(random, entries.length), 8),
    ...entries.flat(),
    ...tensors.flat(),
  ];
  const padding = (32 - (header.length % 32)) % 32;
  return joined(header, new Uint8Array(padding + end));
}
