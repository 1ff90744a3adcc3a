import { tokenOfAttempt } from "../idempotency/derived-forms.js";
import type { ProviderContext } from "./commitment-provider.js";

/**
 * The line's token, or one derived from it for each retry by a person.
 *
 * A cloud answers a token that it remembers with what it made of it, dead or alive, so a retry needs another one.
 */
export const attemptToken = (token: string, { lineageAttempt }: Pick<ProviderContext, "lineageAttempt">): string =>
  tokenOfAttempt(token, lineageAttempt);
