import * as z from "zod/mini";
import { listedAsOf, repeatsPageToken } from "../../../../call-effects.js";
import { SimulatedError } from "../../../../simulated-error.js";
import { type AwsCall, type AwsOperation, operation } from "../../../aws-service.js";
import type { AwsWorld } from "../../../aws-world.js";
import { ec2Query } from "../../../protocol/ec2-query.js";
import { filtered, filterSchema } from "../ec2-filter.js";
import { hostTermsXml } from "./host-offering.js";
import { hostPageFields, hostPageOf } from "./host-page.js";
import { endOf, type HostReservation, type HostReservationsShelf, hostReservationState } from "./host-reservation.js";

const input = z.object({
  ...hostPageFields,
  HostReservationIdSet: z._default(z.array(z.string()), []),
  Filter: z._default(z.array(filterSchema), []),
});
type Input = z.infer<typeof input>;

/** A reservation as a listing shows it. */
interface Shown extends HostReservation {
  readonly state: string;
  readonly shownTags: Readonly<Record<string, string>>;
}

/** Lists the caller's host reservations in the region of the call, with their tags. */
export function describeHostReservations({ settings }: AwsWorld, shelf: HostReservationsShelf): AwsOperation {
  return operation(ec2Query, input, (request, call) => {
    const asOf = listedAsOf(call);
    const shown = select(shelf, request, call).map((row) => ({
      ...row,
      state: hostReservationState(row, asOf),
      shownTags: row.tags.asOf(asOf - settings.tagLagMs),
    }));
    const { rows, nextToken } = hostPageOf(filtered(shown, request.Filter, filterFields), request, {
      emptyPages: false,
      repeatToken: repeatsPageToken(call),
    });
    return { hostReservationSet: { item: rows.map(reservationXml) }, nextToken };
  });
}

function select(shelf: HostReservationsShelf, { HostReservationIdSet: ids }: Input, call: AwsCall): HostReservation[] {
  const listed = shelf.listed(call, listedAsOf(call));
  const unknown = ids.find((id) => !listed.some((reservation) => reservation.id === id));
  if (unknown !== undefined) throw unknownReservation(unknown);
  return listed.filter((reservation) => ids.length === 0 || ids.includes(reservation.id));
}

// EC2's list of errors has a code for a malformed id only. The code for an unknown id follows its pattern.
function unknownReservation(id: string): SimulatedError {
  const problem = /^hr-[0-9a-f]{17}$/.test(id) ? "NotFound" : "Malformed";
  return new SimulatedError(`InvalidHostReservationId.${problem}`, 400, `There is no host reservation '${id}'`);
}

const filterFields = {
  names: new Set(["instance-family", "payment-option", "state", "tag-key"]),
  of(row: Shown, name: string): string[] | undefined {
    if (name.startsWith("tag:")) {
      const key = name.slice("tag:".length);
      return Object.entries(row.shownTags).flatMap(([own, value]) => (own === key ? [value] : []));
    }
    return {
      "instance-family": [row.offering.instanceFamily],
      "payment-option": [row.offering.paymentOption],
      state: [row.state],
      "tag-key": Object.keys(row.shownTags),
    }[name];
  },
};

function reservationXml(row: Shown): object {
  return {
    ...hostTermsXml(row.offering, row.hostIds.length),
    count: row.hostIds.length,
    end: new Date(endOf(row)).toISOString(),
    hostIdSet: { item: row.hostIds },
    hostReservationId: row.id,
    offeringId: row.offering.offeringId,
    start: new Date(row.purchasedAt).toISOString(),
    state: row.state,
    tagSet: { item: Object.entries(row.shownTags).map(([key, value]) => ({ key, value })) },
  };
}
