import { refusalsOf } from "../refusals.js";

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
  { hint: "Azure has too little of it now; retry later.", codes: ["FulfillmentOutOfStockError", "NotEnoughCapacity"] },
  // Azure gives it for many things, some of which pass.
  { codes: ["BadRequest"] },
);

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
