import { BuyonceError } from "../../domain/errors.js";
import type { Execution } from "../../domain/execution.js";
import type { ExecutionStatus } from "../../domain/execution-status.js";
import type { Actor } from "../../guards/actor.js";
import type { DecisionToken } from "../../store-port/execution-store.js";

/** A decision that a link makes: its token, and the recipient with what is known of the person. */
export interface LinkDecision {
  readonly token: DecisionToken;
  readonly actor: Actor;
  readonly reason?: string;
}

/** What a link has done. */
export interface LinkOutcome<Shown> {
  /** `decided`: this call decided. `already_decided`: somebody had decided before, and nothing has changed. */
  readonly kind: "decided" | "already_decided";
  /** The execution as it is now. */
  readonly execution: Shown;
}

/** Statuses of an execution about which nobody has decided. A link decides in no other. */
export const UNDECIDED: readonly ExecutionStatus[] = ["pending", "notified", "paused"];

/** The refusal of a link for an execution about which somebody has decided. */
export const decidedAlready = (current: Execution): BuyonceError =>
  new BuyonceError(
    "EXECUTION_NOT_IN_EXPECTED_STATUS",
    `Execution ${current.id} is ${current.status}; a link decides only what waits for approval.`,
    { current },
  );
