import { describe, expect, test } from "vitest";
import { BuyonceError } from "../../src/domain/errors.js";
import { simulatedLine } from "../support/purchase-fixture.js";
import { type EngineWorld, onEachStore, QUICK } from "./support/on-each-store.js";

const submit = ({ engine }: EngineWorld, parts: object = {}) =>
  engine.submit({ requestKey: "basket", createdBy: "ann", lines: [simulatedLine()], ...parts });

const by = (approvedBy: string) => ({ approvedBy });

describe("an engine that asks for several approvals", () => {
  onEachStore((open) => {
    test("records each person's approval, and approves with the last one that is needed", async () => {
      const world = await open(QUICK.native, {}, { approvals: 2 });
      const { engine, store, cloud } = world;
      const { id, contentFingerprint } = await submit(world);
      const first = await engine.approve(id, {
        approvedBy: "bob",
        reason: "seen",
        expectFingerprint: contentFingerprint,
      });
      expect(first).toMatchObject({ status: "pending", approvers: ["bob"], approvedBy: null });
      expect(await engine.approve(id, by(" BOB"))).toMatchObject({ version: first.version, approvers: ["bob"] });
      expect(await engine.explain(id)).toMatchObject({ next: expect.stringContaining("1 of 2 approvals, by bob") });
      await engine.tick();
      expect(cloud.requests()).toEqual([]);
      await engine.pause(id, { pausedBy: "ann" });
      await engine.resume(id, { resumedBy: "ann" });
      expect(await engine.approve(id, by("carol"))).toMatchObject({ status: "approved", approvers: ["bob", "carol"] });
      await engine.run(id);
      expect(cloud.ledger()).toHaveLength(1);
      const trail = await store.events(id);
      expect(trail.filter(({ kind }) => kind === "approval_given")).toMatchObject([
        { actor: "bob", reason: "seen", data: { fingerprint: contentFingerprint, prices: [{}], have: 1, needed: 2 } },
      ]);
    });

    test("is not gone around by an engine without the option, and asks again before it sends", async () => {
      const world = await open(QUICK.native, {}, { approvals: 2 });
      const { engine, another, store, cloud } = world;
      const lax = another({ approvals: 1 });
      const { id } = await submit(world);
      expect(await lax.approve(id, by("bob"))).toMatchObject({ status: "pending" });
      const direct = await submit(
        { ...world, engine: lax },
        { requestKey: "lax", approvals: 1, lines: [simulatedLine({ account: "account-2" })] },
      );
      await lax.approve(direct.id, by("bob"));
      await engine.run(direct.id);
      expect(cloud.requests()).toEqual([]);
      expect((await store.get(direct.id))?.lines[0]?.lastError).toMatchObject({ code: "APPROVALS_MISSING" });
      expect(await engine.approve(direct.id, by("bob"))).toMatchObject({ approvers: ["bob"] });
      expect(await engine.approve(direct.id, by("carol"))).toMatchObject({ approvers: ["bob", "carol"] });
      await engine.run(direct.id);
      expect(cloud.ledger()).toHaveLength(1);
      await expect(engine.approve(id, by("dora"))).resolves.toMatchObject({ status: "approved" });
    });

    test("starts anew after the approval has run out, and asks a retry for as many", async () => {
      const world = await open(QUICK.native, {}, { approvals: 2, approvalLifetimeMs: 400 });
      const { engine, pass, store, cloud, another } = world;
      const { id } = await submit(world, { approvals: 3 });
      for (const person of ["bob", "carol", "dora"]) await engine.approve(id, by(person));
      await pass(500);
      await engine.run(id);
      expect((await store.get(id))?.lines[0]?.lastError).toMatchObject({ code: "APPROVAL_LAPSED" });
      expect(await engine.approve(id, by("bob"))).toMatchObject({ status: "approved", approvers: ["bob"] });
      await engine.run(id);
      expect(cloud.requests()).toEqual([]);
      const patient = another({ approvalLifetimeMs: 60_000 });
      await patient.cancel(id, { canceledBy: "ann" });
      const failing = await submit({ ...world, engine: patient }, { requestKey: "failing", approvals: 3 });
      const refuses = { ...cloud.provider, prepare: () => Promise.reject(new BuyonceError("PURCHASE_REFUSED", "no")) };
      for (const person of ["bob", "carol", "dora"]) await patient.approve(failing.id, by(person));
      await another({ providers: [refuses], approvalLifetimeMs: 60_000 }).run(failing.id);
      const retry = await another({ approvals: 1 }).retry(failing.id, { requestedBy: "ann", force: true });
      expect(retry).toMatchObject({ approvalsNeeded: 3, approvers: [] });
    });

    test("lets sixteen racing approvers approve only as two different people", async () => {
      const world = await open(QUICK.native, {}, { approvals: 2 });
      const { engine, store } = world;
      const { id } = await submit(world);
      const bobs = ["bob", "Bob", " bob", "BOB ", "ｂｏｂ"];
      await Promise.all(Array.from({ length: 16 }, (_, at) => engine.approve(id, by(bobs[at % bobs.length] ?? ""))));
      expect(await store.get(id)).toMatchObject({ status: "pending", approvers: { length: 1 } });
      const all = Array.from({ length: 16 }, (_, at) => (at % 4 === 3 ? `carol-${at % 8}` : (bobs[at % 5] ?? "")));
      await Promise.allSettled(all.map((person) => engine.approve(id, by(person))));
      const execution = await store.get(id);
      expect(execution).toMatchObject({ status: "approved", approvers: { length: 2 } });
      const given = (await store.events(id)).filter(({ kind }) => kind === "approval_given" || kind === "approved");
      expect(new Set(given.map(({ actor }) => actor.normalize("NFKC").trim().toLowerCase())).size).toBe(2);
    });

    test("answers only with an execution in which the approver stands, whatever the rules say from call to call", async () => {
      let asked = 0;
      const authorize = ({ at, actor }: { at: string; actor: { id: string } }) => {
        if (at !== "send" || actor.id !== "bob") return true;
        asked += 1;
        return asked === 1;
      };
      const world = await open(QUICK.native, {}, { authorize });
      const { id } = await submit(world);
      await world.engine.approve(id, by("bob"));
      expect((await world.engine.approve(id, by("eve"))).approvers).toContain("eve");
    });

    test("sends nothing after one of the people has lost the right, until another one approves", async () => {
      const rights = new Set(["bob", "carol", "dora"]);
      const authorize = ({ verb, actor }: { verb: string; actor: { id: string } }) =>
        verb !== "approve" || rights.has(actor.id);
      const world = await open(QUICK.native, {}, { approvals: 2, authorize });
      const { engine, cloud, store } = world;
      const { id } = await submit(world);
      await engine.approve(id, by("bob"));
      await engine.approve(id, by("carol"));
      rights.delete("bob");
      await engine.run(id);
      expect(cloud.requests()).toEqual([]);
      expect((await store.get(id))?.lines[0]?.lastError).toMatchObject({ code: "APPROVER_NOT_AUTHORIZED" });
      expect(await engine.approve(id, by("dora"))).toMatchObject({ approvers: ["carol", "dora"] });
      await engine.run(id);
      expect(cloud.ledger()).toHaveLength(1);
    });
  });
});
