import { BuyonceError, type ErrorCode } from "../../domain/errors.js";
import type { Rejection } from "../../domain/evidence.js";
import { type Execution, PLANNED, type PurchaseLine } from "../../domain/execution.js";
import { newExecutionId } from "../../domain/id.js";
import { isUnsettled } from "../../domain/line-state.js";
import { checkKeys } from "../../domain/options.js";
import { requireExecution } from "../../state-machine/require-execution.js";
import type { NewExecution } from "../../store-port/execution-store.js";
import type { EngineContext } from "../engine-options.js";
import { lineageAttempt } from "../lineage-attempt.js";
import { clause } from "../reason-of.js";
import { requireActor } from "./require-actor.js";
import { RESERVED_KEYS } from "./submit.js";

/** Who requests a retry, and whether it overrules past refusals that speak against it. */
export interface RetryRequest {
  readonly requestedBy: string;
  /** Lifts the gates for persistent causes and for too many attempts. It lifts no other gate. */
  readonly force?: boolean;
}

/** The number of executions of one lineage, the first included, after which only a forced retry is taken. */
const MAX_ATTEMPTS = 5;
/**
 * The number after which no retry is taken. The tokens of this many attempts are known, and masked wherever they turn
 * up.
 */
const MOST_ATTEMPTS = 100;

/**
 * Codes of refusals by this library before sending. Another attempt meets them again until a person changes the cause.
 */
const PERSISTENT_CAUSES: readonly string[] = [
  "ACCOUNT_MISMATCH",
  "OFFERING_NOT_FOUND",
  "OFFERING_AMBIGUOUS",
  "FINGERPRINT_MISMATCH",
  "PROVIDER_NOT_REGISTERED",
  "COMMITMENT_CONFLICT",
  "PURCHASE_REFUSED",
  "RECOMMENDATION_TAKEN",
] satisfies readonly ErrorCode[];

/**
 * Submits the lines that a failed or partially completed execution did not buy, as its successor, pending approval.
 *
 * The successor has the same lineage key and the lines keep their indices, so their tokens stay the same. Of racing
 * retries one wins. The others get `RETRY_REFUSED`, with the winner's id in `details.successorId`.
 */
export async function retryExecution(
  context: EngineContext,
  executionId: string,
  request: RetryRequest,
): Promise<Execution> {
  checkKeys<RetryRequest>("retry", request, { requestedBy: true, force: true });
  const { requestedBy, force = false } = request;
  const actor = requireActor("requestedBy", requestedBy);
  const failed = await requireExecution(context.store, executionId);
  const attempt = await lineageAttempt(context.store, failed);
  checkGates(failed, attempt, force);
  const result = await context.store.create({
    execution: successor(failed, attempt, requestedBy),
    event: { kind: "submitted", actor, reason: `Retry of ${failed.id}.` },
    retryOf: { executionId, version: failed.version, predecessorEvent: { kind: "retried", actor } },
  });
  if (result.kind === "created") return result.execution;
  const { successorId } = await requireExecution(context.store, executionId);
  throw refused(failed, "retried", `it has been retried${successorId ? ` as ${successorId}` : " or has changed"}`, {
    successorId,
  });
}

function checkGates(failed: Execution, attempt: number, force: boolean): void {
  // A retry that was canceled or that expired can itself be retried. Otherwise its lineage would end there.
  const withdrawn = failed.retryOf !== null && (failed.status === "canceled" || failed.status === "expired");
  if (failed.status !== "failed" && failed.status !== "partially_completed" && !withdrawn)
    throw new BuyonceError(
      "EXECUTION_NOT_IN_EXPECTED_STATUS",
      `Execution ${failed.id} is ${failed.status}; a retry needs failed or partially_completed.`,
      { current: failed },
    );
  if (failed.successorId !== null)
    throw refused(failed, "retried", `it has been retried as ${failed.successorId}`, {
      successorId: failed.successorId,
    });
  const doubtful = failed.lines.find((line) => isUnsettled(line.state));
  if (doubtful) throw refused(failed, "in_doubt", `line ${doubtful.index} is in doubt; resolve it with evidence first`);
  if (attempt >= MOST_ATTEMPTS) throw refused(failed, "attempts", `${attempt} attempts were made; submit a new basket`);
  if (force) return;
  const hopeless = failed.lines.find(({ state, rejection }) => state === "rejected" && isPersistent(rejection));
  if (hopeless) throw refused(failed, "persistent_cause", whyHopeless(hopeless));
  if (attempt >= MAX_ATTEMPTS) throw refused(failed, "attempts", `${attempt} attempts were made; force the next one`);
}

/**
 * Whether a refusal is persistent. A cloud's refusal carries this fact itself. A refusal that an older version stored
 * does not carry it, and may be retried.
 */
const isPersistent = (rejection: Rejection | null): boolean =>
  rejection?.persistent === true || PERSISTENT_CAUSES.includes(rejection?.code ?? "");

const whyHopeless = ({ index, rejection }: PurchaseLine): string =>
  [
    `line ${index} was refused with ${rejection?.code}, which a retry meets again`,
    ...(rejection?.hint === undefined ? [] : [clause(rejection.hint)]),
    "correct the cause, then force the retry",
  ].join("; ");

const successor = (failed: Execution, attempt: number, createdBy: string): NewExecution => ({
  id: newExecutionId(),
  requestKey: `${RESERVED_KEYS}retry/${failed.id}`,
  contentFingerprint: failed.contentFingerprint,
  lineageKey: failed.lineageKey,
  status: "pending",
  source: failed.source,
  plan: failed.plan,
  createdBy,
  reason: `Attempt ${attempt + 1}, a retry of ${failed.id}.`,
  wakeAt: null,
  expiresInMs: null,
  lines: failed.lines.filter((line) => line.state !== "committed").map(plannedCopy),
});

/**
 * The copy of a line for the successor. A person's statement stays with the line until a purchase has compared the
 * cloud with it.
 */
const plannedCopy = ({ index, request, fingerprint, need, saidAbsent }: PurchaseLine): PurchaseLine => ({
  ...PLANNED,
  index,
  request,
  fingerprint,
  need,
  saidAbsent,
});

const refused = (
  current: Execution,
  gate: string,
  why: string,
  details: Readonly<Record<string, unknown>> = {},
): BuyonceError =>
  new BuyonceError("RETRY_REFUSED", `Execution ${current.id} cannot be retried: ${why}.`, {
    details: { gate, ...details },
    current,
  });
