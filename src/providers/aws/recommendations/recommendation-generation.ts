import type { EpochMs } from "../../../domain/clock.js";
import { isError } from "../../../domain/is-error.js";
import type { SourceContext } from "../../recommendation-source.js";
import { safeMessage } from "../../safe-message.js";
import { type CostExplorerClient, loadCostExplorer } from "./cost-explorer-client.js";

/** What came of the request for newer recommendations. */
export type GenerationStart =
  | {
      readonly kind: "started";
      /** As Cost Explorer states it. */
      readonly startedAt?: string;
      readonly estimatedCompletion?: string;
    }
  /** One that was started before goes on. */
  | { readonly kind: "running" }
  /** Cost Explorer refused. What it had computed before arrived all the same. */
  | { readonly kind: "refused"; readonly reason: string };

/** Whether recommendations are so old that newer ones are worth a request. Of an unknown age they are. */
export const isStale = (generatedAt: EpochMs | undefined, now: EpochMs, staleAfterMs: number): boolean =>
  generatedAt === undefined || now - generatedAt > staleAfterMs;

/**
 * Asks Cost Explorer to compute the Savings Plans recommendations of an account anew, which takes it minutes to hours.
 *
 * "You can refresh Savings Plans recommendations up to three times daily" (the API reference). A refusal loses nothing,
 * so it is a value and a warning. Throws only if the collection is canceled.
 */
export async function startGeneration(
  client: CostExplorerClient,
  account: string,
  context: SourceContext,
): Promise<GenerationStart> {
  const { StartSavingsPlansPurchaseRecommendationGenerationCommand } = await loadCostExplorer();
  const command = new StartSavingsPlansPurchaseRecommendationGenerationCommand({});
  try {
    const answer = await context.call("StartSavingsPlansPurchaseRecommendationGeneration", (abortSignal) =>
      client.send(command, { abortSignal }),
    );
    const { GenerationStartedTime: startedAt, EstimatedCompletionTime: estimatedCompletion } = answer;
    return {
      kind: "started",
      ...(startedAt !== undefined && { startedAt }),
      ...(estimatedCompletion !== undefined && { estimatedCompletion }),
    };
  } catch (thrown) {
    context.signal.throwIfAborted();
    if (isError(thrown) && thrown.name === "GenerationExistsException") return { kind: "running" };
    const reason = safeMessage(thrown, "");
    context.logger.warn("Cost Explorer does not compute newer Savings Plans recommendations", { account, reason });
    return { kind: "refused", reason };
  }
}
