import { messageOf } from "../../domain/errors.js";
import type { Commitment } from "../../domain/evidence.js";
import type { LineProgress, PurchaseLine } from "../../domain/execution.js";
import type { Money } from "../../domain/money.js";
import { scrubToken } from "../../idempotency/scrub-token.js";
import type { CommitmentProvider, ProviderContext, Sighting } from "../../providers/commitment-provider.js";
import type { ExecutionStore } from "../../store-port/execution-store.js";
import { type LineWork, lineOf } from "./line-work.js";
import { otherClaims } from "./other-claims.js";

/** A line whose commitment carries its token now, with the commitment ids as the cloud shows them. */
export interface LabeledLine {
  readonly index: number;
  readonly commitmentIds: readonly string[];
  readonly charge?: Money;
  /** Set if the commitment is over, so that there is nothing to label any more. */
  readonly over?: NonNullable<Commitment["over"]>;
}

/**
 * Labels a committed line's commitment at the cloud. Returns `undefined` if no label is needed, or if labeling failed;
 * then tick tries again.
 */
export async function labelLine(work: LineWork): Promise<LabeledLine | undefined> {
  const line = lineOf(work);
  if (!line.needsLabel) return undefined;
  try {
    const { provider, token, context, session } = work;
    const labeling = { provider, token, store: context.store, executionId: session.current().id };
    return await labelCommitment(labeling, line, work.providerContext);
  } catch (thrown) {
    work.context.logger.warn("Labeling a commitment failed; tick tries again", {
      executionId: work.session.current().id,
      lineIndex: line.index,
      error: scrubToken(messageOf(thrown), work.token),
    });
    return undefined;
  }
}

/** What labeling needs: the provider, the token, and the store in which commitments of other lines are recorded. */
export interface Labeling {
  readonly provider: CommitmentProvider;
  readonly token: string;
  readonly store: ExecutionStore;
  readonly executionId: string;
}

/**
 * Asks the provider to label a committed line. Returns `undefined` if the provider has no labels or the line has no
 * commitment.
 *
 * An error of the provider is thrown on: the commitment is not labeled then.
 */
export async function labelCommitment(
  labeling: Labeling,
  line: PurchaseLine,
  context: ProviderContext,
): Promise<LabeledLine | undefined> {
  const { provider, token } = labeling;
  const { index, commitment, prepared, request } = line;
  if (commitment === null || provider.label === undefined) return undefined;
  const result = await provider.label(commitment, token, {
    ...context,
    ...(prepared && { prepared }),
    request,
    claimedByOthers: async (commitmentIds) =>
      new Set((await otherClaims(labeling.store, { executionId: labeling.executionId, line }, commitmentIds)).keys()),
  });
  const { commitmentIds, charge } = result ?? commitment;
  return { index, commitmentIds, ...(charge && { charge }), ...overOf(result?.sighting) };
}

/**
 * Whether the commitment is over. A commitment that no longer runs needs no label; a pending or live one has its label
 * now.
 */
const overOf = (sighting: Sighting | undefined): Pick<LabeledLine, "over"> => {
  if (sighting === undefined || sighting.meaning === "live" || sighting.meaning === "pending") return {};
  const { state = sighting.meaning, became } = sighting;
  return { over: { state, ...(became !== undefined && { became }) } };
};

/** The progress of a committed line that is labeled. Ids that the cloud replaced stay known. */
export function labeledProgress(line: PurchaseLine, { commitmentIds, charge, over }: LabeledLine): LineProgress {
  const { commitment } = line;
  const known = [...(commitment?.formerIds ?? []), ...(commitment?.commitmentIds ?? [])];
  const formerIds = known.filter((id) => !commitmentIds.includes(id));
  const relabeled = commitment && {
    ...(charge && { charge }),
    ...commitment,
    commitmentIds,
    ...(formerIds.length > 0 && { formerIds }),
    ...(over && { over }),
  };
  return { ...line, needsLabel: false, lastError: null, commitment: relabeled };
}
