import * as z from "zod/mini";
import { readSettings } from "../read-settings.js";
import { OfferingHistory } from "./offering-history.js";
import { type PriceChange, RegionalOfferings } from "./regional-offerings.js";
import { type ReservedNodesProducts, seededReservedNodesOfferings } from "./reserved-nodes/reserved-nodes-catalogue.js";
import {
  RESERVED_NODES_SERVICES,
  type ReservedNodesOffering,
  type ReservedNodesService,
  reservedNodesOfferingSchema,
} from "./reserved-nodes/reserved-nodes-offering.js";
import { seededReservedInstancesOfferings } from "./services/ec2/reserved-instances-catalogue.js";
import {
  type ReservedInstancesOffering,
  reservedInstancesOfferingSchema,
} from "./services/ec2/reserved-instances-offering.js";
import { seededSavingsPlansOfferings } from "./services/savings-plans/savings-plans-catalogue.js";
import {
  type SavingsPlansOffering,
  savingsPlansOfferingSchema,
} from "./services/savings-plans/savings-plans-offering.js";

export const offeringsOptionSchema = z.strictObject({
  replace: z.optional(z.boolean()),
  reservedInstances: z.optional(z.array(reservedInstancesOfferingSchema)),
  savingsPlans: z.optional(z.array(savingsPlansOfferingSchema)),
  reservedNodes: z.optional(z.array(reservedNodesOfferingSchema)),
});

/** Offerings to sell besides the seeded ones, or instead of them; a known id replaces the offering it names. */
export interface OfferingsOption {
  /** Sells only what is given here, and nothing of the seeded catalogue. */
  readonly replace?: boolean | undefined;
  readonly reservedInstances?: readonly ReservedInstancesOffering[] | undefined;
  readonly savingsPlans?: readonly SavingsPlansOffering[] | undefined;
  /** The offerings of RDS, ElastiCache, MemoryDB, OpenSearch and Redshift. */
  readonly reservedNodes?: readonly ReservedNodesOffering[] | undefined;
}

export const priceChangeSchema: z.ZodMiniType<PriceChange> = z.strictObject({
  offeringId: z.string(),
  fixedPrice: z.optional(z.number().check(z.nonnegative())),
  hourlyPrice: z.optional(z.number().check(z.nonnegative())),
});

type ReservedNodesOfferings = ReadonlyMap<ReservedNodesService, RegionalOfferings<ReservedNodesOffering>>;

/** What the simulated AWS sells, now and at any moment before. */
export class AwsCatalogue {
  readonly #reservedInstances: RegionalOfferings<ReservedInstancesOffering>;
  readonly #savingsPlans = new OfferingHistory<SavingsPlansOffering>();
  readonly #reservedNodes: ReservedNodesOfferings;

  constructor(option: OfferingsOption, products: ReservedNodesProducts) {
    const seeded = option.replace !== true;
    this.#reservedInstances = new RegionalOfferings(seeded ? seededReservedInstancesOfferings : nothing);
    this.#reservedNodes = reservedNodesOfferings(seeded ? products : undefined);
    const savingsPlans = seeded ? seededSavingsPlansOfferings() : [];
    for (const offering of savingsPlans) this.#savingsPlans.set(offering, Number.NEGATIVE_INFINITY);
    this.add(option, Number.NEGATIVE_INFINITY);
  }

  /** Sells the offerings from `at` on. Throws `TypeError` for a value that is no offering. */
  add(option: OfferingsOption, at: number): void {
    const {
      reservedInstances = [],
      savingsPlans = [],
      reservedNodes = [],
    } = readSettings(offeringsOptionSchema, structuredClone(option));
    for (const offering of reservedInstances) this.#reservedInstances.add(offering, at);
    for (const offering of savingsPlans) this.#savingsPlans.set(offering, at);
    for (const offering of reservedNodes) this.#reservedNodes.get(offering.service)?.add(offering, at);
  }

  /** What EC2 sells in a region, or sold at `moment`; every region sells the same, under its own ids. */
  reservedInstances(region: string, moment = Number.POSITIVE_INFINITY): ReservedInstancesOffering[] {
    return this.#reservedInstances.asOf(region, moment);
  }

  savingsPlans(moment = Number.POSITIVE_INFINITY): SavingsPlansOffering[] {
    return this.#savingsPlans.asOf(moment);
  }

  /** What a service with reserved nodes sells in a region, or sold at `moment`; `TypeError` for another service. */
  reservedNodes(
    service: ReservedNodesService,
    region: string,
    moment = Number.POSITIVE_INFINITY,
  ): ReservedNodesOffering[] {
    const offerings = this.#reservedNodes.get(service);
    if (offerings === undefined) throw new TypeError(`${service} sells no reserved nodes`);
    return offerings.asOf(region, moment);
  }

  /** Changes the price of an offering from `at` on; throws `TypeError` if no region that was looked at sells it. */
  setPrice(change: PriceChange, at: number): void {
    const wanted = readSettings(priceChangeSchema, structuredClone(change));
    const services = [this.#reservedInstances, ...this.#reservedNodes.values()];
    if (services.some((offerings) => offerings.setPrice(wanted, at))) return;
    throw new TypeError(`no offering ${wanted.offeringId} is on sale`);
  }
}

function reservedNodesOfferings(products: ReservedNodesProducts | undefined): ReservedNodesOfferings {
  const seedOf = (service: ReservedNodesService) => (region: string) =>
    seededReservedNodesOfferings(products?.[service] ?? [], { service, region });
  return new Map(RESERVED_NODES_SERVICES.map((service) => [service, new RegionalOfferings(seedOf(service))]));
}

function nothing(): readonly never[] {
  return [];
}
