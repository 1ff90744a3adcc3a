import { type Sabotage, withChange, withCreate, without, withView } from "./sabotage.js";

const ENOUGH = "an approval that needs several people is refused until enough different ones have approved";
const MORE = "an approval may ask for more people than are stored, and never for fewer";
const PAUSED = "approvals stay through a pause, and an approval after the first one begins a new list";

/** Stores that count approvals otherwise than the law says. */
export const approvalCountSabotages: readonly Sabotage[] = [
  {
    fault: "forgets how many people must approve",
    noticedBy: ENOUGH,
    build: withCreate((input) => ({ ...input, execution: { ...input.execution, approvalsNeeded: 1 } })),
  },
  {
    fault: "counts one person by each spelling of the id",
    noticedBy: "one person counts once, however the id is spelled, and an id that names nobody does not count",
    build: withChange((change, current) =>
      current && change.approvedBy && change.status && !current.approvers.includes(change.approvedBy)
        ? { ...change, approvers: [...current.approvers, change.approvedBy, `${change.approvedBy}, otherwise spelled`] }
        : change,
    ),
  },
  {
    fault: "does not ask for more people than are stored",
    noticedBy: MORE,
    build: withChange((change) => without(change, "approvalsNeeded")),
  },
  {
    fault: "asks for as many people as the change says, and not for those that are stored",
    noticedBy: MORE,
    build: withChange((change, current) =>
      change.approvalsNeeded === 1 && current ? { ...change, approvers: ["ann", "bob"] } : change,
    ),
  },
  {
    fault: "forgets who has approved in a pause",
    noticedBy: PAUSED,
    build: withChange((change) => (change.status === "paused" ? { ...change, approvers: [] } : change)),
  },
  {
    fault: "adds a later approval to the list",
    noticedBy: PAUSED,
    build: withChange((change, current) =>
      current?.status === "approved" && change.approvedBy && !change.approvers
        ? { ...change, approvers: [...current.approvers, change.approvedBy] }
        : change,
    ),
  },
  {
    fault: "shows the last approver alone",
    noticedBy: ENOUGH,
    build: withView((execution) => ({ ...execution, approvers: execution.approvers.slice(-1) })),
  },
  {
    fault: "approves a schedule by fewer people",
    noticedBy: ENOUGH,
    build: withChange((change) => (change.status === "scheduled" ? { ...change, approvers: ["a", "b", "c"] } : change)),
  },
];
