import { messageOf } from "../domain/errors.js";
import { isError } from "../domain/is-error.js";
import { scrubToken } from "../idempotency/scrub-token.js";

const MAX_CHARACTERS = 300;
const NO_MESSAGE = "(no message)";

/**
 * What the cloud or the network said, in a form that may stand in logs and events.
 *
 * It is one line of at most 300 characters, and the token of the purchase and everything derived from it is masked. It
 * never throws and is never blank, whatever was thrown. Only the first line is kept: in answers about a wrong signature
 * the lines after it repeat the signed headers, the session token among them. A run of 100 characters without a space
 * is taken for a credential and left out.
 */
export function safeMessage(thrown: unknown, token: string): string {
  const [line = ""] = messageOf(thrown).split(/[\n\r\u2028\u2029]/, 1);
  // The text is masked before it is cut, because a part of a token would no longer be known for one.
  const masked = scrubToken(line, token).replaceAll(/[^\s'"]{100,}/g, "(redacted)");
  const shown = masked
    .replaceAll(/\p{Cc}/gu, " ")
    .slice(0, MAX_CHARACTERS)
    .toWellFormed();
  return shown.trim() === "" ? NO_MESSAGE : shown;
}

/**
 * The error itself if its text and those of its causes may be shown as they are, else a copy that says no more than
 * {@link safeMessage}.
 */
export function safeCause(thrown: unknown, token: string): unknown {
  return isShowable(thrown, token, MAX_CAUSES) ? thrown : new Error(safeMessage(thrown, token));
}

/** A longer chain of causes is not followed and not shown. */
const MAX_CAUSES = 5;

function isShowable(thrown: unknown, token: string, causesLeft: number): boolean {
  try {
    if (!isError(thrown) || safeMessage(thrown, token) !== messageOf(thrown)) return false;
    return thrown.cause === undefined || (causesLeft > 0 && isShowable(thrown.cause, token, causesLeft - 1));
  } catch {
    return false;
  }
}
