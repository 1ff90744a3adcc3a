import type { CommitmentRequest } from "../../domain/commitment-request/commitment-request.js";
import type { CustomRequest } from "../../domain/commitment-request/custom.js";
import { BuyonceError } from "../../domain/errors.js";
import type { ExecutionView, PurchaseLine } from "../../domain/execution.js";
import type { PurchaseEngine } from "../../engine/purchase-engine.js";
import { offeringOf } from "../simulated-cloud.js";
import type { LineReport, PurchaseHandlers, PurchaseOrder } from "./purchase-wiring.js";

/**
 * Handlers that only call an engine. Spread them, and replace the handlers that your own code implements.
 *
 * The handlers find an order's executions, retries included, by what they buy. So your code may submit under any key.
 */
export function engineHandlers(engine: PurchaseEngine): Required<PurchaseHandlers> {
  const latest = async (order: PurchaseOrder) => latestOf(order, await attemptsOf(engine, order));
  return {
    submit: ({ key, lines }) => engine.submit({ requestKey: key, createdBy: "submitter", lines }),
    approve: async (order) => engine.approve((await latest(order)).id, { approvedBy: "approver" }),
    tick: () => engine.tick(),
    run: async (order) => engine.run((await latest(order)).id),
    cancel: async (order) => engine.cancel((await latest(order)).id, { canceledBy: "submitter" }),
    pause: async (order) => engine.pause((await latest(order)).id, { pausedBy: "approver" }),
    resume: async (order) => engine.resume((await latest(order)).id, { resumedBy: "approver" }),
    retry: async (order) => engine.retry((await latest(order)).id, { requestedBy: "submitter", force: true }),
    report: async (order) => {
      const attempts = await attemptsOf(engine, order);
      return order.lines.map((line) => reportOf(attempts, offeringOf(line)));
    },
  };
}

/** Every execution that buys a line of the order, newest first. */
async function attemptsOf(engine: PurchaseEngine, { lines }: PurchaseOrder): Promise<readonly ExecutionView[]> {
  const offerings = lines.map(offeringOf);
  const attempts: ExecutionView[] = [];
  let cursor: string | undefined;
  do {
    const page = await engine.history({ limit: 200, ...(cursor !== undefined && { cursor }) });
    attempts.push(...page.executions.filter((execution) => offerings.some((offering) => buys(execution, offering))));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return attempts;
}

const buys = ({ lines }: ExecutionView, offering: string): boolean => lines.some((line) => isOf(line, offering));

const isOf = ({ request }: PurchaseLine, offering: string): boolean =>
  isCustom(request) && offeringOf(request) === offering;

const isCustom = (request: CommitmentRequest): request is CustomRequest => request.service.startsWith("custom.");

function latestOf({ key }: PurchaseOrder, attempts: readonly ExecutionView[]): ExecutionView {
  const latest = attempts.find(({ successorId }) => successorId === null);
  if (latest === undefined) throw new BuyonceError("EXECUTION_NOT_FOUND", `Nothing was submitted for "${key}".`);
  return latest;
}

function reportOf(attempts: readonly ExecutionView[], offering: string): LineReport {
  const lines = attempts.flatMap((execution) => execution.lines.filter((line) => isOf(line, offering)));
  if (lines.some(({ state }) => state === "committed")) return "bought";
  return lines.length > 0 && lines.every(isNotBought) ? "not_bought" : "open";
}

const isNotBought = ({ state }: PurchaseLine): boolean => state === "rejected" || state === "skipped";
