import { BuyonceError } from "../../domain/errors.js";
import type { Execution, PurchaseLine } from "../../domain/execution.js";
import type { PurchaseEngine } from "../../engine/purchase-engine.js";
import type { LineReport, PurchaseHandlers, PurchaseOrder } from "./purchase-wiring.js";

/**
 * Handlers that call an engine and do nothing else; spread them and replace those that your own code implements.
 *
 * The order's key is the request key and the source, by which its latest retry is found.
 */
export function engineHandlers(engine: PurchaseEngine): Required<PurchaseHandlers> {
  const latest = async (order: PurchaseOrder) => latestOf(order, await attemptsOf(engine, order));
  return {
    submit: ({ key, lines }) => engine.submit({ requestKey: key, source: key, createdBy: "submitter", lines }),
    approve: async (order) => engine.approve((await latest(order)).id, { approvedBy: "approver" }),
    tick: () => engine.tick(),
    run: async (order) => engine.run((await latest(order)).id),
    cancel: async (order) => engine.cancel((await latest(order)).id, { canceledBy: "submitter" }),
    pause: async (order) => engine.pause((await latest(order)).id, { pausedBy: "approver" }),
    resume: async (order) => engine.resume((await latest(order)).id, { resumedBy: "approver" }),
    retry: async (order) => engine.retry((await latest(order)).id, { requestedBy: "submitter", force: true }),
    report: async (order) => {
      const attempts = await attemptsOf(engine, order);
      return order.lines.map((_, index) => reportOf(attempts, index));
    },
  };
}

/** The order's execution and all its retries. */
async function attemptsOf(engine: PurchaseEngine, { key }: PurchaseOrder): Promise<readonly Execution[]> {
  return (await engine.history({ source: key, limit: 200 })).executions;
}

function latestOf({ key }: PurchaseOrder, attempts: readonly Execution[]): Execution {
  const latest = attempts.find(({ successorId }) => successorId === null);
  if (latest === undefined) throw new BuyonceError("EXECUTION_NOT_FOUND", `Nothing was submitted as "${key}".`);
  return latest;
}

function reportOf(attempts: readonly Execution[], index: number): LineReport {
  const lines = attempts.flatMap((execution) => execution.lines.filter((line) => line.index === index));
  if (lines.some(({ state }) => state === "committed")) return "bought";
  return lines.every(isNotBought) ? "not_bought" : "open";
}

const isNotBought = ({ state }: PurchaseLine): boolean => state === "rejected" || state === "skipped";
