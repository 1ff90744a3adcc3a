import * as z from "zod/mini";
import { once } from "../once.js";
import { type CommonRequest, commonShape } from "./common.js";
import { gcpNameSchema, gcpRegionSchema } from "./gcp-common.js";
import { type GcpReservation, gcpAcceleratorsSchema, gcpReservationsSchema } from "./gcp-reservations.js";

/** The resources that a commitment covers: one of them or several. Google's recommendations are for one at a time. */
export interface GcpResources {
  /** Whole vCPUs. */
  readonly vcpu?: number | undefined;
  /** In MB; a multiple of 256. */
  readonly memoryMb?: number | undefined;
  /**
   * In GB; a multiple of 375. Google wants most local SSDs in `existingReservations` or `reservations`, and judges which.
   */
  readonly localSsdGb?: number | undefined;
  /** Needs `existingReservations` or `reservations`. */
  readonly accelerators?: readonly { readonly type: string; readonly count: number }[] | undefined;
}

/** The licenses that a commitment of category `LICENSE` covers. */
export interface GcpLicenseResource {
  /** The license, as its URL or partial path. */
  readonly license: string;
  /** How many licenses. */
  readonly amount: number;
  /** How many cores one license is for, in Google's own words, such as `3-4`. */
  readonly coresPerLicense?: string | undefined;
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
  /** `MACHINE`, the default, needs `type` and `resources`. `LICENSE` needs `licenseResource` instead. */
  readonly category?: "MACHINE" | "LICENSE" | undefined;
  /**
   * The commitment type, such as `GENERAL_PURPOSE_N2`; `GENERAL_PURPOSE` means N1 alone. Never guessed from a machine.
   * Google adds types, so each well-formed one is taken, and Google judges it. A3 Ultra and A4 are sold through future
   * reservations: Google refuses to insert a commitment of these types.
   */
  readonly type?: string | undefined;
  readonly resources?: GcpResources | undefined;
  readonly licenseResource?: GcpLicenseResource | undefined;
  /** Reservations of the local SSDs or accelerators, as their URLs or partial paths. */
  readonly existingReservations?: readonly string[] | undefined;
  /** Reservations of the local SSDs or accelerators that are made with the commitment. */
  readonly reservations?: readonly GcpReservation[] | undefined;
  /**
   * An end of the term that is later than that of the plan, in RFC 3339: before the third year of a plan of one year,
   * before the sixth of a plan of three. Google judges it.
   */
  readonly customEndTimestamp?: string | undefined;
  /**
   * The commitments that are merged into this one, by their names or URLs. They end when it starts, and it ends when the
   * last of them would have. Licenses are not merged, nor split.
   */
  readonly mergeSourceCommitments?: readonly string[] | undefined;
  /** The commitment of which this one takes a part, by its name or URL. */
  readonly splitSourceCommitment?: string | undefined;
  /** Whether Google buys the commitment again at its end. Default false. */
  readonly autoRenew?: boolean | undefined;
  /**
   * The recommendation that this line follows. It is claimed with its etag before anything is bought, so that only one
   * of all systems that follow the recommendation buys.
   */
  readonly recommendation?: { readonly name: string; readonly etag: string } | undefined;
}

// Each family may get new series, and Google may add families: NETWORK_OPTIMIZED came in 2026.
const TYPE = /^(GENERAL_PURPOSE|[A-Z]{2,30}_OPTIMIZED)(_[A-Z0-9]+)*$/;
const PART = "[\\w.:~-]+";
const RECOMMENDATION = new RegExp(
  `^(projects|billingAccounts|folders|organizations)/${PART}/locations/(?<location>${PART})/recommenders/${PART}/recommendations/${PART}$`,
);

const commitments = () => gcpNameSchema("the name or URL of a commitment");

