const refuse = (): never => {
  throw new TypeError('This map is remembered, so it cannot be changed');
};

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Array.isArray(value);
};

/**
 * Freezes what is remembered for others, with all plain objects, lists and maps in it: whoever is given it could change the answers
 * of everyone after.
 */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (value instanceof Map) {
    for (const part of value.values()) frozen(part);
    Object.assign(value, { set: refuse, delete: refuse, clear: refuse });
  } else if (isPlain(value)) for (const part of Object.values(value)) frozen(part);
  else return value;
  return Object.freeze(value);
}
