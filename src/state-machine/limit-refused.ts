import { BuyonceError } from "../domain/errors.js";
import type { Execution } from "../domain/execution.js";
import { viewOf } from "../idempotency/execution-view.js";
import type { CommitResult, ExceededLimit, UncountedLine } from "../store-port/execution-store.js";

/** The refusal of an approval by a limit. */
export type LimitRefusal = Extract<CommitResult, { readonly because: "limit" | "amount" | "definitions" }>;

/** Whether a limit refused an approval. */
export const isLimitRefusal = (result: CommitResult): result is LimitRefusal =>
  result.kind === "refused" && ["limit", "amount", "definitions"].includes(result.because);

/** The error for an approval that a limit refused. */
export function limitRefused(execution: Execution, refusal: LimitRefusal): BuyonceError {
  const refused = `${execution.id} is not approved`;
  const current = viewOf(execution);
  switch (refusal.because) {
    case "limit": {
      const { exceeded } = refusal;
      const why = exceeded.map(exceededInWords).join("; ");
      return new BuyonceError("LIMIT_EXCEEDED", `${refused}: ${why}.`, { details: { exceeded }, current });
    }
    case "amount": {
      const { uncounted } = refusal;
      const why = uncounted.map(uncountedInWords).join("; ");
      return new BuyonceError("LIMIT_UNKNOWN_AMOUNT", `${refused}: ${why}.`, { details: { uncounted }, current });
    }
    case "definitions":
      return new BuyonceError(
        "LIMIT_DEFINITION_DIFFERS",
        `${refused}: ${refusal.fingerprint === null ? "no" : "other"} limits are stored.`,
        {
          details: { fingerprint: refusal.fingerprint },
          current,
        },
      );
  }
}

const exceededInWords = ({ limit, period, max, currency, used, held, asked }: ExceededLimit): string =>
  `it asks ${asked} of limit "${limit}", which allows ${max} ${currency} in ${period}; ${used} are used and ${held} held`;

const uncountedInWords = ({ limit, lineIndex }: UncountedLine): string =>
  `limit "${limit}" cannot count the price of line ${lineIndex}`;
