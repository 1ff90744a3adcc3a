import * as z from "zod/mini";
import { SimulatedError } from "../../simulated-error.js";
import { appliedScopePropertiesSchema, scopeProblem } from "../applied-scope.js";
import type { AzureCall } from "../azure-service.js";
import type { AzureWorld } from "../azure-world.js";
import { billedSubscription } from "../billing-scope.js";
import type { AzureTerm } from "../orders/order-times.js";
import { type Quote, quoteFor } from "../orders/quote.js";
import { readBody } from "../read-body.js";

/** The body that asks `Microsoft.Capacity` for a reservation. `tags` are not part of it and are dropped. */
const capacityBody = z.object({
  sku: z.object({ name: z.string().check(z.minLength(1)) }),
  location: z.string().check(z.minLength(1)),
  properties: z.object({
    reservedResourceType: z.string(),
    billingScopeId: z.string(),
    term: z.string(),
    /** Upfront if absent. */
    billingPlan: z.nullish(z.enum(["Upfront", "Monthly"])),
    quantity: z.int().check(z.positive()),
    displayName: z.nullish(z.string()),
    appliedScopeType: z.string(),
    appliedScopes: z.nullish(z.array(z.string())),
    appliedScopeProperties: z.nullish(appliedScopePropertiesSchema),
    renew: z.nullish(z.boolean()),
    reservedResourceProperties: z.nullish(z.object({ instanceFlexibility: z.nullish(z.enum(["On", "Off", ""])) })),
    reviewDateTime: z.nullish(z.string()),
  }),
});

/** The same body in `Microsoft.BillingBenefits`, which has another word for monthly and no `appliedScopes`. */
const aliasBody = z.extend(capacityBody, {
  properties: z.extend(z.omit(capacityBody.shape.properties, { appliedScopes: true }), {
    billingPlan: z.nullish(z.literal("P1M")),
  }),
});

/** A body that asks for a reservation, by either API. */
export type ReservationBody = z.infer<typeof capacityBody> | z.infer<typeof aliasBody>;

/** A reservation that can be bought: everything about it has been checked. */
export interface ReservationRequest {
  readonly body: ReservationBody;
  readonly subscription: string;
  readonly term: AzureTerm;
  readonly billingPlan: "Upfront" | "Monthly";
  readonly quote: Quote;
}

/** The limits a buyer of reservations met in practice. */
const DISPLAY_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** Reads what `Microsoft.Capacity` is asked for; refuses what is not on sale, or not for this caller. */
export function readCapacityRequest(call: AzureCall, world: AzureWorld, action: string): ReservationRequest {
  return check(readBody(capacityBody, call.body), { call, world, action });
}

/** Reads what an alias is asked for; refuses what is not on sale, or not for this caller. */
export function readAliasRequest(call: AzureCall, world: AzureWorld, action: string): ReservationRequest {
  return check(readBody(aliasBody, call.body), { call, world, action });
}

interface Checking {
  readonly call: AzureCall;
  readonly world: AzureWorld;
  readonly action: string;
}

function check(body: ReservationBody, { call, world, action }: Checking): ReservationRequest {
  const { billingScopeId, displayName, term, reservedResourceType } = body.properties;
  const subscription = billedSubscription(billingScopeId, call, action);
  if (displayName && !DISPLAY_NAME.test(displayName)) throw invalidDisplayName(displayName);
  const problem = scopeProblem(body.properties);
  if (problem !== undefined) throw problem;
  const price = world.prices.priceOf({ reservedResourceType, sku: body.sku.name, location: body.location, term });
  const paidMonthly = body.properties.billingPlan === "Monthly" || body.properties.billingPlan === "P1M";
  const quote = quoteFor({
    currency: world.settings.billingCurrency,
    term: price.term,
    paidMonthly,
    cents: Math.round(price.amount * 100) * body.properties.quantity,
  });
  return { body, subscription, term: price.term, billingPlan: paidMonthly ? "Monthly" : "Upfront", quote };
}

function invalidDisplayName(name: string): SimulatedError {
  const message = `The display name '${name}' may hold up to 64 letters, digits, hyphens and underscores.`;
  return new SimulatedError("DisplayNameInvalid", 400, message);
}

const LOCATION_NAMES: Readonly<Record<string, string>> = {
  westus: "US West",
  eastus: "US East",
  northeurope: "EU North",
  westeurope: "EU West",
  uksouth: "UK South",
};

const TERM_TITLES = { P1M: "1 Month", P1Y: "1 Year", P3Y: "3 Years", P5Y: "5 Years" } as const;

/** The long name of what is reserved: `Reserved VM Instance, Standard_B1ls, US West, 1 Year`. */
export function skuTitle({ body, term }: ReservationRequest): string {
  const { reservedResourceType } = body.properties;
  const what = reservedResourceType === "VirtualMachines" ? "VM Instance" : reservedResourceType;
  const where = LOCATION_NAMES[body.location.toLowerCase()] ?? body.location;
  return `Reserved ${what}, ${body.sku.name}, ${where}, ${TERM_TITLES[term]}`;
}
