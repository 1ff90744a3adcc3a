import * as z from "zod/mini";
import { checked } from "../../../domain/checked.js";
import { GCP_COMMITMENT_TYPES } from "../../../domain/commitment-request/gcp-commitment-types.js";

/** What a project uses all the time of one commitment type in one region. */
export interface ResourceUsage {
  /** The id of the project. */
  readonly project: string;
  readonly region: string;
  /** The commitment type, such as `GENERAL_PURPOSE_E2`. */
  readonly type: string;
  readonly vcpu?: number | undefined;
  /** A multiple of 256. */
  readonly memoryMb?: number | undefined;
}

/** What a billing account spends all the time on what an offer of a spend-based commitment covers. */
export interface SpendUsage {
  readonly billingAccount: string;
  /** Such as `services/alloydb.googleapis.com/standardOffers/…`. */
  readonly offer: string;
  /** A region, or `global`. */
  readonly region: string;
  /** Per hour, in USD, as a decimal text with at most two decimals, such as `1.5`. */
  readonly hourly: string;
}

const amount = z.int().check(z.nonnegative());

export const resourceUsageSchema: z.ZodMiniType<ResourceUsage> = z.strictObject({
  project: z.string().check(z.minLength(1)),
  region: z.string().check(z.minLength(1)),
  type: z.enum(GCP_COMMITMENT_TYPES),
  vcpu: z.optional(amount),
  memoryMb: z.optional(amount.check(z.multipleOf(256))),
});

export const spendUsageSchema: z.ZodMiniType<SpendUsage> = z.strictObject({
  billingAccount: z.string().check(z.minLength(1)),
  offer: z.string().check(z.minLength(1)),
  region: z.string().check(z.minLength(1)),
  hourly: z.string().check(z.regex(/^\d{1,6}(\.\d{1,2})?$/, "must be a decimal number")),
});

/** A copy of the usage. Throws `TypeError` for a value that is none. */
export function parseUsage(usage: ResourceUsage): ResourceUsage {
  const parsed = checked(resourceUsageSchema, structuredClone(usage));
  if (!parsed.success) throw new TypeError(`not a usage: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
