import { invalidArgument } from "../domain/input-problem.js";
/**
 * A token as it may stand in logs, errors and events. An empty token is `(none)`, a token of 8 characters or fewer is
 * `(redacted)`, and any other is its first 8 characters and `...`.
 */
export function maskToken(token: string): string {
  if (typeof token !== "string") throw invalidArgument("token", "must be a string");
  if (token.length === 0) return "(none)";
  return token.length <= 8 ? "(redacted)" : `${token.slice(0, 8)}...`;
}
