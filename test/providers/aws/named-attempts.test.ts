import { describe, expect, test } from "vitest";
import { silentLogger } from "../../../src/domain/logger.js";
import { createPurchaseEngine } from "../../../src/engine/purchase-engine.js";
import { deriveIdempotencyToken } from "../../../src/idempotency/derive-idempotency-token.js";
import { reservationId } from "../../../src/idempotency/token-formats.js";
import { memoryStore } from "../../../src/stores/memory/memory-store.js";
import { manualClock } from "../../../src/testing/manual-clock.js";
import { UNGUARDED } from "../../support/unguarded.js";
import { openedIn, type Trouble } from "./named-cloud.js";
import { NAMED_SERVICES, type NamedService } from "./named-services.js";
import { context, permitFor, seen, simulated } from "./simulated-line.js";

const MINUTE = 60_000;
/** Past the longest life of a request, the lag of listings and the skew of clocks. */
const WAIT = 22 * MINUTE;

/** An engine over a real client, with one clock for store, engine and cloud, and an approved line. */
async function worldOf(service: NamedService, options: { readonly paymentPendingMs?: number } = {}) {
  const clock = manualClock(Date.now());
  const cloud = await simulated({ clock, maxClockSkewMs: 15 * MINUTE, ...options });
  const { simulator } = cloud;
  const store = memoryStore({ clock });
  const { provider } = openedIn(cloud, service);
  const engine = createPurchaseEngine({
    ...UNGUARDED,
    store,
    providers: [provider],
    clock,
    logger: silentLogger,
  });
  const first = await engine.submit({ requestKey: "basket", createdBy: "ann", lines: [service.request] });
  await engine.approve(first.id, { approvedBy: "bob" });
  // What the engine hands out gives no token away.
  const token = deriveIdempotencyToken((await store.get(first.id))?.lineageKey ?? "", 0);
  const name = reservationId("buyonce-", token);
  const operation = service.operations.purchase;
  return {
    engine,
    clock,
    id: first.id,
    names: [name, `${name}-2`, `${name}-3`] as const,
    states: simulator.states,
    fault: (fault: Trouble) => simulator.faults.add({ ...fault, operation }),
    /** The names of the purchases that reached the cloud. */
    sent: async () => (await seen(cloud, operation)).map(({ params }) => params[service.fields.id]),
    ledger: async () => (await simulator.ledger.purchases()).map(({ commitmentId, state }) => [commitmentId, state]),
    /** As many ticks as it takes, the settle wait among them. */
    async ticks() {
      for (let round = 0; round < 5; round += 1) {
        await engine.tick();
        clock.advance(WAIT);
      }
    },
    line: async (id: string) => (await store.get(id))?.lines[0],
    status: async (id: string) => (await store.get(id))?.status,
    /** Buys so many under the line's name, by hand. */
    async takeName(quantity: number) {
      const { amount, currency } = service.request.expectedPrice;
      const expectedPrice = { amount: String((Number(amount) / 2) * quantity), currency };
      const request = { ...service.request, quantity, expectedPrice };
      const prepared = await provider.prepare(request, token, context());
      const outcome = await provider.purchase(permitFor(request, prepared, clock.now()), context());
      expect(outcome.kind).toBe("committed");
    },
    /** A retry by a person, approved by another. */
    async retried(id: string) {
      const successor = await engine.retry(id, { requestedBy: "ann" });
      await engine.approve(successor.id, { approvedBy: "bob" });
      return successor.id;
    },
  };
}
type World = Awaited<ReturnType<typeof worldOf>>;

/** Sends the line's purchase while payments fail, and lets the doubt about it, if there is one, end. */
async function failPayment(
  { engine, fault, ticks, clock }: World,
  id: string,
  answer: "answered" | "lost" = "answered",
): Promise<void> {
  await fault({ kind: "payment-fails" });
  if (answer === "lost") await fault({ kind: "reset-after" });
  await engine.run(id);
  clock.advance(MINUTE);
  await ticks();
}

const UNPAID = { state: "rejected", rejection: { code: "payment-failed" }, unprovedSince: null };

