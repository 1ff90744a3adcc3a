import type { SaidAbsent } from "../../domain/evidence.js";
import type { PurchaseLine } from "../../domain/execution.js";
import { adoptExisting, askPerson } from "./adopt.js";
import { type LineWork, lineOf } from "./line-work.js";
import { freshItems } from "./match-inventory.js";
import { otherClaims } from "./other-claims.js";
import { look } from "./prove-line.js";

/**
 * Before a line is bought, compares the cloud with a person's word that an earlier request of the line bought nothing.
 *
 * Returns true if the cloud shows nothing that contradicts the person. A commitment that came into the lane after that
 * request was prepared leaves the line to a person. It does not count if the cloud says that it belongs to another
 * line, or if a person has been asked about it before.
 */
export async function wordHolds(work: LineWork): Promise<boolean> {
  const line = lineOf(work);
  const said = line.saidAbsent;
  if (said === null) return true;
  const asked = { ...work, providerContext: { ...work.providerContext, prepared: said.prepared } };
  const seen = await look(asked, line, said.prepared.lane !== undefined);
  if (seen === undefined) return false;
  if (seen.existing !== undefined && seen.existing.sighting?.meaning !== "void") {
    await adoptExisting(asked, seen.existing);
    return false;
  }
  const owner = { executionId: work.session.current().id, line };
  const ids = seen.inventory.map(({ commitmentId }) => commitmentId);
  const fresh = freshItems(seen.inventory, {
    snapshot: [...(said.prepared.snapshot ?? []), ...said.dismissed],
    claims: await otherClaims(work.context.store, owner, ids),
    token: work.token,
  }).filter(({ sighting }) => sighting?.meaning !== "void");
  if (fresh.length === 0) return true;
  const candidates = fresh.map(({ commitmentId }) => commitmentId);
  const reason = `${said.by} said that nothing was bought, but the lane shows new commitments: ${candidates.join(", ")}`;
  await askPerson(work, reason, candidates);
  return false;
}

/**
 * What the next purchase of a line compares after a person's new word: the first request that the word is about, and
 * the commitments that the person was asked about since.
 */
export function wordOf({ prepared, submittedAt, saidAbsent, doubt }: PurchaseLine, by: string): SaidAbsent | null {
  if (saidAbsent !== null)
    return { ...saidAbsent, by, dismissed: [...saidAbsent.dismissed, ...(doubt?.candidates ?? [])] };
  return prepared === null || submittedAt === null ? null : { by, prepared, submittedAt, dismissed: [] };
}
