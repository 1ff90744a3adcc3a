import { messageOf } from "../../domain/errors.js";
import type { Commitment } from "../../domain/evidence.js";
import type { LineProgress, PurchaseLine } from "../../domain/execution.js";
import type { Money } from "../../domain/money.js";
import { scrubToken } from "../../idempotency/scrub-token.js";
import type { CommitmentProvider, ProviderContext, Sighting } from "../../providers/commitment-provider.js";
import type { ExecutionStore } from "../../store-port/execution-store.js";
import { type LineWork, lineOf } from "./line-work.js";
import { otherClaims } from "./other-claims.js";

/** A line whose commitment carries its token now, with the ids it turned out to have. */
export interface LabeledLine {
  readonly index: number;
  readonly commitmentIds: readonly string[];
  readonly charge?: Money;
  /** Set where it is over, so that there is nothing to label any more. */
  readonly over?: NonNullable<Commitment["over"]>;
}

/** Labels a committed line's commitment at the cloud; `undefined` where none is needed or it failed and tick tries again. */
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

/** Who labels, with what, and where commitments of other lines are recorded. */
export interface Labeling {
  readonly provider: CommitmentProvider;
  readonly token: string;
  readonly store: ExecutionStore;
  readonly executionId: string;
}

/**
 * Asks the provider to label a committed line; `undefined` where it has no label or the line no commitment.
 *
 * Throws whatever the provider throws: the label did not hold.
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

/** A commitment that no longer runs needs no label; what is pending or live has got it. */
const overOf = (sighting: Sighting | undefined): Pick<LabeledLine, "over"> => {
  if (sighting === undefined || sighting.meaning === "live" || sighting.meaning === "pending") return {};
  const { state = sighting.meaning, became } = sighting;
  return { over: { state, ...(became !== undefined && { became }) } };
};

/** The progress of a committed line whose label holds. Ids that the cloud replaced stay known. */
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
