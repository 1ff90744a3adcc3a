import { BuyonceError } from "../../domain/errors.js";
import type { PurchaseLine } from "../../domain/execution.js";
import { lineAt } from "../../domain/line-at.js";
import { isUnsettled } from "../../domain/line-state.js";
import { fingerprint } from "../../idempotency/fingerprint.js";
import type { ExecutionSession } from "../claim/execution-session.js";
import type { EngineContext } from "../engine-options.js";
import { type BuyEnd, buyLine, refuseLine } from "./buy-line.js";
import { type LabeledLine, labelLine } from "./label-line.js";
import { attemptFailed } from "./line-decision.js";
import { type LinePlace, type LineWork, lineOf, openLine, type WorkOptions, writeDecision } from "./line-work.js";
import { sendRefusal } from "./may-send.js";
import { proveLine } from "./prove-line.js";
import { isResendable } from "./settle-wait.js";

/** The task of a worker: `run` buys planned lines and ends doubts, `reconcile` only ends doubts. */
export type WorkMode = "run" | "reconcile";

/** How work on a line ended. `lane`: another line holds the lane; another pass may help once that line is settled. */
export type LineEnd =
  | { readonly kind: "done"; readonly labeled?: LabeledLine }
  | { readonly kind: "lane"; readonly lane: string };

/**
 * Works on one line as far as possible now.
 *
 * Throws if the store failed. Throws `PURCHASE_NOT_RECORDED` or `DUPLICATE_COMMITMENT` if money moved and the records
 * do not show it.
 */
export async function workLine(
  context: EngineContext,
  session: ExecutionSession,
  index: number,
  { mode, ...options }: WorkOptions & { readonly mode: WorkMode },
): Promise<LineEnd> {
  const line = lineAt(session.current(), index);
  const provider = context.providers.get(line.request.service);
  if (provider === undefined) return await notRegistered({ context, session, index }, line);
  const refusal = fingerprintRefusal(line);
  if (refusal !== undefined) {
    await refuseLine({ context, session, index }, refusal);
    return { kind: "done" };
  }
  await renewIfHalfSpent(context, session);
  const open = () => openLine({ context, session, index }, provider, options);
  if (isUnsettled(line.state)) {
    const end = await endDoubt(open());
    if (end.kind === "lane") return end;
  }
  if (mode === "run" && lineOf({ session, index }).state === "planned" && !options.stop.isOver()) {
    const end = await buyLine(open());
    if (end.kind === "lane") return end;
  }
  if (!lineOf({ session, index }).needsLabel) return { kind: "done" };
  const labeled = await labelLine(open());
  return labeled === undefined ? { kind: "done" } : { kind: "done", labeled };
}

async function endDoubt(work: LineWork): Promise<BuyEnd> {
  const { session, provider } = work;
  const resendable = isResendable(lineOf(work), provider.idempotency, session.current().updatedAt);
  if (resendable && (await sendRefusal(work)) === undefined) return buyLine(work);
  await proveLine(work);
  return { kind: "done" };
}

/**
 * Records that the provider is missing, and otherwise leaves the line as it is. During a rolling deployment another
 * worker may have the provider.
 */
async function notRegistered(place: LinePlace, { request }: PurchaseLine): Promise<LineEnd> {
  const message = `No provider for "${request.service}" was given to this engine.`;
  const failure = { code: "PROVIDER_NOT_REGISTERED", message };
  await writeDecision(place, (line) => attemptFailed(line, failure, place.session.current().updatedAt));
  return { kind: "done" };
}

/** Renews the lease if half of it is spent. A worker that writes nothing for a long time would lose it. */
async function renewIfHalfSpent(context: EngineContext, session: ExecutionSession): Promise<void> {
  if (session.leaseLeftMs() > context.leaseMs / 2) return;
  await session.write(() => ({ event: { kind: "lease_renewed", actor: context.worker } }));
}

function fingerprintRefusal(line: PurchaseLine): BuyonceError | undefined {
  const actual = fingerprint(line.request);
  if (actual === line.fingerprint) return undefined;
  return new BuyonceError("FINGERPRINT_MISMATCH", `Line ${line.index} is not what was approved.`, {
    details: { expected: line.fingerprint, actual },
  });
}
