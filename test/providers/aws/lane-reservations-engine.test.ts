import { describe, expect, test } from "vitest";
import { changeReservations } from "./lane-cloud.js";
import { LANE_SERVICES, OPENSEARCH } from "./lane-services.js";
import { laneWorld, MINUTE, SETTLE_WAIT } from "./lane-world.js";

const CLOUDS = [
  ...LANE_SERVICES.map((service) => ({ name: service.name, service, options: {} })),
  { name: "OpenSearch without unique names", service: OPENSEARCH, options: { openSearchNamesAreUnique: false } },
];

describe.each(CLOUDS)("$name", { timeout: 30_000 }, ({ service, options }) => {
  const { request } = service;
  const isNamed = service === OPENSEARCH;
  const world = () => laneWorld(service, options);
  /** A line as it ends where it was bought as `id`. */
  const bought = (id: string | undefined, adopted: boolean) => ({
    state: "committed",
    commitment: { commitmentIds: [id], adopted },
    unprovedSince: null,
  });

  test("buys a line once, whoever runs it how often", async () => {
    const { engine, engineOf, approved, pass, boughtIds, asked } = await world();
    const id = await approved(request);
    await Promise.all([engine.run(id), engineOf("w2").run(id), engineOf("w3").tick()]);
    await pass(4 * MINUTE);
    const [commitmentId, ...others] = await boughtIds();
    expect(await engine.run(id)).toMatchObject({ status: "completed", lines: [bought(commitmentId, false)] });
    expect(others).toEqual([]);
    expect(await asked("purchase")).toHaveLength(1);
  });

  test.each(["reset-after", "error-500-after", "empty-body", "garbage-body", "cut-body"] as const)(
    "adopts a purchase whose reply is lost by %s, with its charge, and sends nothing again",
    async (kind) => {
      const { engine, fault, approved, pass, found, boughtIds, asked } = await world();
      const id = await approved(request);
      await fault("purchase", { kind });
      expect((await engine.run(id)).status).toBe("in_doubt");
      await pass(SETTLE_WAIT + 4 * MINUTE);
      const [commitmentId, ...others] = await boughtIds();
      expect(await found(id)).toMatchObject({
        status: "completed",
        lines: [{ ...bought(commitmentId, true), commitment: { adopted: true, charge: request.expectedPrice } }],
      });
      expect(others).toEqual([]);
      expect(await asked("purchase")).toHaveLength(1);
    },
  );

  test("adopts a purchase that lands ten minutes late", async () => {
    const { engine, fault, approved, pass, found, boughtIds, asked } = await world();
    const id = await approved(request);
    await fault("purchase", { kind: "delay-landing", ms: 10 * MINUTE });
    expect((await engine.run(id)).status).toBe("in_doubt");
    await pass(9 * MINUTE);
    expect(await boughtIds()).toEqual([]);
    await pass(SETTLE_WAIT);
    const [commitmentId, ...others] = await boughtIds();
    expect(await found(id)).toMatchObject({ status: "completed", lines: [bought(commitmentId, true)] });
    expect(others).toEqual([]);
    expect(await asked("purchase")).toHaveLength(1);
  });

  test.each(["reset-before", "error-500-before", "throttle"] as const)(
    "sends a request that was lost by %s again only after the settle wait, under the same token",
    async (kind) => {
      const { engine, fault, approved, pass, found, boughtIds, asked } = await world();
      const id = await approved(request);
      await fault("purchase", { kind });
      expect((await engine.run(id)).status).toBe("in_doubt");
      await pass(SETTLE_WAIT);
      expect(await asked("purchase")).toHaveLength(1);
      await pass(6 * MINUTE);
      const [commitmentId, ...others] = await boughtIds();
      expect(await found(id)).toMatchObject({ status: "completed", lines: [bought(commitmentId, false)] });
      expect(others).toEqual([]);
      const [first, second, ...more] = await asked("purchase");
      expect(second?.params).toEqual(first?.params);
      expect(more).toEqual([]);
    },
  );

  test("a worker that freezes past its lease leaves what it sent to be adopted by another", async () => {
    const { engine, engineOf, clock, fault, approved, pass, found, boughtIds, asked } = await world();
    const id = await approved(request);
    await fault("purchase", { kind: "slow-before", ms: 10 * MINUTE });
    const frozen = engine.run(id);
    while ((await asked("purchase")).length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    clock.advance(9 * MINUTE);
    await engineOf("w2").run(id);
    await frozen;
    expect(await boughtIds()).toEqual([]);
    await pass(SETTLE_WAIT + 4 * MINUTE);
    const [commitmentId, ...others] = await boughtIds();
    expect(await found(id)).toMatchObject({ status: "completed", lines: [bought(commitmentId, true)] });
    expect(others).toEqual([]);
    expect(await asked("purchase")).toHaveLength(1);
  });

  describe("beside an identical purchase by somebody else", () => {
    test("before its own adopts its own", async () => {
      const { engine, fault, buy, prepare, approved, pass, found, boughtIds } = await world();
      const theirs = await buy({ offeringId: (await prepare()).reference, quantity: request.quantity });
      const id = await approved(request);
      await fault("purchase", { kind: "reset-after" });
      await engine.run(id);
      await pass(SETTLE_WAIT + 4 * MINUTE);
      const [ours, ...others] = (await boughtIds()).filter((one) => one !== theirs);
      expect(others).toEqual([]);
      expect(await found(id)).toMatchObject({ status: "completed", lines: [bought(ours, true)] });
    });

    test("during its doubt adopts its own by its name, else leaves both to a person", async () => {
      const { engine, fault, buy, prepare, approved, pass, found, boughtIds, asked } = await world();
      const offeringId = (await prepare()).reference;
      const id = await approved(request);
      await fault("purchase", { kind: "reset-after" });
      await engine.run(id);
      const [ours] = await boughtIds();
      const theirs = await buy({ offeringId, quantity: request.quantity });
      await pass(2 * SETTLE_WAIT);
      const doubted = { state: "in_doubt", doubt: { candidates: [ours, theirs], needsPerson: true } };
      expect(await found(id)).toMatchObject(
        isNamed ? { status: "completed", lines: [bought(ours, true)] } : { status: "in_doubt", lines: [doubted] },
      );
      // Theirs and ours.
      expect(await asked("purchase")).toHaveLength(2);
    });

    test("while its own never landed takes nothing that has another name, or another quantity", async () => {
      const { engine, fault, buy, prepare, approved, pass, found } = await world();
      const offeringId = (await prepare()).reference;
      const id = await approved(request);
      await fault("purchase", { kind: "reset-before" });
      await engine.run(id);
      const theirs = await buy({ offeringId, quantity: isNamed ? request.quantity : request.quantity + 1 });
      await pass(2 * SETTLE_WAIT);
      const { status, lines } = await found(id);
      expect(status).toBe(isNamed ? "completed" : "in_doubt");
      expect(lines[0]?.commitment?.commitmentIds ?? []).not.toContain(theirs);
      if (!isNamed) expect(lines[0]?.doubt).toMatchObject({ candidates: [theirs], needsPerson: true });
    });
  });

  describe("two lines of one lane", () => {
    test("in one basket are both bought, one after the other", async () => {
      const { engine, approved, boughtIds, asked } = await world();
      const { status, lines } = await engine.run(await approved(request, request));
      expect(status).toBe("completed");
      expect(lines.flatMap((line) => line.commitment?.commitmentIds ?? []).sort()).toEqual((await boughtIds()).sort());
      expect(await asked("purchase")).toHaveLength(2);
    });

    test("in one basket wait for each other where a reply is lost", async () => {
      const { engine, fault, approved, pass, found, boughtIds, asked } = await world();
      const id = await approved(request, request);
      await fault("purchase", { kind: "reset-after" });
      const { status, lines } = await engine.run(id);
      expect(status).toBe("in_doubt");
      expect(lines.map(({ state }) => state).sort()).toEqual(["in_doubt", "planned"]);
      expect(await asked("purchase")).toHaveLength(1);
      await pass(SETTLE_WAIT + 6 * MINUTE);
      const ended = await found(id);
      expect(ended.status).toBe("completed");
      const ids = ended.lines.flatMap((line) => line.commitment?.commitmentIds ?? []);
      expect(new Set(ids)).toEqual(new Set(await boughtIds()));
      expect(ids).toHaveLength(2);
      expect(await asked("purchase")).toHaveLength(2);
    });

    test("in two executions at once are both bought, once each, whatever becomes of the first reply", async () => {
      const { engine, engineOf, fault, approved, pass, found, boughtIds, asked } = await world();
      const ids = [await approved(request), await approved(request)];
      await fault("purchase", { kind: "reset-after" });
      const workers = [engine, engineOf("w2")];
      await Promise.all(ids.map((id, index) => workers[index]?.run(id)));
      expect(await asked("purchase")).toHaveLength(1);
      await pass(SETTLE_WAIT + 20 * MINUTE);
      const ended = await Promise.all(ids.map(found));
      expect(ended.map(({ status }) => status)).toEqual(["completed", "completed"]);
      const commitments = ended.flatMap(({ lines }) => lines.flatMap((line) => line.commitment?.commitmentIds ?? []));
      expect(commitments.sort()).toEqual((await boughtIds()).sort());
      expect(await asked("purchase")).toHaveLength(2);
    });
  });

  test("stays in doubt as long as its lane cannot be read", async () => {
    const { engine, client, fault, approved, pass, found, asked } = await world();
    const id = await approved(request);
    await fault("purchase", { kind: "reset-after" });
    await engine.run(id);
    changeReservations({ client }, service, (reservation) => {
      reservation[service.fields.id] = undefined;
    });
    await pass(2 * SETTLE_WAIT);
    expect(await found(id)).toMatchObject({ status: "in_doubt", lines: [{ lastError: { code: "LOOKUP_FAILED" } }] });
    expect(await asked("purchase")).toHaveLength(1);
  });
});

describe("an OpenSearch line whose payment failed after its reply was lost", { timeout: 30_000 }, () => {
  async function spent() {
    const world = await laneWorld(OPENSEARCH);
    const id = await world.approved(OPENSEARCH.request);
    await world.fault("purchase", { kind: "payment-fails" });
    await world.fault("purchase", { kind: "reset-after" });
    await world.engine.run(id);
    await world.pass(SETTLE_WAIT + 10 * MINUTE);
    return { ...world, id };
  }

  test("is rejected and bought no more, however often tick runs", async () => {
    const { id, found, pass, asked } = await spent();
    await pass(2 * SETTLE_WAIT);
    expect(await found(id)).toMatchObject({ status: "failed", lines: [{ rejection: { code: "payment-failed" } }] });
    expect(await asked("purchase")).toHaveLength(1);
  });

  test("is bought under its second name once a person retries it", async () => {
    const { id, engine, asked, simulator } = await spent();
    const { id: successor } = await engine.retry(id, { requestedBy: "ann" });
    await engine.approve(successor, { approvedBy: "bob" });
    expect(await engine.run(successor)).toMatchObject({ status: "completed" });
    const [first, second, ...more] = (await asked("purchase")).map(({ params }) => params["ReservationName"]);
    expect(first).toMatch(/^buyonce-[0-9a-f]{40}$/);
    expect(second).toBe(`${first}-2`);
    expect(more).toEqual([]);
    expect((await simulator.ledger.purchases()).map(({ state }) => state)).toEqual(["payment-failed", "active"]);
  });
});
