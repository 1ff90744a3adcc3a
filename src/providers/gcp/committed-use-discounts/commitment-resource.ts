import type { GcpComputeRequest } from "../../../domain/commitment-request/gcp-compute.js";
import type { GcpCommitmentResource } from "../gcp-clients.js";

/** How Google spells the terms. */
export const PLANS = { "1yr": "TWELVE_MONTH", "3yr": "THIRTY_SIX_MONTH" } as const;

/** The commitment of a line, under a name; it depends on nothing else, so that every send is the same. */
export const commitmentResource = (request: GcpComputeRequest, name: string): GcpCommitmentResource => ({
  name,
  plan: PLANS[request.term],
  type: request.type,
  category: "MACHINE",
  autoRenew: request.autoRenew ?? false,
  description: "Bought by buyonce.",
  resources: resourcesOf(request),
  ...(request.existingReservations && { existingReservations: [...request.existingReservations] }),
});

/** The resources of a line, in Google's units and spellings; amounts are 64-bit numbers and travel as text. */
export const resourcesOf = ({ resources }: GcpComputeRequest): GcpCommitmentResource["resources"] => [
  { type: "VCPU", amount: String(resources.vcpu) },
  { type: "MEMORY", amount: String(resources.memoryMb) },
  ...(resources.localSsdGb === undefined ? [] : [{ type: "LOCAL_SSD", amount: String(resources.localSsdGb) }]),
  ...(resources.accelerators ?? []).map(({ type, count }) => ({
    type: "ACCELERATOR",
    amount: String(count),
    acceleratorType: type,
  })),
];
