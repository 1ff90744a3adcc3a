import type { EpochMs } from "../domain/clock.js";
import type { HoldReason } from "./retention.js";

/**
 * Why a lineage was kept: a {@link HoldReason}, or
 *
 * - `changed`: the lineage changed, or another caller removed it, while it was judged.
 * - `store_clock`: the lineage can go by this machine's clock, but not by the store's clock.
 * - `not_archived`: `archive` threw. The log has the error.
 */
export type KeepReason = HoldReason | "changed" | "store_clock" | "not_archived";

/** A lineage that was kept. */
export interface KeptLineage {
  /** The execution that has the reason. If no single execution has it, the first of the lineage. */
  readonly executionId: string;
  readonly reason: KeepReason;
  /** When the reason ends, if a time ends it. */
  readonly until?: EpochMs;
}

/** What one call did. Every lineage examined is removed, kept or errored. */
export interface PruneReport {
  /** Lineages that were judged. */
  readonly examined: number;
  readonly removedLineages: number;
  /** The executions of the removed lineages. */
  readonly removed: number;
  /** How many lineages were kept, by reason. */
  readonly kept: Readonly<Record<KeepReason, number>>;
  /** The first few lineages kept for each reason. */
  readonly examples: readonly KeptLineage[];
  /** Lineages whose reading or removing threw. The call went on. The next call finds out what became of them. */
  readonly errored: number;
  /** Where the next call goes on. Absent after the last page, and if the signal stopped the call in its first page. */
  readonly nextCursor?: string;
}

/** What became of one lineage. */
export type LineageEnd =
  | { readonly kind: "removed"; readonly executions: number }
  | { readonly kind: "kept"; readonly lineage: KeptLineage }
  | { readonly kind: "errored" };

/** Few, but enough to see what a reason is about. */
const EXAMPLES_PER_REASON = 5;

/** Counts the ends of the lineages of one call. */
export function pruneTally() {
  const counts = { examined: 0, removedLineages: 0, removed: 0, errored: 0 };
  const kept: Record<KeepReason, number> = {
    open: 0,
    in_doubt: 0,
    unlabeled: 0,
    live: 0,
    renews: 0,
    term: 0,
    young: 0,
    changed: 0,
    store_clock: 0,
    not_archived: 0,
  };
  const examples: KeptLineage[] = [];
  return {
    count(end: LineageEnd): void {
      counts.examined += 1;
      if (end.kind === "errored") counts.errored += 1;
      if (end.kind === "removed") counts.removedLineages += 1;
      if (end.kind === "removed") counts.removed += end.executions;
      if (end.kind !== "kept") return;
      kept[end.lineage.reason] += 1;
      if (kept[end.lineage.reason] <= EXAMPLES_PER_REASON) examples.push(end.lineage);
    },
    report: (nextCursor: string | undefined): PruneReport => ({
      ...counts,
      kept,
      examples,
      ...(nextCursor !== undefined && { nextCursor }),
    }),
  };
}
