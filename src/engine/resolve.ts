import * as z from "zod";
import { BuyonceError } from "../domain/errors.js";
import type { Execution } from "../domain/execution.js";
import { isUnsettled } from "../domain/line-state.js";
import { type Money, moneySchema } from "../domain/money.js";
import { textSchema } from "../domain/text.js";
import { found } from "../state-machine/transition-execution-status.js";
import { claimExecution } from "./claim-execution.js";
import { committed, type LineDecision, rejected } from "./decide-outcome.js";
import { named } from "./decisions.js";
import type { EngineContext } from "./engine-options.js";
import { type ExecutionSession, lineAt } from "./execution-session.js";
import { finishExecution } from "./finish-execution.js";
import { writeDecision } from "./line-work.js";
import { settleWaitEnds } from "./settle-wait.js";
import { requireProvider } from "./submit.js";

/** How a person settles a line in doubt. */
export type Resolution = { readonly resolvedBy: string } & (
  | {
      readonly outcome: "committed";
      /** The ids as the cloud shows them, and the charge if it is known. */
      readonly evidence: { readonly commitmentIds: readonly string[]; readonly charge?: Money; readonly note?: string };
    }
  | {
      readonly outcome: "rejected";
      /** How the person made sure that nothing was bought. */
      readonly evidence: { readonly note: string };
    }
);

/**
 * Settles a line in doubt by a person's evidence, then derives the execution's status again.
 *
 * It claims the execution as a worker does, so it cannot race one. `RESOLUTION_REFUSED` where the line is not in
 * doubt, evidence is missing or claimed by another line, or "not bought" is said before the settle wait has ended.
 */
export async function resolveLine(
  context: EngineContext,
  executionId: string,
  lineIndex: number,
  resolution: Resolution,
): Promise<Execution> {
  checkEvidence(resolution);
  const session = await claimExecution(context, executionId, ["in_doubt"], named("resolvedBy", resolution.resolvedBy));
  if (session === undefined) throw notInDoubt(await found(context.store, executionId));
  const refusal = await writeResolution(context, session, lineIndex, resolution).then(
    () => undefined,
    (thrown: unknown) => ({ thrown }),
  );
  const finished = finishExecution(context, session, { labeled: [], waiting: [] });
  if (refusal === undefined) return await finished;
  await finished.catch(() => undefined);
  throw refusal.thrown;
}

async function writeResolution(
  context: EngineContext,
  session: ExecutionSession,
  index: number,
  resolution: Resolution,
): Promise<void> {
  const line = session.current().lines.find((one) => one.index === index);
  if (line === undefined || !isUnsettled(line.state))
    throw refused(session.current(), `line ${index} is ${line?.state ?? "absent"}, not in doubt`);
  if (resolution.outcome === "rejected") checkWaited(context, session, index);
  const place = { context, session, index };
  const labels = requireProvider(context, line.request.service).label !== undefined;
  const written = await writeDecision(place, (now) => resolvedLine(now, resolution, labels), resolution.resolvedBy);
  if (written.kind === "refused")
    throw refused(session.current(), `line ${index} could not take it (${written.because})`);
}

function resolvedLine(line: Parameters<typeof committed>[0], resolution: Resolution, labels: boolean): LineDecision {
  if (resolution.outcome === "rejected") {
    const decision = rejected(line, { code: "RESOLVED_NOT_BOUGHT", message: resolution.evidence.note });
    return { ...decision, event: { ...decision.event, kind: "resolved" } };
  }
  const { note, ...facts } = resolution.evidence;
  const decision = committed(line, { ...facts, adopted: true }, labels);
  return {
    ...decision,
    event: { ...decision.event, kind: "resolved", ...(note === undefined ? {} : { reason: note }) },
  };
}

const resolutionSchema = z.discriminatedUnion("outcome", [
  z.strictObject({
    outcome: z.literal("committed"),
    resolvedBy: z.string(),
    evidence: z.strictObject({
      commitmentIds: z.array(textSchema.min(1)).min(1),
      charge: moneySchema.optional(),
      note: textSchema.optional(),
    }),
  }),
  z.strictObject({
    outcome: z.literal("rejected"),
    resolvedBy: z.string(),
    evidence: z.strictObject({ note: textSchema.trim().min(1) }),
  }),
]);

function checkEvidence(resolution: Resolution): void {
  const parsed = resolutionSchema.safeParse(resolution);
  if (parsed.success) return;
  const problems = parsed.error.issues.map((issue) => ({ path: issue.path.join("."), problem: issue.message }));
  const expected = 'outcome "committed" with commitmentIds, or "rejected" with a note on how absence was proved';
  const found = problems.map(({ path, problem }) => `${path}: ${problem}`).join("; ");
  throw new BuyonceError("RESOLUTION_REFUSED", `A resolution needs ${expected}; ${found}`, { details: { problems } });
}

function checkWaited(context: EngineContext, session: ExecutionSession, index: number): void {
  const line = lineAt(session.current(), index);
  const ends = settleWaitEnds(line, requireProvider(context, line.request.service).idempotency);
  if (session.current().updatedAt > ends) return;
  throw refused(
    session.current(),
    `a request of line ${index} may land or stay hidden until ${new Date(ends).toISOString()}`,
  );
}

const notInDoubt = (current: Execution): BuyonceError => refused(current, `it is ${current.status}, not in_doubt`);

const refused = (current: Execution, why: string): BuyonceError =>
  new BuyonceError("RESOLUTION_REFUSED", `Execution ${current.id} takes no resolution: ${why}.`, { current });
