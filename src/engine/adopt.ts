import type { Commitment } from "../domain/evidence.js";
import type { ExistingCommitment } from "../providers/commitment-provider.js";
import { committed, inDoubt, rejected, skipped } from "./decide-outcome.js";
import { type LineWork, lineOf, writeDecision } from "./line-work.js";
import { hasWaited } from "./settle-wait.js";

/**
 * Makes a commitment found under the line's token the line's own, if it is what the line buys.
 *
 * One that differs is a conflict: where the name is the identity (`caller-named`) and we never sent anything under it,
 * the line is rejected with both sides as evidence; elsewhere the line goes in doubt for a person.
 */
export async function adoptExisting(work: LineWork, existing: ExistingCommitment): Promise<void> {
  const { differences, labeled, pending, ...facts } = existing;
  const { unprovedSince } = lineOf(work);
  if (differences.length === 0 && pending !== undefined) return awaitCloud(work, pending, facts.commitmentIds);
  if (differences.length === 0 && !labeled && !waited(work)) return awaitOwn(work, facts.commitmentIds);
  if (differences.length === 0) return adoptOrDoubt(work, { ...facts, adopted: true }, labeled);
  const message = `a commitment under this line's token differs from the line: ${differences.join("; ")}`;
  if (work.provider.idempotency.kind === "caller-named" && unprovedSince === null) {
    const details = { differences, found: existing.commitmentIds };
    await writeDecision(work, (line) => rejected(line, { code: "COMMITMENT_CONFLICT", message, details }));
    return;
  }
  const doubt = { reason: message, candidates: existing.commitmentIds, needsPerson: true, noResend: true } as const;
  await writeDecision(work, (line) => inDoubt(line, doubt));
}

/** The purchase exists and the cloud has not finished it: later looks see what becomes of it. */
async function awaitCloud(work: LineWork, pending: string, candidates: readonly string[]): Promise<void> {
  const reason = `the cloud has not finished the purchase yet: it is ${pending}`;
  await writeDecision(work, (line) => inDoubt(line, { reason, candidates, noResend: true }));
}

/**
 * What lacks the token may be somebody else's, and the line's own purchase still on its way: so it counts only once
 * that one would show.
 */
async function awaitOwn(work: LineWork, candidates: readonly string[]): Promise<void> {
  const reason = "what was found does not carry the line's token, and the line's own request may still land";
  await writeDecision(work, (line) => inDoubt(line, { reason, candidates }));
}

const waited = (work: LineWork): boolean =>
  hasWaited(lineOf(work), work.provider.idempotency, work.session.current().updatedAt);

/** Records an adoption, or leaves it to a person where another line holds one of the ids. */
export async function adoptOrDoubt(work: LineWork, commitment: Commitment, labeled: boolean): Promise<void> {
  const needsLabel = !labeled && work.provider.label !== undefined;
  const written = await writeDecision(work, (line) => committed(line, commitment, needsLabel));
  if (written.kind === "moved" || written.because === "lease" || written.because === "changed") return;
  if (written.because === "lineage") return skipLine(work);
  const reason = `the commitment found for this line is recorded for another one (${written.because})`;
  await writeDecision(work, (line) =>
    inDoubt(line, { reason, candidates: commitment.commitmentIds, needsPerson: true, noResend: true }),
  );
}

/** Gives up a planned line that an earlier execution of its lineage turned out to have bought. */
export async function skipLine(work: LineWork): Promise<void> {
  await writeDecision(work, (line) => skipped(line, "an earlier execution of this lineage has bought the line"));
}
