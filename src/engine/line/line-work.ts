import { anySignal } from "../../domain/any-signal.js";
import { BuyonceError, isBuyonceError, messageOf } from "../../domain/errors.js";
import type { Commitment } from "../../domain/evidence.js";
import type { PurchaseLine } from "../../domain/execution.js";
import { lineAt } from "../../domain/line-at.js";
import { isUnsettled } from "../../domain/line-state.js";
import { nodeUtil } from "../../domain/node-modules.js";
import { deriveIdempotencyToken } from "../../idempotency/derive-idempotency-token.js";
import { scrubToken } from "../../idempotency/scrub-token.js";
import type { CheckedProvider } from "../../providers/checked-provider.js";
import type { ProviderContext } from "../../providers/commitment-provider.js";
import { canLineTransition } from "../../state-machine/transitions.js";
import type { ExecutionSession, SessionWrite } from "../claim/execution-session.js";
import type { EngineContext } from "../engine-options.js";
import type { Stop } from "../stop.js";
import type { CommitmentEvidence } from "./commitment-evidence.js";
import { endWithLast } from "./end-of-lines.js";
import { committed, type LineDecision } from "./line-decision.js";
import { recordEvidence } from "./record-evidence.js";

/** One line of a claimed execution, with everything that the work on it needs. */
export interface LineWork {
  readonly context: EngineContext;
  readonly session: ExecutionSession;
  readonly index: number;
  readonly provider: CheckedProvider;
  readonly token: string;
  readonly providerContext: ProviderContext;
  /** Ends the call that sends the purchase. A purchase that has left is waited for, whatever stops the rest. */
  readonly sendSignal: AbortSignal;
  readonly stop: Stop;
  /** Collects the lanes that the lines of this run have held. */
  readonly lanes: Set<string>;
  /** Everybody who made a part of the execution. Set under `fourEyes`. */
  readonly makers: ReadonlySet<string> | undefined;
}

/** Options that hold for all lines of one run. */
export interface WorkOptions {
  readonly stop: Stop;
  /** Collects the lanes that the lines of this run have held. */
  readonly lanes: Set<string>;
  /** The number of the execution in its lineage. */
  readonly lineageAttempt: number;
  readonly makers: LineWork["makers"];
}

/** A line of a claim. */
export type LinePlace = Pick<LineWork, "context" | "session" | "index">;

/** The line as the session last saw it. */
export const lineOf = (work: Pick<LineWork, "session" | "index">): PurchaseLine =>
  lineAt(work.session.current(), work.index);

/** Sets a line up for work: its token, its time limit, and what an earlier write-ahead prepared. */
export function openLine(
  { context, session, index }: LinePlace,
  provider: CheckedProvider,
  { lineageAttempt, ...options }: WorkOptions,
): LineWork {
  const { lineageKey, updatedAt } = session.current();
  const line = lineAt(session.current(), index);
  const sendSignal = context.clock.timeout(context.lineTimeoutMs);
  const providerContext: ProviderContext = {
    signal: anySignal([options.stop.signal, sendSignal]),
    logger: context.logger,
    now: updatedAt,
    lineageAttempt,
    ...(line.prepared !== null && isUnsettled(line.state) ? { prepared: line.prepared } : {}),
  };
  const token = deriveIdempotencyToken(lineageKey, index);
  return { ...options, context, session, index, provider, token, providerContext, sendSignal };
}

/**
 * Writes what became of the line, unless the line has ended meanwhile. The change of the last line ends its execution.
 *
 * A recorded commitment stays. A person's word or a cancellation stays too, unless the new fact is a commitment.
 * Nothing is written if nothing changes, so that a line that waits does not fill the trail.
 */
export function writeDecision(
  work: LinePlace,
  decide: (line: PurchaseLine) => LineDecision,
  actor = work.context.worker,
): Promise<SessionWrite> {
  return work.session.write((execution) => {
    const line = lineAt(execution, work.index);
    if (line.state === "committed") return undefined;
    const { progress, event } = scrubbed(decide(line), deriveIdempotencyToken(execution.lineageKey, work.index));
    const isEnded = line.state === "rejected" || line.state === "skipped";
    if (isEnded && progress.state !== "committed") return undefined;
    if (!canLineTransition(line.state, progress.state))
      throw new TypeError(`no line goes from ${line.state} to ${progress.state}`);
    const changed = { ...line, ...progress };
    if (nodeUtil().isDeepStrictEqual(changed, line)) return undefined;
    return {
      ...endWithLast(execution.lines, changed),
      lines: [{ index: work.index, progress }],
      event: { ...event, actor, lineIndex: work.index },
    };
  });
}

/** A decision with tokens masked in the texts of clouds and providers. Ids and references stay as they are. */
const scrubbed = ({ progress, event }: LineDecision, token: string): LineDecision => {
  const { doubt, lastError, rejection } = progress;
  // A person resolves the line with one of the candidates. So candidates stay unmasked, even if they are names.
  const { candidates } = doubt ?? {};
  const shown = scrubToken({ doubt, lastError, rejection }, token);
  return {
    progress: { ...progress, ...shown, doubt: shown.doubt && { ...shown.doubt, ...(candidates && { candidates }) } },
    event: scrubToken(event, token),
  };
};

/**
 * Records a commitment that our own call bought, even if the lease or the store's connection is lost.
 *
 * If the store records it in neither way, `PURCHASE_NOT_RECORDED` is thrown with the evidence, which is logged too.
 * This process then keeps the evidence, and records it as soon as the store works again.
 */
export async function recordCommitment(work: LineWork, commitment: Commitment, needsLabel: boolean): Promise<void> {
  const { context } = work;
  const evidence = { executionId: work.session.current().id, lineIndex: work.index, commitment, needsLabel };
  try {
    const written = await writeDecision(work, (line) => committed(line, commitment, needsLabel));
    if (written.kind === "refused") await recordEvidence(context, evidence);
  } catch (thrown) {
    if (isBuyonceError(thrown, "DUPLICATE_COMMITMENT")) throw logged(work, thrown);
    await recordEvidence(context, evidence).catch((again: unknown) => {
      if (isBuyonceError(again, "DUPLICATE_COMMITMENT")) throw logged(work, again);
      context.unrecorded.push({ ...evidence, failure: messageOf(again) });
      throw logged(work, notRecorded(evidence, again));
    });
  }
}

function notRecorded({ executionId, lineIndex, commitment }: CommitmentEvidence, cause: unknown): BuyonceError {
  return new BuyonceError(
    "PURCHASE_NOT_RECORDED",
    `Line ${lineIndex} of ${executionId} was bought as ${commitment.commitmentIds.join(", ")}, and the store did not record it: ${messageOf(cause)}`,
    { cause, details: { executionId, lineIndex, commitment } },
  );
}

function logged(work: LineWork, error: BuyonceError): BuyonceError {
  work.context.logger.error(error.message, { code: error.code, ...error.details });
  return error;
}
