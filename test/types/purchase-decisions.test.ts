import { describe, expect, test } from "vitest";
import { typeErrorsOf } from "../support/type-check.js";

const PRELUDE = `
import type { ExecutionStore, PurchaseEngine } from "buyonce";
declare const engine: PurchaseEngine;
declare const store: ExecutionStore;
const decisions = engine.withStore(store);
`;

describe("an engine over a store in a transaction", { timeout: 60_000 }, () => {
  test("submits, approves and whatever else people decide and read", () => {
    const calls = `
      const { id } = await decisions.submit({ requestKey: "key", createdBy: "ann", lines: [] });
      await decisions.approve(id, { approvedBy: "bob" });
      await decisions.approve(id, { approvedBy: "bob", acceptPrices: [{ lineIndex: 0, price: { amount: "1", currency: "USD" } }] });
      await decisions.schedule(id, { approvedBy: "bob", runAt: new Date() });
      await decisions.pause(id, { pausedBy: "bob" });
      await decisions.resume(id, { resumedBy: "bob" });
      await decisions.cancel(id, { canceledBy: "bob" });
      await decisions.retry(id, { requestedBy: "bob" });
      await decisions.markNotified(id, { channel: "#buyers", notifiedBy: "bot" });
      const request = { recipient: "bob", validForMs: 1_000, issuedBy: "bot" };
      const { token } = await decisions.issueDecisionToken(id, { verb: "approve", ...request });
      const { kind, execution } = await decisions.decideByToken(token, { actor: { id: "bob" } });
      await decisions.revokeDecisionTokens(kind === "decided" ? execution.id : id, { revokedBy: "ann" });
      await decisions.explain(id);
      await decisions.events(id);
      await decisions.history();`;
    expect(typeErrorsOf(`${PRELUDE} ${calls}`)).toEqual([]);
  });

  test("takes an actor as an id, as an object with more facts, and as an object of a caller's own type", () => {
    const calls = `
      interface User { readonly id: string; readonly email: string }
      declare const user: User;
      await decisions.approve("id", { approvedBy: { id: "bob", roles: ["approver"], tenant: "t-1" } });
      await decisions.cancel("id", { canceledBy: user });
      await decisions.explain("id", { readBy: user });
      await decisions.history({ limit: 5 }, { readBy: "bob" });`;
    expect(typeErrorsOf(`${PRELUDE} ${calls}`)).toEqual([]);
    expect(typeErrorsOf(`${PRELUDE} await decisions.approve("id", { approvedBy: { name: "bob" } });`)).toHaveLength(1);
  });

  test("has links that approve and cancel, and no others", () => {
    const request = `{ verb: "retry", recipient: "bob", validForMs: 1, issuedBy: "bot" }`;
    expect(typeErrorsOf(`${PRELUDE} await decisions.issueDecisionToken("id", ${request});`)).toHaveLength(1);
  });

  test.each(["run", "tick", "reconcile", "resolve", "cancelQueued", "withStore"])(
    "has no %s: it does not compile",
    (method) => {
      expect(typeErrorsOf(`${PRELUDE} export const call = decisions.${method};`)).toEqual([
        expect.stringMatching(`Property '${method}' does not exist`),
      ]);
    },
  );

  test("is no engine for what wants one", () => {
    expect(typeErrorsOf(`${PRELUDE} export const all: PurchaseEngine = decisions;`)).toEqual([
      expect.stringMatching(/is missing the following properties/),
    ]);
  });
});
