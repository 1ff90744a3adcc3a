import { describe, expect, test } from "vitest";
import { engineHandlers } from "../../../src/testing/purchase-commands/engine-handlers.js";
import type { PurchaseOrder } from "../../../src/testing/purchase-commands/purchase-wiring.js";
import { CONTRACT, purchaseFixture, simulatedLine } from "../../support/purchase-fixture.js";

const ORDER: PurchaseOrder = {
  key: "order-0",
  lines: [0, 1].map((line) => simulatedLine({ offering: { order: 0, line } })),
};

describe("engineHandlers", () => {
  test("find an order by what it buys, whoever submitted it, behind more than a page of others", async () => {
    const { engine, cloud, clock } = purchaseFixture(CONTRACT.native);
    const handlers = engineHandlers(engine);
    await engine.submit({ requestKey: "own key", createdBy: "ann", lines: ORDER.lines });
    clock.advance(1);
    for (let other = 0; other < 200; other += 1) await handlers.submit({ key: `${other}`, lines: [simulatedLine()] });
    await handlers.approve(ORDER);
    await handlers.run(ORDER);
    expect(cloud.ledger()).toHaveLength(2);
    await expect(handlers.report(ORDER)).resolves.toEqual(["bought", "bought"]);
  });

  test("find the retry of what failed, and report line by line", async () => {
    const faults = { purchases: [{ kind: "none" }, { kind: "rejected" }, { kind: "rejected" }] } as const;
    const { engine, cloud } = purchaseFixture(CONTRACT.native, faults, { concurrency: 1 });
    const handlers = engineHandlers(engine);
    await handlers.submit(ORDER);
    await expect(handlers.report(ORDER)).resolves.toEqual(["open", "open"]);
    await handlers.approve(ORDER);
    await handlers.run(ORDER);
    await expect(handlers.report(ORDER)).resolves.toEqual(["bought", "not_bought"]);
    await handlers.retry(ORDER);
    await expect(handlers.report(ORDER)).resolves.toEqual(["bought", "open"]);
    await handlers.approve(ORDER);
    await handlers.run(ORDER);
    expect(cloud.requests()).toHaveLength(3);
    await expect(handlers.report(ORDER)).resolves.toEqual(["bought", "not_bought"]);
  });

  test("know nothing of an order that was never submitted", async () => {
    const { engine } = purchaseFixture(CONTRACT.native);
    const handlers = engineHandlers(engine);
    await handlers.submit({ key: ORDER.key, lines: [simulatedLine()] });
    await expect(handlers.report(ORDER)).resolves.toEqual(["open", "open"]);
    await expect(handlers.approve(ORDER)).rejects.toMatchObject({ code: "EXECUTION_NOT_FOUND" });
  });
});
