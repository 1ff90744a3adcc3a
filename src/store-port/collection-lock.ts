import type { EpochMs } from "../domain/clock.js";

/** Who wants to collect, and for how long without a renewal. */
export interface CollectionStart {
  /** What is collected: one run at a time for each scope. */
  readonly scope: string;
  /** A name that no other run has. */
  readonly owner: string;
  /** After this time without a renewal, another run may take over. */
  readonly ttlMs: number;
}

/** The mark of a run. */
export interface CollectionMark {
  readonly owner: string;
  readonly startedAt: EpochMs;
  /** From when on another run may take over. */
  readonly expiresAt: EpochMs;
}

/** How a start ended. */
export type StartedCollection =
  | {
      readonly kind: "started";
      /** As stored with the mark. */
      readonly startedAt: EpochMs;
      /** When the last run of the scope finished that collected something. Null if none has. */
      readonly lastCollectedAt: EpochMs | null;
    }
  | ({ readonly kind: "running" } & CollectionMark);

/** How a run ended. */
export interface CollectionFinish {
  readonly scope: string;
  readonly owner: string;
  /** `not_started`: nobody took the run over, so it counts as if it had never been marked. */
  readonly outcome: "collected" | "failed" | "not_started";
}

/** What is known of a scope. */
export interface CollectionState {
  /** The mark of the run under way, even if it has run out. Null if there is none. */
  readonly running: CollectionMark | null;
  /** When the last run finished that collected something. Null if none has. */
  readonly lastCollectedAt: EpochMs | null;
  /** When the last run finished, well or not. Null if none has. */
  readonly lastFinishedAt: EpochMs | null;
}

/**
 * Lets one run at a time collect a scope. The law:
 *
 * - All times are by the store's clock, and a worker's clock is never asked.
 * - Of any number of racing `tryStart`s of a scope, one starts. The others change nothing and learn who runs.
 * - A mark that has run out may be taken over, by one start. So may none before.
 * - `renew`, `handOver` and `finish` compare the owner and change the mark in one statement. With another owner, or none,
 *   they change nothing and answer false: no run can renew or clear the mark of another.
 * - A run whose mark ran out and that nobody took over is still the owner: it may renew and finish.
 */
export interface CollectionLock {
  /** Marks the scope as running, unless it has a mark that has not run out. */
  tryStart(start: CollectionStart): Promise<StartedCollection>;
  /** Lets the mark run out `ttlMs` from now. */
  renew(renewal: CollectionStart): Promise<boolean>;
  /** Gives the mark to a run that goes on under another name. The time of its start stays. */
  handOver(handOver: CollectionStart & { readonly to: string }): Promise<boolean>;
  /** Clears the mark. */
  finish(finish: CollectionFinish): Promise<boolean>;
  /** What is known of a scope. */
  state(scope: string): Promise<CollectionState>;
}
