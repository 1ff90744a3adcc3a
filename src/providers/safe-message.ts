import { messageOf } from "../domain/errors.js";
import { scrubToken } from "../idempotency/scrub-token.js";

const MAX_CHARACTERS = 300;
const NO_MESSAGE = "(no message)";

/**
 * What the cloud or the network said, as it may stand in logs and events: one line of at most 300 characters, the line's
 * token and everything derived from it masked. Never throws and never blank, whatever was thrown.
 *
 * Only the first line: in answers about a wrong signature the lines after it repeat the signed headers, the session
 * token among them. A run of 100 characters without a space is taken for a credential and left out.
 */
export function safeMessage(thrown: unknown, token: string): string {
  const [line = ""] = messageOf(thrown).split(/[\n\r\u2028\u2029]/, 1);
  // Masked before it is cut: a part of a token would no longer be known for one.
  const masked = scrubToken(line, token).replaceAll(/[^\s'"]{100,}/g, "(redacted)");
  const shown = masked
    .replaceAll(/\p{Cc}/gu, " ")
    .slice(0, MAX_CHARACTERS)
    .toWellFormed();
  return shown.trim() === "" ? NO_MESSAGE : shown;
}

/** The error itself where its text and those of its causes may be shown as they are, else a copy that says no more than {@link safeMessage}. */
export function safeCause(thrown: unknown, token: string): unknown {
  return isShowable(thrown, token, MAX_CAUSES) ? thrown : new Error(safeMessage(thrown, token));
}

/** A longer chain of causes is not gone through, and not shown. */
const MAX_CAUSES = 5;

function isShowable(thrown: unknown, token: string, causesLeft: number): boolean {
  try {
    if (!(thrown instanceof Error) || safeMessage(thrown, token) !== messageOf(thrown)) return false;
    return thrown.cause === undefined || (causesLeft > 0 && isShowable(thrown.cause, token, causesLeft - 1));
  } catch {
    return false;
  }
}
