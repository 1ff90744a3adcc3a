import type { PurchaseLine } from "../../domain/execution.js";
import { lineAt } from "../../domain/line-at.js";
import { changeAtVersion, type DecidedChange } from "../claim/change-at-version.js";
import type { EngineContext } from "../engine-options.js";
import { reasonOf } from "../reason-of.js";
import { inDoubt } from "./line-decision.js";
import { linesWith } from "./lines-with.js";
import { type LineOwner, otherClaims } from "./other-claims.js";

/**
 * Takes commitments back from lines that have them by a person's word only, because the cloud names the line that they
 * belong to.
 *
 * Each such line waits for a person again. Returns false if a line holds one of them by the cloud's own word; then
 * nothing is released.
 */
export async function releaseClaims(
  context: EngineContext,
  owner: LineOwner,
  commitmentIds: readonly string[],
): Promise<boolean> {
  const claims = [...(await otherClaims(context.store, owner, commitmentIds)).values()];
  if (claims.length === 0 || claims.some(({ byPerson }) => !byPerson)) return false;
  const rightful = `line ${owner.line.index} of ${owner.executionId}`;
  for (const { executionId, lineIndex } of claims)
    await changeAtVersion(context.store, executionId, (execution) => {
      const line = lineAt(execution, lineIndex);
      const change = released(context, line, { rightful, commitmentIds });
      if (change === undefined) return undefined;
      return { ...change, reason: reasonOf(linesWith(execution.lines, change.lines)) };
    });
  return true;
}

function released(
  context: EngineContext,
  line: PurchaseLine,
  { rightful, commitmentIds }: { readonly rightful: string; readonly commitmentIds: readonly string[] },
):
  | (DecidedChange & { readonly lines: readonly [{ readonly index: number; readonly progress: PurchaseLine }] })
  | undefined {
  const { commitment } = line;
  if (commitment?.resolvedBy === undefined || !commitment.commitmentIds.some((id) => commitmentIds.includes(id)))
    return undefined;
  const reason = `${commitment.resolvedBy} said that it was bought as ${commitment.commitmentIds.join(", ")}, and the cloud says that this is ${rightful}`;
  const { progress, event } = inDoubt(line, {
    reason,
    candidates: commitment.commitmentIds,
    needsPerson: true,
    noResend: true,
  });
  // The line's requests are long over, so it no longer needs its lane. The rightful line may hold that lane.
  const { lane: _, ...prepared } = line.prepared ?? { reference: "" };
  return {
    lines: [
      {
        index: line.index,
        progress: {
          ...line,
          ...progress,
          commitment: null,
          needsLabel: false,
          prepared: line.prepared && prepared,
        },
      },
    ],
    event: {
      ...event,
      kind: "claim_released",
      actor: context.worker,
      lineIndex: line.index,
      data: { before: commitment },
    },
  };
}
