import { describe, expect, test } from "vitest";
import { purchaseTimeIn } from "../../../src/providers/aws/held-purchase.js";
import { bought, heldCloud } from "./held-cloud.js";
import { HELD_SERVICES, HOLD, HOUR } from "./held-services.js";
import { toSecond } from "./simulated-line.js";

describe("the purchase time that a write-ahead keeps", () => {
  test("is sent to the second, and is none where nothing is held", () => {
    expect(purchaseTimeIn({ reference: "x", detail: { purchaseTime: 1_800_000_000_999 } })).toEqual(
      new Date(1_800_000_000_000),
    );
    expect(purchaseTimeIn({ reference: "x", detail: {} })).toBeUndefined();
    expect(purchaseTimeIn({ reference: "x" })).toBeUndefined();
  });

  test.each(["2026-01-01", null, {}])("is refused as %j", (purchaseTime) => {
    expect(() => purchaseTimeIn({ reference: "x", detail: { purchaseTime } })).toThrow(TypeError);
  });
});

describe.each(HELD_SERVICES)("a purchase that $name holds", (service) => {
  const { held, unheld, charge } = service;

  test("is queued until its time, which the write-ahead keeps", async () => {
    const cloud = await heldCloud(service);
    const startsAt = cloud.clock.now() + HOLD;
    const { prepared, id } = await bought(cloud);
    expect(prepared.detail).toMatchObject({ purchaseTime: startsAt });
    expect(await cloud.purchases()).toMatchObject([{ commitmentId: id, state: "queued" }]);
    await cloud.wait(toSecond(startsAt) - cloud.clock.now() - 1);
    expect(await cloud.purchases()).toMatchObject([{ state: "queued" }]);
    await cloud.wait(1);
    expect(await cloud.purchases()).toMatchObject([{ state: "active" }]);
  });

  test("asks for the same time whenever its permit is used", async () => {
    const cloud = await heldCloud(service);
    const { prepared } = await bought(cloud);
    await cloud.wait(1_500);
    await cloud.purchase(JSON.parse(JSON.stringify(prepared)));
    const [first, second] = await cloud.asked("purchase");
    expect(service.startOf(first?.params ?? {})).toBe(toSecond(Number(prepared.detail?.["purchaseTime"])));
    expect(second?.params).toEqual(first?.params);
  });

  test("sends nothing for a permit that keeps no time that could be read", async () => {
    const cloud = await heldCloud(service);
    const prepared = await cloud.prepare();
    const outcome = await cloud.purchase({ ...prepared, detail: { ...prepared.detail, purchaseTime: "soon" } });
    expect(outcome.kind).toBe("not_sent");
    expect(await cloud.asked("purchase")).toEqual([]);
  });

  test("starts at once where it is not held", async () => {
    const cloud = await heldCloud(service);
    const { prepared } = await bought(cloud, unheld);
    expect(prepared.detail).not.toHaveProperty("purchaseTime");
    expect(await cloud.purchases()).toMatchObject([{ state: "active" }]);
    const [sent] = await cloud.asked("purchase");
    expect(service.startOf(sent?.params ?? {})).toBeNaN();
  });

  test("is found by its token while it is queued, and as withdrawn once it is", async () => {
    const cloud = await heldCloud(service);
    const { prepared, id } = await bought(cloud);
    await cloud.label(id, prepared);
    expect(await cloud.lookup(prepared)).toMatchObject({ commitmentIds: [id], differences: [], charge });
    await cloud.withdraw(id);
    const sighting = { meaning: "void", state: "queued-deleted" };
    expect(await cloud.lookup(prepared)).toMatchObject({ commitmentIds: [id], sighting });
  });

  describe("beside another one like it", () => {
    /** The line's purchase, and one that somebody queued by hand after it. */
    async function beside(request = held) {
      const cloud = await heldCloud(service);
      const ours = await bought(cloud, request);
      const startsAt = cloud.clock.now() + HOLD;
      const theirs = await cloud.queue({ offeringId: ours.prepared.reference, startsAt });
      return { cloud, ours, theirs, label: () => cloud.label(ours.id, ours.prepared, request) };
    }

    test("is not labeled until that is gone, and carries its token all the same", async () => {
      const { cloud, ours, theirs, label } = await beside();
      for (let tries = 0; tries < 2; tries += 1)
        await expect(label()).rejects.toMatchObject({
          code: "LABEL_FAILED",
          retryable: true,
          message: expect.stringContaining(`beside the held purchase ${ours.id} there wait ${theirs}, which nobody`),
        });
      expect(await cloud.lookup(ours.prepared)).toMatchObject({ commitmentIds: [ours.id], labeled: true });
      await cloud.withdraw(theirs);
      expect(await label()).toEqual({ commitmentIds: [ours.id], charge });
    });

    test("is labeled where that was there before or has started", async () => {
      const cloud = await heldCloud(service);
      const { reference: offeringId } = await cloud.prepare();
      await cloud.queue({ offeringId, startsAt: cloud.clock.now() + HOLD });
      const { id, prepared } = await bought(cloud);
      await cloud.simulator.states.set(await cloud.queue({ offeringId, startsAt: cloud.clock.now() + HOUR }), "active");
      expect(await cloud.label(id, prepared)).toMatchObject({ commitmentIds: [id] });
    });

    test("is labeled where it is not held itself: it has started anyway", async () => {
      const { ours, label } = await beside(unheld);
      expect(await label()).toMatchObject({ commitmentIds: [ours.id] });
    });
  });

  describe("is withdrawn", () => {
    test("before its time, once, however often it is asked for", async () => {
      const cloud = await heldCloud(service);
      const { id, prepared } = await bought(cloud);
      const another = await cloud.queue({ offeringId: prepared.reference, startsAt: cloud.clock.now() + HOUR });
      expect(await cloud.cancelQueued(id)).toEqual({ kind: "withdrawn" });
      expect(await cloud.cancelQueued(id)).toEqual({ kind: "withdrawn" });
      expect(await cloud.asked("withdrawal")).toHaveLength(1);
      expect(await cloud.purchases()).toMatchObject([
        { commitmentId: id, state: "queued-deleted" },
        { commitmentId: another, state: "queued" },
      ]);
    });

    test("already where its payment failed: nothing is owed for it", async () => {
      const cloud = await heldCloud(service);
      const { id } = await bought(cloud);
      await cloud.simulator.states.set(id, "payment-failed");
      expect(await cloud.cancelQueued(id)).toEqual({ kind: "withdrawn" });
      expect(await cloud.asked("withdrawal")).toEqual([]);
    });

    test.each(["active", "payment-pending", "retired", "being-invented"])("not once it is %s", async (state) => {
      const cloud = await heldCloud(service);
      const { id } = await bought(cloud);
      await cloud.simulator.states.set(id, state);
      expect(await cloud.cancelQueued(id)).toEqual({ kind: "started", state });
      expect(await cloud.asked("withdrawal")).toEqual([]);
    });

    test("only where it is listed", async () => {
      const cloud = await heldCloud(service);
      const { id } = await bought(cloud);
      await cloud.wait(2_000);
      await expect(cloud.cancelQueued(id, "another")).rejects.toMatchObject({ code: "CANCEL_QUEUED_FAILED" });
      await cloud.fault("listing", { kind: "stale-listing", ms: 1_000_000 });
      await expect(cloud.cancelQueued(id)).rejects.toMatchObject({
        code: "CANCEL_QUEUED_FAILED",
        message: expect.stringContaining("listed"),
      });
      expect(await cloud.asked("withdrawal")).toEqual([]);
    });

    test("only once the listing shows it", async () => {
      const cloud = await heldCloud(service);
      const { id } = await bought(cloud);
      await cloud.wait(2_000);
      await cloud.fault("listing", { kind: "stale-listing", ms: 1_000, times: 2 });
      await expect(cloud.cancelQueued(id)).rejects.toMatchObject({
        code: "CANCEL_QUEUED_FAILED",
        retryable: true,
        message: expect.stringContaining("deleted yet"),
      });
      expect(await cloud.cancelQueued(id)).toEqual({ kind: "withdrawn" });
    });

    test("not where a stale listing shows it queued and it has started", async () => {
      const cloud = await heldCloud(service);
      const { id } = await bought(cloud);
      await cloud.wait(HOLD + 1_000);
      // The client learns the cloud's time by this.
      await cloud.lookup();
      await cloud.fault("listing", { kind: "stale-listing", ms: HOUR });
      await expect(cloud.cancelQueued(id)).rejects.toMatchObject({ code: "CANCEL_QUEUED_FAILED" });
      expect(await cloud.cancelQueued(id)).toEqual({ kind: "started", state: "active" });
      expect(await cloud.purchases()).toMatchObject([{ state: "active" }]);
    });

    test.each(["empty-body", "garbage-body"] as const)(
      "only where the listing can be read, not after %s",
      async (kind) => {
        const cloud = await heldCloud(service);
        const { id } = await bought(cloud);
        await cloud.fault("listing", { kind });
        await expect(cloud.cancelQueued(id)).rejects.toMatchObject({ code: "CANCEL_QUEUED_FAILED" });
        expect(await cloud.asked("withdrawal")).toEqual([]);
      },
    );
  });
});

