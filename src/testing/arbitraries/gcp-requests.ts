import type { GcpComputeRequest, GcpResources } from "../../domain/commitment-request/gcp-compute.js";
import type { Arbitrary, FastCheck } from "../fast-check.js";
import { commonFields, merged, toleranceArbitrary } from "./common-fields.js";

/** Requests of every Google Cloud service that is built in, by service. */
export const gcpRequests = (fc: FastCheck) => ({ "gcp.compute": compute(fc) });

function compute(fc: FastCheck): Arbitrary<GcpComputeRequest> {
  const fields = fc.record({
    service: fc.constant("gcp.compute" as const),
    ...commonFields(fc),
    account: fc.oneof(fc.stringMatching(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/), fc.constant("example.com:my-project-1")),
    region: fc.constantFrom("us-central1", "europe-west4", "northamerica-northeast1"),
    quantity: fc.constant(1),
    payment: fc.constant("no_upfront" as const),
    type: fc.constantFrom("GENERAL_PURPOSE", "GENERAL_PURPOSE_N2D", "COMPUTE_OPTIMIZED", "MEMORY_OPTIMIZED_M3"),
  });
  const renewal = fc.record({ autoRenew: fc.boolean() }, { requiredKeys: [] });
  const whole = merged(fc, merged(fc, fields, contents(fc)), merged(fc, renewal, toleranceArbitrary(fc)));
  return fc.oneof(whole, fc.tuple(whole, fc.uuid(), fc.uuid()).map(withRecommendation));
}

/** The least memory per vCPU that every commitment type allows is 6.5 GB, 26 steps of 256 MB. */
function machines(fc: FastCheck): Arbitrary<Pick<GcpResources, "vcpu" | "memoryMb">> {
  const vcpus = fc.oneof(fc.integer({ min: 1, max: 96 }), fc.integer({ min: 1, max: 10_000 }));
  return fc
    .tuple(vcpus, fc.integer({ min: 1, max: 26 }))
    .map(([vcpu, steps]) => ({ vcpu, memoryMb: vcpu * steps * 256 }));
}

/** The resources of a commitment. Local SSDs and accelerators are in reservations that exist already. */
function contents(fc: FastCheck): Arbitrary<Pick<GcpComputeRequest, "resources" | "existingReservations">> {
  const disks = fc.integer({ min: 1, max: 64 }).map((count) => ({ localSsdGb: count * 375 }));
  const accelerators = fc
    .uniqueArray(fc.constantFrom("nvidia-l4", "nvidia-tesla-t4", "nvidia-h100-80gb"), { minLength: 1 })
    .chain((types) =>
      fc.record({
        accelerators: fc.tuple(
          ...types.map((type) => fc.record({ type: fc.constant(type), count: fc.integer({ min: 1, max: 10_000 }) })),
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
