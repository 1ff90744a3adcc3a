import * as z from "zod/mini";
import type { KeysOf } from "../../domain/options.js";
import type { SimulatorClock } from "../clock.js";
import { MINUTE_MS, milliseconds, readSettings } from "../read-settings.js";
import { type OfferingsOption, offeringsOptionSchema } from "./aws-catalogue.js";

/** How the simulated services behave, with every default filled in. Times are in the simulator's milliseconds. */
export interface AwsSettings {
  /** A request signed further from the simulator's clock than this is refused. Default: 5 minutes. */
  readonly maxClockSkewMs: number;
  /** A new commitment is listed only after this. Default 0. */
  readonly listingLagMs: number;
  /** A tag set on an existing commitment is listed only after this. Default 0. */
  readonly tagLagMs: number;
  /** How long a new commitment stays `payment-pending`. Default 0. */
  readonly paymentPendingMs: number;
  /** How long Savings Plans remembers a client token. AWS states no figure. Default: 24 hours. */
  readonly clientTokenWindowMs: number;
  /** The answer to a remembered client token with other parameters. AWS states nothing. Default: `validation-error`. */
  readonly changedRequestUnderToken: "return-original" | "validation-error";
  /** Puts an empty page with a token before each page that has rows, in every listing that pages. Default: no. */
  readonly emptyPages: boolean;
  /** Refuses an OpenSearch reservation under a name used before. AWS does not say whether it does so. Default: yes. */
  readonly openSearchNamesAreUnique: boolean;
  /** How Redshift spells the pending state; its documentation and its siblings differ. Default: `pending-payment`. */
  readonly redshiftPendingState: "pending-payment" | "payment-pending";
  /** Regions besides those that this version knows. A request that is signed for any other region is refused. */
  readonly moreRegions: readonly string[];
  /** The account of each access key id; the keys of `credentialsFor` need not be named. */
  readonly accounts: Readonly<Record<string, string>>;
  /** Offerings to sell besides the seeded ones, or instead of them. */
  readonly offerings: OfferingsOption;
}

const awsSimulatorOptionsSchema: z.ZodMiniType<AwsSettings> = z.strictObject({
  maxClockSkewMs: z._default(milliseconds, 5 * MINUTE_MS),
  listingLagMs: z._default(milliseconds, 0),
  tagLagMs: z._default(milliseconds, 0),
  paymentPendingMs: z._default(milliseconds, 0),
  clientTokenWindowMs: z._default(milliseconds, 24 * 60 * MINUTE_MS),
  changedRequestUnderToken: z._default(z.enum(["return-original", "validation-error"]), "validation-error"),
  emptyPages: z._default(z.boolean(), false),
  openSearchNamesAreUnique: z._default(z.boolean(), true),
  redshiftPendingState: z._default(z.enum(["pending-payment", "payment-pending"]), "pending-payment"),
  moreRegions: z._default(z.array(z.string()), []),
  accounts: z._default(
    z.record(z.string(), z.string().check(z.regex(/^\d{12}$/, "an AWS account id has 12 digits"))),
    {},
  ),
  offerings: z._default(offeringsOptionSchema, {}),
});

/** The names of the options that can be given to a simulator in a process of its own. */
export const AWS_PROCESS_OPTIONS: KeysOf<AwsSettings> = {
  maxClockSkewMs: true,
  listingLagMs: true,
  tagLagMs: true,
  paymentPendingMs: true,
  clientTokenWindowMs: true,
  changedRequestUnderToken: true,
  emptyPages: true,
  openSearchNamesAreUnique: true,
  redshiftPendingState: true,
  moreRegions: true,
  accounts: true,
  offerings: true,
};

/** The options that can be given to a simulator in a process of its own. */
export type AwsSimulatorProcessOptions = { readonly [Name in keyof AwsSettings]?: AwsSettings[Name] | undefined };

/** How to start a simulator. */
export interface AwsSimulatorOptions extends AwsSimulatorProcessOptions {
  /** The time as the simulator knows it; the machine's clock unless given. */
  readonly clock?: SimulatorClock;
}

/** Fills in the defaults; throws `TypeError` for an option that is unknown or out of range. */
export function readAwsSettings(options: unknown): AwsSettings {
  return readSettings(awsSimulatorOptionsSchema, options);
}
