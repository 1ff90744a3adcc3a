import { cloudOf } from "../domain/commitment-request/commitment-request.js";
import { isBuyonceError, messageOf } from "../domain/errors.js";
import type { Commitment } from "../domain/evidence.js";
import type { PurchaseLine } from "../domain/execution.js";
import { sumMoney } from "../domain/money.js";
import type { ExistingCommitment, InventoryItem } from "../providers/commitment-provider.js";
import { readTrail } from "../state-machine/read-lineage.js";
import { adoptExisting, adoptOrDoubt } from "./adopt.js";
import { inDoubt, plannedAgain, rejected, attemptFailed } from "./decide-outcome.js";
import { type LineWork, lineOf, writeDecision } from "./line-work.js";
import { matchInventory } from "./match-inventory.js";
import { hasWaited } from "./settle-wait.js";
import { steadyRead } from "./steady-read.js";

/**
 * Ends the doubt about a line without sending anything: adopts its commitment, or proves that none landed.
 *
 * Presence counts at any time. Absence counts only when the settle wait had ended, by the store's clock, before we
 * looked, and never again once the cloud has shown something that only a person can judge.
 */
export async function proveLine(work: LineWork): Promise<void> {
  const line = lineOf(work);
  const waited = hasWaited(line, work.provider.idempotency, work.session.current().updatedAt);
  // Without a lane there is no snapshot either; where nothing is deduped, a token that nobody sees still proves nothing.
  const byInventory = line.prepared?.lane !== undefined || work.provider.idempotency.kind === "none";
  const seen = await look(work, line, byInventory && waited);
  if (seen === undefined) return;
  if (seen.existing !== undefined) return adoptExisting(work, seen.existing);
  if (!waited || line.doubt?.needsPerson) return;
  if (byInventory) return proveByInventory(work, line, seen.inventory);
  await notLanded(work, "no commitment carries the line's token after the settle wait");
}

interface Sight {
  readonly existing: ExistingCommitment | undefined;
  readonly inventory: readonly InventoryItem[];
}

/** Asks the cloud; `undefined` where it could not be asked, which proves nothing and is written as trouble. */
async function look(work: LineWork, line: PurchaseLine, byInventory: boolean): Promise<Sight | undefined> {
  const { provider } = work;
  try {
    const existing = await provider.lookup(line.request, work.token, work.providerContext);
    if (existing !== undefined || !byInventory) return { existing, inventory: [] };
    if (provider.inventory === undefined) throw new TypeError(`provider ${provider.service} has no inventory`);
    return { existing, inventory: await provider.inventory(line.request, work.token, work.providerContext) };
  } catch (thrown) {
    const code = isBuyonceError(thrown) ? thrown.code : "LOOKUP_FAILED";
    await writeDecision(work, (now) => attemptFailed(now, { code, message: messageOf(thrown) }));
    return undefined;
  }
}

async function proveByInventory(
  work: LineWork,
  line: PurchaseLine,
  inventory: readonly InventoryItem[],
): Promise<void> {
  const answer = matchInventory(inventory, {
    quantity: line.request.quantity,
    snapshot: line.prepared?.snapshot ?? [],
    claimed: await claimedByOthers(work, line, inventory),
    notBefore: (line.submittedAt ?? 0) - work.provider.idempotency.clockSkewMs,
    token: work.token,
  });
  if (answer.kind === "none") return notLanded(work, "the lane's inventory shows nothing new after the settle wait");
  if (answer.kind === "match") return adoptOrDoubt(work, adoptable(answer.items), false);
  const reason = `the lane shows new commitments that do not make up the line's quantity of ${line.request.quantity}`;
  await writeDecision(work, (now) => inDoubt(now, { reason, candidates: answer.candidates, needsPerson: true }));
}

async function claimedByOthers(
  work: LineWork,
  line: PurchaseLine,
  inventory: readonly InventoryItem[],
): Promise<ReadonlySet<string>> {
  const asked = {
    cloud: cloudOf(line.request.service),
    account: line.request.account,
    commitmentIds: inventory.map((item) => item.commitmentId),
  };
  const claims = await steadyRead(() => work.context.store.claims(asked));
  return new Set(claims.map((claim) => claim.commitmentId));
}

// The last moment that a date can be; what is said to start later does not say when it starts.
const END_OF_TIME_MS = 8_640_000_000_000_000;

function adoptable(items: readonly InventoryItem[]): Commitment {
  const charge = sumMoney(items.map((item) => item.charge));
  const startedAt = Math.min(...items.map((item) => item.startedAt));
  return {
    commitmentIds: items.map((item) => item.commitmentId),
    ...(startedAt <= END_OF_TIME_MS && { startedAt }),
    ...(charge && { charge }),
    adopted: true,
  };
}

// Each round takes the settle wait, so ten are hours of a cloud that never answers; more of them would go unseen.
const MAX_LOST = 10;

async function notLanded(work: LineWork, reason: string): Promise<void> {
  const lost = 1 + (await countNotLanded(work));
  await writeDecision(work, (line) => {
    if (lost < MAX_LOST) return plannedAgain(line, "not_landed", reason);
    const message = `${lost} requests were sent and none landed; the last doubt ended so: ${reason}`;
    return rejected(line, { code: "GIVEN_UP", message });
  });
}

/** How often a request for this line has not landed, by the trail: attempts of which nothing was sent do not count. */
async function countNotLanded(work: LineWork): Promise<number> {
  if (lineOf(work).attempt < MAX_LOST) return 0;
  const trail = await steadyRead(() => readTrail(work.context.store, work.session.current()));
  return trail.filter(({ kind, lineIndex }) => kind === "not_landed" && lineIndex === work.index).length;
}
