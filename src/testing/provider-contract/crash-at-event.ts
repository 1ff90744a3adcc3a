import type { AuditEventKind } from "../../domain/audit-event.js";
import type { CommitmentProvider } from "../../providers/commitment-provider.js";
import type { ExecutionStore } from "../../store-port/execution-store.js";
import { interceptPort, WorkerCrashed } from "../crashing-store.js";
import { replaced } from "./watch-sends.js";

/** The change of an execution at which a worker dies. */
export interface CrashPoint {
  readonly event: AuditEventKind;
  /** `before`: the change is not stored. `after`: the change is stored, but the worker does not learn that. */
  readonly moment: "before" | "after";
}

/** The ports of a worker that dies, and whether the worker is dead. */
export interface MortalPorts {
  readonly store: ExecutionStore;
  readonly provider: CommitmentProvider;
  isDead(): boolean;
}

/** The same ports for a worker that dies at its first change of this kind. No later call has an effect. */
export function crashAtEvent(
  ports: { readonly store: ExecutionStore; readonly provider: CommitmentProvider },
  { event, moment }: CrashPoint,
): MortalPorts {
  let dead = false;
  const live = async () => {
    if (dead) throw new WorkerCrashed(`died ${moment} ${event}`);
  };
  const commit: ExecutionStore["commit"] = async (change) => {
    if (change.event.kind !== event) return ports.store.commit(change);
    if (moment === "after") await ports.store.commit(change);
    dead = true;
    throw new WorkerCrashed(`died ${moment} ${event}`);
  };
  const hooks = { before: live, after: live };
  return {
    store: interceptPort(replaced(ports.store, "commit", commit), hooks),
    provider: interceptPort(ports.provider, hooks),
    isDead: () => dead,
  };
}
