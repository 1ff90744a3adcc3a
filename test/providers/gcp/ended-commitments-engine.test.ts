import type { GcpSimulatorOptions } from "buyonce/simulator";
import { expect, test } from "vitest";
import { silentLogger } from "../../../src/domain/logger.js";
import { createPurchaseEngine } from "../../../src/engine/purchase-engine.js";
import type { GcpClients } from "../../../src/providers/gcp/gcp-clients.js";
import { memoryStore } from "../../../src/stores/memory/memory-store.js";
import { UNGUARDED } from "../../support/unguarded.js";
import { computeRequest, PROJECT, REGION, TYPE } from "./compute-line.js";
import { CALL, clientsOf, insertByHand, providerOf, seen, simulated } from "./simulated-line.js";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Past the longest life of a request, the lag of listings and the skew of clocks. */
const WAIT_MS = 67 * MINUTE_MS;
const INSERT = "InsertCommitment";

const withoutList = ({ commitments, ...others }: GcpClients): GcpClients => ({
  ...others,
  commitments: { get: commitments.get.bind(commitments), insert: commitments.insert.bind(commitments) },
});

/** A line in doubt whose one insert bought something that nobody was told of. */
async function inDoubt({
  options = {},
  given = (clients) => clients,
}: {
  readonly options?: Omit<GcpSimulatorOptions, "clock">;
  readonly given?: (clients: GcpClients) => GcpClients;
} = {}) {
  const { simulator, clock } = await simulated(options);
  const clients = clientsOf(simulator);
  const store = memoryStore({ clock });
  const providers = [providerOf(given(clients))];
  const engine = createPurchaseEngine({
    ...UNGUARDED,
    store,
    providers,
    clock,
    logger: silentLogger,
  });
  const { id } = await engine.submit({ requestKey: "key", createdBy: "ann", lines: [computeRequest()] });
  await engine.approve(id, { approvedBy: "bob" });
  await simulator.faults.add({ operation: INSERT, kind: "reset-after" });
  expect(await engine.run(id)).toMatchObject({ status: "in_doubt" });
  const [purchase] = await simulator.ledger.purchases();
  const name = purchase?.commitmentId ?? expect.unreachable("nothing was bought");
  return {
    simulator,
    clients,
    engine,
    id,
    name,
    line: async (of = id) => (await store.get(of))?.lines[0],
    status: async (of = id) => (await store.get(of))?.status,
    /** As many ticks as it takes, the settle wait among them. */
    async ticks() {
      for (let round = 0; round < 4; round += 1) {
        clock.advance(WAIT_MS);
        await engine.tick();
      }
    },
    /** The inserts of the line: a person's are named otherwise. */
    sent: async () => (await seen(simulator, INSERT)).filter(({ params }) => String(params["name"]).startsWith(name)),
    /** A retry by a person, approved by another and run. */
    async retried(of = id) {
      const successor = await engine.retry(of, { requestedBy: "ann" });
      await engine.approve(successor.id, { approvedBy: "bob" });
      await engine.run(successor.id);
      return successor.id;
    },
    saidNotBought: (of = id) =>
      engine.resolve(of, 0, {
        outcome: "rejected",
        resolvedBy: "ann",
        evidence: { note: "the console shows it as cancelled" },
      }),
  };
}

type World = Awaited<ReturnType<typeof inDoubt>>;

/** Asserts that the one insert is all that was ever sent for the line, also after many more ticks. */
async function expectNothingMore(world: World): Promise<void> {
  await world.ticks();
  expect(await world.sent()).toHaveLength(1);
  const bought = (await world.simulator.ledger.purchases()).map(({ commitmentId }) => commitmentId);
  expect(bought.filter((name) => name.startsWith(world.name))).toEqual([world.name]);
}

const sized = (vcpu: number) => [
  { type: "VCPU", amount: String(vcpu) },
  { type: "MEMORY", amount: String(4_096 * vcpu) },
];

/** A person makes a commitment out of others, and it takes effect. */
async function madeByHand({ clients, simulator }: World, name: string, vcpu: number, sources: object): Promise<void> {
  const plain = { plan: "TWELVE_MONTH", category: "MACHINE", autoRenew: false, description: "" };
  const commitmentResource = { ...plain, name, type: TYPE, resources: sized(vcpu), ...sources };
  const asked = { project: PROJECT, region: REGION, requestId: crypto.randomUUID(), commitmentResource };
  await clients.commitments.insert(asked, CALL);
  await simulator.clock.advance(DAY_MS);
}

