import { deterministicId } from "../../deterministic-id.js";
import { allTerms, reservedPrice } from "../terms-and-prices.js";
import type { ReservedNodesOffering, ReservedNodesService } from "./reserved-nodes-offering.js";

/** What a service reserves, with the price of an hour of it without a reservation. */
export interface ReservedNodesProduct
  extends Pick<ReservedNodesOffering, "nodeType" | "productDescription" | "multiAz" | "nodeOfferingType"> {
  readonly onDemandPerHour: number;
}

/** What each service with reserved nodes reserves. */
export type ReservedNodesProducts = Readonly<Record<ReservedNodesService, readonly ReservedNodesProduct[]>>;

/** Where something is sold. */
interface Counter {
  readonly service: ReservedNodesService;
  readonly region: string;
}

/** Every product for every term and way to pay: always the same for the same service and region. */
export function seededReservedNodesOfferings(
  products: readonly ReservedNodesProduct[],
  { service, region }: Counter,
): ReservedNodesOffering[] {
  return products.flatMap(({ onDemandPerHour, ...product }) =>
    allTerms().map((terms) => {
      const attributes = { service, region, ...product, ...terms };
      const offeringId = deterministicId(`reserved-nodes-offering:${Object.values(attributes).join("|")}`);
      return { ...attributes, ...reservedPrice(onDemandPerHour, terms), offeringId };
    }),
  );
}
