/**
 * Codes by which AWS itself refuses a request without carrying anything of it out.
 *
 * Sources: "Error codes for the Amazon EC2 API" (common client errors, and those that can concern a reserved instances
 * purchase), the "Common Errors" page of the AWS API references, and the modelled exceptions of the Savings Plans API.
 * A code that is missing here is unknown, which costs a wait and never a second purchase; so codes that may speak of an
 * earlier, identical request (`IdempotentParameterMismatch`, `InvalidState`) are left out on purpose.
 */
export const REFUSAL_CODES: ReadonlySet<string> = new Set([
  // Who asks.
  "AccessDenied",
  "AccessDeniedException",
  "AuthFailure",
  "Blocked",
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidClientTokenId",
  "MissingAuthenticationToken",
  "MissingAuthenticationTokenException",
  "NotAuthorized",
  "OperationNotPermitted",
  "OptInRequired",
  "PendingVerification",
  "UnauthorizedOperation",
  "UnrecognizedClientException",
  // How the request is signed, and when.
  "IncompleteSignature",
  "IncompleteSignatureException",
  "InvalidSecurity.RequestHasExpired",
  "InvalidSignatureException",
  "RequestExpired",
  "SignatureDoesNotMatch",
  // What it says.
  "InvalidAction",
  "InvalidCharacter",
  "InvalidInput",
  "InvalidParameter",
  "InvalidParameterCombination",
  "InvalidParameterDependency",
  "InvalidParameterValue",
  "InvalidQuantity",
  "InvalidQueryParameter",
  "InvalidRequest",
  "InvalidTime",
  "MalformedQueryString",
  "MissingAction",
  "MissingInput",
  "MissingParameter",
  "UnknownOperationException",
  "UnknownParameter",
  "Unsupported",
  "UnsupportedOperation",
  "UnsupportedProtocol",
  "ValidationError",
  "ValidationException",
  // What it wants to buy.
  "InsufficientReservedInstanceCapacity",
  "InsufficientReservedInstancesCapacity",
  "InvalidReservedInstancesId",
  "InvalidReservedInstancesOfferingId",
  "LimitPriceExceeded",
  "ReservedInstancesCountExceeded",
  "ReservedInstancesLimitExceeded",
  "ReservedInstancesUnavailable",
  "ResourceCountExceeded",
  "ResourceNotFoundException",
  "ServiceQuotaExceededException",
]);

/**
 * Codes by which AWS says "not now", from the SDK's own list of throttling errors.
 *
 * Left out of that list: codes that may speak of an earlier request (`PriorRequestNotComplete`,
 * `TransactionInProgressException`) and those that some services use for quotas (`LimitExceededException`).
 */
export const THROTTLING_CODES: ReadonlySet<string> = new Set([
  "BandwidthLimitExceeded",
  "EC2ThrottledException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestThrottledException",
  "SlowDown",
  "ThrottledException",
  "Throttling",
  "ThrottlingException",
  "TooManyRequestsException",
]);
