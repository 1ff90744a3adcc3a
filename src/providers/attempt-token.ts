import { tokenOfAttempt } from "../idempotency/derived-forms.js";
import type { ProviderContext } from "./commitment-provider.js";

/**
 * The line's token, or one derived from it for each retry by a person.
 *
 * A cloud that remembers a token answers with the purchase that it made under that token, dead or alive. So a retry
 * needs another token.
 */
export const attemptToken = (token: string, { lineageAttempt }: Pick<ProviderContext, "lineageAttempt">): string =>
  tokenOfAttempt(token, lineageAttempt);
