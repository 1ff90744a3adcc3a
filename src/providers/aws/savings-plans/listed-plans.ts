import type { SavingsPlan } from "@aws-sdk/client-savingsplans";
import { collectPages } from "../../collect-pages.js";
import type { DeadCommitment } from "../client-token.js";
import { TOKEN_TAG } from "../token-tag.js";
import { loadSavingsPlans, type SavingsPlansConnection } from "./savings-plans-client.js";

/** One plan of the listing. */
export interface ListedPlan extends SavingsPlan {
  readonly savingsPlanId: string;
}

// In none of these has money moved for good: the payment failed, the queued purchase was deleted, the plan was given
// back or has run its term.
const DEAD_STATES: ReadonlySet<string | undefined> = new Set([
  "payment-failed",
  "queued-deleted",
  "retired",
  "returned",
]);

/**
 * Every plan of the account, whatever its state; DescribeSavingsPlans cannot filter by tag.
 *
 * Throws for an answer that holds no list or a plan without an id.
 */
export async function listPlans({
  client,
  settings,
  signal,
  limit,
}: SavingsPlansConnection): Promise<readonly ListedPlan[]> {
  const { DescribeSavingsPlansCommand } = await loadSavingsPlans();
  const plans = await collectPages({
    operation: "DescribeSavingsPlans",
    maxPages: settings.maxPages,
    signal,
    async fetch(nextToken) {
      const command = new DescribeSavingsPlansCommand({ maxResults: 1000, nextToken });
      const page = await client.send(command, { abortSignal: limit() });
      return { items: page.savingsPlans, nextToken: page.nextToken };
    },
  });
  return plans.map((plan) => {
    if (plan.savingsPlanId === undefined) throw new Error("DescribeSavingsPlans listed a plan without an id");
    return { ...plan, savingsPlanId: plan.savingsPlanId };
  });
}

/** Whether money has moved or will move for it; a state that is not known counts as that. */
export const isLive = ({ state }: SavingsPlan): boolean => !DEAD_STATES.has(state);

/** The line's token it carries, if any. */
export const tokenOn = ({ tags }: SavingsPlan): string | undefined => tags?.[TOKEN_TAG];

/** The plans that carry a line's token and for which nothing is owed any more. */
export const deadUnder = (token: string, plans: readonly ListedPlan[]): readonly DeadCommitment[] =>
  plans
    .filter((plan) => tokenOn(plan) === token && !isLive(plan))
    .map(({ savingsPlanId, state }) => ({ id: savingsPlanId, state }));

/** Their ids. */
export const idsOf = (plans: readonly ListedPlan[]): readonly string[] =>
  plans.map(({ savingsPlanId }) => savingsPlanId);
