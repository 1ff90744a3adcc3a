import { effectOf } from "../call-effects.js";
import { StateHistory } from "../state-history.js";
import type { AwsCall } from "./aws-service.js";
import type { AwsWorld } from "./aws-world.js";

/** What every commitment keeps of the call that bought it. */
export const purchaseFacts = (call: AwsCall, { settings }: AwsWorld) => ({
  account: call.account,
  purchasedAt: call.now,
  paymentPendingMs: settings.paymentPendingMs,
  paymentFails: effectOf(call, "payment-fails") !== undefined,
  states: new StateHistory(),
});
