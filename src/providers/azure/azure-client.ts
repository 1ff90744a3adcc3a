import type { Pipeline } from "@azure/core-rest-pipeline";

/** Which billing subscription a client has to work for. */
export interface AzureTarget {
  /** The GUID of the billing subscription. */
  readonly account: string;
}

/**
 * Any client of the Azure SDK, as far as it is needed here: its pipeline, which signs requests with its credential.
 *
 * `AzureReservationAPI` of @azure/arm-reservations and `BillingBenefitsRP` of @azure/arm-billingbenefits are such
 * clients. Their methods are not used, because the pollers behind these methods end too early or never.
 */
export interface AzureClient {
  readonly pipeline: Pipeline;
}
