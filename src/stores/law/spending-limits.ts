import Big from "big.js";
import type { NewAuditEvent } from "../../domain/audit-event.js";
import type { Clock, EpochMs } from "../../domain/clock.js";
import type { Execution } from "../../domain/execution.js";
import { holdMove, newHold, nextHold } from "../../guards/limits/hold.js";
import { askedHolds, exceededLimits, uncountedLines } from "../../guards/limits/judge-holds.js";
import { periodOf } from "../../guards/limits/period-of.js";
import type {
  CommitResult,
  ExecutionChange,
  ExecutionStore,
  LimitChange,
  LimitChangeResult,
  LimitsInForce,
  PastLimits,
  StoredLimit,
} from "../../store-port/execution-store.js";
import { exceededByRaises, raisesOf } from "./raises.js";
import type { LineHold, StoredRecord } from "./stored-record.js";

/** What a period of a limit has counted, as decimals. */
export type LimitCounter = Readonly<Record<"used" | "held" | "overrun", string>>;

/** Where limits and their counters are stored. */
export interface LimitRows {
  /** The set that holds now. */
  current(): PastLimits | undefined;
  /** Puts a set after all others. */
  add(set: PastLimits): void;
  /** The sets that were stored, the latest first: at most `limit`, back to the one before `since`. */
  changes(query: Parameters<ExecutionStore["limitChanges"]>[0]): readonly PastLimits[];
  /** What the counter with this key has counted. `undefined` if it has counted nothing yet. */
  counter(key: string): LimitCounter | undefined;
  saveCounter(key: string, counter: LimitCounter): void;
}

/** What limits do to changes of stored records. */
export interface SpendingLimits {
  /** Why an approval at this moment is refused. `undefined` if it fits. */
  refusal(execution: Execution, change: ExecutionChange, now: EpochMs): Refusal | undefined;
  /** The record with what its lines hold from an approval at this moment on. Nothing is counted before it is stored. */
  approved<Kept extends StoredRecord>(record: Kept, now: EpochMs): Kept;
  /** The record with what its lines hold once a change has accepted prices, or why the change is refused. */
  raised<Kept extends StoredRecord>(record: Kept, change: ExecutionChange): Kept | Refusal;
  /** The record with what its lines hold after a change. */
  settled<Kept extends StoredRecord>(record: Kept): Kept;
  /** Counts how the holds of a stored record have moved. */
  count(before: StoredRecord, next: StoredRecord): void;
  change(change: LimitChange): LimitChangeResult;
  inForce(): LimitsInForce | null;
}

/** A change that is refused. */
export type Refusal = Extract<CommitResult, { readonly kind: "refused" }>;

const NOTHING: LimitCounter = { used: "0", held: "0", overrun: "0" };