describe.each(NAMED_SERVICES)("a $name line whose payment fails", (service) => {
  test("as the answer says, ends rejected at once and is bought by nobody again", async () => {
    const world = await worldOf(service);
    const { engine, id, names } = world;
    await world.fault({ kind: "payment-fails" });
    expect(await engine.run(id)).toMatchObject({ status: "failed", lines: [UNPAID] });
    await world.ticks();
    expect(await world.status(id)).toBe("failed");
    expect(await world.sent()).toEqual([names[0]]);
    expect(await world.ledger()).toEqual([[names[0], "payment-failed"]]);
  });

  test.each([
    ["while its answer is lost", "reset-after", 0],
    ["while its answer is lost, some time later", "error-500-after", MINUTE],
  ] as const)("%s, ends rejected and is bought by nobody again", async (_when, kind, paymentPendingMs) => {
    const world = await worldOf(service, { paymentPendingMs });
    const { engine, id, names, clock } = world;
    await world.fault({ kind: "payment-fails" });
    await world.fault({ kind });
    expect(await engine.run(id)).toMatchObject({ status: "in_doubt" });
    clock.advance(2 * MINUTE);
    await engine.tick();
    // Another request of the line may still land until the wait is over.
    expect(await world.line(id)).toMatchObject({ state: "in_doubt", doubt: { noResend: true } });
    await world.ticks();
    expect(await world.line(id)).toMatchObject(UNPAID);
    expect(await world.status(id)).toBe("failed");
    const sent = await world.sent();
    await world.ticks();
    expect(await world.sent()).toEqual(sent);
    expect(new Set(sent)).toEqual(new Set([names[0]]));
    expect(await world.ledger()).toEqual([[names[0], "payment-failed"]]);
  });

  test.each([
    ["after its answer said so", "answered"],
    ["after its answer was lost", "lost"],
  ] as const)("is bought under the next name once a person retries it, %s, and once only", async (_when, answer) => {
    const world = await worldOf(service);
    const { engine, id, names } = world;
    await failPayment(world, id, answer);
    const second = await world.retried(id);
    expect(await engine.run(second)).toMatchObject({
      status: "completed",
      lines: [{ state: "committed", commitment: { commitmentIds: [names[1]], adopted: false } }],
    });
    await world.ticks();
    expect(await world.ledger()).toEqual([
      [names[0], "payment-failed"],
      [names[1], "active"],
    ]);
    expect((await world.sent()).filter((name) => name === names[1])).toHaveLength(1);
  });

  test("waits for approval after a retry", async () => {
    const world = await worldOf(service);
    await failPayment(world, world.id);
    await world.engine.retry(world.id, { requestedBy: "ann" });
    await world.ticks();
    expect(await world.ledger()).toEqual([[world.names[0], "payment-failed"]]);
  });

  test.each([
    ["as its answers say", "answered"],
    ["while its answers are lost", "lost"],
  ] as const)("%s, can be retried again and again, each time under one name more", async (_when, answer) => {
    const world = await worldOf(service);
    const { engine, id, names } = world;
    await failPayment(world, id, answer);
    const second = await world.retried(id);
    await failPayment(world, second, answer);
    expect(await world.line(second)).toMatchObject(UNPAID);
    const third = await world.retried(second);
    expect(await engine.run(third)).toMatchObject({
      status: "completed",
      lines: [{ commitment: { commitmentIds: [names[2]] } }],
    });
    await world.ticks();
    expect(await world.ledger()).toEqual([
      [names[0], "payment-failed"],
      [names[1], "payment-failed"],
      [names[2], "active"],
    ]);
  });

  test("whose second answer is lost is adopted under its second name, and no third is tried", async () => {
    const world = await worldOf(service);
    const { engine, id, names } = world;
    await failPayment(world, id);
    const second = await world.retried(id);
    await world.fault({ kind: "reset-after" });
    expect(await engine.run(second)).toMatchObject({ status: "in_doubt" });
    await engine.tick();
    await world.ticks();
    expect(await world.line(second)).toMatchObject({
      state: "committed",
      commitment: { commitmentIds: [names[1]], adopted: true, charge: service.request.expectedPrice },
    });
    expect((await world.sent()).filter((name) => name !== names[0])).toEqual([names[1]]);
    expect(await world.ledger()).toHaveLength(2);
  });
});

