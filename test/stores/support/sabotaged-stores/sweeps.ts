import type { Execution, PurchaseLine } from "../../../../src/domain/execution.js";
import { allOf, EVERYTHING, type Sabotage, withFault } from "./sabotage.js";

const leaseIsLive = ({ lease }: Execution, now: number): boolean => lease !== null && lease.expiresAt > now;

/** A store that lists executions as stuck that are not, by their last change of status. */
const alsoStuck = (
  isListed: (execution: Execution, now: number) => boolean,
  since: (execution: Execution) => number = ({ statusChangedAt }) => statusChangedAt,
): Sabotage["build"] =>
  withFault((correct, clock) => ({
    async stuck({ olderThanMs, limit }) {
      const now = clock.now();
      const stuck = await correct.stuck({ olderThanMs, limit: EVERYTHING });
      const listed = (await allOf(correct)).filter(
        (execution) => since(execution) < now - olderThanMs && isListed(execution, now),
      );
      const wrong = listed.map((execution) => ({ execution, stuckForMs: now - since(execution) }));
      return [...wrong, ...stuck].slice(0, limit);
    },
  }));

/** A store that lists other lines without labels. */
const withUnlabeled = (
  isListed: (line: PurchaseLine, execution: Execution, now: number) => boolean,
): Sabotage["build"] =>
  withFault((correct, clock) => ({
    async unlabeled({ limit }) {
      const executions = (await allOf(correct)).toSorted((a, b) => a.updatedAt - b.updatedAt);
      return executions
        .flatMap((execution) =>
          execution.lines
            .filter((line) => isListed(line, execution, clock.now()))
            .map((line) => ({ executionId: execution.id, lineIndex: line.index })),
        )
        .slice(0, limit);
    },
  }));

const STUCK_ORDER = "stuck tells how long, oldest first, and no more than asked for";
const SIGNS = "stuck counts from the last status change, claim or lease renewal, and from nothing else";
const LABELS = "unlabeled finds committed lines that need their label, oldest first";

const isAwake = ({ wakeAt }: Execution, now: number): boolean => wakeAt === null || wakeAt <= now;
const mayBeStuck = ({ status }: Execution): boolean => status === "approved" || status === "running";

/** Sweeps that list too much, too little or in a wrong order. */
export const sweepSabotages: readonly Sabotage[] = [
  {
    fault: "finds executions stuck of every status",
    noticedBy: "stuck finds approved and running executions without activity for long enough",
    build: alsoStuck((execution) => !mayBeStuck(execution)),
  },
  {
    fault: "overlooks approved executions that are stuck",
    noticedBy: "stuck finds approved and running executions without activity for long enough",
    build: withFault((correct) => ({
      stuck: async (query) => (await correct.stuck(query)).filter(({ execution }) => execution.status !== "approved"),
    })),
  },
  {
    fault: "finds executions stuck whose lease is live",
    noticedBy: "stuck leaves executions with a live lease alone and finds those whose lease is over",
    build: alsoStuck((execution, now) => leaseIsLive(execution, now)),
  },
  {
    fault: "finds executions stuck that sleep",
    noticedBy: "stuck leaves executions alone that sleep",
    build: alsoStuck((execution, now) => mayBeStuck(execution) && !isAwake(execution, now)),
  },
  {
    fault: "takes every change for activity",
    noticedBy: SIGNS,
    build: withFault((correct, clock) => ({
      stuck: async (query) =>
        (await correct.stuck(query)).filter(({ execution }) => execution.updatedAt < clock.now() - query.olderThanMs),
    })),
  },
  {
    fault: "takes no claim and no renewal for activity",
    noticedBy: "a claim by a batch counts as activity",
    build: alsoStuck(
      (execution, now) => mayBeStuck(execution) && isAwake(execution, now) && !leaseIsLive(execution, now),
    ),
  },
  {
    fault: "counts from the creation how long an execution is stuck",
    noticedBy: "a move by a sweep counts as activity",
    build: alsoStuck(
      (execution, now) => mayBeStuck(execution) && isAwake(execution, now) && !leaseIsLive(execution, now),
      ({ createdAt }) => createdAt,
    ),
  },
  {
    fault: "counts sleep as being stuck",
    noticedBy: "stuck counts from the time to wake where that came later",
    build: alsoStuck((execution, now) => mayBeStuck(execution) && execution.wakeAt !== null && execution.wakeAt < now),
  },
  {
    fault: "lists the youngest first of those that are stuck",
    noticedBy: STUCK_ORDER,
    build: withFault((correct) => ({
      stuck: async ({ olderThanMs, limit }) =>
        (await correct.stuck({ olderThanMs, limit: EVERYTHING })).toReversed().slice(0, limit),
    })),
  },
  {
    fault: "tells in seconds how long executions are stuck",
    noticedBy: STUCK_ORDER,
    build: withFault((correct) => ({
      stuck: async (query) =>
        (await correct.stuck(query)).map((one) => ({ ...one, stuckForMs: one.stuckForMs / 1_000 })),
    })),
  },
  {
    fault: "lists lines to label of executions that sleep",
    noticedBy: LABELS,
    build: withUnlabeled((line) => line.state === "committed" && line.needsLabel),
  },
  {
    fault: "lists lines to label that are not bought yet",
    noticedBy: LABELS,
    build: withUnlabeled((line, execution, now) => line.needsLabel && isAwake(execution, now)),
  },
  {
    fault: "lists lines that have their label",
    noticedBy: LABELS,
    build: withUnlabeled((line, execution, now) => line.state === "committed" && isAwake(execution, now)),
  },
  {
    fault: "lists those lines first that were bought last",
    noticedBy: LABELS,
    build: withFault((correct) => ({
      unlabeled: async ({ limit }) => (await correct.unlabeled({ limit: EVERYTHING })).toReversed().slice(0, limit),
    })),
  },
];
