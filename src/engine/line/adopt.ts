import type { Commitment, Doubt } from "../../domain/evidence.js";
import type { ExistingCommitment } from "../../providers/commitment-provider.js";
import { decideSighting, type SightingVerdict } from "./decide-sighting.js";
import { committed, inDoubt, rejected, skipped } from "./line-decision.js";
import { type LineWork, lineOf, writeDecision } from "./line-work.js";
import { releaseClaims } from "./release-claims.js";
import { hasWaited } from "./settle-wait.js";

/**
 * Changes a line by the commitment that was found under its token. The commitment's state decides, and whether it
 * matches the line.
 *
 * A commitment that differs from the line is a conflict. If the name is the identity (`caller-named`) and nothing was
 * ever sent under it, the line is rejected with both sides as evidence. In every other case the line goes in doubt for
 * a person.
 */
export async function adoptExisting(work: LineWork, existing: ExistingCommitment): Promise<void> {
  const verdict = decideSighting(existing, { mayStillLand: mayStillLand(work) });
  if (existing.differences.length > 0 && verdict.kind !== "reject") return refuseDifferent(work, existing);
  if (verdict.kind === "adopt" && !existing.labeled && mayStillLand(work)) return awaitOwn(work, existing);
  const { differences: _, labeled, sighting: __, ...facts } = existing;
  await followVerdict(work, verdict, { commitment: { ...facts, adopted: true }, byToken: labeled });
}

/** A commitment that was found. `byToken`: the cloud itself says that it is this line's, by its token or its name. */
export interface Found {
  readonly commitment: Commitment;
  readonly byToken: boolean;
}

/** Changes the line as a verdict says. */
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

/**
 * Leaves a line to a person. The person resolves it with one of the candidates, or says that none of them is the
 * line's.
 */
export async function askPerson(work: LineWork, reason: string, candidates: readonly string[]): Promise<void> {
  await putInDoubt(work, { reason, candidates, needsPerson: true, noResend: true });
}

/**
 * Records a doubt. If the line is planned and another execution of its lineage has bought it meanwhile, the line is
 * skipped instead.
 */
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
 * Waits for the line's own purchase. A commitment without the token may belong to another buyer while the line's own
 * request is still on its way. So it counts only once the line's own purchase would show.
 */
async function awaitOwn(work: LineWork, { commitmentIds: candidates }: ExistingCommitment): Promise<void> {
  const reason = "what was found does not carry the line's token, and the line's own request may still land";
  await putInDoubt(work, { reason, candidates });
}

/** Whether a request of the line may still take effect, or may have taken effect without being listed yet. */
export const mayStillLand = (work: LineWork): boolean =>
  !hasWaited(lineOf(work), work.provider.idempotency, work.session.current().updatedAt);

/**
 * Records an adoption, or leaves the line to a person if another line holds one of the ids.
 *
 * If the other line holds the commitment by a person's word only, it must give it back to the line that the cloud
 * names.
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
  const reason = `the commitment found for this line is recorded for another line (${written.because})`;
  await askPerson(work, reason, commitment.commitmentIds);
}

/** Skips a planned line that an earlier execution of its lineage has bought. */
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
