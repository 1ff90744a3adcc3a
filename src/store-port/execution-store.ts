import type { AuditEvent, NewAuditEvent } from "../domain/audit-event.js";
import type { EpochMs } from "../domain/clock.js";
import type { Execution, LineProgress, PurchaseLine } from "../domain/execution.js";
import type { ExecutionStatus } from "../domain/execution-status.js";
import type {
  ClaimBatch,
  ClaimedExecution,
  DueSweep,
  MovedExecution,
  ReapedCounts,
  ReapSweep,
  Removal,
  StuckExecution,
} from "./batches.js";
import type { FeedCursorMove, FeedPage, FeedQuery } from "./feed.js";
import type {
  ApprovalCount,
  Covering,
  DoubtQuery,
  Freeze,
  LiftedFreeze,
  Lifting,
  NeededLineQuery,
  NeedLine,
  NeedQuery,
  NeedUse,
  NewFreeze,
  TakenStep,
} from "./guards.js";
import type {
  ExceededLimit,
  LimitChange,
  LimitChangeResult,
  LimitsInForce,
  PastLimits,
  UncountedLine,
} from "./limits.js";
import type { DecisionToken, TokenMove } from "./tokens.js";

export type * from "./batches.js";
export type * from "./feed.js";
export type * from "./guards.js";
export type * from "./limits.js";
export type * from "./tokens.js";

/**
 * Where executions live. The law, which `storeContract` checks:
 *
 * - **One guarded statement per mutation.** `create` and `commit` each check their guards and write the execution, its
 *   lines and exactly one audit event, or change nothing at all. No reader ever sees a part of a mutation.
 * - **Single winners.** Of any number of racing calls whose guards exclude each other, exactly one gets `moved` (or
 *   `created`). Every other call gets a refusal and has changed nothing.
 * - **Versions without gaps.** A mutation raises `version` by one, and its event carries that version.
 * - **The store's clock decides.** The store's clock, never a caller's, judges every lease and every time stamp, and
 *   which executions are due or stuck.
 * - **Uniqueness**, whatever the callers do: one execution per request key; one open execution per lineage key; one
 *   successor per execution; per (lineage key, line index) one line that is submitting, in doubt or committed; per lane
 *   one line that is submitting or in doubt; per (cloud, account, commitment id) one line. A line that names an id
 *   twice has it once. An id that a change takes out of a line's commitment is free again with that change.
 * - **An approval needs enough people.** A change from `pending`, `notified` or `scheduled` with `approvedBy` adds that
 *   person to `approvers`. To `approved` or `scheduled` it is refused (`approvals`) if these are fewer people than
 *   needed: the larger of the stored `approvalsNeeded` and the change's own, if that is more than 1. Ids that differ only
 *   in case, in white space at the ends or in the form of their characters (NFKC) are one person, who counts once. In any
 *   other status, `approvedBy` begins a new list.
 * - **An approval takes its needs.** A change from `pending` or `notified` to `approved` or `scheduled` is refused
 *   (`need`) if another lineage covers the need of a planned line that does not allow it. Another lineage covers a need
 *   with a line that is submitting or in doubt, with a planned line of an execution that is scheduled, approved, running
 *   or in doubt, and with a line that was bought less than the need's `windowMs` ago. Of any number of racing approvals
 *   of one need, one wins. Such a change is refused (`guard`) if it names lines, a lease, a fence or `leaseFree`.
 * - **An approval takes its step.** Such a change of an execution with a step of a plan is refused (`plan`) if another
 *   lineage has this step or a later one, or if the step before is missing and the plan does not say that it is skipped.
 *   A lineage has a step while it covers a need by its status or its lines, and for ever once it has bought anything.
 * - **An approval holds what it may spend.** Such a change is refused (`limit`) if a limit would count more than its
 *   `max` in the period of the store's time, and (`amount`) if the price of a planned line cannot be counted. Otherwise
 *   each planned line holds its highest price in every limit that counts it. What is held becomes what is used with the
 *   change that commits the line: the prepared price, else the hold. It is released with the change that rejects or skips
 *   the line, or that ends the execution while the line is planned. What a line submitting or in doubt holds stays.
 *   Racing approvals never exceed a limit. A set of limits that was acknowledged holds for every change that begins later.
 * - **The first refusal is told.** Of the reasons that stand against an approval, it is refused for the first of `guard`,
 *   `token`, `approvals`, `plan`, `need`, `definitions`, `amount` and `limit`.
 * - **An accepted price is held.** A change with `acceptsPrice` raises what its line holds to the price found plus the
 *   tolerance, in the periods that count the line already. It is refused (`limit`) if a stored limit would then count more
 *   than its `max`, and (`amount`) if the price cannot be counted. A line that holds nothing goes on to hold nothing.
 * - **A charge above its hold is recorded.** The event of a change that commits a line above its hold, or after its
 *   hold was released, has it in `data.overruns`.
 * - **Nothing is sent in a frozen scope.** A change that stamps a submission is refused (`frozen`) if a freeze covers one
 *   of its lines. A freeze that was acknowledged holds against every change that is acknowledged later.
 * - **A decision token decides once.** A change that uses a token is refused (`token`) unless the token may decide it, see
 *   {@link TokenMove}. The token is used by the same change, and is as it was if the change is refused or rolled back. Of any
 *   number of racing uses one wins. The store's clock judges whether it has run out.
 * - **The feed loses nothing.** `feed` has each event of each execution once, those of one execution in the order of
 *   versions. Its order never changes: what a page has left behind its cursor is complete, whatever was being written
 *   meanwhile, however long a writer takes, and whatever else the database does. An event that was acknowledged before a
 *   call began is in that page or follows it. An event is gone from the feed once its execution is removed.
 * - **Copies out, copies in.** A caller may change the arguments and the result of a call. The stored data stays as it
 *   is.
 *
 * An expected refusal is a value. A throw means that something failed. The outcome of the call is then unknown, so the
 * caller must read again before it goes on.
 *
 * A store knows statuses and states, but not which moves are legal. The state machine decides, and the store guards.
 */
