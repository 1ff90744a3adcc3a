import * as z from "zod/mini";
import { readSettings } from "../../read-settings.js";
import { isGuid } from "../guid.js";

export const statedSubscriptionSchema: z.ZodMiniType<StatedSubscription> = z.strictObject({
  subscriptionId: z.string().check(z.refine(isGuid, "must be a GUID")),
  state: z.enum(["Enabled", "Warned", "PastDue", "Disabled", "Deleted"]),
});

/** A subscription and its state. */
export interface StatedSubscription {
  readonly subscriptionId: string;
  readonly state: "Enabled" | "Warned" | "PastDue" | "Disabled" | "Deleted";
}

/** The subscriptions whose state was set. */
export class SubscriptionBook {
  readonly #subscriptions = new Map<string, StatedSubscription>();

  list(): StatedSubscription[] {
    return [...this.#subscriptions.values()];
  }

  /** Throws `TypeError` for what is no subscription. */
  set(subscription: StatedSubscription): void {
    const kept = readSettings(statedSubscriptionSchema, structuredClone(subscription));
    this.#subscriptions.set(kept.subscriptionId.toLowerCase(), kept);
  }

  /** The state of a subscription. */
  stateOf(subscriptionId: string): StatedSubscription["state"] {
    return this.#subscriptions.get(subscriptionId.toLowerCase())?.state ?? "Enabled";
  }
}
