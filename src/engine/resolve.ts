import { BuyonceError } from "../domain/errors.js";
import type { Execution } from "../domain/execution.js";
import { isUnsettled } from "../domain/line-state.js";
import type { Money } from "../domain/money.js";
import { found } from "../state-machine/transition-execution-status.js";
import { committed, type LineDecision, rejected } from "./decide-outcome.js";
import { named } from "./decisions.js";
import type { EngineContext } from "./engine-options.js";
import { claimExecution, type ExecutionSession, lineAt } from "./execution-session.js";
import { finishExecution } from "./finish-execution.js";
import { writeDecision } from "./line-work.js";
import { settleWaitEnds } from "./settle-wait.js";

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
  try {
    await writeResolution(context, session, lineIndex, resolution);
  } finally {
    await finishExecution(context, session, { labeled: [], waiting: [] });
  }
  return session.current();
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
  const labels = context.providers.get(line.request.service)?.label !== undefined;
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

function checkEvidence(resolution: Resolution): void {
  const complete =
    resolution.outcome === "committed"
      ? resolution.evidence?.commitmentIds?.length > 0 &&
        resolution.evidence.commitmentIds.every((id) => typeof id === "string" && id !== "")
      : resolution.outcome === "rejected" &&
        typeof resolution.evidence?.note === "string" &&
        resolution.evidence.note.trim() !== "";
  if (complete) return;
  throw new BuyonceError(
    "RESOLUTION_REFUSED",
    'A resolution needs outcome "committed" with commitmentIds, or "rejected" with a note on how absence was proved.',
  );
}

function checkWaited(context: EngineContext, session: ExecutionSession, index: number): void {
  const line = lineAt(session.current(), index);
  const contract = context.providers.get(line.request.service)?.idempotency;
  const ends = contract === undefined ? Number.NEGATIVE_INFINITY : settleWaitEnds(line, contract);
  if (session.current().updatedAt > ends) return;
  throw refused(
    session.current(),
    `a request of line ${index} may land or stay hidden until ${new Date(ends).toISOString()}`,
  );
}

const notInDoubt = (current: Execution): BuyonceError => refused(current, `it is ${current.status}, not in_doubt`);

const refused = (current: Execution, why: string): BuyonceError =>
  new BuyonceError("RESOLUTION_REFUSED", `Execution ${current.id} takes no resolution: ${why}.`, { current });
