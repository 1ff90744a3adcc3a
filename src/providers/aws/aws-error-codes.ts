import { refusalsOf } from "../refusals.js";

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
export const REFUSALS = refusalsOf(
  {
    persistent: true,
    hint: "Grant the caller the permissions that the adapter's documentation lists; a service control policy can deny them too.",
    codes: [
      "AccessDenied",
      "AccessDeniedException",
      "AuthFailure",
      "NotAuthorized",
      "OperationNotPermitted",
      "UnauthorizedOperation",
    ],
  },
  {
    persistent: true,
    hint: "Sign the account up for the service, or ask AWS Support why it is not enabled.",
    codes: ["Blocked", "OptInRequired", "ServiceLinkedRoleNotFoundFault"],
  },
  { hint: "Wait until AWS has verified the account, then retry.", codes: ["PendingVerification"] },
  {
    hint: "Renew the client's credentials, then retry.",
    codes: [
      "ExpiredToken",
      "ExpiredTokenException",
      "InvalidClientTokenId",
      "MissingAuthenticationToken",
      "MissingAuthenticationTokenException",
      "UnrecognizedClientException",
    ],
  },
  {
    hint: "Check the client's credentials and the clock of the store, then retry.",
    codes: [
      "IncompleteSignature",
      "IncompleteSignatureException",
      "InvalidSecurity.RequestHasExpired",
      "InvalidSignatureException",
      "RequestExpired",
      "SignatureDoesNotMatch",
    ],
  },
  {
    persistent: true,
    hint: "Correct the line and submit it anew; a retry sends the same request.",
    codes: [
      "DisabledOperationException",
      "InvalidAction",
      "InvalidCharacter",
      "InvalidClientToken",
      "InvalidHostID.Malformed",
      "InvalidHostID.NotFound",
      "InvalidHostId",
      "InvalidHostId.Malformed",
      "InvalidHostId.NotFound",
      "InvalidInput",
      "InvalidInstanceFamily",
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
      "TagQuotaPerResourceExceeded",
      "TooManyTagsException",
      "UnknownOperationException",
      "UnknownParameter",
      "Unsupported",
      "UnsupportedOperation",
      "UnsupportedOperationFault",
      "UnsupportedProtocol",
      "ValidationError",
      "ValidationException",
    ],
  },
  {
    // Not persistent: what has ended no longer counts, and a quota is raised without a word to us.
    hint: "Ask AWS for a higher quota, or buy less.",
    codes: [
      // A quota at OpenSearch; the services that throttle with it are none of ours.
      "LimitExceededException",
      "ReservedCacheNodeQuotaExceeded",
      "ReservedCacheNodeQuotaExceededFault",
      "ReservedDBInstanceQuotaExceeded",
      "ReservedDBInstanceQuotaExceededFault",
      "ReservedNodeQuotaExceeded",
      "ReservedNodeQuotaExceededFault",
      "ResourceCountExceeded",
      "ServiceQuotaExceededException",
    ],
  },
  {
    hint: "Ask AWS for a higher quota, or retry next month: EC2 counts the purchases of a month.",
    codes: ["ReservedInstancesCountExceeded", "ReservedInstancesLimitExceeded"],
  },
  {
    hint: "AWS has too little of it now; retry later.",
    codes: [
      "InsufficientReservedInstanceCapacity",
      "InsufficientReservedInstancesCapacity",
      "ReservedInstancesUnavailable",
    ],
  },
  {
    hint: "The price has risen since it was looked up; retry to look it up again.",
    codes: ["LimitPriceExceeded"],
  },
  {
    hint: "The offering is no longer sold under its id; retry to look it up again.",
    codes: [
      "InvalidHostReservationOfferingId.Malformed",
      "InvalidReservedInstancesId",
      "InvalidReservedInstancesOfferingId",
      "ReservedCacheNodesOfferingNotFound",
      "ReservedCacheNodesOfferingNotFoundFault",
      "ReservedDBInstancesOfferingNotFound",
      "ReservedDBInstancesOfferingNotFoundFault",
      "ReservedNodeOfferingNotFound",
      "ReservedNodeOfferingNotFoundFault",
      "ReservedNodesOfferingNotFound",
      "ReservedNodesOfferingNotFoundFault",
      "ResourceNotFoundException",
    ],
  },
);

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
