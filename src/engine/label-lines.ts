import { messageOf } from "../domain/errors.js";
import type { LineProgress, PurchaseLine } from "../domain/execution.js";
import { scrubToken } from "../idempotency/scrub-token.js";
import { type LineWork, lineOf } from "./line-work.js";

/** A line whose commitment carries its token now, with the ids it turned out to have. */
export interface LabeledLine {
  readonly index: number;
  readonly commitmentIds: readonly string[];
}

/** Labels a committed line's commitment at the cloud; `undefined` where none is needed or it failed and tick tries again. */
export async function labelLine(work: LineWork): Promise<LabeledLine | undefined> {
  const line = lineOf(work);
  const { commitment } = line;
  if (commitment === null || !line.needsLabel || work.provider.label === undefined) return undefined;
  try {
    const context = {
      ...work.providerContext,
      ...(line.prepared && { prepared: line.prepared }),
      request: line.request,
    };
    const result = await work.provider.label(commitment, work.token, context);
    return { index: line.index, commitmentIds: result?.commitmentIds ?? commitment.commitmentIds };
  } catch (thrown) {
    work.context.logger.warn("Labeling a commitment failed; tick tries again", {
      executionId: work.session.current().id,
      lineIndex: line.index,
      error: scrubToken(messageOf(thrown), work.token),
    });
    return undefined;
  }
}

/** The progress of a committed line whose label holds. Ids that the cloud replaced stay known. */
export function labeledProgress(line: PurchaseLine, { commitmentIds }: LabeledLine): LineProgress {
  const { commitment } = line;
  const known = [...(commitment?.formerIds ?? []), ...(commitment?.commitmentIds ?? [])];
  const formerIds = known.filter((id) => !commitmentIds.includes(id));
  const relabeled = commitment && { ...commitment, commitmentIds, ...(formerIds.length > 0 ? { formerIds } : {}) };
  return { ...line, needsLabel: false, trouble: null, commitment: relabeled };
}
