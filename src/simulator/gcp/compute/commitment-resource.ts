import * as z from "zod/mini";
import { GCP_COMMITMENT_TYPES } from "../../../domain/commitment-request/gcp-commitment-types.js";

/** The terms on sale, in months. */
export const PLAN_MONTHS = { TWELVE_MONTH: 12, THIRTY_SIX_MONTH: 36 } as const;

const MEMORY_STEP_MB = 256;
const LOCAL_SSD_GB = 375;

/** An int64, which travels as text and is taken as a number too. */
const amount = z
  .pipe(
    z.union(
      [z.string().check(z.regex(/^\d{1,18}$/, "Must be a whole number")), z.int().check(z.nonnegative())],
      "Must be a whole number",
    ),
    z.transform(String),
  )
  .check(z.refine((text) => Number(text) > 0, "Must be greater than 0"));

export const resourceSchema = z.object({
  type: z.enum(["VCPU", "MEMORY", "LOCAL_SSD", "ACCELERATOR"]),
  amount,
  acceleratorType: z.optional(z.string().check(z.minLength(1))),
});

/** An amount of one resource. */
export type Resource = z.infer<typeof resourceSchema>;

const shape = z.object({
  name: z
    .string()
    .check(
      z.regex(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/, "Must be a match of regex '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)'"),
    ),
  description: z._default(z.string().check(z.maxLength(2048)), ""),
  plan: z.enum(["TWELVE_MONTH", "THIRTY_SIX_MONTH"]),
  category: z._default(z.enum(["MACHINE", "LICENSE"]), "MACHINE"),
  type: z.optional(z.enum(GCP_COMMITMENT_TYPES)),
  autoRenew: z._default(z.boolean(), false),
  resources: z._default(z.array(resourceSchema), []),
  licenseResource: z.optional(
    z.object({
      license: z.string().check(z.minLength(1)),
      amount,
      coresPerLicense: z.optional(z.string().check(z.minLength(1))),
    }),
  ),
  reservations: z._default(z.array(z.record(z.string(), z.unknown())), []),
  existingReservations: z._default(z.array(z.string().check(z.minLength(1))), []),
  customEndTimestamp: z.optional(z.iso.datetime({ offset: true, message: "Must be a time in RFC 3339" })),
  /** Names, or paths that end in one. */
  mergeSourceCommitments: z._default(z.array(z.string().check(z.minLength(1))), []),
  splitSourceCommitment: z.optional(z.string().check(z.minLength(1))),
});

/** What a commitment is to be, as the insert asked for it. */
export type CommitmentResource = z.infer<typeof shape>;

/** What the simulator's options say about resources. */
interface ResourceLimits {
  /** The most memory a general-purpose commitment may have per vCPU. */
  readonly maxMemoryMbPerVcpu: number;
  /** Whether local SSDs must be in reservations. */
  readonly localSsdNeedsReservation: boolean;
}

/** Reads the body of an insert, by the rules of Compute Engine. */
export function commitmentResourceSchema(limits: ResourceLimits): z.ZodMiniType<CommitmentResource> {
  return shape.check(({ value, issues }) => {
    for (const { path, input, message } of contradictions(value, limits)) {
      issues.push({ code: "custom", path: [...path], input, message });
    }
  });
}

interface Contradiction {
  readonly path: readonly string[];
  readonly input: unknown;
  readonly message: string;
}

function* contradictions(resource: CommitmentResource, limits: ResourceLimits): Generator<Contradiction> {
  if (resource.category === "LICENSE") yield* licenseContradictions(resource);
  else yield* machineContradictions(resource, limits);
}

function* licenseContradictions(resource: CommitmentResource): Generator<Contradiction> {
  const { licenseResource, resources } = resource;
  if (licenseResource === undefined) yield { path: ["licenseResource"], input: undefined, message: "" };
  if (resources.length > 0) yield refusedResources(resources, "A license commitment has no resources");
  if (hasSources(resource))
    yield { path: ["category"], input: "LICENSE", message: "License commitments are not merged or split" };
}

function* machineContradictions(resource: CommitmentResource, limits: ResourceLimits): Generator<Contradiction> {
  const { type, resources, licenseResource } = resource;
  if (type === undefined) yield { path: ["type"], input: undefined, message: "" };
  if (licenseResource !== undefined) {
    yield { path: ["licenseResource"], input: licenseResource, message: "A machine commitment has no license" };
  }
  if (resources.length === 0) yield { path: ["resources"], input: undefined, message: "" };
  if (resource.mergeSourceCommitments.length > 0 && resource.splitSourceCommitment !== undefined) {
    const message = "A commitment is merged or split, not both";
    yield { path: ["splitSourceCommitment"], input: resource.splitSourceCommitment, message };
  }
  if (hasSources(resource) && resource.reservations.length > 0) {
    const message = "No reservations are made while commitments are merged or split";
    yield { path: ["reservations"], input: resource.reservations, message };
  }
  for (const message of resourceProblems(resource, limits)) yield refusedResources(resources, message);
}

const hasSources = ({ mergeSourceCommitments, splitSourceCommitment }: CommitmentResource): boolean =>
  mergeSourceCommitments.length > 0 || splitSourceCommitment !== undefined;

function refusedResources(resources: readonly Resource[], message: string): Contradiction {
  return { path: ["resources"], input: resources, message };
}

function* resourceProblems(resource: CommitmentResource, limits: ResourceLimits): Generator<string> {
  const { type = "", resources, reservations, existingReservations } = resource;
  const { maxMemoryMbPerVcpu, localSsdNeedsReservation } = limits;
  const [vcpus, memoryMb, ssdGb] = [
    total(resources, "VCPU"),
    total(resources, "MEMORY"),
    total(resources, "LOCAL_SSD"),
  ];
  const accelerators = resources.filter((row) => row.type === "ACCELERATOR");
  const kinds = resources.map((row) => `${row.type} ${row.acceleratorType ?? ""}`);
  if (new Set(kinds).size < kinds.length) yield "Each resource may be named once";
  if (memoryMb % MEMORY_STEP_MB !== 0) yield `MEMORY must be a multiple of ${MEMORY_STEP_MB} MB`;
  // Memory may be bought alone.
  if (type.startsWith("GENERAL_PURPOSE") && vcpus > 0 && memoryMb > vcpus * maxMemoryMbPerVcpu) {
    yield `MEMORY may be ${maxMemoryMbPerVcpu} MB per VCPU at most`;
  }
  if (ssdGb % LOCAL_SSD_GB !== 0) yield `LOCAL_SSD must be a multiple of ${LOCAL_SSD_GB} GB`;
  if (accelerators.some((row) => row.acceleratorType === undefined)) yield "ACCELERATOR needs an acceleratorType";
  if (resources.some((row) => row.type !== "ACCELERATOR" && row.acceleratorType !== undefined)) {
    yield "Only ACCELERATOR has an acceleratorType";
  }
  if (reservations.length + existingReservations.length > 0) return;
  if (accelerators.length > 0) yield "ACCELERATOR needs reservations";
  if (ssdGb > 0 && localSsdNeedsReservation) yield "LOCAL_SSD needs reservations";
}

function total(resources: readonly Resource[], type: Resource["type"]): number {
  return resources.filter((row) => row.type === type).reduce((sum, row) => sum + Number(row.amount), 0);
}