/** The limits that are stored in these rows. */
export function spendingLimits(rows: LimitRows, clock: Clock): SpendingLimits {
  const inOrder = (): readonly StoredLimit[] => (rows.current()?.limits ?? []).toSorted(byName);
  const counter = (key: string): LimitCounter => rows.counter(key) ?? NOTHING;
  const counted = (limit: StoredLimit, period: string): LimitCounter => counter(counterKey(limit, period));

  return {
    refusal(execution, { limits: known }, now) {
      const fingerprint = rows.current()?.fingerprint ?? null;
      if (known !== undefined && known !== fingerprint) return { kind: "refused", because: "definitions", fingerprint };
      const asked = askedHolds(inOrder(), execution, now);
      const uncounted = uncountedLines(asked);
      if (uncounted.length > 0) return { kind: "refused", because: "amount", uncounted };
      const exceeded = exceededLimits(asked, counted);
      return exceeded.length > 0 ? { kind: "refused", because: "limit", exceeded } : undefined;
    },
    approved(record, now) {
      const holds = holdsOf(inOrder(), record.execution, now);
      return holds.length === 0 ? record : { ...record, holds };
    },
    raised(record, change) {
      const raises = raisesOf(record, change);
      if (raises.length === 0) return record;
      const uncounted = raises
        .filter(({ after }) => after === undefined)
        .flatMap(({ before }) => before.counters.map(({ limit }) => ({ limit, lineIndex: before.lineIndex })));
      if (uncounted.length > 0) return { kind: "refused", because: "amount", uncounted };
      const exceeded = exceededByRaises(inOrder(), raises, counter);
      if (exceeded.length > 0) return { kind: "refused", because: "limit", exceeded };
      const afterOf = new Map(raises.map(({ before, after = before }) => [before, after]));
      return { ...record, holds: record.holds.map((hold) => afterOf.get(hold) ?? hold) };
    },
    settled: (record) =>
      record.holds.length === 0 ? record : { ...record, holds: settledHolds(record.holds, record.execution) },
    count(before, next) {
      if (before.holds === next.holds) return;
      for (const [at, hold] of next.holds.entries()) {
        if (hold === before.holds[at]) continue;
        const move = holdMove(before.holds[at], hold);
        for (const { key } of hold.counters) rows.saveCounter(key, moved(counter(key), move));
      }
    },
    change({ set: wanted, replaces, changedBy, reason }) {
      const fingerprint = rows.current()?.fingerprint ?? null;
      if (fingerprint === wanted.fingerprint) return { kind: "stored" };
      if (fingerprint !== replaces) return { kind: "differs", fingerprint };
      rows.add({ ...wanted, changedBy, reason, changedAt: clock.now() });
      return { kind: "stored" };
    },
    inForce() {
      const current = rows.current();
      if (current === undefined) return null;
      const { limits: _, ...by } = current;
      const uses = inOrder().map((limit) => {
        const period = periodOf(limit, clock.now());
        return { limit, period, ...counted(limit, period) };
      });
      return { ...by, uses };
    },
  };
}

/** The event of a change, with the charges of its record that nothing was held for. */
export function withOverruns(event: NewAuditEvent, before: StoredRecord, next: StoredRecord): NewAuditEvent {
  const overruns = next.holds
    .filter((hold, at) => hold !== before.holds[at] && new Big(hold.overrun).gt(before.holds[at]?.overrun ?? 0))
    .map(({ lineIndex, counters, amount, used, overrun }) => ({
      lineIndex,
      limits: counters.map(({ limit }) => limit),
      currency: amount.currency,
      held: new Big(amount.amount).toFixed(),
      used,
      overrun,
    }));
  return overruns.length === 0 ? event : { ...event, data: { ...event.data, overruns } };
}

/** The counter of a period of a limit. */
const counterKey = ({ countKey }: StoredLimit, period: string): string => `${countKey} ${period}`;

/** What the planned lines of an execution hold from its approval on. */
function holdsOf(limits: readonly StoredLimit[], execution: Execution, now: EpochMs): readonly LineHold[] {
  const asked = askedHolds(limits, execution, now);
  return execution.lines.flatMap(({ index: lineIndex }) => {
    const own = asked.filter((hold) => hold.lineIndex === lineIndex);
    const amount = own[0]?.amount;
    if (amount === undefined) return [];
    const counters = own.map(({ limit, period }) => ({ limit: limit.name, key: counterKey(limit, period) }));
    return [{ ...newHold(amount), lineIndex, counters }];
  });
}

/** The holds after a change, in the same order. A hold that has not changed is the same object. */
function settledHolds(holds: readonly LineHold[], { lines, status }: Execution): readonly LineHold[] {
  const lineOf = new Map(lines.map((line) => [line.index, line]));
  return holds.map((hold) => {
    const line = lineOf.get(hold.lineIndex);
    const next = line === undefined ? hold : nextHold(hold, line, status);
    return next.state === hold.state ? hold : { ...hold, ...next };
  });
}

const moved = (counter: LimitCounter, move: LimitCounter): LimitCounter => ({
  used: new Big(counter.used).plus(move.used).toFixed(),
  held: new Big(counter.held).plus(move.held).toFixed(),
  overrun: new Big(counter.overrun).plus(move.overrun).toFixed(),
});

const byName = (a: StoredLimit, b: StoredLimit): number => (a.name < b.name ? -1 : 1);
