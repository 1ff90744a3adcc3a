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
  CommitResult,
  Covering,
  ExecutionChange,
  Freeze,
  LiftedFreeze,
  Lifting,
  NewFreeze,
  TakenStep,
} from "../../store-port/execution-store.js";
import { copyOf } from "./copy-of.js";
import type { MemoryLimits } from "./memory-limits.js";
import type { MemoryNeeds } from "./memory-needs.js";
import type { MemoryRecords } from "./memory-records.js";

/** What must hold before money moves, at the time of the store's clock. */
export interface MemoryGuards {
  /** Why a change of an execution at this moment is refused. `undefined` if no guard refuses it. */
  refusal(execution: Execution, change: ExecutionChange, now: EpochMs): CommitResult | undefined;
  freeze(freeze: NewFreeze): Freeze;
  unfreeze(lifting: Lifting): boolean;
  freezes(): readonly Freeze[];
  liftedFreezes(since: EpochMs): readonly LiftedFreeze[];
}

const AWAITING: readonly ExecutionStatus[] = ["pending", "notified"];
const APPROVED: readonly ExecutionStatus[] = ["approved", "scheduled"];

/** Whether a change approves an execution that nobody has approved yet. */
export const isApproval = ({ status }: Execution, change: ExecutionChange): boolean =>
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
interface GuardedRecords {
  readonly records: MemoryRecords;
  readonly needs: MemoryNeeds;
  readonly limits: MemoryLimits;
  readonly clock: Clock;
}

/** The guards over stored records. */
export function memoryGuards({ records, needs, limits, clock }: GuardedRecords): MemoryGuards {
  const freezes = new Map<string, Freeze>();
  const lifted = new Map<string, LiftedFreeze>();

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
    const taken = [...records.ofPlan(plan.id)]
      .filter((other) => other.lineageKey !== lineageKey && hasStep(other))
      .map(({ id, plan: other }) => ({ executionId: id, step: other?.step ?? 0 }));
    return stepConflict(plan, taken);
  };

  const frozen = (requests: readonly CommitmentRequest[]): Freeze | undefined =>
    [...freezes.values()].find((freeze) => requests.some((request) => isFrozenBy(freeze, request)));

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
      return freeze && { kind: "refused", because: "frozen", freeze: copyOf(freeze) };
    },
    freeze(given) {
      if (freezes.has(given.id) || lifted.has(given.id)) throw new TypeError(`a freeze has the id ${given.id} already`);
      const freeze: Freeze = { ...given, frozenAt: clock.now() };
      freezes.set(given.id, freeze);
      return freeze;
    },
    unfreeze({ id, liftedBy, reason: liftReason }) {
      const freeze = freezes.get(id);
      if (freeze === undefined) return false;
      freezes.delete(id);
      lifted.set(id, { ...freeze, liftedBy, liftReason, liftedAt: clock.now() });
      return true;
    },
    freezes: () => [...freezes.values()],
    liftedFreezes: (since) => [...lifted.values()].filter(({ liftedAt }) => liftedAt >= since),
  };
}

/** Whether an execution has its step of a plan: it will be bought, or something of it may have been. */
const hasStep = ({ plan, status, lines }: Execution): boolean =>
  plan?.step !== null && (needRole({ state: "planned" }, status) === "covers" || lines.some(mayBeBought));

const mayBeBought = ({ state }: PurchaseLine): boolean => isUnsettled(state) || state === "committed";

const isExclusive = (need: Need | null): need is Need => need !== null && need.allowOverlap === null;

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
