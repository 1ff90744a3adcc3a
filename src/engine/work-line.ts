import { BuyonceError } from "../domain/errors.js";
import type { PurchaseLine } from "../domain/execution.js";
import { isUnsettled } from "../domain/line-state.js";
import { fingerprint } from "../idempotency/fingerprint.js";
import { buyLine, refuseLine } from "./buy-line.js";
import type { EngineContext } from "./engine-options.js";
import { type ExecutionSession, lineAt } from "./execution-session.js";
import { type LabeledLine, labelLine } from "./label-lines.js";
import { type LineWork, lineOf, openLine } from "./line-work.js";
import { proveLine } from "./prove-line.js";
import { isResendable } from "./settle-wait.js";

/** What a worker is here for: `run` buys planned lines and ends doubts, `reconcile` only ends doubts. */
export type WorkMode = "run" | "reconcile";

/** `lane`: another line holds the lane; worth another pass once that one is settled. */
export type LineEnd = { readonly kind: "done"; readonly labeled?: LabeledLine } | { readonly kind: "lane" };

/**
 * Brings one line as far as it goes now.
 *
 * Throws where the store failed, and `PURCHASE_NOT_RECORDED` or `DUPLICATE_COMMITMENT` where money moved and the books
 * do not show it.
 */
export async function workLine(
  context: EngineContext,
  session: ExecutionSession,
  index: number,
  { mode, signal }: { readonly mode: WorkMode; readonly signal: AbortSignal },
): Promise<LineEnd> {
  const line = lineAt(session.current(), index);
  const provider = context.providers.get(line.request.service);
  const refusal = provider === undefined ? notRegistered(line) : fingerprintRefusal(line);
  if (provider === undefined || refusal !== undefined) {
    await refuseLine({ context, session, index }, refusal ?? notRegistered(line));
    return { kind: "done" };
  }
  const open = () => openLine(context, session, index, provider, signal);
  if (isUnsettled(line.state) && (await endDoubt(open())) === "lane") return { kind: "lane" };
  if (
    mode === "run" &&
    lineOf({ session, index }).state === "planned" &&
    !signal.aborted &&
    (await buyLine(open())) === "lane"
  )
    return { kind: "lane" };
  const labeled = await labelLine(open());
  return labeled === undefined ? { kind: "done" } : { kind: "done", labeled };
}

async function endDoubt(work: LineWork): Promise<"done" | "lane"> {
  if (isResendable(lineOf(work), work.provider.idempotency, work.session.current().updatedAt)) return buyLine(work);
  await proveLine(work);
  return "done";
}

const notRegistered = ({ request }: PurchaseLine): BuyonceError =>
  new BuyonceError("PROVIDER_NOT_REGISTERED", `No provider for "${request.service}" was given to the engine.`, {
    details: { service: request.service },
  });

function fingerprintRefusal(line: PurchaseLine): BuyonceError | undefined {
  const actual = fingerprint(line.request);
  if (actual === line.fingerprint) return undefined;
  return new BuyonceError("FINGERPRINT_MISMATCH", `Line ${line.index} is not what was approved.`, {
    details: { expected: line.fingerprint, actual },
  });
}
