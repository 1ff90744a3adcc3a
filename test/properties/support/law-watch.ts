import type { Execution, PurchaseLine } from "../../../src/domain/execution.js";
import { deriveIdempotencyToken } from "../../../src/idempotency/derive-idempotency-token.js";
import type { ExecutionChange, ExecutionStore } from "../../../src/store-port/execution-store.js";
import type { WireWatch } from "./wire-watch.js";

/** A store that notes which changes of lines break a law that nothing shows any more in the end. */
export interface LawWatch {
  readonly store: ExecutionStore;
  /** One sentence for each. */
  readonly breaches: readonly string[];
  /** The executions of which a person's word was taken back. */
  readonly corrected: ReadonlySet<string>;
}

/** Stands between the real store and everybody, a sabotage included. */
export function lawWatch(store: ExecutionStore, wire: Pick<WireWatch, "hasPassed">): LawWatch {
  const breaches: string[] = [];
  const corrected = new Set<string>();
  /** When the last request may have left, before each write-ahead, by execution, line and attempt. */
  const lastSent = new Map<string, number | null>();

  const commit = async (change: ExecutionChange) => {
    const old = change.lines && (await store.get(change.executionId));
    const result = await store.commit(change);
    if (result.kind !== "moved" || old === undefined) return result;
    if (TAKEN_BACK.includes(change.event.kind)) corrected.add(change.executionId);
    for (const { index } of change.lines ?? []) {
      const [was, is] = [lineOf(old, index), lineOf(result.execution, index)];
      if (was && is) breaches.push(...breachesOf(change, { execution: result.execution, was, is }));
    }
    return result;
  };

  function* breachesOf({ event }: ExecutionChange, { execution, was, is }: Change): Generator<string> {
    if (was.withdrawn !== null && is.withdrawn === null) yield "invariant 12: a cancellation was forgotten";
    if (event.kind === "write_ahead" && was.withdrawn !== null)
      yield "invariant 12: a canceled line was announced again";
    const key = `${execution.id} ${is.index} ${is.attempt}`;
    if (event.kind === "write_ahead") lastSent.set(key, was.submittedAt);
    const isUnsent = event.kind === "not_sent" || /^not sent again/.test(event.reason ?? "");
    const token = deriveIdempotencyToken(execution.lineageKey, is.index);
    if (isUnsent && !wire.hasPassed(token, is.attempt) && lastSent.has(key) && lastSent.get(key) !== is.submittedAt)
      yield "an attempt of which nothing was sent moved the clock";
  }

  return { store: { ...store, commit }, breaches, corrected };
}

/** A person's word, by another word or by the line that the commitment belongs to. */
const TAKEN_BACK: readonly string[] = ["resolution_corrected", "claim_released"];

interface Change {
  readonly execution: Execution;
  readonly was: PurchaseLine;
  readonly is: PurchaseLine;
}

const lineOf = ({ lines }: Execution, index: number): PurchaseLine | undefined =>
  lines.find((line) => line.index === index);
