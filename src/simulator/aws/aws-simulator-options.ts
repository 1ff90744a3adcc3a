import { z } from "zod";
import type { SimulatorClock } from "../clock.js";
import { offeringsOptionSchema } from "./aws-catalogue.js";

const MINUTE_MS = 60_000;
const milliseconds = z.number().nonnegative();

const settingsShape = {
  /** A request signed further from the simulator's clock than this is refused. Default: 5 minutes. */
  maxClockSkewMs: milliseconds.default(5 * MINUTE_MS),
  /** A new commitment is listed only after this. Default 0. */
  listingLagMs: milliseconds.default(0),
  /** A tag set on an existing commitment is listed only after this. Default 0. */
  tagLagMs: milliseconds.default(0),
  /** How long a new commitment stays `payment-pending`. Default 0. */
  paymentPendingMs: milliseconds.default(0),
  /** How long Savings Plans remembers a client token. AWS states no figure. Default: 24 hours. */
  clientTokenWindowMs: milliseconds.default(24 * 60 * MINUTE_MS),
  /** What a remembered client token with other parameters gets. AWS states nothing. Default: `validation-error`. */
  changedRequestUnderToken: z.enum(["return-original", "validation-error"]).default("validation-error"),
  /** Puts empty pages with a token before the pages of the offerings listings that have rows. Default: no. */
  emptyPages: z.boolean().default(false),
};

export const awsSimulatorOptionsSchema = z.strictObject({
  ...settingsShape,
  /** The account of each access key id; the keys of `credentialsFor` need not be named. */
  accounts: z.record(z.string(), z.string().regex(/^\d{12}$/, "an AWS account id has 12 digits")).default({}),
  /** Offerings to sell besides the seeded ones, or instead of them. */
  offerings: offeringsOptionSchema.default({}),
});

/** How the simulated services behave, with every default filled in. Times are in the simulator's milliseconds. */
export type AwsSettings = Readonly<z.infer<typeof awsSimulatorOptionsSchema>>;

/** The options that can be handed to a process of its own. */
export type AwsSimulatorProcessOptions = Readonly<z.input<typeof awsSimulatorOptionsSchema>>;

/** How to start a simulator. */
export interface AwsSimulatorOptions extends AwsSimulatorProcessOptions {
  /** The time as the simulator knows it; the machine's clock unless given. */
  readonly clock?: SimulatorClock;
}

/** Fills in the defaults; throws `TypeError` for an option that is unknown or out of range. */
export function readAwsSettings(options: unknown): AwsSettings {
  const parsed = awsSimulatorOptionsSchema.safeParse(options);
  if (!parsed.success) throw new TypeError(z.prettifyError(parsed.error));
  return parsed.data;
}
