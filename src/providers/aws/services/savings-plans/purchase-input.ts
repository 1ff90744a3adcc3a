import type { CreateSavingsPlanRequest } from "@aws-sdk/client-savingsplans";
import type { AwsSavingsPlansRequest } from "../../../../domain/commitment-request/aws-savings-plans.js";
import type { PurchasePermit } from "../../../purchase-permit.js";
import { clientTokenIn } from "../../client-token.js";
import { purchaseTimeIn } from "../../held-purchase.js";
import { TOKEN_TAG } from "../../token-tag.js";

/**
 * The one request that a permit allows; it depends on nothing but the permit, so that every resend is the same.
 *
 * `purchaseTime` is set only for a held purchase, and is then the time that the write-ahead keeps. With a time of its
 * own, each resend would be another request under the same token.
 */
export const purchaseInput = ({
  request,
  token,
  prepared,
}: PurchasePermit<AwsSavingsPlansRequest>): CreateSavingsPlanRequest => {
  const purchaseTime = purchaseTimeIn(prepared);
  return {
    savingsPlanOfferingId: prepared.reference,
    commitment: request.hourlyCommitment,
    ...(request.upfrontAmount !== undefined && { upfrontPaymentAmount: request.upfrontAmount }),
    ...(purchaseTime && { purchaseTime }),
    clientToken: clientTokenIn(prepared, token),
    tags: { [TOKEN_TAG]: token },
  };
};
