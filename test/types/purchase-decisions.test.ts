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
      await decisions.schedule(id, { approvedBy: "bob", runAt: new Date() });
      await decisions.pause(id, { pausedBy: "bob" });
      await decisions.resume(id, { resumedBy: "bob" });
      await decisions.cancel(id, { canceledBy: "bob" });
      await decisions.retry(id, { requestedBy: "bob" });
      await decisions.explain(id);
      await decisions.events(id);
      await decisions.history();`;
    expect(typeErrorsOf(`${PRELUDE} ${calls}`)).toEqual([]);
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
