import type { EpochMs } from "../domain/clock.js";
import { BuyonceError, type ErrorCode } from "../domain/errors.js";
import type { Rejection } from "../domain/evidence.js";
import type { Execution } from "../domain/execution.js";
import { isUnsettled } from "../domain/line-state.js";
import type { LimitUse } from "../store-port/limits.js";
import { askedHolds, exceededLimits, type LimitedBasket, uncountedLines } from "./limits/judge-holds.js";
import { limitFree } from "./limits/limit-free.js";
import { type OpsHint, type OpsHints, opsHintOf, statedHint } from "./ops-hint.js";

/** A retry with this number, and each one after it, must be forced. The first execution of a lineage has number 0. */
const THRESHOLD = 5;
/**
 * A retry with this number is not taken at all. The tokens of so many attempts are known, and masked wherever they turn
 * up.
 */
const LAST_THRESHOLD = 100;

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

/** What speaks against a retry. The gates are asked in this order. */
export type RetryGate = "retried" | "in_doubt" | "persistent_cause" | "attempts" | "limits";

/** A gate that is closed, and why. */
export interface ClosedGate {
  readonly gate: RetryGate;
  /** Why, as a part of a sentence. */
  readonly why: string;
  /** Whether `force` opens it. */
  readonly isForcible: boolean;
  /** The number from which on this gate refuses, if it is not the usual one. */
  readonly threshold?: number;
  readonly successorId?: string | null;
  /** The refusal that a retry would meet again. */
  readonly rejection?: Rejection;
}

/** The gates that are closed for the retry of an execution, in their order. `retryAttempt` is the number it would have. */
export const closedGates = (failed: Execution, retryAttempt: number): readonly ClosedGate[] =>
  [retriedGateOf(failed), doubtGate(failed), ...causeGates(failed), attemptsGate(retryAttempt)].flatMap(
    (gate) => gate ?? [],
  );

/** The gate of an execution that is retried already. */
export const retriedGate = (successorId: string | null): ClosedGate => ({
  gate: "retried",
  why: `it has been retried${successorId ? ` as ${successorId}` : " or has changed"}`,
  isForcible: false,
  successorId,
});

const retriedGateOf = ({ successorId }: Execution): ClosedGate | undefined =>
  successorId === null ? undefined : retriedGate(successorId);

function doubtGate({ lines }: Execution): ClosedGate | undefined {
  const line = lines.find(({ state }) => isUnsettled(state));
  const why = `line ${line?.index} is in doubt; resolve it with evidence first`;
  return line && { gate: "in_doubt", why, isForcible: false };
}

const causeGates = ({ lines }: Execution): readonly ClosedGate[] =>
  lines.flatMap(({ index, state, rejection }) =>
    state === "rejected" && rejection !== null && isPersistent(rejection)
      ? [{ gate: "persistent_cause", why: whyHopeless(index, rejection), isForcible: true, rejection }]
      : [],
  );

function attemptsGate(retryAttempt: number): ClosedGate | undefined {
  const made = `${retryAttempt} attempts were made`;
  if (retryAttempt >= LAST_THRESHOLD)
    return { gate: "attempts", why: `${made}; submit a new basket`, isForcible: false, threshold: LAST_THRESHOLD };
  if (retryAttempt < THRESHOLD) return undefined;
  return { gate: "attempts", why: `${made}; force the next one`, isForcible: true };
}

/** The gate of a retry that the limits would not let anybody approve now. */
export function limitsGate(retry: LimitedBasket, uses: readonly LimitUse[], now: EpochMs): ClosedGate | undefined {
  for (const use of uses) {
    const asked = askedHolds([use.limit], retry, now);
    const [exceeded] = exceededLimits(asked, () => use);
    const { name } = use.limit;
    const why =
      uncountedLines(asked).length > 0
        ? `the limit ${name} cannot count its price`
        : exceeded &&
          `it asks for ${exceeded.asked} ${exceeded.currency}, and the limit ${name} has ${limitFree(use)} left`;
    if (why !== undefined) return { gate: "limits", why, isForcible: false };
  }
  return undefined;
}

/**
 * Whether a refusal is persistent. A cloud's refusal carries this fact itself. A refusal that an older version stored
 * does not carry it, and may be retried.
 */
export const isPersistent = ({ persistent, code }: Rejection): boolean =>
  persistent === true || PERSISTENT_CAUSES.includes(code);

const whyHopeless = (index: number, { code, hint }: Rejection): string =>
  [
    `line ${index} was refused with ${code}, which a retry meets again`,
    ...(hint === undefined ? [] : [hint.replace(/\.$/, "")]),
    "correct the cause, then force the retry",
  ].join("; ");

/** What the audit trail keeps of a gate that a forced retry has opened. */
export const summaryOf = ({ gate, why, rejection }: ClosedGate): Readonly<Record<string, unknown>> => ({
  gate,
  why,
  ...(rejection && { code: rejection.code }),
});

const WHAT_TO_DO: Readonly<Record<Exclude<RetryGate, "persistent_cause">, string>> = {
  retried: "Go on with the execution that retries this one.",
  in_doubt: "Find out at the cloud what became of the line, then resolve it with the evidence.",
  limits: "Wait for the next period, or let somebody who may raise the limit.",
  attempts: "Find out why the retries before it failed, then force the retry or submit a new basket.",
};

/** The refusal of a retry, with what an operator needs as data. `retryAttempt` is the number that it would have had. */
export function retryRefused(
  current: Execution,
  closed: ClosedGate,
  { retryAttempt, opsHints }: { readonly retryAttempt: number; readonly opsHints: OpsHints },
): BuyonceError {
  const { gate, why, threshold = THRESHOLD, successorId = null } = closed;
  return new BuyonceError("RETRY_REFUSED", `Execution ${current.id} cannot be retried: ${why}.`, {
    details: { gate, retryAttempt, threshold, successorId, opsHint: hintOf(closed, opsHints) },
    current,
  });
}

function hintOf({ gate, rejection }: ClosedGate, opsHints: OpsHints): OpsHint {
  if (gate === "persistent_cause") return opsHintOf(rejection ?? { code: gate }, opsHints);
  const stated = statedHint({ code: gate }, opsHints);
  return stated ?? { code: gate, text: WHAT_TO_DO[gate], docs: "docs/errors.md#retry_refused" };
}