describe("a held purchase that EC2 divides", () => {
  const [ec2] = HELD_SERVICES;
  if (ec2 === undefined) throw new Error("no services");

  test("is labeled and withdrawn in all its parts", async () => {
    const cloud = await heldCloud(ec2);
    await cloud.fault("purchase", { kind: "split" });
    const { id, prepared } = await bought(cloud);
    await expect(cloud.cancelQueued(id)).rejects.toThrow("are listed");
    const label = await cloud.label(id, prepared);
    const parts = (await cloud.purchases()).map(({ commitmentId }) => commitmentId);
    expect(label).toMatchObject({ commitmentIds: parts });
    expect(await cloud.cancelQueued(...parts)).toEqual({ kind: "withdrawn" });
    expect((await cloud.purchases()).map(({ state }) => state)).toEqual(["queued-deleted", "queued-deleted"]);
  });

  test("has started as soon as one part has, and is not withdrawn in part", async () => {
    const cloud = await heldCloud(ec2);
    await cloud.fault("purchase", { kind: "split" });
    await bought(cloud);
    const parts = (await cloud.purchases()).map(({ commitmentId }) => commitmentId);
    await cloud.simulator.states.set(parts[1] ?? "", "active");
    expect(await cloud.cancelQueued(...parts)).toEqual({ kind: "started", state: "active" });
    expect(await cloud.asked("withdrawal")).toEqual([]);
  });
});
