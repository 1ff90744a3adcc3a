import type { Prepared } from "../domain/evidence.js";
import type { PurchaseLine } from "../domain/execution.js";
import type { WriteAheadResult } from "../providers/purchase-once.js";
import { mintPermit } from "../providers/purchase-permit.js";
import { type ExecutionSession, lineAt } from "./execution-session.js";

/**
 * Stores that a purchase of this line is about to be sent; winning this compare-and-swap is the only way to a permit.
 *
 * Lost where the line is no longer as the worker saw it, another line holds the lane, or the lease is gone.
 */
export async function writeAhead(
  session: ExecutionSession,
  seen: PurchaseLine,
  token: string,
  prepared: Prepared,
): Promise<WriteAheadResult> {
  const written = await session.write((execution) => {
    const line = lineAt(execution, seen.index);
    if (line.state !== seen.state || line.attempt !== seen.attempt) return undefined;
    return {
      lines: [
        {
          index: line.index,
          progress: { ...line, state: "submitting", attempt: line.attempt + 1, prepared, doubt: null, trouble: null },
          stampSubmission: true,
        },
      ],
      event: writeAheadEvent(session, line, prepared),
    };
  });
  if (written.kind === "refused")
    return { kind: "lost", because: written.because === "commitment" ? "changed" : written.because };
  const line = lineAt(written.execution, seen.index);
  const submittedAt = line.submittedAt ?? written.execution.updatedAt;
  return {
    kind: "won",
    permit: mintPermit({ request: line.request, token, attempt: line.attempt, submittedAt, prepared }),
  };
}

const writeAheadEvent = (session: ExecutionSession, line: PurchaseLine, prepared: Prepared) =>
  ({
    kind: "write_ahead",
    actor: session.current().lease?.owner ?? "worker",
    lineIndex: line.index,
    data: {
      attempt: line.attempt + 1,
      reference: prepared.reference,
      ...(prepared.price && { price: prepared.price }),
    },
  }) as const;
