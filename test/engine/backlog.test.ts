import { expect, test } from "vitest";
import { BuyonceError } from "../../src/domain/errors.js";
import type { CommitmentProvider } from "../../src/providers/commitment-provider.js";
import { CONTRACT, type PurchaseFixture, purchaseFixture, simulatedLine } from "../support/purchase-fixture.js";

const BACKLOG = 120;
const DENIED = "denied";
/** Longer than any of these pauses. */
const PAST_ALL_PAUSES_MS = 3_600_000;

/** The provider, to which one account is closed. */
const withDeniedAccount = (provider: CommitmentProvider): CommitmentProvider => ({
  ...provider,
  async prepare(request, token, context) {
    if (request.account === DENIED) throw new BuyonceError("LOOKUP_FAILED", "AccessDenied");
    return await provider.prepare(request, token, context);
  },
});

/** Executions of the denied account that have all been tried, and are all due again. */
async function withBacklog(concurrency: number) {
  const fixture: PurchaseFixture = purchaseFixture(CONTRACT.native);
  const engine = fixture.another({ providers: [withDeniedAccount(fixture.cloud.provider)], concurrency });
  const ids: string[] = [];
  for (let count = 0; count < BACKLOG; count += 1)
    ids.push(await fixture.approved([simulatedLine({ account: DENIED, region: `r${count}` })]));
  await engine.tick({ limit: BACKLOG });
  fixture.clock.advance(PAST_ALL_PAUSES_MS);
  /** How many of them have been tried again. */
  const triedAgain = async () => {
    const trails = await Promise.all(ids.map((id) => fixture.store.events(id)));
    return trails.filter((trail) => trail.filter(({ kind }) => kind === "claimed").length > 1).length;
  };
  return { ...fixture, engine, triedAgain };
}

test.each([
  { concurrency: 1, limit: 1 },
  { concurrency: 1, limit: 10 },
  { concurrency: 4, limit: 4 },
  { concurrency: 4, limit: 50 },
  { concurrency: 32, limit: 10 },
])(
  "fresh work is bought in the next round of $limit, $concurrency at a time, whatever failed before",
  async ({ concurrency, limit }) => {
    const { engine, approved, cloud, store } = await withBacklog(concurrency);
    const id = await approved();
    expect(await engine.tick({ limit })).toMatchObject({ ran: limit, more: true });
    expect(await store.get(id)).toMatchObject({ status: "completed" });
    expect(cloud.ledger()).toHaveLength(1);
  },
);

test.each([
  { concurrency: 1, limit: 2 },
  { concurrency: 4, limit: 10 },
  { concurrency: 32, limit: 10 },
])(
  "what failed before is tried again however much fresh work there is ($limit, $concurrency at a time)",
  async ({ concurrency, limit }) => {
    const { engine, approved, triedAgain } = await withBacklog(concurrency);
    const isTriedAgain: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      for (let count = 0; count < limit; count += 1) await approved([simulatedLine({ region: `f${round}-${count}` })]);
      await engine.tick({ limit });
      isTriedAgain.push(await triedAgain());
    }
    const each = Math.min(Math.ceil(concurrency / 2), limit / 2);
    expect(isTriedAgain).toEqual([each, 2 * each, 3 * each]);
  },
);

test("an execution that a long round has tried and handed back is not reaped by that round", async () => {
  const fixture = purchaseFixture(CONTRACT.native);
  const { clock, store, cloud, approved } = fixture;
  const slow: CommitmentProvider = {
    ...cloud.provider,
    async lookup() {
      // Each answer takes most of its time limit, and none helps.
      clock.advance(50_000);
      throw new Error("the cloud is down");
    },
  };
  const engine = fixture.another({ providers: [slow], concurrency: 1 });
  const ids: string[] = [];
  for (let count = 0; count < 30; count += 1) ids.push(await approved([simulatedLine({ region: `r${count}` })]));
  const report = await engine.tick();
  expect(report).toMatchObject({ ran: 30, reaped: { found: 0, reaped: 0 } });
  const statuses = await Promise.all(ids.map(async (id) => (await store.get(id))?.status));
  expect(new Set(statuses)).toEqual(new Set(["approved"]));
});