export interface ExecutionStore {
  /** Stores a new execution (version 1) with its event. If it is a retry, marks its predecessor. */
  create(input: CreateExecution): Promise<CreateResult>;
  /** The execution with its lines, or `undefined`. */
  get(executionId: string): Promise<Execution | undefined>;
  /** The execution that was created under a request key, whatever became of it, or `undefined`. */
  withRequestKey(requestKey: string): Promise<Execution | undefined>;
  /** Makes one guarded change with its event. */
  commit(change: ExecutionChange): Promise<CommitResult>;
  /**
   * Moves due executions as `moves` says for their status, each with its event, in one statement. `wakeAt` becomes
   * null. Rows that another call is changing are left to the next sweep.
   *
   * An execution is due exactly if tick has work for it: `pending` and `notified` past `expiresAt`; `scheduled` past
   * `wakeAt`; `approved` and `in_doubt` with no `wakeAt` or one that has passed; `running` likewise, if no lease is
   * live.
   */
  moveDue(sweep: DueSweep): Promise<readonly MovedExecution[]>;
  /**
   * Claims executions that are due (see {@link ExecutionStore.moveDue}), in one statement: each goes to `running` with
   * the next fence, a lease for the owner, no `wakeAt` and its event. Racing calls get different executions. Rows that
   * another call is changing are passed over.
   */
  claimDue(batch: ClaimBatch): Promise<readonly ClaimedExecution[]>;
  /**
   * `approved` and `running` executions without a live lease whose last activity (status change, claim or lease
   * renewal) is older than `olderThanMs`. Their `wakeAt`, if any, must be that old too, because an execution that has
   * just waited is not stuck yet. The oldest activity comes first. `stuckForMs` is the time since the later of the two,
   * by the store's clock.
   */
  stuck(query: { readonly olderThanMs: number; readonly limit: number }): Promise<readonly StuckExecution[]>;
  /**
   * Moves the executions that {@link ExecutionStore.stuck} would list, each with its event, in one statement.
   * `verdicts` say where to, by status and lines. An execution that no verdict fits stays. Rows that another call is
   * changing are left to the next sweep. A store without `reap` is swept row by row.
   */
  reap?(sweep: ReapSweep): Promise<ReapedCounts>;
  /** Committed lines that still need their label, of executions with no `wakeAt` or one that has passed, oldest first. */
  unlabeled(query: { readonly limit: number }): Promise<readonly LineRef[]>;
  /** Which of these commitment ids are recorded, for which line, and whether by a person's word. */
  claims(query: CommitmentIds): Promise<readonly CommitmentClaim[]>;
  /** The line that holds a lane, if any: the line that is submitting or in doubt in it. */
  laneHolder(lane: string): Promise<LineRef | undefined>;
  /**
   * For each of these lanes, the planned line that has waited longest for it (`lastError.lane`, `lastError.since`), among
   * the executions with a `wakeAt` that lies ahead. Of lines that have waited equally long, the first by execution and
   * line. A lane that nobody waits for has none.
   */
  laneWaiters(lanes: readonly string[]): Promise<readonly LineRef[]>;
  /**
   * Lines of these needs that cover them, or would if their executions were approved: planned in an open execution,
   * submitting, in doubt, or bought in the last `boughtWithinMs`. Ordered by execution and line; at most `limit`.
   */
  needs(query: NeedQuery): Promise<readonly NeedUse[]>;
  /**
   * The lines that {@link ExecutionStore.needs} would tell, of all needs, or of those of an account or a service: of the
   * first `limit` needs after `after`. Ordered by need, execution and line.
   */
  neededLines(query: NeededLineQuery): Promise<readonly NeedLine[]>;
  /** Lines in doubt of one account of a cloud whose last request is younger than `sentWithinMs`, the last sent first. */
  doubts(query: DoubtQuery): Promise<readonly LineRef[]>;
  /** Freezes a scope. An id that is in use already is a `TypeError`. */
  freeze(freeze: NewFreeze): Promise<Freeze>;
  /** Lifts a freeze. False if there is none of that id, or no longer. */
  unfreeze(lifting: Lifting): Promise<boolean>;
  /** The freezes that hold now, oldest first. */
  freezes(): Promise<readonly Freeze[]>;
  /** The freezes that were lifted at this time or later, in the order in which they were lifted. */
  liftedFreezes(query: { readonly since: EpochMs }): Promise<readonly LiftedFreeze[]>;
  /**
   * Stores the limits that hold from now on, if those that the change replaces are stored. A set that is stored already
   * is left as it is (`stored`).
   */
  changeLimits(change: LimitChange): Promise<LimitChangeResult>;
  /** The limits that hold, in the order of their names, with what they have counted. Null if none were ever stored. */
  limits(): Promise<LimitsInForce | null>;
  /**
   * The sets of limits that were stored, the latest first; at most `limit`. With `since`, those that were stored at this
   * time or later, and the one before them.
   */
  limitChanges(query: { readonly limit?: number; readonly since?: EpochMs }): Promise<readonly PastLimits[]>;
  /** The token with this hash. `undefined` if there is none, and once it is revoked or has run out by the store's clock. */
  decisionToken(hash: string): Promise<DecisionToken | undefined>;
  /** The audit trail of one execution, in the order of versions, above `afterVersion`; at most `limit`, by default 1000. */
  events(
    executionId: string,
    page?: { readonly afterVersion?: number; readonly limit?: number },
  ): Promise<readonly AuditEvent[]>;
  /** The next events of all executions, in the order of the feed. Throws for a cursor that no page gave. */
  feed(query: FeedQuery): Promise<FeedPage>;
  /** The cursor that is kept for a consumer of the feed. Null if there is none. */
  feedCursor(consumer: string): Promise<string | null>;
  /** Keeps another cursor for a consumer, if the one that is kept is `from`. Of racing moves from one cursor, one wins. */
  moveFeedCursor(move: FeedCursorMove): Promise<boolean>;
  /** Executions, newest first, by keyset paging. Throws for an unknown filter: a misspelt one must not find all. */
  history(query: HistoryQuery): Promise<HistoryPage>;
  /**
   * Removes whole chains of retries with lines, claims, tokens and events: all named executions or none. False if one is absent
   * or has another version, if one retries or is retried by an execution that is not named, or before `notBefore` by
   * the store's clock.
   */
  remove(removal: Removal): Promise<boolean>;
}

