import type { AuditEvent } from "../../../../src/domain/audit-event.js";
import type { ExecutionStore } from "../../../../src/store-port/execution-store.js";
import { type Sabotage, withChange, withFault, without, withoutGuard } from "./sabotage.js";

/** A store that shows a trail otherwise than it is. */
const withTrail = (view: (events: readonly AuditEvent[]) => readonly AuditEvent[]): Sabotage["build"] =>
  withFault((correct) => ({ events: async (...query) => view(await correct.events(...query)) }));

/** A store that reads the whole trail whatever page is asked for, and picks the page itself. */
const withPages = (
  pick: (
    all: readonly AuditEvent[],
    page: NonNullable<Parameters<ExecutionStore["events"]>[1]>,
  ) => readonly AuditEvent[],
): Sabotage["build"] =>
  withFault((correct) => ({
    events: async (executionId, page = {}) => pick(await correct.events(executionId), page),
  }));

const FULL = "events tells who did what when, with the status after the change";
const ONE_EACH = "every change raises the version by one and writes one event of that number";
const PAGES = "events pages through the trail by version";

/** Versions and events that do not tell what happened. */
export const trailSabotages: readonly Sabotage[] = [
  {
    fault: "forgets the event of a change without a new status",
    noticedBy: ONE_EACH,
    build: withTrail((events) => events.filter((event, at) => at === 0 || event.status !== events[at - 1]?.status)),
  },
  {
    fault: "raises the version by two",
    noticedBy: ONE_EACH,
    build: withFault((correct) => ({
      async commit(change) {
        const result = await correct.commit(change);
        if (result.kind === "refused") return result;
        return await correct.commit(
          withoutGuard(without(change, "lines", "lease"), "version", "fence", "status", "leaseFree"),
        );
      },
    })),
  },
  {
    fault: "writes an event twice",
    noticedBy: ONE_EACH,
    build: withTrail((events) => events.flatMap((event) => (event.version === 3 ? [event, event] : [event]))),
  },
  {
    fault: "gives racing changes the same version",
    noticedBy: "racing changes that do not exclude each other all happen, with versions without gaps",
    build: withFault((correct) => ({
      async commit(change) {
        const { version = 0 } = (await correct.get(change.executionId)) ?? {};
        const result = await correct.commit(change);
        return result.kind === "moved"
          ? { kind: "moved", execution: { ...result.execution, version: version + 1 } }
          : result;
      },
    })),
  },
  {
    fault: "writes the status before the change into the event",
    noticedBy: FULL,
    build: withTrail((events) =>
      events.map((event, at) => ({ ...event, status: events[at - 1]?.status ?? event.status })),
    ),
  },
  ...(["reason", "lineIndex", "data"] as const).map(
    (part): Sabotage => ({
      fault: `loses the ${part} of events`,
      noticedBy: FULL,
      build: withChange((change) => {
        const { [part]: _, ...event } = change.event;
        return { ...change, event };
      }),
    }),
  ),
  {
    fault: "takes the time of events from the caller's machine",
    noticedBy: FULL,
    build: withTrail((events) => events.map((event) => ({ ...event, at: Date.now() }))),
  },
  {
    fault: "orders events by the text of their version",
    noticedBy: "events keeps the order of versions also beyond nine",
    build: withTrail((events) => events.toSorted((a, b) => (String(a.version) < String(b.version) ? -1 : 1))),
  },
  {
    fault: "gives the event that the last page ended with once more",
    noticedBy: PAGES,
    build: withPages((all, { afterVersion = 1, limit }) =>
      all.filter(({ version }) => version >= afterVersion).slice(0, limit),
    ),
  },
  {
    fault: "gives the whole trail whatever is asked for",
    noticedBy: PAGES,
    build: withPages((all) => all),
  },
  {
    fault: "throws for the trail of an execution that does not exist",
    noticedBy: PAGES,
    build: withFault((correct) => ({
      async events(executionId, page) {
        if ((await correct.get(executionId)) === undefined) throw new Error("no such row");
        return await correct.events(executionId, page);
      },
    })),
  },
];
