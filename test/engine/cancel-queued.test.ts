import { describe, expect, test } from "vitest";
import type { CommitmentRequest } from "../../src/domain/commitment-request/commitment-request.js";
import type { Execution } from "../../src/domain/execution.js";
import { deriveIdempotencyToken } from "../../src/idempotency/derive-idempotency-token.js";
import { savingsPlans } from "../../src/providers/aws/services/savings-plans.js";
import { TOKEN_TAG } from "../../src/providers/aws/token-tag.js";
import { crashingStore, crashPlan, interceptPort } from "../../src/testing/crashing-store.js";
import { type HeldCloud, heldCloud } from "../providers/aws/held-cloud.js";
import { HELD_SERVICES, HOLD, HOUR } from "../providers/aws/held-services.js";
import { plansClient, toSecond } from "../providers/aws/simulated-line.js";

const MINUTE = 60_000;
const BY_ANN = { canceledBy: "ann", reason: "bought by mistake" };

/** Lets time pass, with a tick every ten minutes. */
async function pass({ wait, engine }: HeldCloud, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 10 * MINUTE) {
    await wait(10 * MINUTE);
    await engine.tick();
  }
}

const idsOf = ({ lines }: Pick<Execution, "lines">) =>
  lines.flatMap(({ commitment }) => commitment?.commitmentIds ?? []);
const statesOf = async ({ purchases }: HeldCloud) => (await purchases()).map(({ state }) => state);
const tokenOf = async ({ store }: HeldCloud, id: string) =>
  deriveIdempotencyToken((await store.get(id))?.lineageKey ?? "", 0);
const kindsOf = async ({ engine }: HeldCloud, id: string) => (await engine.events(id)).map(({ kind }) => kind);

