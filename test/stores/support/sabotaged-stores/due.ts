import type { Clock } from "../../../../src/domain/clock.js";
import type { Execution } from "../../../../src/domain/execution.js";
import type { ExecutionStore } from "../../../../src/store-port/execution-store.js";
import { claiming, sweeping } from "./batches.js";
import { allOf, dueIn, type Sabotage } from "./sabotage.js";

type List = (store: ExecutionStore, clock: Clock) => Promise<readonly Execution[]>;

/** What is due, and some executions that are not. */
const alsoDue =
  (isTaken: (execution: Execution, now: number) => boolean): List =>
  async (store, clock) => {
    const due = await dueIn(store, clock);
    const others = (await allOf(store)).filter(({ id }) => !due.some((execution) => execution.id === id));
    return [...due, ...others.filter((execution) => isTaken(execution, clock.now()))];
  };

/** What is due, but for some executions. */
const notDue =
  (isOverlooked: (execution: Execution) => boolean): List =>
  async (store, clock) =>
    (await dueIn(store, clock)).filter((execution) => !isOverlooked(execution));

/** What is due, those first that changed or were created first. */
const byTime =
  (time: "updatedAt" | "createdAt"): List =>
  async (store, clock) =>
    (await dueIn(store, clock)).toSorted((a, b) => a[time] - b[time]);

const leaseIsLive = ({ lease }: Execution, now: number): boolean => lease !== null && lease.expiresAt > now;
const timeHasCome = ({ wakeAt }: Execution, now: number): boolean => wakeAt !== null && wakeAt <= now;

const EXPIRED = "moveDue and claimDue take pending and notified executions once they have expired";
const SCHEDULED = "moveDue and claimDue take scheduled executions from their time on";
const READY = "moveDue and claimDue take approved and in-doubt executions unless they sleep";
const LEFT = "moveDue and claimDue take running executions whose lease is over, unless they sleep";
const NEVER = "moveDue and claimDue never take paused and ended executions";
const BY_WAIT = "moveDue and claimDue go by how long each execution has waited, whenever it was created or changed";

/** Moves and claims that take for due what is not, overlook what is, or take it in a wrong order. */
export const dueSabotages: readonly Sabotage[] = [
  {
    fault: "takes executions that never expire for expired",
    noticedBy: EXPIRED,
    build: sweeping({ list: alsoDue(({ status, expiresAt }) => status === "pending" && expiresAt === null) }),
  },
  {
    fault: "expires executions before their time",
    noticedBy: EXPIRED,
    build: sweeping({ list: alsoDue(({ status, expiresAt }) => status === "notified" && expiresAt !== null) }),
  },
  {
    fault: "overlooks notified executions that have expired",
    noticedBy: EXPIRED,
    build: sweeping({ list: notDue(({ status }) => status === "notified") }),
  },
  {
    fault: "claims executions that never expire as if they had expired",
    noticedBy: EXPIRED,
    build: claiming({ list: alsoDue(({ status, expiresAt }) => status === "pending" && expiresAt === null) }),
  },
  {
    fault: "fires what is scheduled for no time yet",
    noticedBy: SCHEDULED,
    build: sweeping({ list: alsoDue(({ status, wakeAt }) => status === "scheduled" && wakeAt === null) }),
  },
  {
    fault: "claims what is scheduled for later",
    noticedBy: SCHEDULED,
    build: claiming({ list: alsoDue(({ status, wakeAt }) => status === "scheduled" && wakeAt !== null) }),
  },
  {
    fault: "wakes approved executions too early",
    noticedBy: READY,
    build: claiming({ list: alsoDue(({ status }) => status === "approved") }),
  },
  {
    fault: "never wakes executions in doubt again",
    noticedBy: READY,
    build: claiming({ list: notDue(({ status, wakeAt }) => status === "in_doubt" && wakeAt !== null) }),
  },
  {
    fault: "moves executions in doubt that sleep",
    noticedBy: READY,
    build: sweeping({ list: alsoDue(({ status }) => status === "in_doubt") }),
  },
  {
    fault: "moves running executions whose lease is live",
    noticedBy: LEFT,
    build: sweeping({
      list: alsoDue((execution, now) => execution.status === "running" && leaseIsLive(execution, now)),
    }),
  },
  {
    fault: "claims running executions whose lease is live",
    noticedBy: LEFT,
    build: claiming({
      list: alsoDue((execution, now) => execution.status === "running" && leaseIsLive(execution, now)),
      change: (change) => ({ ...change, guard: {} }),
    }),
  },
  {
    fault: "claims running executions that sleep",
    noticedBy: LEFT,
    build: claiming({
      list: alsoDue((execution, now) => execution.status === "running" && !leaseIsLive(execution, now)),
    }),
  },
  {
    fault: "overlooks running executions whose worker has died",
    noticedBy: LEFT,
    build: claiming({ list: notDue(({ status, lease }) => status === "running" && lease !== null) }),
  },
  {
    fault: "moves ended executions whose time has come",
    noticedBy: NEVER,
    build: sweeping({
      list: alsoDue((execution, now) => execution.status === "canceled" && timeHasCome(execution, now)),
    }),
  },
  {
    fault: "claims ended executions whose time has come",
    noticedBy: NEVER,
    build: claiming({
      list: alsoDue((execution, now) => execution.status === "canceled" && timeHasCome(execution, now)),
    }),
  },
  {
    fault: "claims paused executions whose time has come",
    noticedBy: NEVER,
    build: claiming({
      list: alsoDue((execution, now) => execution.status === "paused" && timeHasCome(execution, now)),
    }),
  },
  {
    fault: "moves those first that changed first, whenever they became due",
    noticedBy: BY_WAIT,
    build: sweeping({ list: byTime("updatedAt") }),
  },
  {
    fault: "claims those first that changed first, whenever they became due",
    noticedBy: BY_WAIT,
    build: claiming({ list: byTime("updatedAt") }),
  },
  {
    fault: "claims those first that were created first, whenever they became due",
    noticedBy: BY_WAIT,
    build: claiming({ list: byTime("createdAt") }),
  },
];
