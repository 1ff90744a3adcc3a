import type { EpochMs } from "../../domain/clock.js";
import type { Execution } from "../../domain/execution.js";
import type { Hold } from "../../guards/limits/hold.js";
import type { CreateExecution } from "../../store-port/execution-store.js";

/** What a line holds, and in which periods of which limits it counts. */
export interface LineHold extends Hold {
  readonly lineIndex: number;
  readonly counters: readonly { readonly limit: string; readonly key: string }[];
}

/** One stored execution, with the facts that a store keeps beside it. */
export interface StoredRecord {
  readonly execution: Execution;
  readonly lastActiveAt: EpochMs;
  /** What the lines hold of limits, since the approval. */
  readonly holds: readonly LineHold[];
}

/** The first version of a new execution. */
export function newRecord({ execution, retryOf }: CreateExecution, now: EpochMs): StoredRecord {
  const { expiresInMs, lines, ...given } = execution;
  return {
    execution: {
      ...given,
      lines: lines.toSorted((a, b) => a.index - b.index),
      version: 1,
      fence: 0,
      lease: null,
      createdAt: now,
      updatedAt: now,
      statusChangedAt: now,
      approvedBy: null,
      approvedAt: null,
      approvers: [],
      expiresAt: expiresInMs === null ? null : now + expiresInMs,
      retryOf: retryOf?.executionId ?? null,
      successorId: null,
    },
    lastActiveAt: now,
    holds: [],
  };
}

/** The record of an execution that is being retried. */
export const withSuccessor = <Kept extends StoredRecord>(record: Kept, successorId: string, now: EpochMs): Kept => ({
  ...record,
  execution: { ...record.execution, successorId, version: record.execution.version + 1, updatedAt: now },
});
