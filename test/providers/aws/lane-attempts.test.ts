import { describe, expect, test } from "vitest";
import { deriveIdempotencyToken } from "../../../src/idempotency/derive-idempotency-token.js";
import { uuidV4Shaped } from "../../../src/idempotency/token-formats.js";
import { type LaneService, REDSHIFT, SERVERLESS } from "./lane-services.js";
import { laneWorld, MINUTE, SETTLE_WAIT } from "./lane-world.js";

const UNPAID = { state: "rejected", rejection: { code: "payment-failed" }, unprovedSince: null };

/** An approved line of a service, whose next payment fails. */
async function unpaid(service: LaneService) {
  const world = await laneWorld(service);
  const { engine, simulator } = world;
  const id = await world.approved(service.request);
  await world.fault("purchase", { kind: "payment-fails" });
  return {
    ...world,
    id,
    states: async () => (await simulator.ledger.purchases()).map(({ state }) => state),
    /** What a retry by a person, approved by another, becomes. */
    async retried(failed: string) {
      const successor = await engine.retry(failed, { requestedBy: "ann" });
      await engine.approve(successor.id, { approvedBy: "bob" });
      return engine.run(successor.id);
    },
  };
}

describe.each([REDSHIFT, SERVERLESS])("a $name line whose answer says that its payment failed", (service) => {
  test("ends rejected at once, and nothing more is bought", async () => {
    const { engine, id, pass, found, asked, states } = await unpaid(service);
    expect(await engine.run(id)).toMatchObject({ status: "failed", lines: [UNPAID] });
    await pass(2 * SETTLE_WAIT);
    expect(await found(id)).toMatchObject({ status: "failed", lines: [UNPAID] });
    expect(await asked("purchase")).toHaveLength(1);
    expect(await states()).toEqual(["payment-failed"]);
  });

  test("is bought once when a person retries it", async () => {
    const { engine, id, pass, found, retried, asked, boughtIds, states } = await unpaid(service);
    await engine.run(id);
    const successor = await retried(id);
    expect(successor).toMatchObject({ status: "completed", lines: [{ commitment: { adopted: false } }] });
    await pass(2 * SETTLE_WAIT);
    expect(await states()).toEqual(["payment-failed", "active"]);
    expect((await found(successor.id)).lines[0]?.commitment?.commitmentIds).toEqual((await boughtIds()).slice(1));
    expect(await asked("purchase")).toHaveLength(2);
  });
});

describe.each([REDSHIFT, SERVERLESS])("a $name line whose reply is lost and whose payment failed", (service) => {
  test("ends rejected after the settle wait, and is not bought again without a person", async () => {
    const { engine, id, fault, pass, found, asked, states } = await unpaid(service);
    await fault("purchase", { kind: "reset-after" });
    expect(await engine.run(id)).toMatchObject({ status: "in_doubt" });
    await pass(SETTLE_WAIT);
    expect((await found(id)).status).toBe("in_doubt");
    await pass(2 * SETTLE_WAIT);
    expect(await found(id)).toMatchObject({ status: "failed", lines: [UNPAID] });
    expect(await asked("purchase")).toHaveLength(1);
    expect(await states()).toEqual(["payment-failed"]);
  });
});

describe("a Redshift Serverless line whose reply is lost and whose payment failed", () => {
  /** Until the doubt is over; the cloud remembers client tokens for a day. */
  async function rejectedLater() {
    const world = await unpaid(SERVERLESS);
    const { engine, id, fault, pass, found, asked } = world;
    await fault("purchase", { kind: "reset-after" });
    expect(await engine.run(id)).toMatchObject({ status: "in_doubt" });
    await pass(SETTLE_WAIT + 6 * MINUTE);
    const token = deriveIdempotencyToken((await found(id)).lineageKey, 0);
    const tokens = async () => (await asked("purchase")).map(({ params }) => params["clientToken"]);
    return { ...world, token, tokens };
  }

  test("is bought under another client token once a person retries it, and one is live", async () => {
    const { id, pass, found, retried, token, tokens, boughtIds, states } = await rejectedLater();
    const { id: successor } = await retried(id);
    await pass(2 * SETTLE_WAIT);
    const [, live] = await boughtIds();
    const commitment = { commitmentIds: [live], adopted: false, charge: SERVERLESS.request.expectedPrice };
    expect(await found(successor)).toMatchObject({ status: "completed", lines: [{ commitment }] });
    expect(await states()).toEqual(["payment-failed", "active"]);
    expect(await tokens()).toEqual([token, deriveIdempotencyToken(token, 2)].map(uuidV4Shaped));
  });

  test("keeps the client token of its retry through a lost reply", async () => {
    const { id, fault, pass, found, retried, token, tokens, states } = await rejectedLater();
    await fault("purchase", { kind: "reset-before" });
    const { id: successor, status } = await retried(id);
    expect(status).toBe("in_doubt");
    await pass(SETTLE_WAIT + 6 * MINUTE);
    expect(await found(successor)).toMatchObject({ status: "completed" });
    expect(await states()).toEqual(["payment-failed", "active"]);
    const again = uuidV4Shaped(deriveIdempotencyToken(token, 2));
    expect((await tokens()).slice(1)).toEqual([again, again]);
  });
});
