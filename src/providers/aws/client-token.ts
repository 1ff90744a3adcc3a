import { BuyonceError } from "../../domain/errors.js";
import type { Prepared } from "../../domain/evidence.js";
import { commitmentNames } from "../commitment-names.js";

/** A commitment under a line's token for which nothing is owed any more. */
export interface DeadCommitment {
  readonly id: string;
  readonly state: string | undefined;
}

/**
 * What the write-ahead keeps of the client token, where it is not the line's token itself.
 *
 * A cloud that still remembers a client token answers with what it bought, dead or alive, and a dead commitment would
 * be taken for a purchase. So each dead one spends a token, and each retry by a person unlocks one more; `NAME_SPENT`
 * where all are spent.
 */
export function unspentClientToken(
  token: string,
  dead: readonly DeadCommitment[],
  lineageAttempt: number,
): { readonly clientToken?: string } {
  if (dead.length === 0) return {};
  const clientToken = commitmentNames(token, lineageAttempt)[dead.length];
  if (clientToken !== undefined) return { clientToken };
  const spent = dead.map(({ id, state }) => `${id} is ${state}`).join(", ");
  throw new BuyonceError("NAME_SPENT", `Every client token of the line is spent: ${spent}.`, { details: { spent } });
}

/** The client token that the write-ahead keeps, else the line's token. */
export function clientTokenIn({ detail }: Prepared, token: string): string {
  const kept = detail?.["clientToken"] ?? token;
  if (typeof kept !== "string") throw new TypeError("the write-ahead keeps a client token that is none");
  return kept;
}
