import { KNOWN_GCP_COMMITMENT_TYPES } from "../../domain/commitment-request/gcp-commitment-types.js";
import type { GcpComputeRequest, GcpResources } from "../../domain/commitment-request/gcp-compute.js";
import type { GcpSpendRequest } from "../../domain/commitment-request/gcp-spend.js";
import type { Arbitrary, FastCheck } from "../fast-check.js";
import { commonFields, hourlySizeArbitrary, merged, toleranceArbitrary } from "./common-fields.js";

/** Requests of every Google Cloud service that is built in, by service. */
export const gcpRequests = (fc: FastCheck) => ({ "gcp.compute": compute(fc), "gcp.spend": spend(fc) });

function compute(fc: FastCheck): Arbitrary<GcpComputeRequest> {
  const fields = fc.record({
    service: fc.constant("gcp.compute" as const),
    ...commonFields(fc),
    account: fc.oneof(fc.stringMatching(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/), fc.constant("example.com:my-project-1")),
    region: fc.constantFrom(...REGIONS),
    quantity: fc.constant(1),
    payment: fc.constant("no_upfront" as const),
  });
  const optional = fc.record(
    { autoRenew: fc.boolean(), customEndTimestamp: fc.constantFrom("2031-01-01T00:00:00-08:00") },
    { requiredKeys: [] },
  );
  const common = merged(fc, fields, merged(fc, optional, toleranceArbitrary(fc)));
  const machine = merged(fc, merged(fc, common, types(fc)), merged(fc, contents(fc), sources(fc)));
  return fc.oneof(
    machine,
    merged(fc, common, licenses(fc)),
    fc.tuple(machine, fc.uuid(), fc.uuid()).map(withRecommendation),
  );
}

const REGIONS = ["us-central1", "europe-west4", "northamerica-northeast1"] as const;

/** Types that are known, and such as Google may add. */
const types = (fc: FastCheck) =>
  fc.record({
    category: fc.constantFrom(undefined, "MACHINE" as const),
    type: fc.oneof(fc.constantFrom(...KNOWN_GCP_COMMITMENT_TYPES), fc.constant("QUANTUM_OPTIMIZED_Q1")),
  });

const licenses = (fc: FastCheck) =>
  fc.record({
    category: fc.constant("LICENSE" as const),
    licenseResource: fc.record(
      {
        license: fc.constant("projects/suse-sap-cloud/global/licenses/sles-sap-15"),
        amount: fc.integer({ min: 1, max: 1_000 }),
        coresPerLicense: fc.constantFrom("1-2", "3-4", "5+"),
      },
      { requiredKeys: ["license", "amount"] },
    ),
  });

/** The commitments that a new one is made of, if it is made of any. */
function sources(
  fc: FastCheck,
): Arbitrary<Pick<GcpComputeRequest, "mergeSourceCommitments" | "splitSourceCommitment">> {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/);
  return fc.oneof(
    fc.constant({}),
    fc.record({ mergeSourceCommitments: fc.uniqueArray(name, { minLength: 2, maxLength: 3 }) }),
    fc.record({ splitSourceCommitment: name }),
  );
}

/** vCPUs, memory or both. The least memory per vCPU that every commitment type allows is 6.5 GB, 26 steps of 256 MB. */
function machines(fc: FastCheck): Arbitrary<Pick<GcpResources, "vcpu" | "memoryMb">> {
  const vcpus = fc.oneof(fc.integer({ min: 1, max: 96 }), fc.integer({ min: 1, max: 10_000 }));
  return fc.oneof(
    fc.tuple(vcpus, fc.integer({ min: 1, max: 26 })).map(([vcpu, steps]) => ({ vcpu, memoryMb: vcpu * steps * 256 })),
    fc.record({ vcpu: vcpus }),
    vcpus.map((steps) => ({ memoryMb: steps * 256 })),
  );
}

/** The resources of a commitment. Accelerators are in reservations, and local SSDs may be. */
function contents(fc: FastCheck): Arbitrary<Pick<GcpComputeRequest, "resources" | "existingReservations">> {
  const disks = fc.integer({ min: 1, max: 64 }).map((count) => ({ localSsdGb: count * 375 }));
  const accelerators = fc
    .uniqueArray(fc.constantFrom("nvidia-l4", "nvidia-tesla-t4", "nvidia-h100-80gb"), { minLength: 1 })
    .chain((names) =>
      fc.record({
        accelerators: fc.tuple(
          ...names.map((type) => fc.record({ type: fc.constant(type), count: fc.integer({ min: 1, max: 10_000 }) })),
        ),
      }),
    );
  const extras = fc.oneof(disks, accelerators, merged(fc, disks, accelerators));
  const reservations = fc.array(fc.stringMatching(/^reservations\/[a-z][a-z0-9-]{0,20}$/), {
    minLength: 1,
    maxLength: 3,
  });
  return fc.oneof(
    machines(fc).map((resources) => ({ resources })),
    fc.record({ resources: merged(fc, machines(fc), disks) }),
    fc.record({ resources: merged(fc, machines(fc), extras), existingReservations: reservations }),
  );
}

const withRecommendation = ([request, id, etag]: readonly [GcpComputeRequest, string, string]): GcpComputeRequest => ({
  ...request,
  recommendation: {
    name: `projects/${request.account}/locations/${request.region}/recommenders/google.compute.commitment.UsageCommitmentRecommender/recommendations/${id}`,
    etag: `"${etag}"`,
  },
});

function spend(fc: FastCheck): Arbitrary<GcpSpendRequest> {
  const hex = fc.stringMatching(/^[0-9A-F]{6}$/);
  const fields = fc.record({
    service: fc.constant("gcp.spend" as const),
    account: fc.tuple(hex, hex, hex).map((parts) => parts.join("-")),
    region: fc.constantFrom("global", ...REGIONS),
    quantity: fc.constant(1),
    payment: fc.constant("no_upfront" as const),
    offer: fc
      .tuple(fc.constantFrom("compute", "cloudsql", "alloydb"), fc.uuid())
      .map(([product, id]) => `services/${product}.googleapis.com/standardOffers/${id}`),
    autoRenew: fc.boolean(),
  });
  return merged(fc, fields, merged(fc, hourlySizeArbitrary(fc), toleranceArbitrary(fc)));
}
