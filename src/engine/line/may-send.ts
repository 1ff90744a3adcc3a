import type { Execution, PurchaseLine } from "../../domain/execution.js";
import { lineAt } from "../../domain/line-at.js";
import { approversOf } from "../../guards/approvals.js";
import { isOtherPerson } from "../../guards/four-eyes.js";
import { isAuthorized } from "../ask-authority.js";
import type { EngineContext } from "../engine-options.js";
import type { Failure } from "./line-decision.js";
import type { LineWork } from "./line-work.js";

type SendPlace = Pick<LineWork, "context" | "session" | "index" | "makers">;

/** The last moment, by the store's clock, at which the approval of an execution counts. */
export const approvalEnds = ({ approvedAt }: Pick<Execution, "approvedAt">, approvalLifetimeMs: number): number =>
  approvedAt === null ? Number.NEGATIVE_INFINITY : approvedAt + approvalLifetimeMs;

/**
 * Why no line of an execution may be sent now: the kill switch is on, the approval is too old, or its approver may not
 * approve. `undefined` if lines may be sent.
 *
 * It is checked before the write-ahead, so that no request is announced that will not be sent.
 */
export async function sendRefusal({ context, session, index, makers }: SendPlace): Promise<Failure | undefined> {
  const execution = session.current();
  if (context.killSwitch()) return { code: "NOT_SENT", message: "Nothing was sent: the kill switch is on." };
  const ends = approvalEnds(execution, context.approvalLifetimeMs);
  if (execution.updatedAt < ends) return peopleRefusal({ context, session, index, makers });
  const until = Number.isFinite(ends) ? `ended at ${new Date(ends).toISOString()}` : "is not recorded";
  return { code: "APPROVAL_LAPSED", message: `Nothing was sent: the approval ${until}; approve the execution again.` };
}

/** Why the people who have approved a line and its price may not let it be sent. `undefined` if they may. */
export async function peopleRefusal({ context, session, index, makers }: SendPlace): Promise<Failure | undefined> {
  const execution = session.current();
  const { priceDrift } = lineAt(execution, index);
  const refusal = await approverRefusal(context, execution, makers);
  return refusal ?? (await priceRefusal(context, execution, { priceDrift, makers }));
}

/** How many different people must approve an execution: as many as are stored with it, or as this engine asks for. */
export const neededApprovals = (
  { approvals }: EngineContext,
  { approvalsNeeded }: Pick<Execution, "approvalsNeeded">,
): number => Math.max(approvals, approvalsNeeded);

/**
 * Why the approval of an execution does not let it be sent, by the rules as they are now. `undefined` if enough of its
 * approvers may approve.
 *
 * So a right that was taken away after the approval buys nothing, and neither does an approval that went past the
 * engine. `makers` is set under `fourEyes`.
 */
async function approverRefusal(
  context: EngineContext,
  execution: Execution,
  makers: ReadonlySet<string> | undefined,
): Promise<Failure | undefined> {
  const needed = neededApprovals(context, execution);
  const { may, refusals } = await judgedPeople(context, execution, { makers, people: approversOf(execution) });
  if (may.length >= needed) return undefined;
  const [refusal] = refusals;
  if (refusal !== undefined) return refusal;
  const message = `Nothing was sent: ${may.length} of ${needed} people have approved; let others approve it too.`;
  return { code: "APPROVALS_MISSING", message };
}

/** Why the price that a line would be bought at may not be paid, by the rules as they are now. */
async function priceRefusal(
  context: EngineContext,
  execution: Execution,
  { priceDrift, makers }: Pick<PurchaseLine, "priceDrift"> & Pick<SendPlace, "makers">,
): Promise<Failure | undefined> {
  if (!priceDrift?.isAccepted) return undefined;
  const needed = neededApprovals(context, execution);
  const { may, refusals } = await judgedPeople(context, execution, { makers, people: priceDrift.acceptedBy });
  if (may.length >= needed) return undefined;
  const message = `Nothing was sent: ${may.length} of ${needed} people have accepted the price; let others accept it too.`;
  return refusals[0] ?? { code: "APPROVALS_MISSING", message };
}

/** The people of a list who may approve an execution now, and why the others may not. An empty list is nobody's approval. */
export async function judgedPeople(
  context: EngineContext,
  execution: Execution,
  { makers, people }: { readonly makers: SendPlace["makers"]; readonly people: readonly string[] },
): Promise<{ readonly may: readonly string[]; readonly refusals: readonly Failure[] }> {
  const judged = await Promise.all(
    (people.length === 0 ? [undefined] : people).map(async (person) => ({
      person,
      refusal: await refusalOf(context, execution, { makers, person }),
    })),
  );
  return {
    may: judged.flatMap(({ person, refusal }) => (person === undefined || refusal !== undefined ? [] : [person])),
    refusals: judged.flatMap(({ refusal }) => refusal ?? []),
  };
}

interface Judging {
  readonly makers: ReadonlySet<string> | undefined;
  /** Undefined if nobody is known to have approved. */
  readonly person: string | undefined;
}

async function refusalOf(
  context: EngineContext,
  execution: Execution,
  { makers, person }: Judging,
): Promise<Failure | undefined> {
  if (makers !== undefined && !isOtherPerson(person ?? null, makers))
    return notApprover(`${person ?? "nobody"} made a part of it, or cannot be told from those who did`);
  if (context.authorize === undefined) return undefined;
  const question = { verb: "approve", at: "send", executionId: execution.id, execution } as const;
  const isAllowed = person !== undefined && (await isAuthorized(context, { ...question, actor: { id: person } }));
  return isAllowed ? undefined : notApprover(`the rules do not let ${person ?? "nobody"} approve it`);
}

const notApprover = (why: string): Failure => ({
  code: "APPROVER_NOT_AUTHORIZED",
  message: `Nothing was sent: the execution is approved, but ${why}; let somebody else approve it.`,
});
