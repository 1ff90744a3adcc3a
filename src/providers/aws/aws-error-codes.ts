import { refusalsOf } from "../refusals.js";

/**
 * Codes by which AWS itself refuses a request and carries out no part of it.
 *
 * Sources: "Error codes for the Amazon EC2 API" (common client errors, and those that can concern a purchase of
 * reserved instances or hosts), the "Common Errors" page of the AWS API references, and the modelled exceptions of the
 * operations. The SDK gives the query services' errors a name that ends in "Fault" and keeps the shorter code of the
 * wire. A code that is missing here is unknown. That costs a wait and never a second purchase. So this list leaves out,
 * on purpose, the codes that may be about an earlier, identical request: `IdempotentParameterMismatch`, `InvalidState`,
 * `ConflictException` and `HostAlreadyCoveredByReservation`.
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
    codes: ["AccountDisabled", "Blocked", "OptInRequired", "ServiceLinkedRoleNotFoundFault"],
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
    // The signature is refused, or its time. Requests are signed with the time of their write-ahead.
    hint: "Compare the clock of the store with the right time, and check the client's credentials, then retry.",
    codes: [
      "IncompleteSignature",
      "IncompleteSignatureException",
      "InvalidSignatureException",
      "SignatureDoesNotMatch",
    ],
  },
  {
    hint: "The clock of the store is wrong by minutes, or the temporary credentials have expired. Set the clock, or renew the credentials, then retry: requests are signed with the store's time.",
    codes: ["InvalidSecurity.RequestHasExpired", "RequestExpired"],
  },
  {
    persistent: true,
    hint: "Correct the line and submit it anew; a retry sends the same request.",
    codes: [
      "ClientInvalidParameterValue",
      "DisabledOperationException",
      "InvalidAction",
      "InvalidAvailabilityZone",
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
      "MalformedHttpRequestException",
      "MalformedQueryString",
      "MissingAction",
      "MissingInput",
      "MissingParameter",
      "RequestEntityTooLargeException",
      "TagLimitExceeded",
      "TagPolicyViolation",
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
    // Not persistent: commitments that have ended no longer count, and a quota can be raised without our knowledge.
    hint: "Ask AWS for a higher quota, or buy less.",
    codes: [
      // A quota at OpenSearch. Other services throttle with this code, but no adapter buys from them.
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
    hint: "AWS does not have enough capacity now; retry later.",
    codes: [
      "InsufficientCapacity",
      "InsufficientInstanceCapacity",
      "InsufficientReservedInstanceCapacity",
      "InsufficientReservedInstancesCapacity",
      "ReservedInstancesUnavailable",
    ],
  },
  {
    hint: "Bring the Dedicated Hosts into the state `available`, then retry.",
    codes: ["InvalidHostState"],
  },
  {
    hint: "The price has risen since it was looked up; retry to look it up again.",
    codes: ["LimitPriceExceeded"],
  },
  {
    hint: "The offering is no longer sold under its id; retry to look it up again.",
    codes: [
      // A Capacity Block that somebody else has bought meanwhile, too.
      "InvalidCapacityBlockOfferingIdExpired",
      "InvalidCapacityBlockOfferingIdMalformed",
      "InvalidCapacityBlockOfferingIdNotFound",
      "InvalidHostReservationOfferingId.Malformed",
      // Not in the published list, and recorded from EC2 by the tests of an independent client.
      "InvalidHostReservationOfferingId.NotFound",
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
 * Two groups of that list are left out: codes that may be about an earlier request (`PriorRequestNotComplete`,
 * `TransactionInProgressException`), and codes that some services use for quotas (`LimitExceededException`).
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
 * Codes by which a service says that the requested name is taken. Only reading the name back shows whose it is.
 *
 * Redshift's purchase takes no name, but its `ReservedNodeAlreadyExists` is one of these codes. Such a purchase then
 * stays unknown.
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

/** Codes by which a service says that no commitment of this name exists. No other answer counts as absence. */
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
 * The first code has the spelling of the wire, as in the API model. The others are the spellings without that mistake.
 */
export const EXCHANGE_ABSENT_CODES: ReadonlySet<string> = new Set([
  "ReservedNodeExchangeNotFond",
  "ReservedNodeExchangeNotFound",
  "ReservedNodeExchangeNotFoundFault",
]);
