import { describe, expect, test } from "vitest";
import type { AwsRedshiftRequest } from "../../../src/domain/commitment-request/aws-redshift.js";
import { DAY, type DoubtWorld, doubtWorld, SETTLE_WAIT } from "./doubt-world.js";
import { ADAPTERS, type Adapter, adapterOf, preparedPurchase } from "./every-adapter.js";
import { context, TOKEN } from "./simulated-line.js";

const REDSHIFT = adapterOf("aws.redshift");
const FOR_EVER = 1_000_000;

/** Has every listing of commitments leave fields out from now on, by their names on the wire. */
const leaveOut = (world: DoubtWorld, { listing }: Adapter, ...fields: readonly string[]): Promise<void> =>
  world.fault({ operation: listing, kind: "leave-out", fields, times: FOR_EVER });

describe("two Redshift lines of one basket, all upfront and no upfront, while listings leave recurring charges out", () => {
  const upfront = REDSHIFT.request as AwsRedshiftRequest;
  const byTheHour: AwsRedshiftRequest = {
    ...upfront,
    payment: "no_upfront",
    expectedPrice: { amount: "11986.8336", currency: "USD" },
  };

  /** The first request is lost, the second lands and its reply is lost. */
  async function crossed(...fields: readonly string[]) {
    const world = await doubtWorld(REDSHIFT);
    const id = await world.approved(upfront, byTheHour);
    await leaveOut(world, REDSHIFT, ...fields);
    await world.fault({ operation: REDSHIFT.purchase, kind: "reset-before" });
    await world.fault({ operation: REDSHIFT.purchase, kind: "reset-after" });
    await world.engine.run(id);
    return { world, id };
  }

  /** The offering of each line, by the cloud's books. */
  async function offeringsOf(world: DoubtWorld, id: string) {
    const bought = await world.purchases();
    return (await world.found(id)).lines.map(({ commitment, prepared }) => ({
      bought: bought.find(({ commitmentId }) => commitment?.commitmentIds.includes(commitmentId))?.offeringId,
      wanted: prepared?.reference,
    }));
  }

  test("wait for each other, and each ends with its own, by the offering that its purchase states", async () => {
    const { world, id } = await crossed("RecurringCharges");
    expect(await world.sent()).toHaveLength(1);
    await world.pass(4 * SETTLE_WAIT);
    expect(await world.found(id)).toMatchObject({ status: "completed" });
    const ids = (await world.found(id)).lines.flatMap(({ commitment }) => commitment?.commitmentIds ?? []);
    expect(new Set(ids)).toEqual(new Set((await world.purchases()).map(({ commitmentId }) => commitmentId)));
    expect(ids).toHaveLength(2);
    for (const { bought, wanted } of await offeringsOf(world, id)) expect(bought).toBe(wanted);
    // One was lost, two landed.
    expect(await world.sent()).toHaveLength(3);
  });

  test("leave it to a person where not even the offering is stated, and nothing is bought twice", async () => {
    const { world, id } = await crossed("RecurringCharges", "ReservedNodeOfferingId");
    await world.pass(4 * SETTLE_WAIT);
    const lines = (await world.found(id)).lines;
    const doubted = lines.find(({ state }) => state === "in_doubt");
    const [landed] = await world.purchases();
    expect(doubted?.doubt).toMatchObject({
      needsPerson: true,
      candidates: [landed?.commitmentId],
      reason: expect.stringContaining("payment is not stated"),
    });
    const evidence = { commitmentIds: [landed?.commitmentId ?? ""] };
    await world.engine.resolve(id, doubted?.index ?? -1, { resolvedBy: "ann", outcome: "committed", evidence });
    await world.pass(2 * SETTLE_WAIT);
    expect(await world.found(id)).toMatchObject({ status: "completed" });
    expect(await world.purchases()).toHaveLength(2);
  });
});

const CASES = ADAPTERS.flatMap((adapter) =>
  [...adapter.optional.map((field) => [field]), adapter.optional].map(
    (left) => [adapter.service, left, adapter] as const,
  ),
);

describe("a line whose reply is lost, while listings leave something out", { timeout: 30_000 }, () => {
  test.each(CASES)(
    "(%s: %j) is its own purchase's or a person's, and is not bought again",
    async (_service, left, adapter) => {
      const world = await doubtWorld(adapter);
      const { id, commitmentId } = await world.replyLost();
      await leaveOut(world, adapter, ...left);
      await world.pass(3 * SETTLE_WAIT);
      const { state, commitment, doubt } = await world.line(id);
      expect(["committed", "in_doubt"]).toContain(state);
      if (state === "committed") expect(commitment?.commitmentIds).toEqual([commitmentId]);
      else expect(doubt).toMatchObject({ needsPerson: true, candidates: [commitmentId] });
      expect(await world.sent()).toHaveLength(1);
      expect(await world.purchases()).toHaveLength(1);
      if (state === "committed") return;
      const evidence = { commitmentIds: [commitmentId] };
      await world.engine.resolve(id, 0, { resolvedBy: "ann", outcome: "committed", evidence });
      expect(await world.found(id)).toMatchObject({ status: "completed" });
    },
  );

  test.each(CASES)(
    "(%s: %j) is not taken for one that never landed a year later either",
    async (_service, left, adapter) => {
      const world = await doubtWorld(adapter);
      const { id } = await world.replyLost();
      await leaveOut(world, adapter, ...left);
      await world.standStill(366 * DAY);
      expect(["committed", "in_doubt"]).toContain((await world.line(id)).state);
      expect(await world.sent()).toHaveLength(1);
    },
  );
});

describe("a purchase that carries the line's token or name, while a listing leaves something else out", () => {
  const carriers = ["tagSet", "tags", "ReservationName"];
  const cases = CASES.map(([service, left, adapter]) => {
    return [service, left.filter((field) => !carriers.includes(field)), adapter] as const;
  }).filter(([service, left]) => left.length > 0 && !service.startsWith("aws.redshift"));

  test.each(cases)("(%s: %j) differs in nothing", async (_service, fields, adapter) => {
    const { provider, prepared, purchase, simulator } = await preparedPurchase(adapter);
    const outcome = await purchase();
    if (outcome.kind !== "committed") throw new Error(`not bought: ${JSON.stringify(outcome)}`);
    const asked = context({ prepared });
    await provider.label?.({ adopted: false, ...outcome.commitment }, TOKEN, { ...asked, request: adapter.request });
    await simulator.faults.add({ operation: adapter.listing, kind: "leave-out", fields: [...fields] });
    expect(await provider.lookup(adapter.request, TOKEN, asked)).toMatchObject({
      commitmentIds: outcome.commitment.commitmentIds,
      differences: [],
    });
  });
});