/** The execution that a caller creates. The store adds version, fence and times. */
export type NewExecution = Pick<
  Execution,
  | "id"
  | "requestKey"
  | "contentFingerprint"
  | "lineageKey"
  | "status"
  | "source"
  | "plan"
  | "createdBy"
  | "approvalsNeeded"
  | "reason"
  | "wakeAt"
> & {
  /** How long the execution waits for approval from now, by the store's clock. Null for ever. */
  readonly expiresInMs: number | null;
  readonly lines: readonly PurchaseLine[];
};

/** A new execution, its event, and the execution it retries. */
export interface CreateExecution {
  readonly execution: NewExecution;
  readonly event: NewAuditEvent;
  /**
   * Set for a retry. The predecessor is given this successor in the same statement, if it still has `version` and no
   * successor. The predecessor's version grows, with the event `predecessorEvent`.
   */
  readonly retryOf?: {
    readonly executionId: string;
    readonly version: number;
    readonly predecessorEvent: NewAuditEvent;
  };
}

/**
 * `existing`: the execution that already has the request key. `refused`: the predecessor moved or is retried, or the
 * lineage has an open execution.
 */
export type CreateResult =
  | { readonly kind: "created"; readonly execution: Execution }
  | { readonly kind: "existing"; readonly execution: Execution }
  | { readonly kind: "refused"; readonly because: "predecessor" | "lineage" };

