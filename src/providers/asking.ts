import { BuyonceError, isBuyonceError } from "../domain/errors.js";
import { safeCause, safeMessage } from "./safe-message.js";

/** What is asked of the cloud, and the code for "it could not be found out". */
export interface Question {
  readonly code: "LOOKUP_FAILED" | "PREPARE_FAILED" | "LABEL_FAILED" | "CANCEL_QUEUED_FAILED";
  /** The sentence before the cause, such as `The reserved instances could not be listed`. */
  readonly what: string;
  readonly token: string;
}

/** Asks, and turns every failure that has no code of its own into the question's, its text made safe to show. */
export async function asking<Answer>({ code, what, token }: Question, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (thrown) {
    if (isBuyonceError(thrown)) throw thrown;
    throw new BuyonceError(code, `${what}: ${safeMessage(thrown, token)}`, { cause: safeCause(thrown, token) });
  }
}
