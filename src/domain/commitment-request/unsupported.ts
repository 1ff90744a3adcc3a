const NO_TYPE = "the reservation API lists no such resource type.";
const SPEND_BASED =
  'Buy this spend-based committed use discount in the Google Cloud console; Compute Engine\'s resource-based ones are service "gcp.compute".';

/**
 * Commitments that exist but that no API sells: for each service, what to do instead.
 *
 * Azure AI Search: the `ReservedResourceType` of Microsoft.Capacity has no such type. Google's spend-based discounts:
 * no public API orders them. DynamoDB: its API has no operation for reserved capacity; the permissions of that name are
 * for the console only.
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
