import * as z from "zod";
import { recurringCharge } from "../reserved-nodes/price-fields.js";
import type { ReservedNodesOffering } from "../reserved-nodes/reserved-nodes-offering.js";
import { duration, hasAttributes } from "../reserved-nodes/wanted-attributes.js";

/** The attributes that both listings of ElastiCache can be asked for. */
export const cacheNodeInput = {
  CacheNodeType: z.string().optional(),
  Duration: duration.optional(),
  ProductDescription: z.string().optional(),
  OfferingType: z.string().optional(),
};
type Attributes = z.infer<z.ZodObject<typeof cacheNodeInput>>;

/** Whether an offering has the attributes asked for; ElastiCache compares all of them exactly. */
export function wantedCacheNodes(request: Attributes): (offering: ReservedNodesOffering) => boolean {
  return (offering) =>
    hasAttributes(offering, {
      nodeType: request.CacheNodeType,
      durationSeconds: request.Duration,
      productDescription: request.ProductDescription,
      offeringType: request.OfferingType,
    });
}

/** What an offering and a reservation of it have in common; ElastiCache names no currency. */
export function cacheNodeXml(row: ReservedNodesOffering): object {
  return {
    CacheNodeType: row.nodeType,
    Duration: row.durationSeconds,
    FixedPrice: row.fixedPrice,
    UsagePrice: 0,
    ProductDescription: row.productDescription,
    OfferingType: row.offeringType,
    RecurringCharges: { RecurringCharge: recurringCharge(row) },
  };
}
