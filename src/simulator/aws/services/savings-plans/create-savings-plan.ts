import { isDeepStrictEqual } from "node:util";
import * as z from "zod/mini";
import { effectOf } from "../../../call-effects.js";
import { deterministicId } from "../../../deterministic-id.js";
import { purchaseIdOf } from "../../../purchase-id.js";
import { SimulatedError } from "../../../simulated-error.js";
import { type AwsCall, type AwsOperation, operation } from "../../aws-service.js";
import type { AwsWorld } from "../../aws-world.js";
import { restJson } from "../../protocol/rest-json.js";
import { purchaseFacts } from "../../purchase-facts.js";
import { TagHistory } from "../../tag-history.js";
import type { SavingsPlan, SavingsPlansShelf } from "./savings-plan.js";
import { paymentsOf } from "./savings-plan-payments.js";
import type { SavingsPlansOffering } from "./savings-plans-offering.js";

/** Tags as Savings Plans takes them. */
export const tagsSchema = z
  .record(
    z.string().check(
      z.minLength(1),
      z.maxLength(128),
      z.refine((key) => !key.toLowerCase().startsWith("aws:"), "Keys that start with aws: are reserved"),
    ),
    z.string().check(z.maxLength(256)),
  )
  .check(z.refine((tags) => Object.keys(tags).length <= 50, "At most 50 tags"));

/** The pattern of the API model for offering ids: hexadecimal digits in groups, dashes between. */
const OFFERING_ID = /^[0-9a-f]+(?:-[0-9a-f]+)*-?$/;

const input = z.object({
  savingsPlanOfferingId: z
    .string()
    .check(z.regex(OFFERING_ID, "Member must satisfy regular expression pattern of a UUID")),
  commitment: z.string().check(
    z.regex(/^\d{1,7}(\.\d{1,5})?$/, "Member must be a decimal number with at most 5 digits after the point"),
    z.refine((text) => Number(text) >= 0.001 && Number(text) <= 1_000_000, "Member must be from 0.001 to 1000000"),
  ),
  upfrontPaymentAmount: z.optional(z.string().check(z.regex(/^\d{1,12}$/, "Member must be a whole number"))),
  /** Seconds since the epoch. */
  purchaseTime: z.optional(z.number().check(z.positive())),
  clientToken: z.optional(z.string().check(z.minLength(1))),
  tags: z._default(tagsSchema, {}),
});
type Input = z.infer<typeof input>;

/** A purchase may be queued "up to three years" ahead. */
const MAX_QUEUE_MS = 3 * 365 * 24 * 3600 * 1000;

interface Shop {
  readonly world: AwsWorld;
  readonly shelf: SavingsPlansShelf;
  /** What was asked for each plan, to tell a repeated request from a changed one. */
  readonly requests: WeakMap<SavingsPlan, Input>;
}

/** Buys a savings plan, once for each client token for as long as the token is remembered. */
export function createSavingsPlan(world: AwsWorld, shelf: SavingsPlansShelf): AwsOperation {
  const shop: Shop = { world, shelf, requests: new WeakMap() };
  return operation(restJson, input, (request, call) => {
    const plan = replayed(request, call, shop) ?? buy(request, call, shop);
    return { savingsPlanId: plan.id };
  });
}

/** The plan that this token bought, if the token is still remembered. */
function replayed(request: Input, call: AwsCall, { world, shelf, requests }: Shop): SavingsPlan | undefined {
  if (request.clientToken === undefined) return undefined;
  const plan = shelf.boughtUnder(call, request.clientToken);
  const { clientTokenWindowMs, changedRequestUnderToken } = world.settings;
  if (plan === undefined || call.now >= plan.purchasedAt + clientTokenWindowMs) return undefined;
  if (changedRequestUnderToken === "return-original" || isDeepStrictEqual(requests.get(plan), request)) return plan;
  throw invalid("The client token was used before with other parameters");
}

function buy(request: Input, call: AwsCall, { world, shelf, requests }: Shop): SavingsPlan {
  const offering = offeringOf(request, world);
  const payments = paymentsOf(request, offering);
  const startsAt = startOf(request, call.now, world.settings.maxClockSkewMs);
  const number = world.nextNumber();
  const plan: SavingsPlan = {
    ...payments,
    id: deterministicId(`savings-plan:${call.account}:${number}`),
    purchaseId: purchaseIdOf(number),
    ...purchaseFacts(call, world),
    offering,
    commitment: request.commitment,
    clientToken: request.clientToken,
    startsAt,
    tags: new TagHistory(),
  };
  if (effectOf(call, "lost-tag-at-creation") === undefined) plan.tags.setFromTheStart(request.tags);
  requests.set(plan, request);
  shelf.add(plan);
  return plan;
}

function offeringOf({ savingsPlanOfferingId }: Input, { catalogue }: AwsWorld): SavingsPlansOffering {
  const offering = catalogue.savingsPlans().find((candidate) => candidate.offeringId === savingsPlanOfferingId);
  if (offering !== undefined) return offering;
  throw new SimulatedError(
    "ResourceNotFoundException",
    404,
    `Savings Plan offering ${savingsPlanOfferingId} not found`,
  );
}

// The time of a buyer who sends its own "now" is past when the request is read. Real purchases of this kind go through.
function startOf({ purchaseTime }: Input, now: number, toleranceMs: number): number {
  const startsAt = purchaseTime === undefined ? now : purchaseTime * 1000;
  if (startsAt < now - toleranceMs) throw invalid("The purchase time must not be in the past");
  if (startsAt > now + MAX_QUEUE_MS) throw invalid("The purchase time is too far in the future");
  return Math.max(startsAt, now);
}

function invalid(message: string): SimulatedError {
  return new SimulatedError("ValidationException", 400, message);
}