describe.each(HELD_SERVICES)("a held line of $name", { timeout: 30_000 }, (service) => {
  const { held, unheld } = service;
  /** A held line that was bought and labeled. */
  async function queued(...lines: readonly CommitmentRequest[]) {
    const cloud = await heldCloud(service);
    const execution = await cloud.run(held, ...lines);
    return { cloud, execution, id: execution.id };
  }
  /** What was recorded: nothing, or who withdrew it. */
  const recorded = async ({ store }: HeldCloud, id: string) => (await store.get(id))?.lines[0]?.commitment?.withdrawn;

  test("is queued at the cloud once, until its time, with its label verified", async () => {
    const { cloud, execution, id } = await queued();
    expect(execution).toMatchObject({ status: "completed", lines: [{ state: "committed", needsLabel: false }] });
    const [purchase, ...others] = await cloud.purchases();
    const token = await tokenOf(cloud, id);
    expect(purchase).toMatchObject({
      commitmentId: idsOf(execution)[0],
      state: "queued",
      tags: { [TOKEN_TAG]: token },
    });
    expect(others).toEqual([]);
    const [sent] = await cloud.asked("purchase");
    expect(service.startOf(sent?.params ?? {})).toBe(toSecond(cloud.clock.now() + HOLD));
    await pass(cloud, HOLD + 10 * MINUTE);
    expect(await statesOf(cloud)).toEqual(["active"]);
  });

  test("whose reply is lost is adopted while it waits, with the start it was sent with", async () => {
    const cloud = await heldCloud(service);
    const startsAt = toSecond(cloud.clock.now() + HOLD);
    await cloud.fault("purchase", { kind: "reset-after" });
    const { id, status } = await cloud.run(held);
    expect(status).toBe("in_doubt");
    await pass(cloud, 40 * MINUTE);
    expect(await cloud.store.get(id)).toMatchObject({
      status: "completed",
      lines: [{ needsLabel: false, commitment: { adopted: true, startedAt: startsAt } }],
    });
    expect(await statesOf(cloud)).toEqual(["queued"]);
    expect(await cloud.asked("purchase")).toHaveLength(1);
  });

  test("waits beside another held line of its kind, and both are labeled", async () => {
    const { cloud, execution } = await queued(held);
    expect(execution).toMatchObject({ status: "completed", lines: [{ needsLabel: false }, { needsLabel: false }] });
    expect(idsOf(execution).sort()).toEqual((await cloud.purchases()).map(({ commitmentId }) => commitmentId).sort());
    expect(await statesOf(cloud)).toEqual(["queued", "queued"]);
  });

  test("stays visibly unlabeled while one that was queued by hand waits beside it", async () => {
    const cloud = await heldCloud(service, { listingLagMs: 20 * MINUTE });
    const { id, lines } = await cloud.run(held);
    expect(lines).toMatchObject([{ needsLabel: true }]);
    const offeringId = lines[0]?.prepared?.reference ?? "";
    const theirs = await cloud.queue({ offeringId, startsAt: cloud.clock.now() + HOLD });
    await pass(cloud, 60 * MINUTE);
    expect(await cloud.store.get(id)).toMatchObject({ status: "completed", lines: [{ needsLabel: true }] });
    const reasons = (await cloud.engine.events(id)).map(({ reason = "" }) => reason);
    expect(reasons.filter((reason) => reason.includes(`there wait ${theirs}, which nobody labeled`))).not.toEqual([]);
    const next = expect.stringContaining(`there wait ${theirs}, which nobody labeled`);
    expect((await cloud.engine.explain(id)).lines).toMatchObject([{ next }]);
    await cloud.withdraw(theirs);
    await pass(cloud, 20 * MINUTE);
    expect(await cloud.store.get(id)).toMatchObject({ lines: [{ needsLabel: false }] });
    expect(await statesOf(cloud)).toEqual(["queued", "queued-deleted"]);
  });

  describe("that is withdrawn", () => {
    test("is gone from the cloud's queue, stays committed, and says by whom and why", async () => {
      const { cloud, id, execution } = await queued();
      const withdrawn = { by: "ann", reason: "bought by mistake" };
      expect(await cloud.engine.cancelQueued(id, 0, BY_ANN)).toMatchObject({
        status: "completed",
        lines: [{ state: "committed", needsLabel: false, commitment: { commitmentIds: idsOf(execution), withdrawn } }],
      });
      expect(await statesOf(cloud)).toEqual(["queued-deleted"]);
      expect((await cloud.engine.events(id)).at(-1)).toMatchObject({
        kind: "withdrawn",
        actor: "ann",
        reason: "bought by mistake",
        lineIndex: 0,
        status: "completed",
        data: { commitmentIds: idsOf(execution) },
      });
      const [line] = (await cloud.engine.explain(id)).lines;
      expect(line?.known).toBe(`Bought as ${idsOf(execution)[0]}, and withdrawn before it started by ann.`);
      expect(line?.next).toBe("Nothing.");
    });

    test("says no reason where none was given", async () => {
      const { cloud, id } = await queued();
      await cloud.engine.cancelQueued(id, 0, { canceledBy: "ann" });
      expect(await recorded(cloud, id)).toEqual({ by: "ann" });
      expect((await cloud.engine.events(id)).at(-1)).not.toHaveProperty("reason");
    });

    test("is returned as it is when it is withdrawn again, by whomever", async () => {
      const { cloud, id } = await queued();
      const first = await cloud.engine.cancelQueued(id, 0, BY_ANN);
      const asked = await cloud.simulator.ledger.requests();
      expect(await cloud.engine.cancelQueued(id, 0, { canceledBy: "bob" })).toEqual(first);
      expect(await cloud.simulator.ledger.requests()).toEqual(asked);
    });

    test("is bought and labeled no more, by no run and no tick", async () => {
      const { cloud, id } = await queued();
      const withdrawn = await cloud.engine.cancelQueued(id, 0, BY_ANN);
      await pass(cloud, HOLD + HOUR);
      await cloud.engine.run(id);
      await cloud.engine.reconcile(id);
      expect((await cloud.store.get(id))?.version).toBe(withdrawn?.version);
      expect(await statesOf(cloud)).toEqual(["queued-deleted"]);
      expect(await cloud.asked("purchase")).toHaveLength(1);
      await expect(cloud.engine.retry(id, { requestedBy: "ann" })).rejects.toMatchObject({
        code: "EXECUTION_NOT_IN_EXPECTED_STATUS",
      });
    });

    test("is left out of a retry of its basket", async () => {
      const cloud = await heldCloud(service);
      await cloud.fault("purchase", { kind: "error", code: "ServiceQuotaExceededException", status: 402 });
      const { id, status, lines } = await cloud.run(held, held);
      expect(status).toBe("partially_completed");
      const index = lines.find(({ state }) => state === "committed")?.index ?? -1;
      await cloud.engine.cancelQueued(id, index, BY_ANN);
      const successor = await cloud.engine.retry(id, { requestedBy: "ann" });
      expect(successor.lines.map((line) => line.index)).toEqual([1 - index]);
      await cloud.engine.approve(successor.id, { approvedBy: "bob" });
      expect(await cloud.engine.run(successor.id)).toMatchObject({ status: "completed" });
      expect(await statesOf(cloud)).toEqual(["queued-deleted", "queued"]);
    });

    test("before its label held is labeled no more", async () => {
      const cloud = await heldCloud(service, { listingLagMs: MINUTE });
      const { id, lines } = await cloud.run(held);
      expect(lines).toMatchObject([{ needsLabel: true }]);
      await cloud.wait(2 * MINUTE);
      await cloud.engine.cancelQueued(id, 0, BY_ANN);
      const withdrawn = await cloud.store.get(id);
      await pass(cloud, HOUR);
      expect((await cloud.store.get(id))?.version).toBe(withdrawn?.version);
      expect(await cloud.asked("tagging")).toEqual([]);
    });

    test("by two people at once is withdrawn once and recorded once", async () => {
      const { cloud, id } = await queued();
      const people = ["ann", "bob"].map((canceledBy) => cloud.engine.cancelQueued(id, 0, { canceledBy }));
      const ends = await Promise.allSettled(people);
      const failures = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
      expect(failures.length).toBeLessThan(2);
      for (const failure of failures) expect(failure).toMatchObject({ code: "CANCEL_QUEUED_FAILED", retryable: true });
      const again = await cloud.engine.cancelQueued(id, 0, { canceledBy: "bob" });
      expect(again.lines[0]?.commitment?.withdrawn).toEqual(await recorded(cloud, id));
      expect((await kindsOf(cloud, id)).filter((kind) => kind === "withdrawn")).toHaveLength(1);
      expect(await statesOf(cloud)).toEqual(["queued-deleted"]);
    });

    test("by somebody who was faster with the record keeps that", async () => {
      const { cloud, id } = await queued();
      let overtaken = false;
      const slow = interceptPort(cloud.store, {
        async before(call) {
          if (call !== "commit" || overtaken) return;
          overtaken = true;
          await cloud.engine.cancelQueued(id, 0, { canceledBy: "bob" });
        },
        after: () => Promise.resolve(),
      });
      const execution = await cloud.engineOver(slow).cancelQueued(id, 0, BY_ANN);
      expect(execution.lines[0]?.commitment?.withdrawn).toEqual({ by: "bob" });
      expect((await kindsOf(cloud, id)).filter((kind) => kind === "withdrawn")).toHaveLength(1);
    });

    test("by a process that dies at any point is recorded by the next call, and withdrawn once", async () => {
      let points = 0;
      for (let crashed = true; crashed; points += 1) {
        const { cloud, id } = await queued();
        const plan = crashPlan(points + 1);
        const dying = cloud.engineOver(crashingStore(cloud.store, plan), {
          providers: [interceptPort(cloud.provider, plan.hooks)],
        });
        const end = await dying.cancelQueued(id, 0, BY_ANN).catch((thrown: unknown) => thrown);
        crashed = plan.crashed;
        if (crashed) expect(end).toBeInstanceOf(Error);
        await cloud.engine.cancelQueued(id, 0, { canceledBy: "bob" });
        expect(await statesOf(cloud)).toEqual(["queued-deleted"]);
        expect(await cloud.asked("withdrawal")).toHaveLength(1);
        expect((await kindsOf(cloud, id)).filter((kind) => kind === "withdrawn")).toHaveLength(1);
        const isRecorded = plan.trace.includes("after commit");
        expect(await recorded(cloud, id)).toMatchObject({ by: isRecorded ? "ann" : "bob" });
      }
      // Reading the execution, the cloud, reading it again, and writing: a point before and after each.
      expect(points).toBeGreaterThan(8);
    });

    test("while a worker buys another line of its execution stays withdrawn when that ends", async () => {
      const cloud = await heldCloud(service);
      const { request, params } = service.other;
      await cloud.fault("purchase", { kind: "slow-reply", ms: 1_000, match: { params } });
      const { id } = await cloud.engine.submit({ requestKey: "two", createdBy: "ann", lines: [held, request] });
      await cloud.engine.approve(id, { approvedBy: "bob" });
      const running = cloud.engine.run(id);
      const isBought = async () => (await cloud.store.get(id))?.lines[0]?.state === "committed";
      while (!(await isBought()) || (await cloud.purchases()).length < 2)
        await new Promise((resolve) => setTimeout(resolve, 2));
      expect((await cloud.engine.cancelQueued(id, 0, BY_ANN)).status).toBe("running");
      await cloud.wait(1_000);
      expect(await running).toMatchObject({
        status: "completed",
        lines: [{ needsLabel: false, commitment: { withdrawn: { by: "ann" } } }, { state: "committed" }],
      });
      expect((await statesOf(cloud)).sort()).toEqual(["active", "queued-deleted"]);
    });

    test("beside other changes of its execution is recorded all the same", async () => {
      const { cloud, id } = await queued();
      let rivals = 0;
      const busy = interceptPort(cloud.store, {
        async before(call) {
          if (call !== "commit" || rivals >= 3) return;
          rivals += 1;
          const { version = 0 } = (await cloud.store.get(id)) ?? {};
          const event = { kind: "attempt_failed", actor: "w9", reason: "somebody else was here" } as const;
          await cloud.store.commit({ executionId: id, guard: { version }, event });
        },
        after: () => Promise.resolve(),
      });
      await cloud.engineOver(busy).cancelQueued(id, 0, BY_ANN);
      expect(rivals).toBe(3);
      expect(await recorded(cloud, id)).toMatchObject({ by: "ann" });
    });
  });

  describe("is not withdrawn", () => {
    test("once it has started", async () => {
      const { cloud, id } = await queued();
      await cloud.wait(HOLD + 1_000);
      await expect(cloud.engine.cancelQueued(id, 0, BY_ANN)).rejects.toMatchObject({
        code: "CANCEL_QUEUED_REFUSED",
        retryable: false,
        moneyMoved: "yes",
        details: { gate: "started" },
        current: { id },
      });
      expect(await recorded(cloud, id)).toBeUndefined();
      expect(await statesOf(cloud)).toEqual(["active"]);
    });

    test("where it is not held", async () => {
      const cloud = await heldCloud(service);
      const { id } = await cloud.run(unheld);
      await expect(cloud.engine.cancelQueued(id, 0, BY_ANN)).rejects.toMatchObject({
        code: "CANCEL_QUEUED_REFUSED",
        details: { gate: "not_queued" },
      });
      expect(await cloud.asked("withdrawal")).toEqual([]);
    });

    test("where it is not bought, in doubt, or no line at all", async () => {
      const cloud = await heldCloud(service);
      const { id } = await cloud.engine.submit({ requestKey: "waiting", createdBy: "ann", lines: [held] });
      await cloud.fault("purchase", { kind: "reset-after" });
      const { id: doubtful, status } = await cloud.run(held);
      expect(status).toBe("in_doubt");
      for (const [executionId, index] of [
        [id, 0],
        [id, 7],
        [doubtful, 0],
      ] as const)
        await expect(cloud.engine.cancelQueued(executionId, index, BY_ANN)).rejects.toMatchObject({
          code: "CANCEL_QUEUED_REFUSED",
          details: { gate: "not_committed" },
        });
      expect(await cloud.asked("withdrawal")).toEqual([]);
    });

    test("by nobody, or in an execution that does not exist", async () => {
      const { cloud, id } = await queued();
      await expect(cloud.engine.cancelQueued(id, 0, { canceledBy: " " })).rejects.toMatchObject({
        code: "INVALID_REQUEST",
      });
      await expect(cloud.engine.cancelQueued("exec_none", 0, BY_ANN)).rejects.toMatchObject({
        code: "EXECUTION_NOT_FOUND",
      });
      expect(await statesOf(cloud)).toEqual(["queued"]);
    });

    test("by an engine whose provider is missing or cannot withdraw", async () => {
      const { cloud, id } = await queued();
      const { cancelQueued: _, ...older } = cloud.provider;
      const without = (providers: readonly (typeof older)[]) => cloud.engineOver(cloud.store, { providers });
      await expect(without([]).cancelQueued(id, 0, BY_ANN)).rejects.toMatchObject({ code: "PROVIDER_NOT_REGISTERED" });
      await expect(without([older]).cancelQueued(id, 0, BY_ANN)).rejects.toMatchObject({
        code: "CANCEL_QUEUED_REFUSED",
        details: { gate: "not_queued" },
      });
    });
  });

  describe("that the cloud does not confirm to be withdrawn", () => {
    test.each([
      ["a denial", { kind: "error", code: "AccessDeniedException", status: 403, times: 9 }, ["queued"]],
      ["a 500", { kind: "error-500-before", times: 9 }, ["queued"]],
      ["throttling", { kind: "throttle", times: 9 }, ["queued"]],
      ["a lost request", { kind: "reset-before", times: 9 }, ["queued"]],
      ["a lost reply", { kind: "reset-after", times: 9 }, ["queued-deleted"]],
      ["a 500 after all", { kind: "error-500-after", times: 9 }, ["queued-deleted"]],
    ] as const)("by %s is recorded as nothing, and withdrawn by the next call", async (_what, trouble, states) => {
      const { cloud, id } = await queued();
      await cloud.fault("withdrawal", trouble);
      await expect(cloud.engine.cancelQueued(id, 0, BY_ANN)).rejects.toMatchObject({
        code: "CANCEL_QUEUED_FAILED",
        retryable: true,
        moneyMoved: "maybe",
      });
      expect(await statesOf(cloud)).toEqual(states);
      expect(await recorded(cloud, id)).toBeUndefined();
      await cloud.simulator.faults.clear();
      await cloud.engine.cancelQueued(id, 0, BY_ANN);
      expect(await recorded(cloud, id)).toMatchObject({ by: "ann" });
      expect(await statesOf(cloud)).toEqual(["queued-deleted"]);
    });

    test("because nothing can be listed is asked for nothing", async () => {
      const { cloud, id } = await queued();
      await cloud.fault("listing", { kind: "error-500-before", times: 9 });
      await expect(cloud.engine.cancelQueued(id, 0, BY_ANN)).rejects.toMatchObject({ code: "CANCEL_QUEUED_FAILED" });
      expect(await cloud.asked("withdrawal")).toEqual([]);
    });

    test("shows its token in no error", async () => {
      const { cloud, id } = await queued();
      const token = await tokenOf(cloud, id);
      const message = `the purchase ${token} is not yours`;
      await cloud.fault("withdrawal", { kind: "error", code: "AccessDeniedException", status: 403, message });
      const error = await cloud.engine.cancelQueued(id, 0, BY_ANN).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "CANCEL_QUEUED_FAILED" });
      expect(`${String(error)} ${String((error as Error).cause)} ${JSON.stringify(error)}`).not.toContain(token);
    });
  });
});

describe("a held Savings Plan that may be sent again under its token", () => {
  test("asks for the same start in the resend", async () => {
    const [, plans] = HELD_SERVICES;
    if (plans === undefined) throw new Error("no Savings Plans");
    const cloud = await heldCloud(plans);
    const client = plansClient(cloud);
    const remembered = savingsPlans({ clientFor: () => client, timing: { windowMs: 24 * HOUR } });
    const engine = cloud.engineOver(cloud.store, { providers: [remembered] });
    await cloud.fault("purchase", { kind: "reset-before" });
    const { id } = await engine.submit({ requestKey: "resent", createdBy: "ann", lines: [plans.held] });
    await engine.approve(id, { approvedBy: "bob" });
    expect((await engine.run(id)).status).toBe("in_doubt");
    await cloud.wait(90_500);
    expect((await engine.run(id)).status).toBe("completed");
    const [first, second] = await cloud.asked("purchase");
    expect(second?.params).toEqual(first?.params);
    expect(await statesOf(cloud)).toEqual(["queued"]);
  });
});
