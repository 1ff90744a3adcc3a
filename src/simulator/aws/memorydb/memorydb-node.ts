import * as z from "zod";
import type { RequestedPage } from "../reserved-nodes/list-reserved-nodes.js";
import { recurringCharge } from "../reserved-nodes/price-fields.js";
import type { ReservedNodesOffering } from "../reserved-nodes/reserved-nodes-offering.js";
import { duration, hasAttributes } from "../reserved-nodes/wanted-attributes.js";

/** What both listings of MemoryDB can be asked for. */
export const memoryDbListing = {
  NodeType: z.string().optional(),
  Duration: duration.optional(),
  OfferingType: z.string().optional(),
  // The model sets no bounds: 100 is what the sibling services have.
  MaxResults: z.int().min(1).max(100).default(100),
  NextToken: z.string().optional(),
};
type Listing = z.infer<z.ZodObject<typeof memoryDbListing>>;

/** Whether an offering has the attributes asked for. */
export function wantedMemoryDbNodes(request: Listing): (offering: ReservedNodesOffering) => boolean {
  return (offering) =>
    hasAttributes(offering, {
      nodeType: request.NodeType,
      durationSeconds: request.Duration,
      offeringType: request.OfferingType,
    });
}

/** The page a request asks for. */
export function memoryDbPageOf({ NextToken, MaxResults }: Listing): RequestedPage {
  return { token: NextToken, size: MaxResults, tokenField: "NextToken" };
}

/** What an offering and a reservation of it have in common; MemoryDB names neither a currency nor a usage price. */
export function memoryDbNodeJson(row: ReservedNodesOffering): object {
  return {
    NodeType: row.nodeType,
    Duration: row.durationSeconds,
    FixedPrice: row.fixedPrice,
    OfferingType: row.offeringType,
    RecurringCharges: [recurringCharge(row)],
  };
}
