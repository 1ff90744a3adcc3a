import * as z from "zod/mini";

/** Every commitment type the API knows; `GENERAL_PURPOSE` means N1. */
export const COMMITMENT_TYPES = [
  "ACCELERATOR_OPTIMIZED",
  "ACCELERATOR_OPTIMIZED_A3",
  "ACCELERATOR_OPTIMIZED_A3_MEGA",
  "ACCELERATOR_OPTIMIZED_A3_ULTRA",
  "ACCELERATOR_OPTIMIZED_A4",
  "COMPUTE_OPTIMIZED",
  "COMPUTE_OPTIMIZED_C2D",
  "COMPUTE_OPTIMIZED_C3",
  "COMPUTE_OPTIMIZED_C3D",
  "COMPUTE_OPTIMIZED_H3",
  "COMPUTE_OPTIMIZED_H4D",
  "GENERAL_PURPOSE",
  "GENERAL_PURPOSE_C4",
  "GENERAL_PURPOSE_C4A",
  "GENERAL_PURPOSE_C4D",
  "GENERAL_PURPOSE_E2",
  "GENERAL_PURPOSE_N2",
  "GENERAL_PURPOSE_N2D",
  "GENERAL_PURPOSE_N4",
  "GENERAL_PURPOSE_N4A",
  "GENERAL_PURPOSE_N4D",
  "GENERAL_PURPOSE_T2D",
  "GRAPHICS_OPTIMIZED",
  "GRAPHICS_OPTIMIZED_G4",
  "GRAPHICS_OPTIMIZED_G4_VGPU",
  "MEMORY_OPTIMIZED",
  "MEMORY_OPTIMIZED_M3",
  "MEMORY_OPTIMIZED_M4",
  "MEMORY_OPTIMIZED_M4_6TB",
  "MEMORY_OPTIMIZED_X4_1440_24T",
  "MEMORY_OPTIMIZED_X4_16TB",
  "MEMORY_OPTIMIZED_X4_1920_32T",
  "MEMORY_OPTIMIZED_X4_24TB",
  "MEMORY_OPTIMIZED_X4_32TB",
  "MEMORY_OPTIMIZED_X4_480_6T",
  "MEMORY_OPTIMIZED_X4_480_8T",
  "MEMORY_OPTIMIZED_X4_960_12T",
  "MEMORY_OPTIMIZED_X4_960_16T",
  "STORAGE_OPTIMIZED_Z3",
] as const;

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
  type: z.optional(z.enum(COMMITMENT_TYPES)),
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

function* licenseContradictions({ licenseResource, resources }: CommitmentResource): Generator<Contradiction> {
  if (licenseResource === undefined) yield { path: ["licenseResource"], input: undefined, message: "" };
  if (resources.length > 0) yield refusedResources(resources, "A license commitment has no resources");
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
  for (const message of resourceProblems(resource, limits)) yield refusedResources(resources, message);
}

function refusedResources(resources: readonly Resource[], message: string): Contradiction {
  return { path: ["resources"], input: resources, message };
}

function* resourceProblems(resource: CommitmentResource, { maxMemoryMbPerVcpu }: ResourceLimits): Generator<string> {
  const { type = "", resources, reservations, existingReservations } = resource;
  const [vcpus, memoryMb, ssdGb] = [
    total(resources, "VCPU"),
    total(resources, "MEMORY"),
    total(resources, "LOCAL_SSD"),
  ];
  const accelerators = resources.filter((row) => row.type === "ACCELERATOR");
  const kinds = resources.map((row) => `${row.type} ${row.acceleratorType ?? ""}`);
  if (new Set(kinds).size < kinds.length) yield "Each resource may be named once";
  if (vcpus > 0 !== memoryMb > 0) yield "VCPU and MEMORY go together";
  if (memoryMb % MEMORY_STEP_MB !== 0) yield `MEMORY must be a multiple of ${MEMORY_STEP_MB} MB`;
  if (type.startsWith("GENERAL_PURPOSE") && memoryMb > vcpus * maxMemoryMbPerVcpu) {
    yield `MEMORY may be ${maxMemoryMbPerVcpu} MB per VCPU at most`;
  }
  if (ssdGb % LOCAL_SSD_GB !== 0) yield `LOCAL_SSD must be a multiple of ${LOCAL_SSD_GB} GB`;
  if (accelerators.some((row) => row.acceleratorType === undefined)) yield "ACCELERATOR needs an acceleratorType";
  if (resources.some((row) => row.type !== "ACCELERATOR" && row.acceleratorType !== undefined)) {
    yield "Only ACCELERATOR has an acceleratorType";
  }
  const reserved = reservations.length + existingReservations.length > 0;
  if (ssdGb + accelerators.length > 0 && !reserved) yield "LOCAL_SSD and ACCELERATOR need reservations";
}

function total(resources: readonly Resource[], type: Resource["type"]): number {
  return resources.filter((row) => row.type === type).reduce((sum, row) => sum + Number(row.amount), 0);
}
