import * as z from "zod/mini";
import { checked } from "../../domain/checked.js";
import { priceTolerancePercent } from "../../domain/commitment-request/common.js";
import { BuyonceError } from "../../domain/errors.js";
import type { Execution } from "../../domain/execution.js";
import { sumMoney } from "../../domain/money.js";
import { once } from "../../domain/once.js";
import { refuse } from "../../domain/options.js";
import { requireExecution } from "../../state-machine/require-execution.js";
import type { EngineContext } from "../engine-options.js";

/** What an approval binds itself to. */
export interface ExpectedContent {
  /**
   * The `contentFingerprint` of the execution that the approver saw. An execution with other content is refused with
   * `CONTENT_DIFFERS`.
   */
  readonly expectFingerprint?: string;
}

const fingerprintSchema = once(() => z.string().check(z.regex(/^[0-9a-f]{64}$/)));

/** Refuses a fingerprint that is none. A field that is there but undefined would bind to nothing without a word. */
export function checkExpected(approval: ExpectedContent): void {
  if (!("expectFingerprint" in approval)) return;
  const { success } = checked(fingerprintSchema(), approval.expectFingerprint);
  const problem = "must be the contentFingerprint of the execution that the approver saw";
  refuse(success ? [] : [{ path: "approval.expectFingerprint", problem }]);
}

/** What is approved, as the audit event keeps it: the fingerprint, the total, and the price of each line. */
export async function approvedContent(
  { store }: EngineContext,
  executionId: string,
  { expectFingerprint }: ExpectedContent,
): Promise<Readonly<Record<string, unknown>>> {
  const execution = await requireExecution(store, executionId);
  const { contentFingerprint } = execution;
  if (expectFingerprint !== undefined && expectFingerprint !== contentFingerprint)
    throw contentDiffers(execution, expectFingerprint);
  const total = sumMoney(execution.lines.map(({ request }) => request.expectedPrice));
  return {
    fingerprint: contentFingerprint,
    // Prices in several currencies have no total.
    ...(total && { total }),
    prices: execution.lines.map(({ index, request }) => ({
      lineIndex: index,
      price: request.expectedPrice,
      tolerancePercent: priceTolerancePercent(request),
    })),
  };
}

const contentDiffers = (current: Execution, expected: string): BuyonceError =>
  new BuyonceError("CONTENT_DIFFERS", `Execution ${current.id} is not what the approver saw. Nothing was approved.`, {
    details: { expected, actual: current.contentFingerprint },
    current,
  });
