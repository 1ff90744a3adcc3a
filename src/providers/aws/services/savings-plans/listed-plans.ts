import type { SavingsPlan } from "@aws-sdk/client-savingsplans";
import type { EpochMs } from "../../../../domain/clock.js";
import { collectPages } from "../../../collect-pages.js";
import type { Sighting } from "../../../commitment-provider.js";
import { sightingIn } from "../../../state-table.js";
import { SAVINGS_PLANS_STATES } from "../../aws-states.js";
import { isTermOver, timeOf } from "../../stated-term.js";
import { TOKEN_TAG } from "../../token-tag.js";
import { loadSavingsPlans, type SavingsPlansConnection } from "./savings-plans-client.js";

/** One plan of the listing, with what its state means. */
export interface ListedPlan extends SavingsPlan {
  readonly savingsPlanId: string;
  readonly sighting: Sighting;
}

/**
 * Every plan of the account, whatever its state; DescribeSavingsPlans cannot filter by tag.
 *
 * Throws for an answer that holds no list or a plan without an id.
 */
export async function listPlans(
  { client, settings, signal, limit }: SavingsPlansConnection,
  { now }: { readonly now: EpochMs },
): Promise<readonly ListedPlan[]> {
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
    return { ...plan, savingsPlanId: plan.savingsPlanId, sighting: sightingOf(plan, now) };
  });
}

/** What the state of a plan means. */
export function sightingOf({ state, start, end, termDurationInSeconds }: SavingsPlan, now: EpochMs): Sighting {
  const term = { startsAt: timeOf(start), endsAt: timeOf(end), durationSeconds: termDurationInSeconds };
  return sightingIn(SAVINGS_PLANS_STATES, state, { isOver: isTermOver(term, now) });
}

/** The line's token that a plan carries, if any. */
export const tokenOn = ({ tags }: SavingsPlan): string | undefined => tags?.[TOKEN_TAG];

/** The plans that carry a line's token, whatever their state. */
export const taggedWith = (token: string, plans: readonly ListedPlan[]) =>
  plans.filter((plan) => tokenOn(plan) === token).map((plan) => ({ ...plan, id: plan.savingsPlanId }));

/** The ids of plans. */
export const idsOf = (plans: readonly ListedPlan[]): readonly string[] =>
  plans.map(({ savingsPlanId }) => savingsPlanId);
