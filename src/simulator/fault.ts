import * as z from "zod/mini";

const aim = {
  /** The operation it strikes, e.g. `PurchaseReservedInstancesOffering`. */
  operation: z.string().check(z.minLength(1)),
  /** How many calls it strikes. Default: 1. */
  times: z.optional(z.int().check(z.positive())),
  /** Strikes only calls that match in every field given. */
  match: z.optional(
    z.strictObject({
      service: z.optional(z.string()),
      account: z.optional(z.string()),
      region: z.optional(z.string()),
      /** Parameters the call must carry, by their names on the wire; numbers and texts are compared as text. */
      params: z.optional(z.record(z.string(), z.unknown())),
    }),
  ),
};

const milliseconds = z.number().check(z.nonnegative());

/** Faults of delivery: what becomes of the request or its answer on the way. At most one of them strikes a call. */
export const deliveryFaultSchema = z.discriminatedUnion("kind", [
  /** The connection is reset, nothing is processed. */
  z.strictObject({ ...aim, kind: z.literal("reset-before") }),
  /** Processed, then the connection is reset. */
  z.strictObject({ ...aim, kind: z.literal("reset-after") }),
  /** The service's own 500, nothing is processed. */
  z.strictObject({ ...aim, kind: z.literal("error-500-before") }),
  /** Processed, then the service's own 500. */
  z.strictObject({ ...aim, kind: z.literal("error-500-after") }),
  /** The connection is reset at once. The request is processed `ms` later, and its signing time is checked then. */
  z.strictObject({ ...aim, kind: z.literal("delay-landing"), ms: milliseconds }),
  /** The service's own throttling error, nothing is processed. */
  z.strictObject({ ...aim, kind: z.literal("throttle") }),
  /** Processed at once, answered `ms` later. */
  z.strictObject({ ...aim, kind: z.literal("slow-reply"), ms: milliseconds }),
  /** Processed and answered `ms` later. */
  z.strictObject({ ...aim, kind: z.literal("slow-before"), ms: milliseconds }),
  /** Processed, then 200 with no body. */
  z.strictObject({ ...aim, kind: z.literal("empty-body") }),
  /** Processed, then 200 with a page of HTML. */
  z.strictObject({ ...aim, kind: z.literal("garbage-body") }),
  /** Processed, then 200 and the connection is cut in the middle of the body. */
  z.strictObject({ ...aim, kind: z.literal("cut-body") }),
  /** An error of the service by name, nothing is processed. */
  z.strictObject({
    ...aim,
    kind: z.literal("error"),
    code: z.string().check(z.minLength(1)),
    status: z.int().check(z.gte(400), z.lte(599)),
    message: z.optional(z.string()),
  }),
]);

/** Faults of effect: the service does something else than asked. At most one of each kind strikes a call. */
export const effectFaultSchema = z.discriminatedUnion("kind", [
  /** A volume-discount tier is crossed: several commitments come to exist, none under the id that was answered. */
  z.strictObject({ ...aim, kind: z.literal("split") }),
  /** Listings answer as of `ms` ago. */
  z.strictObject({ ...aim, kind: z.literal("stale-listing"), ms: milliseconds }),
  /** A listing that pages answers the same token for the next page again and again, and so never ends. */
  z.strictObject({ ...aim, kind: z.literal("repeat-page-token") }),
  /** The answer leaves these fields out wherever they stand in it, by their names on the wire. */
  z.strictObject({
    ...aim,
    kind: z.literal("leave-out"),
    fields: z.array(z.string().check(z.minLength(1))).check(z.minLength(1)),
  }),
  /** Tagging answers success and stores nothing. */
  z.strictObject({ ...aim, kind: z.literal("lost-tag") }),
  /** The commitment is created without the tags sent along. */
  z.strictObject({ ...aim, kind: z.literal("lost-tag-at-creation") }),
  /** The purchase is accepted and its payment fails: the commitment ends as `payment-failed`, at Azure `BillingFailed`. */
  z.strictObject({ ...aim, kind: z.literal("payment-fails") }),
  /** The purchase is accepted and then fails for another reason than its payment: an order at Azure ends as `Failed`. */
  z.strictObject({ ...aim, kind: z.literal("order-fails") }),
  /**
   * The purchase is accepted with 200, and its operation ends with this error and without a commitment, at Google Cloud.
   * `status` is the HTTP status that the operation states; 403 unless told, as for a quota.
   */
  z.strictObject({
    ...aim,
    kind: z.literal("operation-fails"),
    code: z.string().check(z.minLength(1)),
    message: z.optional(z.string()),
    status: z.optional(z.int().check(z.gte(400), z.lte(599))),
  }),
]);

/** The kinds of faults of effect. */
export const EFFECT_KINDS: ReadonlySet<string> = new Set(
  effectFaultSchema.def.options.flatMap(({ shape }) => [...shape.kind.def.values]),
);

export const faultSchema = z.discriminatedUnion("kind", [deliveryFaultSchema, effectFaultSchema]);

interface FaultAim {
  readonly operation: string;
  readonly times?: number | undefined;
  readonly match?: FaultMatch | undefined;
}

/** What a call must look like to be struck; every field given has to fit. */
export interface FaultMatch {
  readonly service?: string | undefined;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
}

/** A fault of delivery: the call is dropped, late, or answered wrongly. The kinds are explained at the schema above. */
export type DeliveryFault = FaultAim &
  (
    | {
        readonly kind:
          | "reset-before"
          | "reset-after"
          | "error-500-before"
          | "error-500-after"
          | "throttle"
          | "empty-body"
          | "garbage-body"
          | "cut-body";
      }
    | { readonly kind: "delay-landing" | "slow-reply" | "slow-before"; readonly ms: number }
    | { readonly kind: "error"; readonly code: string; readonly status: number; readonly message?: string | undefined }
  );

/** A fault of effect: the service does something else than asked. */
export type EffectFault = FaultAim &
  (
    | {
        readonly kind:
          | "split"
          | "repeat-page-token"
          | "lost-tag"
          | "lost-tag-at-creation"
          | "payment-fails"
          | "order-fails";
      }
    | { readonly kind: "stale-listing"; readonly ms: number }
    | { readonly kind: "leave-out"; readonly fields: readonly string[] }
    | {
        readonly kind: "operation-fails";
        readonly code: string;
        readonly message?: string | undefined;
        readonly status?: number | undefined;
      }
  );

/** Something that goes wrong with the next matching calls. */
export type Fault = DeliveryFault | EffectFault;
