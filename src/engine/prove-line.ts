import { providerOf } from "../domain/commitment-request/commitment-request.js";
import { messageOf } from "../domain/errors.js";
import type { PurchaseLine } from "../domain/execution.js";
import type { InventoryItem } from "../providers/commitment-provider.js";
import { adoptExisting, adoptOrDoubt } from "./adopt.js";
import { inDoubt, plannedAgain, troubled } from "./decide-outcome.js";
import { type LineWork, lineOf, writeDecision } from "./line-work.js";
import { matchInventory } from "./match-inventory.js";
import { settleWaitEnds } from "./settle-wait.js";

/**
 * Ends the doubt about a line without sending anything: adopts its commitment, or proves that none landed.
 *
 * Presence counts at any time; absence only when the settle wait had ended, by the store's clock, before we looked.
 */
export async function proveLine(work: LineWork): Promise<void> {
  const line = lineOf(work);
  const waited = work.session.current().updatedAt > settleWaitEnds(line, work.provider.idempotency);
  try {
    const existing = await work.provider.lookup(line.request, work.token, work.providerContext);
    if (existing !== undefined) return await adoptExisting(work, existing);
    if (!waited) return;
    if (work.provider.idempotency.kind === "none" && line.prepared !== null) return await proveByInventory(work, line);
  } catch (thrown) {
    await writeDecision(work, (now) => troubled(now, { code: "LOOKUP_FAILED", message: messageOf(thrown) }));
    return;
  }
  await notLanded(work, "no commitment carries the line's token after the settle wait");
}

async function proveByInventory(work: LineWork, line: PurchaseLine): Promise<void> {
  const inventory = (await work.provider.inventory?.(line.request, work.providerContext)) ?? [];
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
  const claims = await work.context.store.claims({
    cloud: providerOf(line.request.service),
    account: line.request.account,
    commitmentIds: inventory.map((item) => item.commitmentId),
  });
  return new Set(claims.map((claim) => claim.commitmentId));
}

const adoptable = (items: readonly InventoryItem[]) => ({
  commitmentIds: items.map((item) => item.commitmentId),
  startedAt: Math.min(...items.map((item) => item.startedAt)),
  adopted: true,
});

async function notLanded(work: LineWork, reason: string): Promise<void> {
  await writeDecision(work, (line) => plannedAgain(line, "not_landed", reason));
}
