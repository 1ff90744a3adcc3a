import { messageOf } from "../domain/errors.js";
import type { LineProgress, PurchaseLine } from "../domain/execution.js";
import type { Money } from "../domain/money.js";
import { scrubToken } from "../idempotency/scrub-token.js";
import type { CommitmentProvider, ProviderContext } from "../providers/commitment-provider.js";
import { type LineWork, lineOf } from "./line-work.js";

/** A line whose commitment carries its token now, with the ids it turned out to have. */
export interface LabeledLine {
  readonly index: number;
  readonly commitmentIds: readonly string[];
  readonly charge?: Money;
}

/** Labels a committed line's commitment at the cloud; `undefined` where none is needed or it failed and tick tries again. */
export async function labelLine(work: LineWork): Promise<LabeledLine | undefined> {
  const line = lineOf(work);
  if (!line.needsLabel) return undefined;
  try {
    return await labelCommitment(work, line, work.providerContext);
  } catch (thrown) {
    work.context.logger.warn("Labeling a commitment failed; tick tries again", {
      executionId: work.session.current().id,
      lineIndex: line.index,
      error: scrubToken(messageOf(thrown), work.token),
    });
    return undefined;
  }
}

/**
 * Asks the provider to label a committed line; `undefined` where it has no label or the line no commitment.
 *
 * Throws whatever the provider throws: the label did not hold.
 */
export async function labelCommitment(
  { provider, token }: { readonly provider: CommitmentProvider; readonly token: string },
  { index, commitment, prepared, request }: PurchaseLine,
  context: ProviderContext,
): Promise<LabeledLine | undefined> {
  if (commitment === null || provider.label === undefined) return undefined;
  const result = await provider.label(commitment, token, { ...context, ...(prepared && { prepared }), request });
  const { commitmentIds, charge } = result ?? commitment;
  return { index, commitmentIds, ...(charge && { charge }) };
}

/** The progress of a committed line whose label holds. Ids that the cloud replaced stay known. */
export function labeledProgress(line: PurchaseLine, { commitmentIds, charge }: LabeledLine): LineProgress {
  const { commitment } = line;
  const known = [...(commitment?.formerIds ?? []), ...(commitment?.commitmentIds ?? [])];
  const formerIds = known.filter((id) => !commitmentIds.includes(id));
  const relabeled = commitment && {
    ...(charge && { charge }),
    ...commitment,
    commitmentIds,
    ...(formerIds.length > 0 && { formerIds }),
  };
  return { ...line, needsLabel: false, trouble: null, commitment: relabeled };
}
