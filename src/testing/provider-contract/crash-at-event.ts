import type { AuditEventKind } from "../../domain/audit-event.js";
import type { CommitmentProvider } from "../../providers/commitment-provider.js";
import type { ExecutionStore } from "../../store-port/execution-store.js";
import { interceptPort, WorkerCrashed } from "../crashing-store.js";
import { replaced } from "./watch-sends.js";

/** Around which change of an execution a worker dies. */
export interface CrashPoint {
  readonly event: AuditEventKind;
  /** `before`: the change is not stored. `after`: it is, and the worker does not learn it. */
  readonly moment: "before" | "after";
}

/** The ports of a worker that dies, and whether it has. */
export interface MortalPorts {
  readonly store: ExecutionStore;
  readonly provider: CommitmentProvider;
  isDead(): boolean;
}

/** The same ports for a worker that dies at its first change of this kind; from then on nothing it calls has an effect. */
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
