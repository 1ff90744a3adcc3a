import { correctStore, type Sabotage, withChange, without, withView } from "./sabotage.js";

const OUTDATED =
  "a lease that has run out leaves the execution to the next worker, and the first can change nothing more";
const RENEWS = "renewing the lease moves its end and keeps owner and fence";
const RELEASES = "releasing the lease frees the execution and keeps the fence";

/** Leases that do not tell who runs an execution. */
export const leaseSabotages: readonly Sabotage[] = [
  {
    fault: "judges leases by a clock that is not its own",
    noticedBy: "a lease that has run out by the store's clock stops its holder",
    build: (clock) => {
      const startedAt = clock.now();
      return correctStore({ ...clock, now: () => startedAt });
    },
  },
  {
    fault: "reads the duration of a lease as seconds",
    noticedBy: "taking the lease names its owner, raises the fence and runs by the store's clock",
    build: withChange((change) =>
      change.lease?.kind === "take"
        ? { ...change, lease: { ...change.lease, durationMs: change.lease.durationMs * 1_000 } }
        : change,
    ),
  },
  {
    fault: "raises no fence when a lease is taken again",
    noticedBy: OUTDATED,
    build: withChange((change, current) =>
      change.lease?.kind === "take" && current?.fence === 1
        ? { ...change, lease: { kind: "renew", durationMs: change.lease.durationMs } }
        : change,
    ),
  },
  {
    fault: "leaves a lease with its first owner",
    noticedBy: OUTDATED,
    build: withChange((change, current) =>
      change.lease?.kind === "take" && current?.lease
        ? { ...change, lease: { ...change.lease, owner: current.lease.owner } }
        : change,
    ),
  },
  {
    fault: "adds the time of a renewal to the end of the lease",
    noticedBy: RENEWS,
    build: withChange((change, current, now) => {
      if (change.lease?.kind !== "renew" || !current?.lease) return change;
      const durationMs = current.lease.expiresAt - now + change.lease.durationMs;
      return { ...change, lease: { kind: "renew", durationMs } };
    }),
  },
  {
    fault: "takes a renewal for a new claim",
    noticedBy: RENEWS,
    build: withChange((change, current) =>
      change.lease?.kind === "renew" && current?.lease
        ? { ...change, lease: { ...change.lease, kind: "take", owner: current.lease.owner } }
        : change,
    ),
  },
  {
    fault: "gives a lease to nobody",
    noticedBy: "renewing a lease that nobody holds gives nobody a lease",
    build: withChange((change, current) =>
      change.lease?.kind === "renew" && !current?.lease
        ? { ...change, lease: { ...change.lease, kind: "take", owner: "" } }
        : change,
    ),
  },
  {
    fault: "keeps a lease that is released",
    noticedBy: RELEASES,
    build: withChange((change) => (change.lease?.kind === "release" ? without(change, "lease") : change)),
  },
  {
    fault: "counts fences anew after a release",
    noticedBy: RELEASES,
    build: withView((execution) => (execution.lease === null ? { ...execution, fence: 0 } : execution)),
  },
];
