/**
 * Commitments that exist but cannot be bought by an API, by service, and what to do instead.
 *
 * DynamoDB: its API has no operation for reserved capacity; the permissions of that name serve the console alone.
 */
export const UNSUPPORTED_SERVICES: Readonly<Record<string, string>> = {
  "aws.dynamodb":
    'Buy DynamoDB reserved capacity in the AWS console, or a Database Savings Plan (service "aws.savings-plans", planType "Database"), which covers DynamoDB.',
};