describe.each(NAMED_SERVICES)("a retry of a $name line", (service) => {
  /** A line that was refused at first, and its approved retry, which may use two names that nothing has. */
  async function refusedAndRetried() {
    const world = await worldOf(service);
    await world.fault({ kind: "error", code: service.codes.quota, status: 400 });
    expect(await world.engine.run(world.id)).toMatchObject({ status: "failed" });
    return { world, engine: world.engine, names: world.names, second: await world.retried(world.id) };
  }

  test("uses the first name while nothing has it", async () => {
    const { world, engine, names, second } = await refusedAndRetried();
    expect(await engine.run(second)).toMatchObject({ lines: [{ commitment: { commitmentIds: [names[0]] } }] });
    await world.ticks();
    expect(await world.ledger()).toEqual([[names[0], "active"]]);
  });

  test.each([
    ["an answer says", "answered"],
    ["a lookup shows", "lost"],
  ] as const)(
    "leaves the name that it unlocked to the next retry where %s that the payment failed",
    async (_how, answer) => {
      const { world, engine, names, second } = await refusedAndRetried();
      await failPayment(world, second, answer);
      expect(await world.line(second)).toMatchObject(UNPAID);
      expect(await world.ledger()).toEqual([[names[0], "payment-failed"]]);
      const third = await world.retried(second);
      expect(await engine.run(third)).toMatchObject({ lines: [{ commitment: { commitmentIds: [names[1]] } }] });
      expect(await world.ledger()).toEqual([
        [names[0], "payment-failed"],
        [names[1], "active"],
      ]);
    },
  );

  test("adopts what the first name turns out to have bought", async () => {
    const world = await worldOf(service);
    const { engine, id, names } = world;
    await failPayment(world, id);
    const second = await world.retried(id);
    // AWS took the payment after all.
    await world.states.set(names[0], "active");
    expect(await engine.run(second)).toMatchObject({
      status: "completed",
      lines: [{ commitment: { commitmentIds: [names[0]], adopted: true } }],
    });
    expect(await world.ledger()).toEqual([[names[0], "active"]]);
  });
});

describe.each(NAMED_SERVICES)("a $name line", (service) => {
  test.each(["reset-after", "error-500-after", "cut-body", "empty-body", "garbage-body"] as const)(
    "whose answer is lost by %s is adopted by the next tick, without another request",
    async (kind) => {
      const world = await worldOf(service);
      const { engine, id, names } = world;
      await world.fault({ kind });
      expect(await engine.run(id)).toMatchObject({ status: "in_doubt" });
      await world.ticks();
      expect(await world.line(id)).toMatchObject({
        state: "committed",
        commitment: { commitmentIds: [names[0]], adopted: true, charge: service.request.expectedPrice },
      });
      expect(await world.sent()).toEqual([names[0]]);
      expect(await world.ledger()).toEqual([[names[0], "active"]]);
    },
  );

  test("whose name somebody else has taken is rejected, and nothing is sent", async () => {
    const world = await worldOf(service);
    const { engine, id } = world;
    await world.takeName(3);
    expect(await engine.run(id)).toMatchObject({
      status: "failed",
      lines: [{ state: "rejected", rejection: { code: "COMMITMENT_CONFLICT" } }],
    });
    await world.ticks();
    expect(await world.sent()).toHaveLength(1);
  });

  test("whose name is taken by something else after its request was lost waits for a person", async () => {
    const world = await worldOf(service);
    const { engine, id, names } = world;
    await world.fault({ kind: "reset-before" });
    expect(await engine.run(id)).toMatchObject({ status: "in_doubt" });
    await world.takeName(3);
    const sent = await world.sent();
    await world.ticks();
    expect(await world.line(id)).toMatchObject({
      state: "in_doubt",
      doubt: { needsPerson: true, candidates: [names[0]], reason: expect.stringContaining("expected 2, found 3") },
    });
    expect(await world.sent()).toEqual(sent);
  });

  test("whose request lands while it is sent again is bought once", async () => {
    const world = await worldOf(service);
    const { engine, id, names, clock } = world;
    await world.fault({ kind: "delay-landing", ms: 10 * MINUTE });
    expect(await engine.run(id)).toMatchObject({ status: "in_doubt" });
    await world.ticks();
    clock.advance(10 * MINUTE);
    await world.ticks();
    expect(await world.line(id)).toMatchObject({ state: "committed", commitment: { commitmentIds: [names[0]] } });
    expect(await world.ledger()).toEqual([[names[0], "active"]]);
    expect((await world.sent()).length).toBeGreaterThan(1);
  });
});