async function mergedByHand(world: World): Promise<void> {
  await insertByHand(world.clients, "other");
  await madeByHand(world, "merged", 8, { mergeSourceCommitments: [world.name, "other"] });
}

test("a commitment that somebody merged while the line was in doubt was bought, and no retry buys another", async () => {
  const world = await inDoubt();
  await mergedByHand(world);
  await world.ticks();
  expect(await world.line()).toMatchObject({
    state: "committed",
    commitment: { commitmentIds: [world.name], over: { state: "CANCELLED", became: "merged into merged" } },
  });
  expect(await world.status()).toBe("completed");
  await expect(world.engine.retry(world.id, { requestedBy: "ann" })).rejects.toThrow();
  await expectNothingMore(world);
});

test("a commitment that was merged is never bought again by a retry, also where the clients cannot list and a person errs", async () => {
  const world = await inDoubt({ given: withoutList });
  await mergedByHand(world);
  await world.ticks();
  const unclear = { state: "in_doubt", doubt: { needsPerson: true, candidates: [world.name] } };
  expect(await world.line()).toMatchObject(unclear);
  expect((await world.line())?.doubt?.reason).toContain("CANCELLED");
  await world.saidNotBought();
  const second = await world.retried();
  await world.ticks();
  expect(await world.line(second)).toMatchObject(unclear);
  await world.saidNotBought(second);
  const third = await world.retried(second);
  await world.ticks();
  expect(await world.line(third)).toMatchObject(unclear);
  await expectNothingMore(world);
});

test("a commitment that was cancelled by hand is left to a person, who is believed that it was bought", async () => {
  const world = await inDoubt();
  await world.simulator.states.set(world.name, "CANCELLED");
  await world.ticks();
  expect(await world.line()).toMatchObject({ state: "in_doubt", doubt: { needsPerson: true } });
  const evidence = { commitmentIds: [world.name], note: "support cancelled it" };
  await world.engine.resolve(world.id, 0, { outcome: "committed", resolvedBy: "ann", evidence });
  expect(await world.line()).toMatchObject({ state: "committed", commitment: { commitmentIds: [world.name] } });
  await expectNothingMore(world);
});

test("a commitment that was merged stays in doubt while the listing is denied, and is adopted once it is allowed", async () => {
  const world = await inDoubt();
  await mergedByHand(world);
  const denial = { operation: "ListCommitments", kind: "error", code: "forbidden", status: 403, times: 1_000 } as const;
  await world.simulator.faults.add(denial);
  await world.ticks();
  expect(await world.line()).toMatchObject({ state: "in_doubt", lastError: { code: "PERMISSION_DENIED" } });
  await world.simulator.faults.clear();
  await world.ticks();
  expect(await world.line()).toMatchObject({ state: "committed", commitment: { over: { state: "CANCELLED" } } });
  await expectNothingMore(world);
});

test("a commitment that somebody split while the line was in doubt is the line's", async () => {
  const world = await inDoubt();
  await madeByHand(world, "part", 1, { splitSourceCommitment: world.name });
  await world.ticks();
  expect(await world.line()).toMatchObject({ state: "committed", commitment: { commitmentIds: [world.name] } });
  await expectNothingMore(world);
});

test("a commitment whose whole term passed while the line was in doubt was bought, and is never bought again", async () => {
  const world = await inDoubt();
  await world.simulator.clock.advance(2 * 366 * DAY_MS);
  await world.simulator.states.set(world.name, "EXPIRED");
  await world.ticks();
  expect(await world.line()).toMatchObject({
    state: "committed",
    commitment: { commitmentIds: [world.name], over: { state: "EXPIRED" } },
  });
  await expectNothingMore(world);
});

test.each(["ACTIVE", "STATE_OF_TOMORROW"])("a commitment that is %s is the line's", async (state) => {
  const world = await inDoubt();
  await world.simulator.states.set(world.name, state);
  await world.ticks();
  expect(await world.line()).toMatchObject({ state: "committed", commitment: { commitmentIds: [world.name] } });
  await expectNothingMore(world);
});

test("a commitment that is being created is waited for, and named meanwhile", async () => {
  const world = await inDoubt();
  await world.simulator.states.set(world.name, "CREATING");
  await world.ticks();
  expect(await world.line()).toMatchObject({ state: "in_doubt", doubt: { candidates: [world.name], noResend: true } });
  await expectNothingMore(world);
  await world.simulator.states.set(world.name, "ACTIVE");
  await world.ticks();
  expect(await world.line()).toMatchObject({ state: "committed" });
});
