import { BuyonceError } from "../domain/errors.js";
import type { Execution } from "../domain/execution.js";
import { viewOf } from "../idempotency/execution-view.js";
import type { ApprovalCount } from "../store-port/execution-store.js";

/** The refusal of an approval by fewer people than are needed. */
export const approvalsMissing = (execution: Execution, { have, needed }: ApprovalCount): BuyonceError =>
  new BuyonceError(
    "APPROVALS_MISSING",
    `${execution.id} is not approved: this would be approval ${have} of ${needed}.`,
    {
      details: { have, needed },
      current: viewOf(execution),
    },
  );
