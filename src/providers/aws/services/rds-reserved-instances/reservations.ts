import type { ReservedDBInstance } from "@aws-sdk/client-rds";
import type { Reservation } from "../../reservations/reservation.js";
import { theOneNamed } from "../../reservations/the-one-named.js";
import { timeOf } from "../../stated-term.js";
import { loadRds, type RdsConnection } from "./rds-client.js";

/** The reservation of a name, or `undefined` where RDS itself says that there is none. */
export async function describe(
  { client, limit }: RdsConnection,
  { name }: { readonly name: string },
): Promise<Reservation | undefined> {
  const { DescribeReservedDBInstancesCommand } = await loadRds();
  const command = new DescribeReservedDBInstancesCommand({ ReservedDBInstanceId: name });
  return theOneNamed(name, async () => {
    const { ReservedDBInstances } = await client.send(command, { abortSignal: limit() });
    return ReservedDBInstances?.map(reservationOf);
  });
}

/** A reserved DB instance in the shape of all reservations. */
export const reservationOf = (instance: ReservedDBInstance): Reservation => ({
  id: instance.ReservedDBInstanceId ?? "",
  offeringId: instance.ReservedDBInstancesOfferingId,
  stated: instance,
  quantity: instance.DBInstanceCount,
  state: instance.State,
  startedAt: timeOf(instance.StartTime),
  durationSeconds: instance.Duration,
  fixedPrice: instance.FixedPrice,
  currency: instance.CurrencyCode,
});
