import * as z from "zod";
import { seededReservedInstancesOfferings } from "./ec2/reserved-instances-catalogue.js";
import { type ReservedInstancesOffering, reservedInstancesOfferingSchema } from "./ec2/reserved-instances-offering.js";
import { seededSavingsPlansOfferings } from "./savings-plans/savings-plans-catalogue.js";
import { type SavingsPlansOffering, savingsPlansOfferingSchema } from "./savings-plans/savings-plans-offering.js";

export const offeringsOptionSchema = z.strictObject({
  replace: z.boolean().optional(),
  reservedInstances: z.array(reservedInstancesOfferingSchema).optional(),
  savingsPlans: z.array(savingsPlansOfferingSchema).optional(),
});

/** Offerings to sell besides the seeded ones, or instead of them; a known id replaces the offering it names. */
export interface OfferingsOption {
  /** Sells only what is given here, and nothing of the seeded catalogue. */
  readonly replace?: boolean | undefined;
  readonly reservedInstances?: readonly ReservedInstancesOffering[] | undefined;
  readonly savingsPlans?: readonly SavingsPlansOffering[] | undefined;
}

export const priceChangeSchema = z.strictObject({
  offeringId: z.string(),
  fixedPrice: z.number().nonnegative().optional(),
  hourlyPrice: z.number().nonnegative().optional(),
});

/** A new price of a reserved instances offering; what is left out stays as it is. */
export interface PriceChange {
  readonly offeringId: string;
  readonly fixedPrice?: number | undefined;
  readonly hourlyPrice?: number | undefined;
}

/** What the simulated AWS sells, now. */
export class AwsCatalogue {
  readonly #seeded: boolean;
  readonly #regions = new Map<string, Map<string, ReservedInstancesOffering>>();
  readonly #savingsPlans = new Map<string, SavingsPlansOffering>();

  constructor(option: OfferingsOption = {}) {
    this.#seeded = option.replace !== true;
    if (this.#seeded) this.#addSavingsPlans(seededSavingsPlansOfferings());
    this.add(option);
  }

  /** Throws `TypeError` for what is no offering. */
  add(option: OfferingsOption): void {
    const { reservedInstances = [], savingsPlans = [] } = checked(offeringsOptionSchema, option);
    for (const offering of reservedInstances) this.#region(offering.region).set(offering.offeringId, offering);
    this.#addSavingsPlans(savingsPlans);
  }

  /** What EC2 sells in a region; every region sells the same, under its own ids. */
  reservedInstances(region: string): ReservedInstancesOffering[] {
    return [...this.#region(region).values()];
  }

  savingsPlans(): SavingsPlansOffering[] {
    return [...this.#savingsPlans.values()];
  }

  /** Changes the price of an offering from now on; throws `TypeError` if no region that was looked at sells it. */
  setPrice(change: PriceChange): void {
    const { offeringId, fixedPrice, hourlyPrice } = checked(priceChangeSchema, change);
    const region = [...this.#regions.values()].find((offerings) => offerings.has(offeringId));
    const offering = region?.get(offeringId);
    if (region === undefined || offering === undefined) throw new TypeError(`no offering ${offeringId} is on sale`);
    const price = { fixedPrice: fixedPrice ?? offering.fixedPrice, hourlyPrice: hourlyPrice ?? offering.hourlyPrice };
    region.set(offeringId, { ...offering, ...price });
  }

  #region(region: string): Map<string, ReservedInstancesOffering> {
    const known = this.#regions.get(region);
    if (known !== undefined) return known;
    const seeded = this.#seeded ? seededReservedInstancesOfferings(region) : [];
    const offerings = new Map(seeded.map((offering) => [offering.offeringId, offering]));
    this.#regions.set(region, offerings);
    return offerings;
  }

  #addSavingsPlans(offerings: readonly SavingsPlansOffering[]): void {
    for (const offering of offerings) this.#savingsPlans.set(offering.offeringId, offering);
  }
}

function checked<Output>(schema: z.ZodType<Output>, value: unknown): Output {
  const parsed = schema.safeParse(structuredClone(value));
  if (!parsed.success) throw new TypeError(z.prettifyError(parsed.error));
  return parsed.data;
}
