import type { SaidAbsent } from "../../domain/evidence.js";
import type { PurchaseLine } from "../../domain/execution.js";
import { adoptExisting, askPerson } from "./adopt.js";
import { type LineWork, lineOf } from "./line-work.js";
import { freshItems } from "./match-inventory.js";
import { otherClaims } from "./other-claims.js";
import { look } from "./prove-line.js";

/**
 * Compares the cloud with a person's word that an earlier request of the line bought nothing, before the line is bought.
 *
 * True where the cloud shows nothing that speaks against it. Whatever has come into the lane since that request was
 * prepared, unless the cloud says that it is another line's or a person has been asked about it before, leaves the line
 * to a person.
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
  const reason = `${said.by} said that nothing was bought, and the lane shows what was not there before: ${candidates.join(", ")}`;
  await askPerson(work, reason, candidates);
  return false;
}

/** What a person's new word leaves for the next purchase of a line: the first request it speaks of, and what was asked since. */
export function wordOf({ prepared, submittedAt, saidAbsent, doubt }: PurchaseLine, by: string): SaidAbsent | null {
  if (saidAbsent !== null)
    return { ...saidAbsent, by, dismissed: [...saidAbsent.dismissed, ...(doubt?.candidates ?? [])] };
  return prepared === null || submittedAt === null ? null : { by, prepared, submittedAt, dismissed: [] };
}
