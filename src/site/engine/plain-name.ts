/** A name by which a file can be referred to: a reference has other meanings for these signs. */
export const plainName = (name: string): string => name.replaceAll(/[#:/\\=]/g, '_');
