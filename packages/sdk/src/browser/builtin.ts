/** Stands in for `builtin.ts` in the bundle for browsers, which have none of Node's modules. */
export const builtin = (): undefined => undefined;
