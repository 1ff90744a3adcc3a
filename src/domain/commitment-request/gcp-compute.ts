import * as z from "zod/mini";
import { once } from "../once.js";
import { type CommonRequest, commonShape } from "./common.js";

/** The resources that a commitment covers. */
export interface GcpResources {
  /** Whole vCPUs. */
  readonly vcpu: number;
  /** In MB; a multiple of 256. */
  readonly memoryMb: number;
  /** In GB; a multiple of 375. Needs `existingReservations`. */
  readonly localSsdGb?: number | undefined;
  /** Needs `existingReservations`. */
  readonly accelerators?: readonly { readonly type: string; readonly count: number }[] | undefined;
}

/**
 * A resource-based committed use discount of Compute Engine.
 *
 * `account` is the project. A commitment is bought whole, so `quantity` is 1. It is billed monthly. No API states its
 * price, so `expectedPrice` is recorded and compared with nothing.
 */
export interface GcpComputeRequest extends CommonRequest {
  readonly service: "gcp.compute";
  readonly payment: "no_upfront";
  /** The commitment type, such as `GENERAL_PURPOSE_N2`; `GENERAL_PURPOSE` means N1 alone. Never guessed from a machine. */
  readonly type: string;
  readonly resources: GcpResources;
  /** Reservations of the local SSDs or accelerators, as their URLs or partial paths. */
  readonly existingReservations?: readonly string[] | undefined;
  /** Whether Google buys the commitment again at its end. Default false. */
  readonly autoRenew?: boolean | undefined;
  /**
   * The recommendation that this line follows. It is claimed with its etag before anything is bought, so that only one
   * of all systems that follow the recommendation buys.
   */
  readonly recommendation?: { readonly name: string; readonly etag: string } | undefined;
}

const name = (what: string) =>
  z.string().check(z.minLength(1), z.maxLength(500), z.regex(/^[\x21-\x7e]+$/, `must be ${what}`));

// The families are those of Google. Each family may get new series.
const TYPE = /^(GENERAL_PURPOSE|(COMPUTE|MEMORY|STORAGE|ACCELERATOR|GRAPHICS)_OPTIMIZED)(_[A-Z0-9]+)*$/;
const PART = "[\\w.:~-]+";
const RECOMMENDATION = new RegExp(
  `^(projects|billingAccounts|folders|organizations)/${PART}/locations/(?<location>${PART})/recommenders/${PART}/recommendations/${PART}$`,
);

/** Parses {@link GcpComputeRequest}. */
export const gcpComputeSchema = once(() =>
  z
    .strictObject({
      service: z.literal("gcp.compute"),
      ...commonShape(),
      account: z
        .string()
        .check(
          z.regex(
            /^([a-z][a-z0-9.-]{0,60}:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
            'must be a project id such as "my-project-1"',
          ),
        ),
      region: z
        .string()
        .check(z.regex(/^[a-z]+-[a-z]+[0-9]{1,2}$/, 'must be a region of Google Cloud such as "us-central1"')),
      quantity: z.literal(1),
      payment: z.literal("no_upfront"),
      type: z.string().check(z.regex(TYPE, 'must be a commitment type such as "GENERAL_PURPOSE_N2"')),
      resources: z.strictObject({
        vcpu: z.int().check(z.gte(1), z.lte(1_000_000)),
        memoryMb: z.int().check(z.gte(256), z.lte(100_000_000), z.multipleOf(256, "must be a multiple of 256")),
        localSsdGb: z.optional(z.int().check(z.gte(375), z.multipleOf(375, "must be a multiple of 375"))),
        accelerators: z.optional(
          z
            .array(z.strictObject({ type: name("an accelerator type"), count: z.int().check(z.gte(1), z.lte(10_000)) }))
            .check(z.minLength(1)),
        ),
      }),
      existingReservations: z.optional(z.array(name("a reservation")).check(z.minLength(1))),
      autoRenew: z.optional(z.boolean()),
      recommendation: z.optional(
        z.strictObject({
          name: z.string().check(z.regex(RECOMMENDATION, "must be the full name of a recommendation")),
          etag: name("the etag of the recommendation, its own quotes included"),
        }),
      ),
    })
    .check((ctx) => {
      for (const [path, message] of contradictions(ctx.value))
        ctx.issues.push({ code: "custom", path: [...path], message, input: ctx.value.resources });
    }),
);

function* contradictions(request: GcpComputeRequest): Generator<[readonly string[], string]> {
  const { type, region, resources, existingReservations, recommendation } = request;
  const limit = memoryLimitMb(type, resources.vcpu);
  if (resources.memoryMb > limit)
    yield [["resources", "memoryMb"], `must be at most ${limit} for ${resources.vcpu} vCPUs of ${type}`];
  const reserved = resources.localSsdGb !== undefined || resources.accelerators !== undefined;
  if (reserved && existingReservations === undefined)
    yield [["existingReservations"], "is required with local SSDs and accelerators"];
  if (!reserved && existingReservations !== undefined)
    yield [["existingReservations"], "is for local SSDs and accelerators only"];
  const accelerators = (resources.accelerators ?? []).map((accelerator) => accelerator.type);
  if (new Set(accelerators).size < accelerators.length)
    yield [["resources", "accelerators"], "must name each accelerator type once"];
  const location = RECOMMENDATION.exec(recommendation?.name ?? "")?.groups?.["location"];
  if (location !== undefined && location !== region)
    yield [["recommendation", "name"], `must be a recommendation for ${region}, not for ${location}`];
}

/**
 * The most memory for a number of vCPUs. 6.5 GB per vCPU is documented for N1. Later general-purpose series go up to 8
 * GB. Google judges all others.
 */
function memoryLimitMb(type: string, vcpu: number): number {
  if (type === "GENERAL_PURPOSE") return vcpu * 6_656;
  return type.startsWith("GENERAL_PURPOSE_") ? vcpu * 8_192 : Number.POSITIVE_INFINITY;
}
