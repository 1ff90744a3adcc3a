import Big from "big.js";
import type { CommitmentRequest } from "../domain/commitment-request/commitment-request.js";
import type { GcpResources } from "../domain/commitment-request/gcp-compute.js";
import type { UnpricedRequest } from "../domain/recommendation.js";
import { withHourlyCommitment, withQuantity } from "./sized-line.js";

type Line = CommitmentRequest | UnpricedRequest;

/**
 * What remains of a recommended line when other lines for its need are bought: smaller by their sizes, with the price
 * that this comes to. Null if nothing remains, or if the sizes cannot be compared.
 */
export function remainingLine(line: Line, taken: readonly CommitmentRequest[]): Line | null {
  if (taken.length === 0) return line;
  if ("hourlyCommitment" in line && typeof line.hourlyCommitment === "string") return lessPerHour(line, taken);
  if (line.service === "gcp.compute") return lessResources(line, taken);
  return lessUnits(line, taken);
}

function lessUnits(line: Line, taken: readonly CommitmentRequest[]): Line | null {
  const quantity = taken.reduce((left, other) => left - other.quantity, line.quantity);
  return quantity < 1 ? null : withQuantity(line, quantity);
}

function lessPerHour(line: Line, taken: readonly CommitmentRequest[]): Line | null {
  if (!("hourlyCommitment" in line) || !("expectedPrice" in line)) return null;
  const { currency } = line.expectedPrice;
  let left = new Big(String(line.hourlyCommitment));
  for (const other of taken) {
    const isComparable = "hourlyCommitment" in other && other.expectedPrice.currency === currency;
    if (!isComparable) return null;
    left = left.minus(String(other.hourlyCommitment));
  }
  // No cloud sells less per hour.
  return left.lt("0.001") ? null : withHourlyCommitment(line, left.toFixed());
}

type GcpLine = Extract<Line, { readonly service: "gcp.compute" }>;

/** Its price is not known any more: no API of Google states one. */
function lessResources(line: GcpLine, taken: readonly CommitmentRequest[]): Line | null {
  const others = taken.filter((other) => other.service === "gcp.compute");
  if (others.length < taken.length || line.resources === undefined) return null;
  const sum = (read: (resources: GcpResources) => number | undefined): number =>
    others.reduce((total, { resources = {} }) => total + (read(resources) ?? 0), 0);
  const vcpu = (line.resources.vcpu ?? 0) - sum((resources) => resources.vcpu);
  const memoryMb = (line.resources.memoryMb ?? 0) - sum((resources) => resources.memoryMb);
  const localSsdGb = (line.resources.localSsdGb ?? 0) - sum((resources) => resources.localSsdGb);
  const accelerators = (line.resources.accelerators ?? [])
    .map(({ type, count }) => ({
      type,
      count: count - sum((resources) => resources.accelerators?.find((other) => other.type === type)?.count),
    }))
    .filter(({ count }) => count > 0);
  const resources: GcpResources = {
    ...(vcpu > 0 && { vcpu }),
    ...(memoryMb > 0 && { memoryMb }),
    ...(localSsdGb > 0 && { localSsdGb }),
    ...(accelerators.length > 0 && { accelerators }),
  };
  if (Object.keys(resources).length === 0) return null;
  const { expectedPrice: _, ...unpriced } = { expectedPrice: undefined, ...line };
  return { ...unpriced, resources } as Line;
}
