/**
 * Whether a value is an error, of this realm or of another one.
 *
 * Under jest, the errors of Node itself (a refused connection, a missing file) are of another realm. `instanceof` does not
 * know them there.
 */
export function isError(value: unknown): value is Error {
  if (value instanceof Error) return true;
  const tag = Object.prototype.toString.call(value);
  return tag === "[object Error]" || tag === "[object DOMException]";
}
