import Big from "big.js";
import type { Execution } from "../../domain/execution.js";
import type { ExecutionStatus } from "../../domain/execution-status.js";
import type { LineState } from "../../domain/line-state.js";
import type { Money } from "../../domain/money.js";
import { assert } from "../assert.js";
import type { CloudPurchase } from "./provider-fixture.js";
import { lineOf, requestsSent, type Subject } from "./steps.js";

/** The end of one line: what the cloud's books say, and what the library has recorded. */
export interface PurchaseReport {
  /** The number of our purchases at the cloud for which money moved or will move. */
  readonly purchases: number;
  /** The number of units of these purchases together. */
  readonly quantity: number;
  /** The number of purchase requests that reached the cloud. */
  readonly requestsSent: number;
  /** The number of write-aheads that were won. Each gives the right to send one request. */
  readonly permits: number;
  /** How often the line was put in doubt. */
  readonly doubts: number;
  readonly status: ExecutionStatus;
  readonly lineState: LineState;
  /** Whether the commitment was found at the cloud, not confirmed by the answer to the purchase. */
  readonly adopted: boolean;
  readonly recordedIds: readonly string[];
  readonly cloudIds: readonly string[];
  readonly recordedCharge: Money | undefined;
  /** What the cloud charges at once for the whole purchase, if the cloud states it. */
  readonly statedCharge: Money | undefined;
}

/** Reports on one execution by both books. `elsewhere` has the ids of commitments that somebody else bought. */
export async function reportOn(
  subject: Subject,
  executionId: string,
  elsewhere: readonly string[] = [],
): Promise<PurchaseReport> {
  const execution = (await subject.store.get(executionId)) ?? assert.fail(`${executionId} is gone`);
  const events = await subject.engine.events(executionId);
  const ours = (await subject.fixture.cloud.purchases()).filter(
    ({ commitmentId, live }) => live && !elsewhere.includes(commitmentId),
  );
  const count = (kind: string) => events.filter((event) => event.kind === kind).length;
  return {
    ...recordedOf(execution),
    purchases: new Set(ours.map(({ purchaseId }) => purchaseId)).size,
    quantity: ours.reduce((sum, { quantity }) => sum + quantity, 0),
    requestsSent: await requestsSent(subject.fixture),
    permits: count("write_ahead"),
    doubts: count("put_in_doubt"),
    cloudIds: ours.map(({ commitmentId }) => commitmentId).sort(),
    statedCharge: statedCharge(ours),
  };
}

function recordedOf(execution: Execution) {
  const { state, commitment } = lineOf(execution);
  return {
    status: execution.status,
    lineState: state,
    adopted: commitment?.adopted === true,
    recordedIds: [...(commitment?.commitmentIds ?? [])].sort(),
    recordedCharge: commitment?.charge,
  };
}

function statedCharge(purchases: readonly CloudPurchase[]): Money | undefined {
  const charges = purchases.flatMap(({ charge }) => charge ?? []);
  const [first] = charges;
  if (first === undefined || charges.length < purchases.length) return undefined;
  const amount = charges.reduce((sum, charge) => sum.plus(charge.amount), new Big(0));
  return { amount: amount.toFixed(), currency: first.currency };
}

/** Asserts that the whole line was bought once, with one request per permit, and is recorded as the cloud has it. */
export function assertBoughtOnce(report: PurchaseReport, { request }: Pick<Subject["fixture"], "request">): void {
  assert.equal(report.purchases, 1, `bought ${report.purchases} times`);
  assert.equal(report.quantity, request.quantity, "another quantity was bought");
  assert.ok(report.requestsSent <= report.permits, `${report.requestsSent} requests by ${report.permits} permits`);
  assert.equal(report.status, "completed");
  assert.equal(report.lineState, "committed");
  assert.deepEqual(report.recordedIds, report.cloudIds, "the recorded ids are not the ids that the cloud has");
  assertChargeStated(report);
}

function assertChargeStated({ recordedCharge, statedCharge }: PurchaseReport): void {
  if (recordedCharge === undefined) return;
  assert.ok(
    statedCharge !== undefined,
    `the recorded charge is ${recordedCharge.amount}, but the cloud never stated a charge`,
  );
  assert.ok(
    new Big(recordedCharge.amount).eq(statedCharge.amount) && recordedCharge.currency === statedCharge.currency,
    `the recorded charge is ${recordedCharge.amount} ${recordedCharge.currency}, but the cloud states ${statedCharge.amount} ${statedCharge.currency}`,
  );
}
