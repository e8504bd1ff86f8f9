const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null;

/** Whether a list is short enough to stand on one line: a shape, or a list of shapes. */
const isFlat = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => isScalar(item) || (isFlat(item) && item.every(isScalar)));

/** JSON with bigints as whole numbers of any length, and shapes on one line. */
export function toJson(value: unknown, indent = ''): string {
  if (typeof value === 'bigint') return String(value);
  if (isScalar(value)) return JSON.stringify(value) ?? 'null';
  if (isFlat(value)) return `[${(value as unknown[]).map((item) => toJson(item)).join(', ')}]`;
  const inner = `${indent}  `;
  const block = (open: string, items: string[], close: string) =>
    items.length === 0 ? `${open}${close}` : `${open}\n${inner}${items.join(`,\n${inner}`)}\n${indent}${close}`;
  if (Array.isArray(value))
    return block(
      '[',
      value.map((item) => toJson(item, inner)),
      ']',
    );
  const entries = Object.entries(value as object).filter(([, item]) => item !== undefined);
  return block(
    '{',
    entries.map(([key, item]) => `${JSON.stringify(key)}: ${toJson(item, inner)}`),
    '}',
  );
}
