import type { ReservationRequest } from "./reservation-request.js";

const LOCATION_NAMES: Readonly<Record<string, string>> = {
  westus: "US West",
  eastus: "US East",
  northeurope: "EU North",
  westeurope: "EU West",
  uksouth: "UK South",
};

const YEARS = { P1Y: "1 Year", P3Y: "3 Years", P5Y: "5 Years" } as const;

/** The long name of what is reserved: `Reserved VM Instance, Standard_B1ls, US West, 1 Year`. */
export function skuTitle({ body, term }: ReservationRequest): string {
  const { reservedResourceType } = body.properties;
  const what = reservedResourceType === "VirtualMachines" ? "VM Instance" : reservedResourceType;
  const where = LOCATION_NAMES[body.location.toLowerCase()] ?? body.location;
  return `Reserved ${what}, ${body.sku.name}, ${where}, ${YEARS[term]}`;
}
