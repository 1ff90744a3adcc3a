import { beforeEach, describe, expect, test } from "vitest";
import type { Prepared } from "../../../src/domain/evidence.js";
import { changeAnswers } from "./changed-answers.js";
import { changeReservations, type LaneCloud, laneCloud } from "./lane-cloud.js";
import { NAME, OPENSEARCH } from "./lane-services.js";
import { TOKEN } from "./simulated-line.js";

const SECOND_NAME = `${NAME}-2`;
const { quantity, expectedPrice: charge } = OPENSEARCH.request;

describe("a reserved instance of OpenSearch", () => {
  let cloud: LaneCloud;
  let prepared: Prepared;
  beforeEach(async () => {
    cloud = await laneCloud(OPENSEARCH);
    prepared = await cloud.prepare();
  });
  const buy = (name: string, more: { readonly quantity?: number } = {}) =>
    cloud.buy({ offeringId: prepared.reference, quantity, name, ...more });

  describe("is looked up by its name", () => {
    test("and found with what it charges once the price of one is known", async () => {
      const id = await buy(NAME);
      const sighting = { meaning: "live", state: "active" };
      const found = { commitmentIds: [id], labeled: true, sighting, differences: [], startedAt: cloud.clock.now() };
      expect(await cloud.lookup()).toEqual(found);
      expect(await cloud.lookup({ prepared })).toEqual({ ...found, charge });
    });

    test("in whatever case it is listed", async () => {
      const id = await buy(NAME);
      changeReservations(cloud, OPENSEARCH, (reservation) => {
        reservation["ReservationName"] = NAME.toUpperCase();
      });
      expect(await cloud.lookup()).toMatchObject({ commitmentIds: [id] });
    });

    test("and never under another one, or none", async () => {
      await buy("by-hand");
      await buy(`${NAME}-`);
      await buy(SECOND_NAME);
      expect(await cloud.lookup()).toBeUndefined();
      changeReservations(cloud, OPENSEARCH, (reservation) => {
        reservation["ReservationName"] = undefined;
      });
      expect(await cloud.lookup()).toBeUndefined();
    });

    test("under the names of earlier attempts too", async () => {
      const id = await buy(NAME);
      expect(await cloud.lookup({ lineageAttempt: 3 })).toMatchObject({ commitmentIds: [id] });
      await cloud.simulator.states.set(id, "payment-failed");
      const second = await buy(SECOND_NAME);
      expect(await cloud.lookup({ lineageAttempt: 2 })).toMatchObject({ commitmentIds: [second] });
      expect(await cloud.lookup({ lineageAttempt: 1 })).toMatchObject({ commitmentIds: [id] });
    });

    test("but not under that of an earlier attempt whose payment failed, while another name is left", async () => {
      await cloud.simulator.states.set(await buy(NAME), "payment-failed");
      expect(await cloud.lookup({ lineageAttempt: 2 })).toBeUndefined();
      expect(await cloud.lookup({ lineageAttempt: 2, prepared })).toMatchObject({ sighting: { meaning: "void" } });
    });

    test.each([
      ["payment-pending", "live"],
      ["active", "live"],
      ["being-invented", "live"],
      ["payment-failed", "void"],
      ["retired", "unclear"],
    ])("and found while it is %s, which means %s", async (state, meaning) => {
      const id = await buy(NAME);
      await cloud.simulator.states.set(id, state);
      expect(await cloud.lookup()).toMatchObject({ commitmentIds: [id], sighting: { meaning, state } });
    });

    test("and found as ended once its term is over", async () => {
      const id = await buy(NAME);
      cloud.clock.advance(31_536_000_000);
      expect(await cloud.lookup()).toMatchObject({ commitmentIds: [id], sighting: { meaning: "ended" } });
    });

    test("and found with everything in which it differs from the line", async () => {
      await buy(NAME, { quantity: 3 });
      changeReservations(cloud, OPENSEARCH, (reservation) => {
        Object.assign(reservation, { InstanceType: "r6g.large.search", Duration: undefined });
      });
      expect((await cloud.lookup())?.differences).toEqual([
        "InstanceType: expected m6g.large.search, found r6g.large.search",
        "quantity: expected 2, found 3",
      ]);
    });
  });

  describe("has the first name that is free", () => {
    test("and none is before a retry by a person, where the first belongs to a dead one", async () => {
      await cloud.simulator.states.set(await buy(NAME), "payment-failed");
      await expect(cloud.prepare()).rejects.toMatchObject({
        code: "NAME_SPENT",
        retryable: false,
        message: expect.stringContaining(`${NAME} is payment-failed`),
      });
      expect(await cloud.prepare(OPENSEARCH.request, { lineageAttempt: 2 })).toMatchObject({
        detail: { name: SECOND_NAME },
      });
    });

    test("also after retries that needed no other", async () => {
      expect(await cloud.prepare(OPENSEARCH.request, { lineageAttempt: 3 })).toMatchObject({ detail: { name: NAME } });
    });

    test("and nothing is prepared where a live one has it by now", async () => {
      await buy(NAME);
      for (const lineageAttempt of [1, 2])
        await expect(cloud.prepare(OPENSEARCH.request, { lineageAttempt })).rejects.toMatchObject({
          code: "PREPARE_FAILED",
          retryable: true,
        });
    });
  });

  describe("in the inventory", () => {
    test("is another's by another name, ours by ours, and anybody's by none", async () => {
      await buy("by-hand");
      await buy(NAME);
      expect(await cloud.inventory(prepared)).toMatchObject([{ token: "by-hand" }, { token: TOKEN }]);
      changeReservations(cloud, OPENSEARCH, (reservation) => {
        reservation["ReservationName"] = undefined;
      });
      for (const item of await cloud.inventory(prepared)) expect(item).not.toHaveProperty("token");
    });
  });

  describe("whose name is taken when it is bought", () => {
    test("is ours where it is what was ordered: an earlier send of ours bought it", async () => {
      const id = await buy(NAME);
      const commitment = { commitmentIds: [id], charge, startedAt: cloud.clock.now(), adopted: true };
      const sighting = { meaning: "live", state: "active" };
      expect(await cloud.purchase(prepared)).toEqual({ kind: "committed", commitment, sighting });
      expect(await cloud.boughtIds()).toEqual([id]);
    });

    test("stays unknown where it differs, for a person to judge", async () => {
      await buy(NAME, { quantity: 3 });
      expect(await cloud.purchase(prepared)).toEqual({
        kind: "unknown",
        reason: "the name is taken: quantity: expected 2, found 3",
      });
    });

    test("says so where its payment failed, and the engine decides", async () => {
      const id = await buy(NAME);
      await cloud.simulator.states.set(id, "payment-failed");
      expect(await cloud.purchase(prepared)).toMatchObject({
        kind: "committed",
        commitment: { commitmentIds: [id], adopted: true },
        sighting: { meaning: "void", state: "payment-failed" },
      });
    });

    test("stays unknown where nothing of that name is listed yet", async () => {
      await buy(NAME);
      await cloud.fault("reservations", { kind: "stale-listing", ms: 60_000 });
      expect(await cloud.purchase(prepared)).toMatchObject({ kind: "unknown" });
    });

    test("stays unknown where it cannot be read back", async () => {
      await buy(NAME);
      await cloud.fault("reservations", { kind: "error-500-before", times: 5 });
      expect(await cloud.purchase(prepared)).toMatchObject({
        kind: "unknown",
        reason: expect.stringContaining("the commitment that has it could not be read"),
      });
    });
  });

  test("whose purchase is answered with another name is unknown", async () => {
    changeAnswers(cloud.client, OPENSEARCH.operations.purchase, (output) => {
      output["ReservationName"] = "another";
    });
    expect((await cloud.purchase(prepared)).kind).toBe("unknown");
  });
});

