import { BuyonceError } from "../../domain/errors.js";
import type { Prepared } from "../../domain/evidence.js";
import { commitmentNames } from "../commitment-names.js";
import type { TaggedPurchase } from "./tagged-purchases.js";

/**
 * What the write-ahead keeps of the client token, if that is not the line's token itself.
 *
 * A cloud that still remembers a client token answers with the purchase that it made under that token. A `void`
 * purchase would then be taken for a new one. So each void purchase spends a token, and each retry by a person unlocks
 * one more. Throws `NAME_SPENT` if all tokens are spent.
 */
export function unspentClientToken(
  token: string,
  tagged: readonly TaggedPurchase[],
  lineageAttempt: number,
): { readonly clientToken?: string } {
  const voided = tagged.filter(({ sighting }) => sighting.meaning === "void");
  if (voided.length === 0) return {};
  const clientToken = commitmentNames(token, lineageAttempt)[voided.length];
  if (clientToken !== undefined) return { clientToken };
  const spent = voided.map(({ id, sighting }) => `${id} is ${sighting.state}`).join(", ");
  throw new BuyonceError("NAME_SPENT", `Every client token of the line is spent: ${spent}.`, { details: { spent } });
}

/** The client token that the write-ahead keeps, or the line's token if it keeps none. */
export function clientTokenIn({ detail }: Prepared, token: string): string {
  const kept = detail?.["clientToken"] ?? token;
  if (typeof kept !== "string") throw new TypeError("`prepared.detail.clientToken` must be a string");
  return kept;
}