/** The fields of both categories. */
const shape = once(() => ({
  service: z.literal("gcp.compute"),
  ...commonShape(),
  account: z
    .string()
    .check(
      z.regex(/^([a-z][a-z0-9.-]{0,60}:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'must be a project id such as "my-project-1"'),
    ),
  region: gcpRegionSchema(),
  quantity: z.literal(1),
  payment: z.literal("no_upfront"),
  customEndTimestamp: z.optional(
    z.iso.datetime({ offset: true, message: 'must be a time in RFC 3339 such as "2029-01-01T00:00:00-08:00"' }),
  ),
  autoRenew: z.optional(z.boolean()),
}));

const machineSchema = once(() =>
  z
    .strictObject({
      ...shape(),
      category: z.optional(z.literal("MACHINE")),
      type: z.string().check(z.regex(TYPE, 'must be a commitment type such as "GENERAL_PURPOSE_N2"')),
      resources: z.strictObject({
        vcpu: z.optional(z.int().check(z.gte(1), z.lte(1_000_000))),
        memoryMb: z.optional(
          z.int().check(z.gte(256), z.lte(100_000_000), z.multipleOf(256, "must be a multiple of 256")),
        ),
        localSsdGb: z.optional(z.int().check(z.gte(375), z.multipleOf(375, "must be a multiple of 375"))),
        accelerators: z.optional(gcpAcceleratorsSchema()),
      }),
      existingReservations: z.optional(z.array(gcpNameSchema("a reservation")).check(z.minLength(1))),
      reservations: z.optional(gcpReservationsSchema()),
      mergeSourceCommitments: z.optional(z.array(commitments()).check(z.minLength(1))),
      splitSourceCommitment: z.optional(commitments()),
      recommendation: z.optional(
        z.strictObject({
          name: z.string().check(z.regex(RECOMMENDATION, "must be the full name of a recommendation")),
          etag: gcpNameSchema("the etag of the recommendation, its own quotes included"),
        }),
      ),
    })
    .check((ctx) => {
      for (const [path, message] of contradictions(ctx.value))
        ctx.issues.push({ code: "custom", path: [...path], message, input: ctx.value.resources });
    }),
);

const licenseSchema = once(() =>
  z.strictObject({
    ...shape(),
    category: z.literal("LICENSE"),
    licenseResource: z.strictObject({
      license: gcpNameSchema("the URL or partial path of a license"),
      amount: z.int().check(z.gte(1), z.lte(1_000_000)),
      coresPerLicense: z.optional(gcpNameSchema('a range of cores such as "3-4"')),
    }),
  }),
);

/** Parses {@link GcpComputeRequest}. */
export const gcpComputeSchema = once(() =>
  z.discriminatedUnion("category", [machineSchema(), licenseSchema()], 'category must be "MACHINE" or "LICENSE"'),
);

type Contradictions = Generator<[readonly (string | number)[], string]>;
type Machine = GcpComputeRequest & { readonly type: string; readonly resources: GcpResources };

function* contradictions(request: Machine): Contradictions {
  yield* resourceContradictions(request);
  yield* reservationContradictions(request);
  yield* sourceContradictions(request);
  const location = RECOMMENDATION.exec(request.recommendation?.name ?? "")?.groups?.["location"];
  if (location !== undefined && location !== request.region)
    yield [["recommendation", "name"], `must be a recommendation for ${request.region}, not for ${location}`];
}

function* resourceContradictions({ type, resources }: Machine): Contradictions {
  const { vcpu, memoryMb, localSsdGb, accelerators } = resources;
  if ([vcpu, memoryMb, localSsdGb, accelerators].every((resource) => resource === undefined))
    yield [["resources"], "must name at least one resource"];
  const limit = memoryLimitMb(type, vcpu);
  if (memoryMb !== undefined && memoryMb > limit)
    yield [["resources", "memoryMb"], `must be at most ${limit} for ${vcpu} vCPUs of ${type}`];
  const types = (accelerators ?? []).map((accelerator) => accelerator.type);
  if (new Set(types).size < types.length) yield [["resources", "accelerators"], "must name each accelerator type once"];
}

function* reservationContradictions(request: Machine): Contradictions {
  const { region, existingReservations, reservations } = request;
  const { localSsdGb, accelerators } = request.resources;
  const isReserved = existingReservations !== undefined || reservations !== undefined;
  if (accelerators !== undefined && !isReserved)
    yield [["existingReservations"], "is required with accelerators, unless `reservations` makes new ones"];
  const isReservable = localSsdGb !== undefined || accelerators !== undefined;
  for (const field of ["existingReservations", "reservations"] as const)
    if (request[field] !== undefined && !isReservable) yield [[field], "is for local SSDs and accelerators only"];
  for (const [index, { zone }] of (reservations ?? []).entries())
    if (!zone.startsWith(`${region}-`)) yield [["reservations", index, "zone"], `must be a zone of ${region}`];
}

function* sourceContradictions(request: Machine): Contradictions {
  const { mergeSourceCommitments, splitSourceCommitment, reservations } = request;
  if (mergeSourceCommitments !== undefined && splitSourceCommitment !== undefined)
    yield [["splitSourceCommitment"], "contradicts mergeSourceCommitments: a commitment is merged or split, not both"];
  const hasSources = mergeSourceCommitments !== undefined || splitSourceCommitment !== undefined;
  if (hasSources && reservations !== undefined)
    yield [["reservations"], "cannot be made while commitments are merged or split"];
}

/**
 * The most memory for a number of vCPUs. 6.5 GB per vCPU is documented for N1. Later general-purpose series go up to 8
 * GB. Google judges all others, and memory alone.
 */
function memoryLimitMb(type: string, vcpu: number | undefined): number {
  if (vcpu === undefined) return Number.POSITIVE_INFINITY;
  if (type === "GENERAL_PURPOSE") return vcpu * 6_656;
  return type.startsWith("GENERAL_PURPOSE_") ? vcpu * 8_192 : Number.POSITIVE_INFINITY;
}
