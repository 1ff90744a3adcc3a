import { mayBuyFor } from "../azure-credential.js";
import { type AzureCall, idOf } from "../azure-service.js";
import { notAuthorized } from "../billing-scope.js";

/** The subscription in the path of a call; refused if the caller has no right there. */
export function askedSubscription(call: AzureCall, right: string): string {
  const subscription = idOf(call, "subscriptionId").toLowerCase();
  if (mayBuyFor(call.principal, subscription)) return subscription;
  throw notAuthorized(right, `/subscriptions/${subscription}`);
}
