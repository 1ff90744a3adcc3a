/**
 * Codes by which Azure itself refuses a purchase without carrying anything of it out.
 *
 * Sources: the `ErrorResponseCode` values of Microsoft.Capacity 2022-11-01 as the SDK types list them, and the common
 * errors of Azure Resource Manager. Left out on purpose, because they may speak of work that was begun: `PurchaseError`,
 * `OperationFailed`, `CreateQuoteFailed`, `ActivateQuoteFailed`, all "Transient" and "ServerTimeout" codes. A code that is
 * missing here is unknown, which costs a wait and never a second purchase.
 */
export const REFUSAL_CODES: ReadonlySet<string> = new Set([
  // Who asks.
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
  // What it says.
  "AppliedScopesNotAssociatedWithCommerceAccount",
  "AppliedScopesSameAsExisting",
  "BadRequest",
  "DisplayNameInvalid",
  "HttpMethodNotSupported",
  "InvalidApiVersionParameter",
  "InvalidFulfillmentRequestParameters",
  "InvalidHealthCheckType",
  "InvalidLocationId",
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
  "UnsupportedReservationTerm",
  // Who pays.
  "BillingCustomerInputError",
  "BillingPaymentInstrumentHardError",
  "BillingPaymentInstrumentSoftError",
  "CalculatePriceFailed",
  "CustomerCannotPurchaseSavingsPlan",
  "NonsupportedAccountId",
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
