import { type Sabotage, withChange, withCreate, withFault, without, withView } from "./sabotage.js";

const STATED = "commit changes what it states and keeps the rest";
const WAKES = "commit sets the time to wake absolutely, relative to the store's time, and to none";

const approvals = (kind: string): string =>
  `commit counts an approval from the store's time, or from the time that ${kind} states, until the next approval`;

/** A change that clears what it does not state. */
const clearing = (field: "reason" | "wakeAt"): Sabotage["build"] =>
  withChange((change) => ({ [field]: null, ...change }));

/** Changes that do more or less than they say. */
export const changeSabotages: readonly Sabotage[] = [
  {
    fault: "clears the reason where a change states none",
    noticedBy: "commit sets, keeps and clears the reason",
    build: clearing("reason"),
  },
  { fault: "clears the time to wake where a change states none", noticedBy: STATED, build: clearing("wakeAt") },
  {
    fault: "never clears a reason",
    noticedBy: "commit sets, keeps and clears the reason",
    build: withChange((change) => (change.reason === null ? without(change, "reason") : change)),
  },
  {
    fault: "never clears a time to wake",
    noticedBy: WAKES,
    build: withChange((change) => (change.wakeAt === null ? without(change, "wakeAt") : change)),
  },
  {
    fault: "counts the time to wake from the change before",
    noticedBy: WAKES,
    build: withChange((change, current) =>
      typeof change.wakeAt === "object" && change.wakeAt !== null
        ? { ...change, wakeAt: (current?.updatedAt ?? 0) + change.wakeAt.inMs }
        : change,
    ),
  },
  {
    fault: "forgets who approved",
    noticedBy: "commit keeps who approved until somebody else does",
    build: withChange((change) => without(change, "approvedBy")),
  },
  {
    fault: "keeps the first approver for ever",
    noticedBy: "commit keeps who approved until somebody else does",
    build: withChange((change, current) => (current?.approvedBy ? without(change, "approvedBy") : change)),
  },
  {
    fault: "forgets from when an approval counts",
    noticedBy: STATED,
    build: withView((execution) => ({ ...execution, approvedAt: null })),
  },
  {
    fault: "counts an approval from when it was given, whatever it says",
    noticedBy: approvals("a plain change"),
    build: withChange((change) => without(change, "approvedFrom")),
  },
  {
    fault: "counts an approval from the change before it",
    noticedBy: approvals("a change of more than the status"),
    build: withChange((change, current) =>
      current && change.approvedBy !== undefined
        ? { ...change, approvedFrom: change.approvedFrom ?? current.updatedAt }
        : change,
    ),
  },
  {
    fault: "gives an approval anew with every change",
    noticedBy: approvals("a plain change"),
    build: withChange((change, current) =>
      current?.approvedBy ? { approvedBy: current.approvedBy, ...change } : change,
    ),
  },
  {
    fault: "never gives an approval anew",
    noticedBy: approvals("a plain change"),
    build: withChange((change, current) =>
      current?.approvedAt ? { ...change, approvedFrom: current.approvedAt } : change,
    ),
  },
  {
    fault: "counts an approval from no time that lies ahead",
    noticedBy: approvals("a change of more than the status"),
    build: withChange((change, _, now) =>
      change.approvedFrom === undefined ? change : { ...change, approvedFrom: Math.min(change.approvedFrom, now) },
    ),
  },
  ...(["plain", "other"] as const).map(
    (kind): Sabotage => ({
      fault: `reads from when an approval counts only in ${kind === "plain" ? "other" : "plain"} changes`,
      noticedBy: approvals(kind === "plain" ? "a plain change" : "a change of more than the status"),
      build: withChange((change) =>
        (change.wakeAt === undefined) === (kind === "plain") ? without(change, "approvedFrom") : change,
      ),
    }),
  ),
  {
    fault: "takes every change for a change of status",
    noticedBy: "commit without a new status leaves the time of the last status change",
    build: withView((execution) => ({ ...execution, statusChangedAt: execution.updatedAt })),
  },
  {
    fault: "does not stamp changes of status",
    noticedBy:
      "claimDue hands out due executions as they are then: running, the next fence, a lease, no time to wake, an event",
    build: withView((execution) => ({ ...execution, statusChangedAt: execution.createdAt })),
  },
  {
    fault: "refuses moves that it finds odd",
    noticedBy: "commit takes an execution from any status to any: which moves are legal is not the store's business",
    build: withFault((correct) => ({
      async commit(change) {
        const current = await correct.get(change.executionId);
        const isOdd = current?.status === "completed" && change.status === "pending";
        return isOdd ? { kind: "refused", because: "guard" } : await correct.commit(change);
      },
    })),
  },
  {
    fault: "answers with the execution as it was before the change",
    noticedBy: STATED,
    build: withFault((correct) => ({
      async commit(change) {
        const before = await correct.get(change.executionId);
        const result = await correct.commit(change);
        return result.kind === "moved" && before ? { kind: "moved", execution: before } : result;
      },
    })),
  },
  {
    fault: "loses characters beyond ASCII",
    noticedBy: "commit stores evidence whatever characters it holds",
    build: withChange((change) =>
      change.reason ? { ...change, reason: change.reason.replaceAll(/[^ -~]/g, "?") } : change,
    ),
  },
  {
    fault: "fails on texts with NUL characters in changes",
    noticedBy: "a change goes through though its texts hold what the database cannot store",
    build: withChange((change) => {
      if (change.reason?.includes("\0")) throw new Error("invalid byte sequence for encoding");
      return change;
    }),
  },
  {
    fault: "fails on texts with lone surrogates in new executions",
    noticedBy: "create goes through though its texts hold what the database cannot store",
    build: withCreate((input) => {
      if (!JSON.stringify(input).isWellFormed() || /\\ud800/.test(JSON.stringify(input)))
        throw new Error("invalid input syntax for type json");
      return input;
    }),
  },
  {
    fault: "loses names that JavaScript takes for its own",
    noticedBy: "evidence keeps its names, also those that JavaScript takes for its own",
    build: withChange((change) => {
      const { data, ...event } = change.event;
      if (data === undefined) return change;
      const copy: Record<string, unknown> = {};
      for (const [name, value] of Object.entries(data)) copy[name] = value;
      return { ...change, event: { ...event, data: copy } };
    }),
  },
  {
    fault: "cuts long texts off",
    noticedBy: "evidence of any length is kept whole",
    build: withChange((change) => (change.reason ? { ...change, reason: change.reason.slice(0, 4_000) } : change)),
  },
];
