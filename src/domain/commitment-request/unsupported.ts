const NO_TYPE = "the reservation API lists no such resource type.";
const SPEND_BASED =
  'Buy this spend-based committed use discount as service "gcp.spend", by the name of its offer, or in the Google Cloud console. Compute Engine\'s resource-based ones are service "gcp.compute".';

/**
 * Services that no line can name, because no API sells their commitments or another service does: what to do instead.
 *
 * Azure AI Search: the `ReservedResourceType` of Microsoft.Capacity has no such type. Google's spend-based discounts
 * are lines of one service, `gcp.spend`, so the names of the products are none. DynamoDB: its API has no operation for
 * reserved capacity; the permissions of that name are for the console only.
 */
export const UNSUPPORTED_SERVICES: Readonly<Record<string, string>> = {
  "azure.search": `Buy Azure AI Search capacity by the month: ${NO_TYPE}`,
  "gcp.alloydb": SPEND_BASED,
  "gcp.cloud-sql": SPEND_BASED,
  "gcp.cloud-storage": "Cloud Storage has no committed use discounts.",
  "gcp.flexible": SPEND_BASED,
  "gcp.memorystore": SPEND_BASED,
  "gcp.spanner": SPEND_BASED,
  "aws.dynamodb":
    'Buy DynamoDB reserved capacity in the AWS console, or a Database Savings Plan (service "aws.savings-plans", planType "Database"), which covers DynamoDB.',
};
