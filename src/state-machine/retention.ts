import type { AuditEvent } from "../domain/audit-event.js";
import type { EpochMs } from "../domain/clock.js";
import type { CommitmentRequest } from "../domain/commitment-request/commitment-request.js";
import { endsAt } from "../domain/commitment-request/ends-at.js";
import type { Execution, ExecutionView, PurchaseLine } from "../domain/execution.js";
import { isUnsettled } from "../domain/line-state.js";
import { moneyMovedByCode } from "../domain/money-moved.js";
import { isTerminal } from "./transitions.js";

/** An execution and all its retries, oldest first, with the audit trail of each. */
export interface Lineage {
  readonly executions: readonly ExecutionView[];
  readonly events: readonly AuditEvent[];
}

/** A lineage as it is stored. */
export interface StoredLineage extends Pick<Lineage, "events"> {
  readonly executions: readonly Execution[];
}

/**
 * Why a lineage is still needed.
 *
 * - `open`: one of its executions has not ended. It may also be paused, or wait for approval without a time limit.
 * - `in_doubt`: a line may have been bought, and nobody knows yet.
 * - `unlabeled`: a commitment still has to be labeled at the cloud.
 * - `live`: the caller says that a commitment is live (`knownState`).
 * - `renews`: a commitment renews itself, so that no term ends it.
 * - `term`: a commitment's term, or the time that it is kept after that, is not over.
 * - `young`: its last change is not long enough ago.
 */
export type HoldReason = "open" | "in_doubt" | "unlabeled" | "live" | "renews" | "term" | "young";

/** What keeps a lineage. */
export interface Hold {
  readonly reason: HoldReason;
  /** The execution that has the reason. */
  readonly executionId: string;
  /** When the hold ends. Null if no time ends it. */
  readonly until: EpochMs | null;
}

/** The state of a line's commitment that a caller can know and the store does not. */
export type KnownState = "live" | "ended" | undefined;

/** How long lineages are kept. */
export interface RetentionRules {
  /** How long, counted from the last change and from the end of each term. */
  readonly keepMs: number;
  readonly knownState: (line: PurchaseLine) => KnownState;
}

/**
 * The hold that keeps a lineage longest. It is a pure function of the stored facts; no clock is read.
 *
 * A stored lineage has three tasks. It makes `submit` answer a request key with the same execution instead of buying
 * again. It keeps other lines from adopting its commitments. It takes late evidence. So it is needed until none of its
 * purchases can exist or land any more.
 */
export function longestHold({ executions, events }: StoredLineage, rules: RetentionRules): Hold {
  const holds = HOLDS.flatMap((holdsOf) =>
    executions.flatMap((execution) => holdsOf(execution, eventsOf(execution, events), rules)),
  );
  return holds.reduce((longest, hold) => (lasts(hold) > lasts(longest) ? hold : longest));
}

const lasts = ({ until }: Hold): number => until ?? Number.POSITIVE_INFINITY;

const eventsOf = ({ id }: Execution, events: readonly AuditEvent[]): readonly AuditEvent[] =>
  events.filter(({ executionId }) => executionId === id);

type HoldsOf = (execution: Execution, events: readonly AuditEvent[], rules: RetentionRules) => readonly Hold[];

/** The holds in the order of their rank: of two holds that last equally long, the first is the reason. */
const HOLDS: readonly HoldsOf[] = [
  (execution) => (isTerminal(execution.status) ? [] : [forEver("open", execution)]),
  // An ended execution can have such a line, if late evidence named a commitment that another line holds.
  (execution) => (execution.lines.some(({ state }) => isUnsettled(state)) ? [forEver("in_doubt", execution)] : []),
  (execution) => (execution.lines.some(({ needsLabel }) => needsLabel) ? [forEver("unlabeled", execution)] : []),
  (execution, events, rules) =>
    [...ownPurchases(execution), ...secondPurchases(execution, events)].flatMap((purchase) =>
      holdOfPurchase(execution, purchase, rules),
    ),
  ({ id, updatedAt }, _, { keepMs }) => [{ reason: "young", executionId: id, until: updatedAt + keepMs }],
];

const forEver = (reason: HoldReason, { id }: Execution): Hold => ({ reason, executionId: id, until: null });

/** A commitment that a line has, or may have. */
interface Purchase {
  readonly line: PurchaseLine;
  /** A time by which the commitment was certainly bought, if it was bought. */
  readonly boughtBy: EpochMs;
}

const ownPurchases = ({ lines, updatedAt }: Execution): readonly Purchase[] =>
  lines.filter(mayBeOwed).map((line) => ({ line, boughtBy: updatedAt }));

function mayBeOwed(line: PurchaseLine): boolean {
  if (line.state === "committed") return line.commitment?.withdrawn === undefined;
  return line.state === "rejected" ? isRefusalInDoubt(line) : wasWithdrawnInDoubt(line);
}

/**
 * Whether a refused line may have been bought: the cloud holds something else under its name, or only a person said so.
 */
const isRefusalInDoubt = ({ rejection }: PurchaseLine): boolean =>
  rejection?.resolvedBy !== undefined || moneyMovedByCode(rejection?.code ?? "") !== "no";

/**
 * Whether a line was canceled after a request of it may have left. Its absence was proved once, and nobody looks again.
 */
const wasWithdrawnInDoubt = ({ state, withdrawn, submittedAt }: PurchaseLine): boolean =>
  state === "skipped" && withdrawn !== null && submittedAt !== null;

/**
 * Commitments that were found beside the line's own. Only the trail has them, and the line's own commitment may be the
 * withdrawn one.
 */
const secondPurchases = ({ lines }: Execution, events: readonly AuditEvent[]): readonly Purchase[] =>
  events.flatMap(({ kind, lineIndex, data, at }) => {
    const line = kind === "duplicate_found" ? lines.find(({ index }) => index === lineIndex) : undefined;
    if (line === undefined) return [];
    const ids: readonly unknown[] = Array.isArray(data?.["commitmentIds"]) ? data["commitmentIds"] : [];
    return [{ line: { ...line, commitment: { commitmentIds: ids.map(String), adopted: true } }, boughtBy: at }];
  });

function holdOfPurchase(execution: Execution, purchase: Purchase, rules: RetentionRules): readonly Hold[] {
  const known = rules.knownState(purchase.line);
  if (known === "ended") return [];
  if (known === "live") return [forEver("live", execution)];
  if (renewsItself(purchase.line.request)) return [forEver("renews", execution)];
  return [{ reason: "term", executionId: execution.id, until: termEnds(purchase) + rules.keepMs }];
}

const renewsItself = (request: CommitmentRequest): boolean =>
  ("renew" in request && request.renew === true) || ("autoRenew" in request && request.autoRenew === true);

/** The end of the term, counted from the latest start that the stored facts allow. */
function termEnds({ line: { commitment, request, submittedAt }, boughtBy }: Purchase): EpochMs {
  const heldMs = ("holdMs" in request && request.holdMs) || 0;
  const latestStart =
    commitment?.startedAt === undefined
      ? boughtBy + heldMs
      : Math.max(commitment.startedAt, (submittedAt ?? Number.NEGATIVE_INFINITY) + heldMs);
  return endsAt(request, latestStart);
}
