import { refusalsOf } from "../refusals.js";

/** Codes by which Azure says that it does not sell a thing. */
export const NOT_SOLD_CODES: ReadonlySet<string> = new Set([
  "CalculatePriceFailed",
  "InvalidLocationId",
  "UnsupportedReservationTerm",
]);

/** Codes by which Azure refuses the request itself, for every caller and however often it is sent. */
export const REQUEST_CODES: ReadonlySet<string> = new Set([
  ...NOT_SOLD_CODES,
  // What the request says.
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
 * Codes by which Azure itself refuses a purchase and carries out no part of it.
 *
 * Sources: the `ErrorResponseCode` values of Microsoft.Capacity 2022-11-01 as the SDK types list them, and the common
 * errors of Azure Resource Manager. These codes are left out on purpose, because they may be about work that was begun:
 * `PurchaseError`, `OperationFailed`, `CreateQuoteFailed`, `ActivateQuoteFailed`, all "Transient" and "ServerTimeout"
 * codes. A code that is missing here is unknown. That costs a wait and never a second purchase.
 */
export const REFUSALS = refusalsOf(
  {
    persistent: true,
    hint: "Grant the caller the rights that the adapter's documentation lists; a policy of Azure can deny them too.",
    codes: ["AuthorizationFailed", "Forbidden", "LinkedAuthorizationFailed", "RequestDisallowedByPolicy"],
  },
  {
    persistent: true,
    hint: "Check the id of the billing subscription, and register Microsoft.Capacity and Microsoft.BillingBenefits in it.",
    codes: ["MissingSubscriptionRegistration", "SubscriptionNotFound", "SubscriptionNotRegistered"],
  },
  {
    hint: "Check the client's credential, then retry.",
    codes: [
      "AuthenticationFailed",
      "ExpiredAuthenticationToken",
      "InvalidAccessToken",
      "InvalidAuthenticationToken",
      "InvalidAuthenticationTokenTenant",
    ],
  },
  {
    persistent: true,
    hint: "Correct the line and submit it anew; a retry sends the same request.",
    codes: [...REQUEST_CODES],
  },
  {
    persistent: true,
    hint: "Check how the billing account pays, and what it may buy.",
    codes: [
      "BillingCustomerInputError",
      "BillingPaymentInstrumentHardError",
      "PaymentInstrumentNotFound",
      "ReservationOrderNotEnabled",
    ],
  },
  {
    hint: "Check how the billing account pays, then retry.",
    codes: ["BillingPaymentInstrumentSoftError", "RiskCheckFailed"],
  },
  {
    hint: "Azure does not have enough capacity now; retry later.",
    codes: ["FulfillmentOutOfStockError", "NotEnoughCapacity"],
  },
  // Azure gives this code for many causes, some of which pass.
  { codes: ["BadRequest"] },
);

/**
 * Codes of a 404 by which Azure says that an alias or an order does not exist: the default of `absentCodes`.
 *
 * `ReservationOrderNotFound` stands in the SDK's types, `ResourceNotFound` and `NotFound` are common errors of Azure
 * Resource Manager. No recording shows the code for an unknown alias. The others follow the naming of the first.
 */
export const AZURE_ABSENT_CODES: readonly string[] = [
  "NotFound",
  "ReservationOrderAliasNotFound",
  "ReservationOrderNotFound",
  "ResourceNotFound",
  "SavingsPlanOrderAliasNotFound",
  "SavingsPlanOrderNotFound",
];

/** Codes of a 404 that speaks of the path, the namespace or the subscription. They prove nothing of an order. */
export const NEVER_ABSENT_CODES: ReadonlySet<string> = new Set([
  "InvalidResourceNamespace",
  "InvalidResourceType",
  "NoRegisteredProviderFound",
  "ResourceGroupNotFound",
  "SubscriptionNotFound",
]);

/** Codes by which Azure Resource Manager says "not now". */
export const THROTTLING_CODES: ReadonlySet<string> = new Set([
  "ResourceCollectionRequestsThrottled",
  "ResourceRequestsThrottled",
  "SubscriptionRequestsThrottled",
  "TooManyRequests",
  "UnauthenticatedRequestsThrottled",
]);

/** Codes by which Azure says that the chosen id or name of a purchase is taken. Only reading it shows whose it is. */
export const TAKEN_CODES: ReadonlySet<string> = new Set([
  "Conflict",
  "ReservationOrderAliasAlreadyExists",
  "ReservationOrderIdAlreadyExists",
  "ResourceAlreadyExists",
  "SavingsPlanOrderAliasAlreadyExists",
]);
