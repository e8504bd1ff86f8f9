/** Most characters of a spec. */
export const MAX_LENGTH = 2 ** 17;
