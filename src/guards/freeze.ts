import { type CommitmentRequest, cloudOf } from "../domain/commitment-request/commitment-request.js";
import { BuyonceError } from "../domain/errors.js";
import type { Freeze, FreezeScope } from "../domain/freeze.js";

/** Whether a freeze covers what a request buys: every part that its scope states must match. */
export const isFrozenBy = (
  { scope: { cloud, service, account } }: Pick<Freeze, "scope">,
  request: Pick<CommitmentRequest, "service" | "account">,
): boolean =>
  (cloud === undefined || cloud === cloudOf(request.service)) &&
  (service === undefined || service === request.service) &&
  (account === undefined || account === request.account);

/** The refusal to send in the scope of a freeze. */
export const frozen = (executionId: string, { id, scope, frozenBy, reason, frozenAt }: Freeze): BuyonceError =>
  new BuyonceError(
    "FROZEN",
    `Nothing was sent: ${frozenBy} froze ${inWords(scope)} at ${new Date(frozenAt).toISOString()}: ${reason}`,
    { details: { executionId, freezeId: id, scope } },
  );

/** A scope as a text. */
const inWords = ({ cloud, service, account }: FreezeScope): string => {
  const what = service ?? cloud ?? "everything";
  return account === undefined ? what : `${what} in account ${account}`;
};
