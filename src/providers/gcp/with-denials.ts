import { BuyonceError } from "../../domain/errors.js";
import { safeCause, safeMessage } from "../safe-message.js";
import { saysDenied } from "./gcp-outcome.js";

/** Gives a denied call its own code: it is never taken for an empty answer. */
export async function withDenials<Answer>(token: string, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (thrown) {
    if (!saysDenied(thrown)) throw thrown;
    const message = `Google Cloud denies a call that a purchase needs: ${safeMessage(thrown, token)}`;
    throw new BuyonceError("PERMISSION_DENIED", message, { cause: safeCause(thrown, token) });
  }
}
