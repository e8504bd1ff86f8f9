import * as z from 'zod/mini';

/** At least one element. By itself zod also asks what is no list for its length: a map may have a key of that name, with anything in it. */
export function notEmpty(): ReturnType<typeof z.minLength> {
  const check = z.minLength(1);
  check._zod.def.when = ({ value }) => Array.isArray(value);
  return check;
}
