/** Codes by which Azure refuses whoever asks; nothing about what is asked for, and right again once access is granted. */
const ACCESS_CODES: readonly string[] = [
  "AuthenticationFailed",
  "AuthorizationFailed",
  "ExpiredAuthenticationToken",
  "Forbidden",
  "InvalidAccessToken",
  "InvalidAuthenticationToken",
  "InvalidAuthenticationTokenTenant",
  "LinkedAuthorizationFailed",
  "MissingSubscriptionRegistration",
  "RequestDisallowedByPolicy",
  "SubscriptionNotFound",
  "SubscriptionNotRegistered",
];

/** Codes by which Azure says that it does not sell a thing. */
export const NOT_SOLD_CODES: ReadonlySet<string> = new Set([
  "CalculatePriceFailed",
  "InvalidLocationId",
  "UnsupportedReservationTerm",
]);

/** Codes by which Azure refuses what is asked for, whoever asks and however often. */
export const REQUEST_CODES: ReadonlySet<string> = new Set([
  ...NOT_SOLD_CODES,
  // What it says.
  "AppliedScopesNotAssociatedWithCommerceAccount",
  "AppliedScopesSameAsExisting",
  "DisplayNameInvalid",
  "HttpMethodNotSupported",
  "InvalidApiVersionParameter",
  "InvalidFulfillmentRequestParameters",
  "InvalidHealthCheckType",
  "InvalidRequestContent",
  "InvalidRequestUri",
  "InvalidReservationOrderId",
  "InvalidReservationType",
  "InvalidResourceId",
  "InvalidSingleAppliedScopesCount",
  "InvalidSubscriptionId",
  "InvalidTenantId",
  "MissingAppliedScopesForSingle",
  "MissingTenantId",
  "NotSupportedCountry",
  // Who pays.
  "CustomerCannotPurchaseSavingsPlan",
  "NonsupportedAccountId",
]);

/**
 * Codes by which Azure itself refuses a purchase without carrying anything of it out.
 *
 * Sources: the `ErrorResponseCode` values of Microsoft.Capacity 2022-11-01 as the SDK types list them, and the common
 * errors of Azure Resource Manager. Left out on purpose, because they may speak of work that was begun: `PurchaseError`,
 * `OperationFailed`, `CreateQuoteFailed`, `ActivateQuoteFailed`, all "Transient" and "ServerTimeout" codes. A code that is
 * missing here is unknown, which costs a wait and never a second purchase.
 */
export const REFUSAL_CODES: ReadonlySet<string> = new Set([
  ...ACCESS_CODES,
  ...REQUEST_CODES,
  "BadRequest",
  // Who pays.
  "BillingCustomerInputError",
  "BillingPaymentInstrumentHardError",
  "BillingPaymentInstrumentSoftError",
  "PaymentInstrumentNotFound",
  "RiskCheckFailed",
  // What it wants to buy.
  "FulfillmentOutOfStockError",
  "NotEnoughCapacity",
  "ReservationOrderNotEnabled",
]);

/** Codes by which Azure Resource Manager says "not now". */
export const THROTTLING_CODES: ReadonlySet<string> = new Set([
  "ResourceCollectionRequestsThrottled",
  "ResourceRequestsThrottled",
  "SubscriptionRequestsThrottled",
  "TooManyRequests",
  "UnauthenticatedRequestsThrottled",
]);

/** Codes by which Azure says that the id or name a purchase chose is taken. Whose it is, only reading it can tell. */
export const TAKEN_CODES: ReadonlySet<string> = new Set([
  "Conflict",
  "ReservationOrderAliasAlreadyExists",
  "ReservationOrderIdAlreadyExists",
  "ResourceAlreadyExists",
  "SavingsPlanOrderAliasAlreadyExists",
]);
