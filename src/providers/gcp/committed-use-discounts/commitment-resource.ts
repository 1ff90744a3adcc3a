import type { GcpComputeRequest } from "../../../domain/commitment-request/gcp-compute.js";
import type { GcpReservation } from "../../../domain/commitment-request/gcp-reservations.js";
import type { GcpCommitmentResource, GcpReservationResource } from "../gcp-clients.js";

/** How Google spells the terms. */
export const PLANS = { "1yr": "TWELVE_MONTH", "3yr": "THIRTY_SIX_MONTH" } as const;

/** The commitment of a line, under a name; it depends on nothing else, so that every send is the same. */
export const commitmentResource = (request: GcpComputeRequest, name: string): GcpCommitmentResource => ({
  name,
  plan: PLANS[request.term],
  ...(request.type !== undefined && { type: request.type }),
  category: request.category ?? "MACHINE",
  autoRenew: request.autoRenew ?? false,
  description: "Bought by buyonce.",
  ...(request.resources && { resources: resourcesOf(request) }),
  ...(request.licenseResource && { licenseResource: licenseOf(request.licenseResource) }),
  ...(request.existingReservations && { existingReservations: [...request.existingReservations] }),
  ...(request.reservations && { reservations: request.reservations.map(reservationOf) }),
  ...(request.customEndTimestamp !== undefined && { customEndTimestamp: request.customEndTimestamp }),
  ...(request.mergeSourceCommitments && { mergeSourceCommitments: [...request.mergeSourceCommitments] }),
  ...(request.splitSourceCommitment !== undefined && { splitSourceCommitment: request.splitSourceCommitment }),
});

/** The resources of a line, in Google's units and spellings; amounts are 64-bit numbers and travel as text. */
export const resourcesOf = ({ resources = {} }: GcpComputeRequest): NonNullable<GcpCommitmentResource["resources"]> => [
  ...amountOf("VCPU", resources.vcpu),
  ...amountOf("MEMORY", resources.memoryMb),
  ...amountOf("LOCAL_SSD", resources.localSsdGb),
  ...(resources.accelerators ?? []).map(({ type, count }) => ({
    type: "ACCELERATOR",
    amount: String(count),
    acceleratorType: type,
  })),
];

const amountOf = (type: string, amount: number | undefined) =>
  amount === undefined ? [] : [{ type, amount: String(amount) }];

const licenseOf = ({ license, amount, coresPerLicense }: NonNullable<GcpComputeRequest["licenseResource"]>) => ({
  license,
  amount: String(amount),
  ...(coresPerLicense !== undefined && { coresPerLicense }),
});

const reservationOf = (reservation: GcpReservation): GcpReservationResource => ({
  name: reservation.name,
  zone: reservation.zone,
  specificReservationRequired: reservation.specificReservationRequired ?? false,
  specificReservation: {
    count: String(reservation.count),
    instanceProperties: {
      machineType: reservation.machineType,
      ...(reservation.minCpuPlatform !== undefined && { minCpuPlatform: reservation.minCpuPlatform }),
      ...(reservation.accelerators && {
        guestAccelerators: reservation.accelerators.map(({ type, count }) => ({
          acceleratorType: type,
          acceleratorCount: count,
        })),
      }),
      ...(reservation.localSsds && {
        localSsds: reservation.localSsds.map((disk) => ({
          diskSizeGb: String(disk.sizeGb),
          interface: disk.interface,
        })),
      }),
    },
  },
});
