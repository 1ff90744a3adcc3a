import type { ReservedNodesOffering } from "./reserved-nodes-offering.js";

/** What a service reserves, with the price of an hour of it without a reservation. */
export interface ReservedNodesProduct
  extends Pick<ReservedNodesOffering, "nodeType" | "productDescription" | "multiAz" | "nodeOfferingType"> {
  readonly onDemandPerHour: number;
}
