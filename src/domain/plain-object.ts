/**
 * Whether an object is plain data: it has no prototype, or the root prototype of its realm.
 *
 * Its own `Object` is no measure. Test runners such as jest run code in a realm of its own, and what Node's own functions
 * make there (`structuredClone`, `Response.json`) comes from another realm.
 */
export function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
