import type { AwsDedicatedHostsRequest } from "../../../domain/commitment-request/aws-dedicated-hosts.js";
import type { Prepared } from "../../../domain/evidence.js";
import type { Money } from "../../../domain/money.js";
import type { ExistingCommitment } from "../../commitment-provider.js";
import { difference, differing } from "../reservations/attributes.js";
import { currencyOf } from "../reservations/offering.js";
import { wanted } from "./find-offering.js";
import { isLive, type ListedHostReservation, tokenOn } from "./host-reservations.js";

/** Whose reservation is looked for. `prepared` is what an earlier request was sent with, if one was. */
export interface HostsQuestion {
  readonly request: AwsDedicatedHostsRequest;
  readonly token: string;
  readonly prepared: Prepared | undefined;
}

/**
 * The reservation that carries a line's token; after a request was sent, else the one that covers its hosts and carries no
 * token at all.
 *
 * Tags are stored with the purchase, so the latter should not exist. But a host carries one reservation at most and had
 * none when the purchase was prepared, so one that lost its tags still counts as the line's.
 */
export function findHostReservation(
  listed: readonly ListedHostReservation[],
  question: HostsQuestion,
): ExistingCommitment | undefined {
  const { request, token, prepared } = question;
  const live = listed.filter(isLive);
  const tagged = live.filter((entry) => tokenOn(entry) === token);
  const untagged =
    prepared === undefined ? [] : covering(live, request).filter((entry) => tokenOn(entry) === undefined);
  const found = tagged.length > 0 ? tagged : untagged;
  if (found.length === 0) return undefined;
  const starts = found.flatMap(({ Start }) => (Start === undefined ? [] : [Start.getTime()]));
  const charge = found.length === 1 ? chargeOf(found[0], request) : undefined;
  return {
    commitmentIds: found.map(({ HostReservationId }) => HostReservationId),
    labeled: true,
    differences: [...differencesIn(found, request)],
    ...(starts.length > 0 && { startedAt: Math.min(...starts) }),
    ...(charge && { charge }),
  };
}

/** The reservations that cover any of a line's hosts. */
export const covering = (
  listed: readonly ListedHostReservation[],
  { hostIds }: AwsDedicatedHostsRequest,
): readonly ListedHostReservation[] =>
  listed.filter(({ HostIdSet = [] }) => HostIdSet.some((id) => hostIds.includes(id)));

function* differencesIn(found: readonly ListedHostReservation[], request: AwsDedicatedHostsRequest): Generator<string> {
  const expected = [...request.hostIds].sort().join(" ");
  const hosts = found.flatMap(({ HostIdSet = [] }) => HostIdSet);
  if (hosts.sort().join(" ") !== expected) yield difference("hostIds", expected, hosts.join(" "));
  const fields = wanted(request);
  for (const entry of found)
    for (const name of differing(fields, entry)) yield difference(name, fields[name], Reflect.get(entry, name));
}

/** The upfront price of a reservation, which is that of all its hosts; EC2 may leave the currency out. */
function chargeOf(entry: ListedHostReservation | undefined, request: AwsDedicatedHostsRequest): Money | undefined {
  const { UpfrontPrice, CurrencyCode = currencyOf(request) } = entry ?? {};
  return UpfrontPrice === undefined ? undefined : statedMoney(UpfrontPrice, CurrencyCode);
}

/** A price as EC2 states it in text; `undefined` for a text that is none. */
export const statedMoney = (amount: string, currency: string): Money | undefined =>
  /^\d+(\.\d+)?$/.test(amount) ? { amount, currency } : undefined;
