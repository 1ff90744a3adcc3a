import * as z from "zod/mini";
import { readSettings } from "../../read-settings.js";
import { SimulatedError } from "../../simulated-error.js";
import { invalidContent } from "../read-body.js";

export const reservationPriceSchema = z.strictObject({
  reservedResourceType: z.string().check(z.minLength(1)),
  sku: z.string().check(z.minLength(1)),
  location: z.string().check(z.minLength(1)),
  term: z.enum(["P1M", "P1Y", "P3Y", "P5Y"]),
  amount: z.number().check(z.nonnegative()),
});

/** The price of one reservation. */
export interface ReservationPrice {
  /** Such as `VirtualMachines`. */
  readonly reservedResourceType: string;
  /** Such as `Standard_D2s_v3`; its case does not matter. */
  readonly sku: string;
  /** Such as `westeurope`; its case does not matter. */
  readonly location: string;
  readonly term: "P1M" | "P1Y" | "P3Y" | "P5Y";
  /** For the whole term, in the billing currency. */
  readonly amount: number;
}

/** What is asked for, as far as it decides the price. */
export interface ReservationKind {
  readonly reservedResourceType: string;
  readonly sku: string;
  readonly location: string;
  readonly term: string;
}

/** What the simulated Azure sells reservations of, and at which price. A type or place that has no price is not known. */
export class ReservationPrices {
  readonly #prices = new Map<string, ReservationPrice>();

  constructor(prices: readonly ReservationPrice[]) {
    for (const price of prices) this.set(price);
  }

  list(): ReservationPrice[] {
    return [...this.#prices.values()];
  }

  /**
   * Sells at this price from now on. What was bought or calculated before keeps its price. Throws `TypeError` for no
   * price.
   */
  set(price: ReservationPrice): void {
    const kept = readSettings(reservationPriceSchema, structuredClone(price));
    this.#prices.set(keyOf(kept), kept);
  }

  /** The price of what is asked for; refused in Azure's words if it is not on sale. */
  priceOf(kind: ReservationKind): ReservationPrice {
    const price = this.#prices.get(keyOf(kind));
    if (price !== undefined) return price;
    throw this.#notOnSale(kind);
  }

  #notOnSale({ reservedResourceType, sku, location, term }: ReservationKind): SimulatedError {
    const ofType = this.list().filter((price) => price.reservedResourceType === reservedResourceType);
    if (ofType.length === 0)
      return invalidContent(`The reserved resource type '${reservedResourceType}' is not known.`);
    const there = ofType.filter((price) => isSame(price.location, location));
    if (there.length === 0)
      return new SimulatedError("InvalidLocationId", 400, `The location '${location}' is not known.`);
    if (there.some((price) => isSame(price.sku, sku))) {
      return new SimulatedError("UnsupportedReservationTerm", 400, `The term '${term}' is not offered for '${sku}'.`);
    }
    return new SimulatedError("CalculatePriceFailed", 400, `The sku '${sku}' is not available in '${location}'.`);
  }
}

function keyOf({ reservedResourceType, sku, location, term }: ReservationKind): string {
  return JSON.stringify([reservedResourceType, sku.toLowerCase(), location.toLowerCase(), term]);
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
