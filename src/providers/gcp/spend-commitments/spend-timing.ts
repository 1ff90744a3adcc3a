import { GCP_TIMING, type GcpTiming } from "../gcp-provider-options.js";

const HOUR_MS = 3_600_000;

/** For how long Google ignores a second request with the same request id, at least, by the reference of the API's v1. */
export const REQUEST_ID_WINDOW_MS = 24 * HOUR_MS;

/**
 * The timings of orders. How long an operation may run before its order is listed is not documented. A commitment takes
 * effect within the hour of its purchase, so an order that is not listed an hour later is taken for absent.
 */
export const SPEND_TIMING: GcpTiming = { ...GCP_TIMING, visibilityLagMs: HOUR_MS };