/** What must still be true. Every stated part is checked in the statement that writes. */
export interface ChangeGuard {
  /** The status is one of these. */
  readonly status?: readonly ExecutionStatus[];
  /** The version is this one, so nothing has changed since the read. A change of lines without it is a `TypeError`. */
  readonly version?: number;
  /** The fence is this one, the status is `running` and the lease is live. Every write of a worker carries it. */
  readonly fence?: number;
  /** No lease is live. */
  readonly leaseFree?: true;
  /** `expiresAt` is null or still ahead. */
  readonly unexpired?: true;
  /** The store's clock reads later than this. */
  readonly after?: EpochMs;
  /** The store's clock reads earlier than this. */
  readonly before?: EpochMs;
}

/** How a change moves the lease. Taking it raises the fence by one. */
export type LeaseMove =
  | { readonly kind: "take"; readonly owner: string; readonly durationMs: number }
  | { readonly kind: "renew"; readonly durationMs: number }
  | { readonly kind: "release" };

/** The new progress of one line. */
export interface LineChange {
  readonly index: number;
  /** Replaces the line's progress. Its `submittedAt` is ignored if `stampSubmission` is set. */
  readonly progress: LineProgress;
  /** Sets `submittedAt` to the store's time, and `unprovedSince` too unless `progress` has one. */
  readonly stampSubmission?: true;
  /** The line holds the price found in `progress.priceDrift` from now on, if that is more. The line stays planned. */
  readonly acceptsPrice?: true;
}

