/**
 * A token as it may stand in logs, errors and events: `(none)` for an empty one, `(redacted)` for 8 characters or
 * fewer, else its first 8 characters and `...`.
 */
export function maskToken(token: string): string {
  if (token.length === 0) return "(none)";
  return token.length <= 8 ? "(redacted)" : `${token.slice(0, 8)}...`;
}
