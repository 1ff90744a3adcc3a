import { describe, expect, test } from "vitest";
import { ADAPTERS, type Adapter } from "./azure-cloud.js";
import { type AzureWorld, azureEngine, MINUTE } from "./azure-engine.js";

const YEAR_OF_MINUTES = 366 * 24 * 60;

/** A line in doubt whose one request bought something that nobody was told of, and the order that it made. */
async function inDoubt(adapter: Adapter) {
  const world = await azureEngine(adapter);
  await world.fault({ kind: "reset-after" });
  await world.engine.run(world.id);
  const [purchase] = await world.purchases();
  return { world, id: purchase?.commitmentId ?? expect.unreachable("nothing was bought") };
}

/** Asserts that the one order is all that was ever asked for, also after many more ticks. */
async function expectNothingMore(world: AzureWorld, id: string): Promise<void> {
  await world.ticks();
  expect(await world.sent()).toHaveLength(1);
  expect((await world.purchases()).map(({ commitmentId }) => commitmentId)).toEqual([id]);
}

const retryRefusal = (world: AzureWorld, id: string) =>
  world.engine.retry(id, { requestedBy: "ann" }).then(
    () => "taken",
    ({ code }: { readonly code: string }) => code,
  );

describe.each(ADAPTERS)("while a line of $name is in doubt, its order", (adapter) => {
  const isPlan = adapter.order === "GetSavingsPlanOrder";

  test.each(["Succeeded", "state-of-tomorrow"])("that is %s is the line's", async (state) => {
    const { world, id } = await inDoubt(adapter);
    await world.setState(id, state);
    await world.ticks();
    expect(await world.line()).toMatchObject({ state: "committed", commitment: { commitmentIds: [id] } });
    expect((await world.line())?.commitment).not.toHaveProperty("over");
    await expectNothingMore(world, id);
  });

  test.each(["Creating", "PendingBilling", "ConfirmedWordOfTomorrow"])(
    "that is %s is waited for, and named meanwhile",
    async (state) => {
      const { world, id } = await inDoubt(adapter);
      await world.setState(id, state);
      await world.ticks();
      expect(await world.line()).toMatchObject({
        state: "in_doubt",
        doubt: { candidates: [id], noResend: true, reason: expect.stringContaining(state) },
      });
      await expectNothingMore(world, id);
      await world.setState(id, "Succeeded");
      await world.ticks();
      expect(await world.line()).toMatchObject({ state: "committed", commitment: { commitmentIds: [id] } });
    },
  );

  test.each(isPlan ? ["Failed"] : ["Failed", "BillingFailed"])(
    "that is %s rejects the line by that code, and a retry by a person buys under the next name",
    async (state) => {
      const { world, id } = await inDoubt(adapter);
      await world.setState(id, state);
      await world.ticks();
      expect(await world.line()).toMatchObject({
        state: "rejected",
        rejection: { code: state, message: expect.stringContaining(id), details: { commitmentIds: [id] } },
      });
      await expectNothingMore(world, id);
      const second = await world.retried(world.id);
      await world.engine.run(second);
      await world.ticks();
      expect(await world.line(second)).toMatchObject({ state: "committed" });
      expect((await world.purchases()).map(({ token }) => token)).toEqual(world.names.slice(0, 2));
    },
  );

  test.each([
    ["Split", "split into other reservations"],
    ["Merged", "merged into another reservation"],
  ])("that is %s was bought, and what became of it is recorded", async (state, became) => {
    const { world, id } = await inDoubt(adapter);
    await world.setState(id, state);
    await world.ticks();
    expect(await world.line()).toMatchObject({
      state: "committed",
      commitment: { commitmentIds: [id], over: { state, became } },
    });
    expect(await world.status()).toBe("completed");
    await expectNothingMore(world, id);
  });

  test("whose whole term passed meanwhile was bought, and is never bought again", async () => {
    const { world, id } = await inDoubt(adapter);
    world.clock.advance(2 * YEAR_OF_MINUTES * MINUTE);
    await world.ticks();
    expect(await world.line()).toMatchObject({
      state: "committed",
      commitment: { commitmentIds: [id], over: { state: "Expired" } },
    });
    await expectNothingMore(world, id);
  });

  test.each(["Cancelled", "Expired"])(
    "that is %s is left to a person, and no retry buys again where a person errs",
    async (state) => {
      const { world, id } = await inDoubt(adapter);
      await world.setState(id, state);
      await world.ticks();
      expect(await world.line()).toMatchObject({
        state: "in_doubt",
        doubt: { needsPerson: true, candidates: [id], reason: expect.stringContaining(state) },
      });
      expect(await retryRefusal(world, world.id)).not.toBe("taken");
      const evidence = { note: "the portal shows nothing" };
      await world.engine.resolve(world.id, 0, { outcome: "rejected", resolvedBy: "ann", evidence });
      const second = await world.retried(world.id);
      await world.engine.run(second);
      await world.ticks();
      expect(await world.line(second)).toMatchObject({
        state: "in_doubt",
        doubt: { needsPerson: true, candidates: [id] },
      });
      await expectNothingMore(world, id);
    },
  );

  test("that is Cancelled is the line's where a person says so, and is at peace then", async () => {
    const { world, id } = await inDoubt(adapter);
    await world.setState(id, "Cancelled");
    await world.ticks();
    const evidence = { commitmentIds: [id], note: "it was returned" };
    await world.engine.resolve(world.id, 0, { outcome: "committed", resolvedBy: "ann", evidence });
    expect(await world.line()).toMatchObject({ state: "committed", commitment: { commitmentIds: [id] } });
    await expectNothingMore(world, id);
  });
});