/** One guarded change of one execution. What is not stated stays. */
export interface ExecutionChange {
  readonly executionId: string;
  readonly guard: ChangeGuard;
  readonly status?: ExecutionStatus;
  readonly lease?: LeaseMove;
  /** Sets `approvedAt` too: to `approvedFrom`, or to the store's time. */
  readonly approvedBy?: string;
  /** The time from which the approval of this change counts. */
  readonly approvedFrom?: EpochMs;
  /** Replaces the list of those who have approved. */
  readonly approvers?: readonly string[];
  /** How many different people the caller asks for. An approval needs at least as many as are stored. */
  readonly approvalsNeeded?: number;
  readonly reason?: string | null;
  /** An absolute time, or one relative to the store's time; null for none. */
  readonly wakeAt?: EpochMs | { readonly inMs: number } | null;
  /** Each line once, else a `TypeError`. A line that the execution does not have refuses the change (`guard`). */
  readonly lines?: readonly LineChange[];
  readonly event: NewAuditEvent;
  /** Issues, uses or revokes decision tokens. An approval may only use one. */
  readonly token?: TokenMove;
  /**
   * The fingerprint of the limits that the caller knows. An approval is refused (`definitions`) if others are stored.
   * Without it, those that are stored decide.
   */
  readonly limits?: string;
  /**
   * The lines that the answer must hold: all, by default, or those that the change names. `named_lines` is for a caller
   * that has read the execution at `guard.version` and so knows the other lines. An answer of 500 lines for each
   * changed line would cost more than the change. A store may answer with more lines than it must.
   */
  readonly answer?: "all_lines" | "named_lines";
}

/**
 * `guard`: the execution is absent, or no longer as the guard states. `lane`, `lineage`, `commitment`: another line has
 * this lane, lineage or commitment, which only one line may have. `token`: the token may not decide this. `approvals`: too
 * few people have approved. `plan`: its step of a plan does not come next. `need`: other lineages cover what the execution
 * buys. `limit`: it would exceed a limit. `amount`: a limit cannot count a line.
 * `definitions`: other limits are stored than the change states. `frozen`: nothing may be sent in the scope of one of the lines.
 */
export type CommitResult =
  | { readonly kind: "moved"; readonly execution: Execution }
  | { readonly kind: "refused"; readonly because: "guard" | "lane" | "lineage" | "commitment" | "token" }
  | ({ readonly kind: "refused"; readonly because: "approvals" } & ApprovalCount)
  | { readonly kind: "refused"; readonly because: "need"; readonly covered: readonly Covering[] }
  | { readonly kind: "refused"; readonly because: "plan"; readonly taken: TakenStep }
  | { readonly kind: "refused"; readonly because: "limit"; readonly exceeded: readonly ExceededLimit[] }
  | { readonly kind: "refused"; readonly because: "amount"; readonly uncounted: readonly UncountedLine[] }
  | { readonly kind: "refused"; readonly because: "definitions"; readonly fingerprint: string | null }
  | { readonly kind: "refused"; readonly because: "frozen"; readonly freeze: Freeze };

/** One line of one execution. */
export interface LineRef {
  readonly executionId: string;
  readonly lineIndex: number;
}

/** Commitment ids of one account of one cloud. */
export interface CommitmentIds {
  readonly cloud: string;
  readonly account: string;
  readonly commitmentIds: readonly string[];
}

/** A recorded commitment id, and the line that it belongs to. */
export interface CommitmentClaim extends LineRef {
  readonly commitmentId: string;
  /** Whether the line has the commitment by a person's word (`resolvedBy`), which ranks below the cloud's answer. */
  readonly byPerson: boolean;
}

/** Filters and position of one page of history. */
export interface HistoryQuery {
  readonly status?: readonly ExecutionStatus[];
  /** A cloud (`aws`) or a service (`aws.ec2`) of any line. */
  readonly provider?: string;
  readonly account?: string;
  readonly createdBy?: string;
  readonly source?: string;
  readonly planId?: string;
  readonly commitmentId?: string;
  readonly createdFrom?: EpochMs;
  readonly createdBefore?: EpochMs;
  /** At most 200; default 50. */
  readonly limit?: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
}

/** One page of history, newest first. */
export interface HistoryPage {
  readonly executions: readonly Execution[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}
