import type { GcpComputeRequest, GcpResources } from "../../../domain/commitment-request/gcp-compute.js";
import { needKeyWithout } from "../../need-key.js";

/**
 * What a commitment covers: resources of certain kinds of one machine type, or one license.
 *
 * Google recommends commitments of each resource by itself, so vCPUs and memory are two needs. Amounts say how much is
 * bought. A license tells the category. Reservations, merges and splits say what the amounts are made of.
 */
export function computeNeedKey(request: GcpComputeRequest): string {
  const { resources, licenseResource, category: _, ...rest } = request;
  const covered = { ...rest, kinds: kindsOf(resources ?? {}), license: pathOf(licenseResource?.license) };
  return needKeyWithout<typeof covered>(covered, [
    "autoRenew",
    "customEndTimestamp",
    "existingReservations",
    "reservations",
    "mergeSourceCommitments",
    "splitSourceCommitment",
    "recommendation",
  ]);
}

/** A license by its path, whether it is stated as that or as a URL. */
const pathOf = (license: string | undefined): string | null => license?.replace(/^.*?(?=projects\/)/, "") ?? null;

/** The kinds of resources that a commitment covers. */
export const kindsOf = ({ vcpu, memoryMb, localSsdGb, accelerators = [] }: GcpResources): readonly string[] => [
  ...(vcpu === undefined ? [] : ["vcpu"]),
  ...(memoryMb === undefined ? [] : ["memory"]),
  ...(localSsdGb === undefined ? [] : ["local-ssd"]),
  ...accelerators.map(({ type }) => type).toSorted(),
];
