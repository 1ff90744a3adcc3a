/**
 * Codes by which AWS itself refuses a request without carrying anything of it out.
 *
 * Sources: "Error codes for the Amazon EC2 API" (common client errors, and those that can concern a purchase of reserved
 * instances or hosts), the "Common Errors" page of the AWS API references, and the modelled exceptions of the operations.
 * The SDK gives the query services' errors a name that ends in "Fault" and keeps the shorter code of the wire.
 * A code that is missing here is unknown, which costs a wait and never a second purchase; so codes that may speak of an
 * earlier, identical request (`IdempotentParameterMismatch`, `InvalidState`, `ConflictException`,
 * `HostAlreadyCoveredByReservation`) are left out on purpose.
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
  "InvalidClientToken",
  "InvalidInput",
  "InvalidParameter",
  "InvalidParameterCombination",
  "InvalidParameterCombinationException",
  "InvalidParameterDependency",
  "InvalidParameterValue",
  "InvalidParameterValueException",
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
  "UnsupportedOperationFault",
  "UnsupportedProtocol",
  "ValidationError",
  "ValidationException",
  // What it wants to buy.
  "DisabledOperationException",
  "InsufficientReservedInstanceCapacity",
  "InsufficientReservedInstancesCapacity",
  "InvalidHostID.Malformed",
  "InvalidHostID.NotFound",
  "InvalidHostId",
  "InvalidHostId.Malformed",
  "InvalidHostId.NotFound",
  "InvalidHostReservationOfferingId.Malformed",
  "InvalidInstanceFamily",
  "InvalidReservedInstancesId",
  "InvalidReservedInstancesOfferingId",
  // A quota at OpenSearch; the services that throttle with it are none of ours.
  "LimitExceededException",
  "LimitPriceExceeded",
  "ReservedCacheNodeQuotaExceeded",
  "ReservedCacheNodeQuotaExceededFault",
  "ReservedCacheNodesOfferingNotFound",
  "ReservedCacheNodesOfferingNotFoundFault",
  "ReservedDBInstanceQuotaExceeded",
  "ReservedDBInstanceQuotaExceededFault",
  "ReservedDBInstancesOfferingNotFound",
  "ReservedDBInstancesOfferingNotFoundFault",
  "ReservedInstancesCountExceeded",
  "ReservedInstancesLimitExceeded",
  "ReservedInstancesUnavailable",
  "ReservedNodeOfferingNotFound",
  "ReservedNodeOfferingNotFoundFault",
  "ReservedNodeQuotaExceeded",
  "ReservedNodeQuotaExceededFault",
  "ReservedNodesOfferingNotFound",
  "ReservedNodesOfferingNotFoundFault",
  "ResourceCountExceeded",
  "ResourceNotFoundException",
  "ServiceLinkedRoleNotFoundFault",
  "ServiceQuotaExceededException",
  "TagQuotaPerResourceExceeded",
  "TooManyTagsException",
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

/**
 * Codes by which a service says that the name a request chose is taken. Whose it is, only reading it back can tell.
 *
 * Redshift's `ReservedNodeAlreadyExists` is among them although its purchase takes no name: it then stays unknown.
 */
export const NAME_TAKEN_CODES: ReadonlySet<string> = new Set([
  "ReservedCacheNodeAlreadyExists",
  "ReservedCacheNodeAlreadyExistsFault",
  "ReservedDBInstanceAlreadyExists",
  "ReservedDBInstanceAlreadyExistsFault",
  "ReservedNodeAlreadyExists",
  "ReservedNodeAlreadyExistsFault",
  "ResourceAlreadyExistsException",
]);

/** Codes by which a service says that no commitment of this name exists; nothing else is taken for absence. */
export const NAME_ABSENT_CODES: ReadonlySet<string> = new Set([
  "ReservedCacheNodeNotFound",
  "ReservedCacheNodeNotFoundFault",
  "ReservedDBInstanceNotFound",
  "ReservedDBInstanceNotFoundFault",
  "ReservedNodeNotFound",
  "ReservedNodeNotFoundFault",
]);

/**
 * Codes by which Redshift says that it knows of no exchange.
 *
 * The first is the wire's own spelling in the API model, the others are what it would be without the slip.
 */
export const EXCHANGE_ABSENT_CODES: ReadonlySet<string> = new Set([
  "ReservedNodeExchangeNotFond",
  "ReservedNodeExchangeNotFound",
  "ReservedNodeExchangeNotFoundFault",
]);
