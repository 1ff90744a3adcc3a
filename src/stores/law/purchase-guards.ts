import type { Clock, EpochMs } from "../../domain/clock.js";
import type { CommitmentRequest } from "../../domain/commitment-request/commitment-request.js";
import type { Execution, PurchaseLine } from "../../domain/execution.js";
import type { ExecutionStatus } from "../../domain/execution-status.js";
import { isUnsettled } from "../../domain/line-state.js";
import type { Need } from "../../domain/need.js";
import { missingApprovals } from "../../guards/approvals.js";
import { isFrozenBy } from "../../guards/freeze.js";
import { needRole } from "../../guards/overlap.js";
import { stepConflict } from "../../guards/plan-steps.js";
import type {
  Covering,
  ExecutionChange,
  Freeze,
  Lifting,
  NewFreeze,
  TakenStep,
} from "../../store-port/execution-store.js";
import type { NeedUses } from "./need-uses.js";
import type { Refusal, SpendingLimits } from "./spending-limits.js";

/** Where freezes are stored. */
export interface FreezeRows {
  /** The freezes that hold, oldest first. */
  active(): readonly Freeze[];
  /** Whether a freeze has or had this id. */
  has(id: string): boolean;
  add(freeze: Freeze): void;
  /** Ends a freeze. False if none of this id holds. */
  lift(lifting: Lifting, liftedAt: EpochMs): boolean;
}

/** What must hold before money moves, at the time of the store's clock. */
export interface PurchaseGuards {
  /** Why a change of an execution at this moment is refused. `undefined` if no guard refuses it. */
  refusal(execution: Execution, change: ExecutionChange, now: EpochMs): Refusal | undefined;
  freeze(freeze: NewFreeze): Freeze;
  unfreeze(lifting: Lifting): boolean;
}

const AWAITING: readonly ExecutionStatus[] = ["pending", "notified"];
const APPROVED: readonly ExecutionStatus[] = ["approved", "scheduled"];

/** Whether a change approves an execution that nobody has approved yet. */
export const isApproval = ({ status }: Pick<Execution, "status">, change: ExecutionChange): boolean =>
  AWAITING.includes(status) && change.status !== undefined && APPROVED.includes(change.status);

/** Whether a change approves, or brings a scheduled execution forward by another approval. */
const isDecision = (execution: Execution, change: ExecutionChange): boolean =>
  isApproval(execution, change) ||
  (execution.status === "scheduled" && change.status === "approved" && change.approvedBy !== undefined);

/** Whether a change does what no approval may do besides. */
const doesMore = ({ lines, lease, token, guard }: ExecutionChange): boolean =>
  lines !== undefined ||
  lease !== undefined ||
  guard.fence !== undefined ||
  guard.leaseFree !== undefined ||
  (token !== undefined && token.kind !== "use");

/** What the guards judge by. */
interface Guarded {
  readonly plans: PlanRows;
  readonly freezes: FreezeRows;
  readonly needs: Pick<NeedUses, "of">;
  readonly limits: Pick<SpendingLimits, "refusal">;
  readonly clock: Clock;
}

/** Finds the executions of plans. */
export interface PlanRows {
  /** The executions of a plan that have a step, with their lines. */
  withStep(planId: string): Iterable<Execution>;
}

/** The guards over stored records. */
export function purchaseGuards({ plans, freezes, needs, limits, clock }: Guarded): PurchaseGuards {
  const coveringsOf = ({ lineageKey, lines }: Execution): readonly Covering[] =>
    lines.flatMap(({ index: lineIndex, need, state }) => {
      if (!isExclusive(need) || state !== "planned") return [];
      const covering = needs
        .of(need.key, need.windowMs)
        .filter((use) => use.lineageKey !== lineageKey && needRole({ state: use.lineState }, use.status) !== "proposes")
        .map(({ executionId, status, until }) => ({ lineIndex, executionId, status, until }));
      // Several lines of one execution may cover the need.
      const different = new Map(covering.map((one) => [`${one.executionId} ${one.until}`, one]));
      return [...different.values()].toSorted(
        (a, b) => compare(a.executionId, b.executionId) || Number(a.until) - Number(b.until),
      );
    });

  const stepAgainst = ({ lineageKey, plan }: Execution): TakenStep | undefined => {
    if (plan === null || plan.step === null) return undefined;
    const taken = [...plans.withStep(plan.id)]
      .filter((other) => other.lineageKey !== lineageKey && hasStep(other))
      .map(({ id, plan: other }) => ({ executionId: id, step: other?.step ?? 0 }));
    return stepConflict(plan, taken);
  };

  const frozen = (requests: readonly CommitmentRequest[]): Freeze | undefined =>
    freezes.active().find((freeze) => requests.some((request) => isFrozenBy(freeze, request)));

  return {
    refusal(execution, change, now) {
      if (isDecision(execution, change) && doesMore(change)) return { kind: "refused", because: "guard" };
      const missing = missingApprovals(execution, change);
      if (missing !== undefined) return { kind: "refused", because: "approvals", ...missing };
      if (isApproval(execution, change)) {
        const taken = stepAgainst(execution);
        if (taken !== undefined) return { kind: "refused", because: "plan", taken };
        const covered = coveringsOf(execution);
        if (covered.length > 0) return { kind: "refused", because: "need", covered };
        const unaffordable = limits.refusal(execution, change, now);
        if (unaffordable !== undefined) return unaffordable;
      }
      const sent = new Set((change.lines ?? []).filter((line) => line.stampSubmission).map(({ index }) => index));
      const freeze = frozen(execution.lines.filter(({ index }) => sent.has(index)).map(({ request }) => request));
      return freeze && { kind: "refused", because: "frozen", freeze };
    },
    freeze(given) {
      if (freezes.has(given.id)) throw new TypeError(`a freeze has the id ${given.id} already`);
      const freeze: Freeze = { ...given, frozenAt: clock.now() };
      freezes.add(freeze);
      return freeze;
    },
    unfreeze: (lifting) => freezes.lift(lifting, clock.now()),
  };
}

/** Whether an execution has its step of a plan: it will be bought, or something of it may have been. */
const hasStep = ({ plan, status, lines }: Execution): boolean =>
  plan?.step !== null && (needRole({ state: "planned" }, status) === "covers" || lines.some(mayBeBought));

const mayBeBought = ({ state }: PurchaseLine): boolean => isUnsettled(state) || state === "committed";

const isExclusive = (need: Need | null): need is Need => need !== null && need.allowOverlap === null;

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
