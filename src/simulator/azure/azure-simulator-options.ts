import * as z from "zod/mini";
import type { KeysOf } from "../../domain/options.js";
import type { SimulatorClock } from "../clock.js";
import { MINUTE_MS, milliseconds, readSettings } from "../read-settings.js";
import { type ReservationPrice, reservationPriceSchema } from "./reservations/reservation-prices.js";

const seconds = z.int().check(z.nonnegative());

/** How long an order stays in each state before `Succeeded`; 0 skips the state. A savings plan skips the capacity states. */
export interface OrderStatesMs {
  readonly creating: number;
  readonly pendingCapacity: number;
  readonly confirmedCapacity: number;
  readonly pendingBilling: number;
}

/** How long the operation behind an alias stays in each state before it ends; 0 skips the state. */
export interface OperationStatesMs {
  readonly pending: number;
  readonly pendingPurchases: number;
}

/** How the simulated services behave, with every default filled in. Times are in the simulator's milliseconds. */
export interface AzureSettings {
  /** How long the order id of a price calculation can be bought under. Azure states no figure. Default: 15 minutes. */
  readonly sessionMs: number;
  /** The answer to a purchase whose body is not the calculated one. Azure states nothing. Default: `refuse`. */
  readonly changedPurchase: "refuse" | "buy-as-sent";
  /**
   * The answer to a second purchase under the id of an existing order. The order stays as it is. Azure states nothing.
   *
   * `return-order`: 200 with the order. `conflict`: 409 `ReservationOrderIdAlreadyExists`. `bad-request`: 400 with the
   * same code. `session-over`: the 400 of an order id that was never calculated. Default: `conflict`.
   */
  readonly repeatedOrder: "return-order" | "conflict" | "bad-request" | "session-over";
  /**
   * The answer to a second PUT of an existing alias. Azure states nothing.
   *
   * `return-alias`: 200 with `Created` and no asynchronous operation. `accept-again`: 201 and the first operation.
   * `conflict`: 409. None of these buys again; `second-order` does. Default: `conflict`.
   */
  readonly repeatedAlias: "return-alias" | "accept-again" | "conflict" | "second-order";
  /**
   * How an existing alias is answered. `as-recorded`: in full, with `null` for what is not set. `as-specified`: without
   * all that is not set and without `location`, as the 200 of a PUT in the examples of the specification. Default:
   * `as-recorded`.
   */
  readonly aliasAnswers: "as-recorded" | "as-specified";
  /**
   * The answer to a GET of an alias or order that does not exist. `not-found`: 404. `forbidden`: the 403 of a caller who
   * may not read the whole tenant. Default: `not-found`.
   */
  readonly unknownReads: "not-found" | "forbidden";
  /** The SKUs of savings plans on sale. Default: `Compute_Savings_Plan`, the only one that is documented. */
  readonly savingsPlanSkus: readonly string[];
  /** How the first PUT of a savings plan alias is answered: recordings say 201, the specification 200. Default: 201. */
  readonly savingsPlanFirstAnswer: 200 | 201;
  /** Default 0 for all, so that an order has succeeded by the first look after the purchase. */
  readonly orderStatesMs: OrderStatesMs;
  /** Default 0 for both. */
  readonly operationStatesMs: OperationStatesMs;
  /** What `Retry-After` says while an operation runs, in seconds. Default: 5. */
  readonly operationRetryAfterSeconds: number;
  /** How long an order is `Pending` after a return. Default 0. */
  readonly returnMs: number;
  /** A new order is listed only after this. Default 0. */
  readonly listingLagMs: number;
  /** A new order or alias is found by its id or name only after this. Default 0. */
  readonly getLagMs: number;
  /** How many orders a page of the list holds. Default: 50. */
  readonly pageSize: number;
  /**
   * The kind of the reservation recommendations: `legacy` as for Enterprise Agreements, `modern` as for Microsoft
   * Customer Agreements. Default: `modern`.
   */
  readonly recommendationKind: "legacy" | "modern";
  /** The currency every subscription is billed in. Default: USD. */
  readonly billingCurrency: string;
  /** Prices besides the seeded ones, or instead of those for the same thing. */
  readonly prices: readonly ReservationPrice[];
}

const azureSimulatorOptionsSchema: z.ZodMiniType<AzureSettings> = z.strictObject({
  sessionMs: z._default(milliseconds, 15 * MINUTE_MS),
  changedPurchase: z._default(z.enum(["refuse", "buy-as-sent"]), "refuse"),
  repeatedOrder: z._default(z.enum(["return-order", "conflict", "bad-request", "session-over"]), "conflict"),
  repeatedAlias: z._default(z.enum(["return-alias", "accept-again", "conflict", "second-order"]), "conflict"),
  aliasAnswers: z._default(z.enum(["as-recorded", "as-specified"]), "as-recorded"),
  unknownReads: z._default(z.enum(["not-found", "forbidden"]), "not-found"),
  savingsPlanSkus: z._default(z.array(z.string().check(z.minLength(1))), ["Compute_Savings_Plan"]),
  savingsPlanFirstAnswer: z._default(z.literal([200, 201]), 201),
  orderStatesMs: z.prefault(
    z.strictObject({
      creating: z._default(milliseconds, 0),
      pendingCapacity: z._default(milliseconds, 0),
      confirmedCapacity: z._default(milliseconds, 0),
      pendingBilling: z._default(milliseconds, 0),
    }),
    {},
  ),
  operationStatesMs: z.prefault(
    z.strictObject({ pending: z._default(milliseconds, 0), pendingPurchases: z._default(milliseconds, 0) }),
    {},
  ),
  operationRetryAfterSeconds: z._default(seconds, 5),
  returnMs: z._default(milliseconds, 0),
  listingLagMs: z._default(milliseconds, 0),
  getLagMs: z._default(milliseconds, 0),
  pageSize: z._default(z.int().check(z.positive()), 50),
  recommendationKind: z._default(z.enum(["legacy", "modern"]), "modern"),
  billingCurrency: z._default(z.string().check(z.regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as "USD"')), "USD"),
  prices: z._default(z.array(reservationPriceSchema), []),
});

type Optional<Settings> = { readonly [Name in keyof Settings]?: Settings[Name] | undefined };

/** How to start a simulator; what is left out keeps its default. */
export interface AzureSimulatorOptions extends Optional<Omit<AzureSettings, "orderStatesMs" | "operationStatesMs">> {
  readonly orderStatesMs?: Optional<OrderStatesMs> | undefined;
  readonly operationStatesMs?: Optional<OperationStatesMs> | undefined;
  /** The time as the simulator knows it; the machine's clock unless given. */
  readonly clock?: SimulatorClock;
}

/** The names of the options of a simulator. */
export const AZURE_OPTIONS: KeysOf<AzureSimulatorOptions> = {
  sessionMs: true,
  changedPurchase: true,
  repeatedOrder: true,
  repeatedAlias: true,
  aliasAnswers: true,
  unknownReads: true,
  savingsPlanSkus: true,
  savingsPlanFirstAnswer: true,
  orderStatesMs: true,
  operationStatesMs: true,
  operationRetryAfterSeconds: true,
  returnMs: true,
  listingLagMs: true,
  getLagMs: true,
  pageSize: true,
  recommendationKind: true,
  billingCurrency: true,
  prices: true,
  clock: true,
};

/** Fills in the defaults; throws `TypeError` for an option that is unknown or out of range. */
export function readAzureSettings(options: unknown): AzureSettings {
  return readSettings(azureSimulatorOptionsSchema, options);
}
