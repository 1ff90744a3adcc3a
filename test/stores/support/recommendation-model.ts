import type { CollectionFinish, CollectionState } from "../../../src/store-port/collection-lock.js";
import type { SourceFreshness } from "../../../src/store-port/recommendation-store.js";

/** A call of a store by one of a few runs, or time that passes. */
export type RecommendationCommand =
  | { readonly kind: "pass"; readonly ms: number }
  | { readonly kind: "tryStart" | "renew"; readonly owner: string; readonly ttlMs: number }
  | { readonly kind: "handOver"; readonly owner: string; readonly to: string; readonly ttlMs: number }
  | { readonly kind: "finish"; readonly owner: string; readonly outcome: CollectionFinish["outcome"] }
  | {
      readonly kind: "put" | "completeAccount";
      readonly owner: string;
      readonly source: string;
      readonly askedAccount: string;
      readonly subjects: readonly string[];
    }
  | { readonly kind: "completeSource" | "failSource"; readonly owner: string; readonly source: string };

/** A stored recommendation, as far as the law is about it. */
interface Row {
  readonly source: string;
  readonly askedAccount: string;
  readonly putBy: string;
  readonly collectedAt: number;
}

/** What a scope must be after some commands, by the law of the port alone. */
export class ScopeModel {
  #now: number;
  #state: CollectionState = { running: null, lastCollectedAt: null, lastFinishedAt: null };
  readonly #rows = new Map<string, Row>();
  readonly #freshness = new Map<string, SourceFreshness>();

  constructor(now: number) {
    this.#now = now;
  }

  get state(): CollectionState {
    return this.#state;
  }

  /** When the run started that put each subject last. */
  get collected(): ReadonlyMap<string, number> {
    return new Map([...this.#rows].map(([subject, { collectedAt }]) => [subject, collectedAt]));
  }

  get freshness(): ReadonlyMap<string, SourceFreshness> {
    return this.#freshness;
  }

  /** Whether the command has an effect: whether the run starts, or has the mark. */
  obey(command: RecommendationCommand): boolean {
    if (command.kind === "pass") {
      this.#now += command.ms;
      return true;
    }
    const { running } = this.#state;
    if (command.kind === "tryStart") {
      if (running !== null && this.#now < running.expiresAt) return false;
      const { owner, ttlMs } = command;
      this.#state = { ...this.#state, running: { owner, startedAt: this.#now, expiresAt: this.#now + ttlMs } };
      return true;
    }
    if (running?.owner !== command.owner) return false;
    this.#change(command, running);
    return true;
  }

  #change(
    command: Exclude<RecommendationCommand, { kind: "pass" | "tryStart" }>,
    running: NonNullable<CollectionState["running"]>,
  ): void {
    const now = this.#now;
    switch (command.kind) {
      case "renew":
        this.#state = { ...this.#state, running: { ...running, expiresAt: now + command.ttlMs } };
        return;
      case "handOver":
        this.#state = { ...this.#state, running: { ...running, owner: command.to, expiresAt: now + command.ttlMs } };
        return;
      case "finish":
        this.#state = {
          running: null,
          lastCollectedAt: command.outcome === "collected" ? now : this.#state.lastCollectedAt,
          lastFinishedAt: command.outcome === "not_started" ? this.#state.lastFinishedAt : now,
        };
        return;
      case "put":
        for (const subject of command.subjects)
          this.#rows.set(subject, { ...command, putBy: command.owner, collectedAt: running.startedAt });
        return;
      case "completeAccount":
        this.#evict(command.owner, (row) => row.source === command.source && row.askedAccount === command.askedAccount);
        return;
      case "completeSource":
        this.#evict(command.owner, (row) => row.source === command.source);
        this.#freshness.set(command.source, { source: command.source, succeededAt: now, error: null });
        return;
      case "failSource": {
        const succeededAt = this.#freshness.get(command.source)?.succeededAt ?? null;
        const error = { message: "failed", failures: 1, at: now };
        this.#freshness.set(command.source, { source: command.source, succeededAt, error });
      }
    }
  }

  #evict(owner: string, isSwept: (row: Row) => boolean): void {
    for (const [subject, row] of this.#rows) if (row.putBy !== owner && isSwept(row)) this.#rows.delete(subject);
  }
}
