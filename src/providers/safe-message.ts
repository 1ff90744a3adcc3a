import { maskToken } from "../idempotency/mask-token.js";

const MAX_CHARACTERS = 300;

/**
 * What the cloud or the network said, as it may stand in logs and events: one line of at most 300 characters, the
 * line's token masked.
 *
 * Only the first line: in answers about a wrong signature the lines after it repeat the signed headers, the session
 * token among them. A run of 100 characters without a space is taken for a credential and left out.
 */
export function safeMessage(thrown: unknown, token: string): string {
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  const [line = ""] = text.split("\n", 1);
  const masked = token === "" ? line : line.replaceAll(token, maskToken(token));
  return masked.replaceAll(/[^\s'"]{100,}/g, "(redacted)").slice(0, MAX_CHARACTERS);
}

/** The error itself where its text may be shown as it is, else a copy that says no more than {@link safeMessage}. */
export function safeCause(thrown: unknown, token: string): unknown {
  const said = safeMessage(thrown, token);
  const isSafe = thrown instanceof Error && said === `${thrown.name}: ${thrown.message}`;
  return isSafe ? thrown : new Error(said);
}
