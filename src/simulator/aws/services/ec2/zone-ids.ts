import { SimulatedError } from "../../../simulated-error.js";

const DIRECTIONS: Readonly<Record<string, string>> = {
  north: "n",
  northeast: "ne",
  northwest: "nw",
  south: "s",
  southeast: "se",
  southwest: "sw",
  east: "e",
  west: "w",
  central: "c",
};

/**
 * The id of a zone, such as `use1-az1` for `us-east-1a`.
 *
 * AWS maps names to ids anew for each account. Here the letters are counted.
 */
export function zoneIdOf(zone: string): string {
  const parts = zone.slice(0, -1).split("-");
  const region = parts.map((part) => DIRECTIONS[part] ?? part).join("");
  return `${region}-az${zone.charCodeAt(zone.length - 1) - "a".charCodeAt(0) + 1}`;
}

/** Refuses a request that names a zone and the id of a zone. */
export function refuseZoneTwice(request: {
  readonly AvailabilityZone?: string | undefined;
  readonly AvailabilityZoneId?: string | undefined;
}): void {
  if (request.AvailabilityZone === undefined || request.AvailabilityZoneId === undefined) return;
  const message = "AvailabilityZone and AvailabilityZoneId cannot be specified together";
  throw new SimulatedError("InvalidParameterCombination", 400, message);
}
