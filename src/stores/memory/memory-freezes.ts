import type { EpochMs } from "../../domain/clock.js";
import type { Freeze, LiftedFreeze } from "../../store-port/execution-store.js";
import type { FreezeRows } from "../law/purchase-guards.js";

/** Where freezes are kept in memory. */
export interface MemoryFreezes extends FreezeRows {
  lifted(since: EpochMs): readonly LiftedFreeze[];
}

/** Nothing is frozen yet. */
export function memoryFreezes(): MemoryFreezes {
  const active = new Map<string, Freeze>();
  const lifted = new Map<string, LiftedFreeze>();
  return {
    active: () => [...active.values()],
    has: (id) => active.has(id) || lifted.has(id),
    add: (freeze) => void active.set(freeze.id, freeze),
    lift({ id, liftedBy, reason: liftReason }, liftedAt) {
      const freeze = active.get(id);
      if (freeze === undefined) return false;
      active.delete(id);
      lifted.set(id, { ...freeze, liftedBy, liftReason, liftedAt });
      return true;
    },
    lifted: (since) => [...lifted.values()].filter(({ liftedAt }) => liftedAt >= since),
  };
}
