import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { systemClock } from "../../../src/domain/clock.js";
import { createPurchaseEngine, silentLogger } from "../../../src/index.js";
import { simulatedCloud } from "../../../src/testing/simulated-cloud.js";
import { changeOf, created, moved } from "../../../src/testing/store-contract/steps.js";
import { CONTRACT } from "../../support/purchase-fixture.js";
import { type FeedWorld, named, restOf } from "./feed-world.js";
import { type SeededRandom, seededRandom } from "./seeded-random.js";

const WRITERS = 4;
const ACTIONS = 25;
const OFTEN = ["create", "change", "change", "change", "transaction", "transaction", "remove"] as const;

/** What writers share: the executions that they change. */
interface Written {
  readonly ids: string[];
  readonly removed: Set<string>;
}

/** Creates, changes and removes executions, alone and in transactions that pause before they end, one way or the other. */
async function write(world: FeedWorld, { ids, removed }: Written, random: SeededRandom): Promise<void> {
  const someIds = (count: number) =>
    [...new Set(Array.from({ length: count }, () => ids[random.below(ids.length)] ?? ""))].toSorted();
  const actions = {
    create: async () => {
      ids.push((await created(world.store)).id);
    },
    change: async () => {
      for (const id of someIds(1)) await world.store.commit(changeOf({ id }));
    },
    transaction: async () => {
      const open = await world.begin();
      const fresh = random.chance(0.5) ? [(await created(open.store)).id] : [];
      for (const id of [...someIds(3), ...fresh]) await open.store.commit(changeOf({ id }));
      if (random.chance(0.2)) await open.reader.feed({ limit: 1 });
      await sleep(random.below(15));
      const how = random.chance(0.7) ? "commit" : "rollback";
      await open.end(how);
      if (how === "commit") ids.push(...fresh);
    },
    remove: async () => {
      const execution = await world.store.get(someIds(1)[0] ?? "");
      if (execution === undefined || ids.length < 5) return;
      const { id, version } = execution;
      if (await world.store.remove({ executions: [{ executionId: id, version }], notBefore: 0 })) removed.add(id);
    },
  };
  for (let action = 0; action < ACTIONS; action += 1) await actions[random.pick(OFTEN)]();
}

/** Pages through the feed until nothing is written any more. */
async function follow({ reader }: FeedWorld, limit: number, isWritten: () => boolean) {
  const seen: string[] = [];
  let place: { after?: string } = {};
  for (let isLast = false; ; ) {
    const page = await reader.feed({ ...place, limit });
    seen.push(...named(page.events));
    place = { after: page.cursor };
    if (page.more) continue;
    if (isLast) return { seen, after: page.cursor };
    isLast = isWritten();
    await sleep(1);
  }
}

/** Drains a consumer whose handler fails now and then, until nothing is written any more. */
async function drain({ reader }: FeedWorld, seen: string[], { random, isWritten }: Draining): Promise<void> {
  const { provider } = simulatedCloud({ contract: CONTRACT.native, clock: systemClock });
  const engine = createPurchaseEngine({ store: reader, providers: [provider], logger: silentLogger });
  for (let isLast = false; ; ) {
    const report = await engine
      .drainEvents("mail", async (event) => {
        if (random.chance(0.05)) throw new Error("no mail");
        if (random.chance(0.2)) await sleep(1);
        seen.push(...named([event]));
      })
      .catch(() => ({ more: true }));
    if (report.more) continue;
    if (isLast) return;
    isLast = isWritten();
    await sleep(1);
  }
}

interface Draining {
  readonly random: SeededRandom;
  isWritten(): boolean;
}

/** The events that are stored, and not in a transaction that is still open. */
async function stored({ pool, schema }: FeedWorld): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query(`select execution_id || ' ' || version as name from ${schema}.events`);
  return new Set(rows.map(({ name }) => name));
}

/** Asserts that each trail is in its order. */
function assertTrails(seen: readonly string[]): void {
  const last = new Map<string, number>();
  for (const name of seen) {
    const [id = "", version] = name.split(" ");
    expect(Number(version), `${name} after version ${last.get(id)}`).toBe((last.get(id) ?? 0) + 1);
    last.set(id, Number(version));
  }
}

/**
 * Lets writers, readers and rounds of a consumer race, and judges by the stored events what they have seen: nothing is
 * skipped, held up, inverted or lost.
 */
export async function playFeed(world: FeedWorld, seed: number): Promise<void> {
  const random = (part: number) => seededRandom(seed * 100 + part);
  const shared: Written = {
    ids: [(await created(world.store)).id, (await created(world.store)).id],
    removed: new Set(),
  };
  const held = await created(world.store);
  const open = await world.begin();
  await moved(open.store, changeOf(held));
  let isDone = false;
  const isWritten = () => isDone;
  const drained: string[] = [];
  const writing = Promise.all(
    Array.from({ length: WRITERS }, (_, writer) => write(world, shared, random(writer))),
  ).finally(() => {
    isDone = true;
  });
  const following = Promise.all([1_000, 3, 17].map((limit) => follow(world, limit, isWritten)));
  const draining = Promise.all([1, 2].map((part) => drain(world, drained, { random: random(10 + part), isWritten })));
  await writing;
  const [readers] = [await following, await draining];

  // The transaction that was opened before everything else is open still, and nobody waits for it.
  const before = await stored(world);
  const kept = (names: Iterable<string>) => [...names].filter((name) => before.has(name));
  const order = named((await restOf(world.reader)).events);
  expect(new Set(order)).toEqual(before);
  for (const { seen } of readers) {
    expect(new Set(seen).size).toBe(seen.length);
    expect(kept(seen)).toEqual(order);
    expect(seen.filter((name) => !before.has(name) && !shared.removed.has(name.split(" ")[0] ?? ""))).toEqual([]);
  }
  assertTrails(order);
  expect(kept(new Set(drained))).toEqual(order);

  await open.end("commit");
  for (const { after } of readers)
    expect(named((await restOf(world.reader, { after })).events)).toEqual([`${held.id} 2`]);
  expect(named((await restOf(world.reader)).events)).toEqual([...order, `${held.id} 2`]);
}
