import * as z from "zod/mini";
import { once } from "../once.js";
import { gcpNameSchema } from "./gcp-common.js";

/**
 * A reservation of machines that is made together with a commitment.
 *
 * GPUs and most local SSDs of a commitment must be in reservations: in new ones, or in `existingReservations`.
 */
export interface GcpReservation {
  readonly name: string;
  /** A zone of the line's region, such as `us-central1-a`. */
  readonly zone: string;
  /** How many machines. */
  readonly count: number;
  /** Such as `n1-standard-8`. */
  readonly machineType: string;
  readonly minCpuPlatform?: string | undefined;
  /** Per machine. */
  readonly accelerators?: readonly { readonly type: string; readonly count: number }[] | undefined;
  /** Per machine, one entry for each disk. */
  readonly localSsds?: readonly { readonly sizeGb: number; readonly interface: "NVME" | "SCSI" }[] | undefined;
  /** Whether only machines that name the reservation may use it. Default false. */
  readonly specificReservationRequired?: boolean | undefined;
}

const RFC_1035 = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Parses a list of {@link GcpReservation}. */
export const gcpReservationsSchema = once(() =>
  z
    .array(
      z.strictObject({
        name: z.string().check(z.regex(RFC_1035, 'must be a name such as "my-reservation"')),
        zone: z.string().check(z.regex(/^[a-z]+-[a-z]+[0-9]{1,2}-[a-z]$/, 'must be a zone such as "us-central1-a"')),
        count: z.int().check(z.gte(1), z.lte(100_000)),
        machineType: gcpNameSchema("a machine type"),
        minCpuPlatform: z.optional(z.string().check(z.minLength(1), z.maxLength(100))),
        accelerators: z.optional(gcpAcceleratorsSchema()),
        localSsds: z.optional(
          z
            .array(z.strictObject({ sizeGb: z.int().check(z.gte(1)), interface: z.enum(["NVME", "SCSI"]) }))
            .check(z.minLength(1)),
        ),
        specificReservationRequired: z.optional(z.boolean()),
      }),
    )
    .check(z.minLength(1)),
);

/** Parses accelerators: their types and how many of each. */
export const gcpAcceleratorsSchema = once(() =>
  z
    .array(
      z.strictObject({ type: gcpNameSchema("an accelerator type"), count: z.int().check(z.gte(1), z.lte(10_000)) }),
    )
    .check(z.minLength(1)),
);
