import type { LedgerPurchase } from "../../../ledger.js";
import type { AwsWorld } from "../../aws-world.js";
import type { ReservedNodesOffering } from "../../reserved-nodes/reserved-nodes-offering.js";
import { onDemandPerHour, TERM_SECONDS } from "../../terms-and-prices.js";
import { type Product, productOf } from "../../usage/usage-book.js";
import type { ReservedInstancesOffering } from "../ec2/reserved-instances-offering.js";
import type { Beneficiary, termsOf } from "./cost-explorer-protocol.js";

/** How much of something is used and not reserved. */
export interface ReservationNeed {
  readonly account: string;
  readonly product: Product;
  readonly count: number;
  readonly used: number;
}

/** The books of the simulated AWS. */
export type Purchases = (now: number) => readonly LedgerPurchase[];

/**
 * What the accounts use of a service and have not reserved: usage less active reservations of the very same.
 *
 * Reservations that apply to several sizes are not simulated.
 */
export function reservationNeeds(
  world: Pick<AwsWorld, "usage" | "catalogue">,
  purchases: readonly LedgerPurchase[],
  { service, beneficiary }: { readonly service: string; readonly beneficiary: Beneficiary },
): readonly ReservationNeed[] {
  const { account, accounts } = beneficiary;
  const usages = world.usage.instances().filter((used) => used.service === service && accounts.includes(used.account));
  const products = new Map(usages.map((used) => [JSON.stringify(productOf(used)), productOf(used)]));
  return [...products].flatMap(([key, product]) => {
    const used = sum(usages.filter((one) => JSON.stringify(productOf(one)) === key).map(({ count }) => count));
    const offeringIds = new Set(offeringsOf(world, product).map(({ offeringId }) => offeringId));
    const reserved = purchases
      .filter((row) => row.state === "active" && row.service === service && accounts.includes(row.account))
      .filter((row) => row.region === product.region && offeringIds.has(row.offeringId));
    const count = used - sum(reserved.map(({ quantity }) => quantity));
    return count > 0 ? [{ account, product, count, used }] : [];
  });
}

type Offering = ReservedInstancesOffering | ReservedNodesOffering;

/** What the catalogue sells for a product, of every term, payment and class. */
function offeringsOf({ catalogue }: Pick<AwsWorld, "catalogue">, product: Product): readonly Offering[] {
  const { service, region, nodeType, productDescription, tenancy, multiAz } = product;
  if (service === "aws.dynamodb") return [];
  if (service === "aws.ec2")
    return catalogue
      .reservedInstances(region)
      .filter((each) => each.instanceType === nodeType && each.productDescription === productDescription)
      .filter((each) => each.instanceTenancy === tenancy && !each.marketplace);
  return catalogue
    .reservedNodes(service, region)
    .filter((each) => each.nodeType === nodeType && each.productDescription === productDescription)
    .filter((each) => each.multiAz === undefined || each.multiAz === multiAz);
}

/** The offering that is recommended for a product, with what an hour costs without it. `undefined` if AWS sells none. */
export function recommendedOffering(
  world: Pick<AwsWorld, "catalogue">,
  product: Product,
  terms: ReturnType<typeof termsOf> & { readonly offeringClass: string },
) {
  const sold = offeringsOf(world, product).filter(
    (each) => !("scope" in each) || (each.scope === "Region" && each.offeringClass === terms.offeringClass),
  );
  const offering = sold.find(
    (each) => each.durationSeconds === terms.durationSeconds && each.offeringType === terms.offeringType,
  );
  const usual = sold.find(
    (each) => each.durationSeconds === TERM_SECONDS.oneYear && each.offeringType === "No Upfront",
  );
  return offering && { ...offering, perHour: usual && onDemandPerHour(usual.hourlyPrice) };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
