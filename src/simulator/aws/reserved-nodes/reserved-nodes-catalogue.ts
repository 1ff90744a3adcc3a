import { deterministicId } from "../../deterministic-id.js";
import { elastiCacheProducts } from "../elasticache/elasticache-products.js";
import { memoryDbProducts } from "../memorydb/memorydb-products.js";
import { openSearchProducts } from "../opensearch/opensearch-products.js";
import { rdsProducts } from "../rds/rds-products.js";
import { redshiftProducts } from "../redshift/redshift-products.js";
import { reservedPrice } from "../reserved-price.js";
import { allTerms } from "../reserved-terms.js";
import type { ReservedNodesOffering, ReservedNodesService } from "./reserved-nodes-offering.js";
import type { ReservedNodesProduct } from "./reserved-nodes-product.js";

const PRODUCTS: Readonly<Record<ReservedNodesService, readonly ReservedNodesProduct[]>> = {
  "aws.rds": rdsProducts,
  "aws.elasticache": elastiCacheProducts,
  "aws.memorydb": memoryDbProducts,
  "aws.opensearch": openSearchProducts,
  "aws.redshift": redshiftProducts,
};

/** Every product of the service for every term and way to pay: always the same for the same region. */
export function seededReservedNodesOfferings(service: ReservedNodesService, region: string): ReservedNodesOffering[] {
  return PRODUCTS[service].flatMap(({ onDemandPerHour, ...product }) =>
    allTerms().map((terms) => {
      const attributes = { service, region, ...product, ...terms };
      const offeringId = deterministicId(`reserved-nodes-offering:${Object.values(attributes).join("|")}`);
      return { ...attributes, ...reservedPrice(onDemandPerHour, terms), offeringId };
    }),
  );
}
