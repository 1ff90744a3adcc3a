/**
 * Peers that importing a subpath may load; any other subpath may load none. A consumer who buys Savings Plans must not
 * pay for the EC2 client, which takes half a second to import.
 */
export const MAY_LOAD: Readonly<Record<string, readonly string[]>> = {
  "./aws": [
    "@aws-sdk/client-cost-explorer",
    "@aws-sdk/client-ec2",
    "@aws-sdk/client-elasticache",
    "@aws-sdk/client-memorydb",
    "@aws-sdk/client-opensearch",
    "@aws-sdk/client-organizations",
    "@aws-sdk/client-rds",
    "@aws-sdk/client-redshift",
    "@aws-sdk/client-redshift-serverless",
    "@aws-sdk/client-savingsplans",
    "@aws-sdk/client-sts",
  ],
  "./aws/ec2-capacity-blocks": ["@aws-sdk/client-ec2", "@aws-sdk/client-sts"],
  "./aws/ec2-dedicated-host-reservations": ["@aws-sdk/client-ec2", "@aws-sdk/client-sts"],
  "./aws/ec2-reserved-instances": ["@aws-sdk/client-ec2", "@aws-sdk/client-sts"],
  "./aws/elasticache-reserved-nodes": ["@aws-sdk/client-elasticache", "@aws-sdk/client-sts"],
  "./aws/memorydb-reserved-nodes": ["@aws-sdk/client-memorydb", "@aws-sdk/client-sts"],
  "./aws/opensearch-reserved-instances": ["@aws-sdk/client-opensearch", "@aws-sdk/client-sts"],
  "./aws/rds-reserved-instances": ["@aws-sdk/client-rds", "@aws-sdk/client-sts"],
  "./aws/redshift-reserved-nodes": ["@aws-sdk/client-redshift", "@aws-sdk/client-sts"],
  "./aws/redshift-serverless-reservations": ["@aws-sdk/client-redshift-serverless", "@aws-sdk/client-sts"],
  "./aws/savings-plans": ["@aws-sdk/client-savingsplans", "@aws-sdk/client-sts"],
  "./azure": ["@azure/core-rest-pipeline"],
  "./gcp": [],
};
