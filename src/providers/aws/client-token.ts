import { BuyonceError } from "../../domain/errors.js";
import type { Prepared } from "../../domain/evidence.js";
import { commitmentNames } from "../commitment-names.js";
import type { TaggedPurchase } from "./tagged-purchases.js";

/**
 * What the write-ahead keeps of the client token, where it is not the line's token itself.
 *
 * A cloud that still remembers a client token answers with what it bought, and a `void` purchase would be taken for a new
 * one. So each void one spends a token, and each retry by a person unlocks one more; `NAME_SPENT` where all are spent.
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

/** The client token that the write-ahead keeps, else the line's token. */
export function clientTokenIn({ detail }: Prepared, token: string): string {
  const kept = detail?.["clientToken"] ?? token;
  if (typeof kept !== "string") throw new TypeError("`prepared.detail.clientToken` must be a string");
  return kept;
}