describe("where OpenSearch does not keep names unique", () => {
  test("two of the line's name are a difference, as long as both are live", async () => {
    const cloud = await laneCloud(OPENSEARCH, { openSearchNamesAreUnique: false });
    const { reference: offeringId } = await cloud.prepare();
    const order = { offeringId, quantity, name: NAME };
    const [first, second] = [await cloud.buy(order), await cloud.buy(order)];
    expect(await cloud.lookup()).toMatchObject({
      commitmentIds: [first, second],
      differences: ["reservations: expected 1, found 2"],
    });
    await cloud.simulator.states.set(first, "payment-failed");
    expect(await cloud.lookup()).toMatchObject({ commitmentIds: [second], differences: [] });
  });

  test.each([0, 1])("a live one of the line's name is not hidden by a dead one (%i)", async (dead) => {
    const cloud = await laneCloud(OPENSEARCH, { openSearchNamesAreUnique: false });
    const { reference: offeringId } = await cloud.prepare();
    const order = { offeringId, quantity, name: NAME };
    const ids = [await cloud.buy(order), await cloud.buy(order)];
    await cloud.simulator.states.set(ids[dead] ?? "", "payment-failed");
    for (const lineageAttempt of [1, 2])
      await expect(cloud.prepare(OPENSEARCH.request, { lineageAttempt })).rejects.toMatchObject({
        code: "PREPARE_FAILED",
      });
  });
});
