import { deterministicId } from "../deterministic-id.js";
import { SimulatedError } from "../simulated-error.js";
import { mayBuyFor } from "./azure-credential.js";
import type { AzureCall } from "./azure-service.js";
import { isGuid } from "./guid.js";

/** The subscription that a `billingScopeId` names, as a bare GUID or as `/subscriptions/<guid>`; `undefined` if none. */
export function subscriptionIn(billingScopeId: string): string | undefined {
  const id = billingScopeId.replace(/^\/subscriptions\//i, "").toLowerCase();
  return isGuid(id) ? id : undefined;
}

/** The subscription to be billed; refused if it is none, or if the caller may not buy for it. */
export function billedSubscription(billingScopeId: string, call: AzureCall, action: string): string {
  const subscription = subscriptionIn(billingScopeId);
  if (subscription === undefined) {
    throw new SimulatedError("InvalidSubscriptionId", 400, `'${billingScopeId}' is not a valid subscription.`);
  }
  if (mayBuyFor(call.principal, subscription)) return subscription;
  throw notAuthorized(action, `/subscriptions/${subscription}`);
}

/** The 403 of a caller without the right to do this there. */
export function notAuthorized(action: string, scope: string): SimulatedError {
  const client = "00000000-0000-0000-0000-00000000c11e";
  const message =
    `The client '${client}' with object id '${client}' does not have authorization to perform action '${action}' ` +
    `over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`;
  return new SimulatedError("AuthorizationFailed", 403, message);
}

/** The billing account that pays for a subscription: the same in every run. */
export function billingAccountOf(subscription: string): string {
  return `/providers/Microsoft.Billing/billingAccounts/${deterministicId(`billing-account:${subscription}`)}`;
}
