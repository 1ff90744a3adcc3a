import type { Commitment, Doubt } from "../../domain/evidence.js";
import type { ExistingCommitment } from "../../providers/commitment-provider.js";
import { decideSighting, type SightingVerdict } from "./decide-sighting.js";
import { committed, inDoubt, rejected, skipped } from "./line-decision.js";
import { type LineWork, lineOf, writeDecision } from "./line-work.js";
import { releaseClaims } from "./release-claims.js";
import { hasWaited } from "./settle-wait.js";

/**
 * Makes of a line what the commitment found under its token says: by its state, and by whether it is what the line buys.
 *
 * One that differs is a conflict: where the name is the identity (`caller-named`) and we never sent anything under it,
 * the line is rejected with both sides as evidence; elsewhere the line goes in doubt for a person.
 */
export async function adoptExisting(work: LineWork, existing: ExistingCommitment): Promise<void> {
  const verdict = decideSighting(existing, { mayStillLand: mayStillLand(work) });
  if (existing.differences.length > 0 && verdict.kind !== "reject") return refuseDifferent(work, existing);
  if (verdict.kind === "adopt" && !existing.labeled && mayStillLand(work)) return awaitOwn(work, existing);
  const { differences: _, labeled, sighting: __, ...facts } = existing;
  await followVerdict(work, verdict, { commitment: { ...facts, adopted: true }, byToken: labeled });
}

/** A commitment, and whether the cloud itself says that it is this line's, by its token or its name. */
export interface Found {
  readonly commitment: Commitment;
  readonly byToken: boolean;
}

/** Writes what a verdict makes of the line. */
export async function followVerdict(work: LineWork, verdict: SightingVerdict, found: Found): Promise<void> {
  const candidates = found.commitment.commitmentIds;
  switch (verdict.kind) {
    case "adopt":
      return adoptOrDoubt(work, {
        ...found,
        commitment: { ...found.commitment, ...(verdict.over && { over: verdict.over }) },
      });
    case "wait":
      await putInDoubt(work, { reason: verdict.reason, candidates, noResend: true });
      return;
    case "reject":
      await writeDecision(work, (line) => rejected(line, verdict.rejection));
      return;
    case "ask":
      return askPerson(work, verdict.reason, candidates);
  }
}

/** Leaves a line to a person, who resolves it with one of the candidates or says that none of them is the line's. */
export async function askPerson(work: LineWork, reason: string, candidates: readonly string[]): Promise<void> {
  await putInDoubt(work, { reason, candidates, needsPerson: true, noResend: true });
}

/** Writes a doubt down; a planned line of whose lineage another one has been bought in the meantime is given up instead. */
async function putInDoubt(work: LineWork, doubt: Doubt): Promise<void> {
  const written = await writeDecision(work, (line) => inDoubt(line, doubt));
  if (written.kind === "refused" && written.because === "lineage") await skipBought(work);
}

async function refuseDifferent(work: LineWork, { differences, commitmentIds }: ExistingCommitment): Promise<void> {
  const message = `a commitment under this line's token differs from the line: ${differences.join("; ")}`;
  if (work.provider.idempotency.kind !== "caller-named" || lineOf(work).unprovedSince !== null)
    return askPerson(work, message, commitmentIds);
  const details = { differences, found: commitmentIds };
  await writeDecision(work, (line) => rejected(line, { code: "COMMITMENT_CONFLICT", message, details }));
}

/**
 * What lacks the token may be somebody else's, and the line's own purchase still on its way: so it counts only once
 * that one would show.
 */
async function awaitOwn(work: LineWork, { commitmentIds: candidates }: ExistingCommitment): Promise<void> {
  const reason = "what was found does not carry the line's token, and the line's own request may still land";
  await putInDoubt(work, { reason, candidates });
}

/** Whether a request of the line may still take effect, or take effect unseen. */
export const mayStillLand = (work: LineWork): boolean =>
  !hasWaited(lineOf(work), work.provider.idempotency, work.session.current().updatedAt);

/**
 * Records an adoption, or leaves it to a person where another line holds one of the ids.
 *
 * A line that holds it by a person's word only gives it back to the one that the cloud says it belongs to.
 */
async function adoptOrDoubt(work: LineWork, found: Found, mayRelease = found.byToken): Promise<void> {
  const { commitment, byToken } = found;
  const isOver = commitment.over !== undefined;
  const needsLabel = !byToken && !isOver && work.provider.label !== undefined;
  const written = await writeDecision(work, (line) => committed(line, commitment, needsLabel));
  if (written.kind === "moved" || written.because === "lease" || written.because === "changed") return;
  if (written.because === "lineage") return skipBought(work);
  const executionId = work.session.current().id;
  if (mayRelease && (await releaseClaims(work.context, { executionId, line: lineOf(work) }, commitment.commitmentIds)))
    return adoptOrDoubt(work, found, false);
  const reason = `the commitment found for this line is recorded for another one (${written.because})`;
  await askPerson(work, reason, commitment.commitmentIds);
}

/** Gives up a planned line that an earlier execution of its lineage turned out to have bought. */
export async function skipBought(work: LineWork): Promise<void> {
  await writeDecision(work, (line) =>
    line.state === "planned"
      ? skipped(line, "an earlier execution of this lineage has bought the line")
      : inDoubt(line, ASK_LINEAGE),
  );
}

const ASK_LINEAGE = {
  reason: "another execution of this lineage has the line's commitment",
  needsPerson: true,
  noResend: true,
} as const;
