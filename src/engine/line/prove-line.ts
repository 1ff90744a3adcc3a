import { isBuyonceError, messageOf } from "../../domain/errors.js";
import type { Commitment } from "../../domain/evidence.js";
import type { PurchaseLine } from "../../domain/execution.js";
import { sumMoney } from "../../domain/money.js";
import type { ExistingCommitment, InventoryItem } from "../../providers/commitment-provider.js";
import { readTrail } from "../../state-machine/read-lineage.js";
import { retriedRead } from "../claim/retried-read.js";
import { adoptExisting, askPerson, followVerdict, mayStillLand } from "./adopt.js";
import { decideSighting } from "./decide-sighting.js";
import { attemptFailed, inDoubt, notLanded, rejected } from "./line-decision.js";
import { type LineWork, lineOf, writeDecision } from "./line-work.js";
import { matchInventory } from "./match-inventory.js";
import { otherClaims } from "./other-claims.js";
import { boundsOf, reliesOnNothing } from "./settle-wait.js";

/**
 * Ends the doubt about a line without sending anything. It adopts the line's commitment, or proves that none landed.
 *
 * Presence counts at any time. Absence counts only if the settle wait had ended, by the store's clock, before the look.
 * It never counts again once the cloud has shown something that only a person can judge.
 */
export async function proveLine(work: LineWork): Promise<void> {
  const line = lineOf(work);
  const waited = !mayStillLand(work);
  // If the cloud dedupes nothing, an absent token proves nothing; only the inventory of the lane does.
  const byInventory = reliesOnNothing(line, work.provider.idempotency);
  const seen = await look(work, line, byInventory && waited);
  if (seen === undefined) return;
  if (seen.existing !== undefined) return adoptExisting(work, seen.existing);
  if (!waited) return noteDoubt(work, line);
  if (line.doubt?.needsPerson) return;
  if (byInventory) return proveByInventory(work, line, seen.inventory);
  await proveAbsent(work, "no commitment carries the line's token after the settle wait");
}

/** Says that a line is in doubt whose worker ended without a word. */
async function noteDoubt(work: LineWork, { state }: PurchaseLine): Promise<void> {
  if (state !== "submitting") return;
  const reason = "the worker that sent the request, or was about to, ended before it recorded a reply";
  await writeDecision(work, (line) => inDoubt(line, line.doubt ?? { reason }));
}

interface Sight {
  readonly existing: ExistingCommitment | undefined;
  readonly inventory: readonly InventoryItem[];
}

/**
 * Asks the cloud what it shows of a line. `undefined` means that the call failed. That proves nothing, and is stored as
 * the line's last error, unless we stopped the call ourselves.
 */
export async function look(work: LineWork, line: PurchaseLine, byInventory: boolean): Promise<Sight | undefined> {
  const { provider, token, providerContext } = work;
  try {
    const existing = await provider.lookup(line.request, token, providerContext);
    if (existing !== undefined || !byInventory) return { existing, inventory: [] };
    if (provider.inventory === undefined) throw new TypeError(`provider ${provider.service} has no inventory`);
    return { existing, inventory: await provider.inventory(line.request, token, providerContext) };
  } catch (thrown) {
    if (work.stop.isOver()) return undefined;
    const failure = { code: isBuyonceError(thrown) ? thrown.code : "LOOKUP_FAILED", message: messageOf(thrown) };
    await writeDecision(work, (now) => attemptFailed(now, failure, work.session.current().updatedAt));
    return undefined;
  }
}

async function proveByInventory(
  work: LineWork,
  line: PurchaseLine,
  inventory: readonly InventoryItem[],
): Promise<void> {
  const owner = { executionId: work.session.current().id, line };
  const ids = inventory.map((item) => item.commitmentId);
  const answer = matchInventory(inventory, {
    quantity: line.request.quantity,
    snapshot: line.prepared?.snapshot ?? [],
    claims: await otherClaims(work.context.store, owner, ids),
    notBefore: (line.submittedAt ?? 0) - boundsOf(line, work.provider.idempotency).clockSkewMs,
    token: work.token,
  });
  if (answer.kind === "none") return proveAbsent(work, "the lane's inventory shows nothing new after the settle wait");
  if (answer.kind === "ask") return askPerson(work, answer.reason, answer.candidates);
  const commitment = adoptable(answer.items);
  const seen = { commitmentIds: commitment.commitmentIds, sighting: answer.sighting };
  await followVerdict(work, decideSighting(seen, { mayStillLand: false }), { commitment, byToken: false });
}

function adoptable(items: readonly InventoryItem[]): Commitment {
  const charge = sumMoney(items.map((item) => item.charge));
  const starts = items.flatMap(({ startedAt }) => startedAt ?? []);
  return {
    commitmentIds: items.map((item) => item.commitmentId),
    ...(starts.length > 0 && { startedAt: Math.min(...starts) }),
    ...(charge && { charge }),
    adopted: true,
  };
}

// Each round takes a whole settle wait, so ten rounds are hours without a clear answer. More rounds would hide the
// failure.
const MAX_LOST = 10;

async function proveAbsent(work: LineWork, reason: string): Promise<void> {
  const lost = 1 + (await countNotLanded(work));
  await writeDecision(work, (line) => {
    if (lost < MAX_LOST || line.withdrawn) return notLanded(line, reason);
    const message = `${lost} requests and their resends never landed; the last doubt ended with this reason: ${reason}`;
    return rejected(line, { code: "GIVEN_UP", message });
  });
}

/**
 * How often a doubt about this line ended with the proof that nothing landed, by the trail. Attempts that sent nothing
 * do not count.
 */
async function countNotLanded(work: LineWork): Promise<number> {
  if (lineOf(work).attempt < MAX_LOST) return 0;
  const trail = await retriedRead(() => readTrail(work.context.store, work.session.current()));
  return trail.filter(({ kind, lineIndex }) => kind === "not_landed" && lineIndex === work.index).length;
}
