import type { AwsDedicatedHostsRequest } from "../../../../domain/commitment-request/aws-dedicated-hosts.js";
import type { Money } from "../../../../domain/money.js";
import type { ExistingCommitment, ProviderContext } from "../../../commitment-provider.js";
import { difference, differing, mayBe, statedOtherwise } from "../../reservations/attributes.js";
import { currencyOf } from "../../reservations/offering.js";
import { sightingOfParts } from "../../sighting-of-parts.js";
import { statedMoney } from "../../stated-money.js";
import { timeOf } from "../../stated-term.js";
import { answerUnderTag } from "../../tagged-purchases.js";
import { tokenOn } from "../../token-tag.js";
import { wanted } from "./find-offering.js";
import { hostsOf, idsOf, type ListedHostReservation, taggedWith } from "./host-reservations.js";

/** The line whose reservation is looked for. `prepared` is what an earlier request was sent with, if there was one. */
export interface HostsQuestion extends Pick<ProviderContext, "prepared" | "lineageAttempt"> {
  readonly request: AwsDedicatedHostsRequest;
  readonly token: string;
}

/**
 * The reservation that carries a line's token, whatever its state, or else a new one without any token.
 *
 * The second case applies only after a request was sent: the reservation came since, and may cover the line's hosts.
 * Tags are stored with the purchase, so such a reservation should not exist. But a host carries one reservation at
 * most, and had none when the purchase was prepared. So a reservation that lost its tags still counts as the line's.
 */
export function findHostReservation(
  listed: readonly ListedHostReservation[],
  question: HostsQuestion,
): ExistingCommitment | undefined {
  const tagged = answerUnderTag(taggedWith(question.token, listed), question);
  if (tagged.length > 0) return existing(tagged, question.request, taggedDifferences(tagged, question.request));
  const found = untaggedSince(listed, question);
  if (found.length === 0) return undefined;
  return existing(found, question.request, untaggedDifferences(found, question.request));
}

function untaggedSince(
  listed: readonly ListedHostReservation[],
  { request, prepared }: HostsQuestion,
): readonly ListedHostReservation[] {
  if (prepared === undefined) return [];
  const { snapshot } = prepared;
  // A reservation that is over and was there before must not be taken for the line's. Without a snapshot, nobody knows
  // which ones were there before.
  const isNew = ({ HostReservationId, sighting }: ListedHostReservation) =>
    snapshot === undefined ? sighting.meaning === "live" : !snapshot.includes(HostReservationId);
  const since = mayCover(listed, request).filter((entry) => tokenOn(entry) === undefined && isNew(entry));
  const owed = since.filter(({ sighting }) => sighting.meaning !== "void");
  return owed.length > 0 ? owed : since;
}

function existing(
  found: readonly ListedHostReservation[],
  request: AwsDedicatedHostsRequest,
  differences: Iterable<string>,
): ExistingCommitment {
  const starts = found.flatMap(({ Start }) => timeOf(Start) ?? []);
  const charge = found.length === 1 ? chargeOf(found[0], request) : undefined;
  return {
    commitmentIds: idsOf(found),
    labeled: true,
    sighting: sightingOfParts(found.map(({ sighting }) => sighting)),
    differences: [...differences],
    ...(starts.length > 0 && { startedAt: Math.min(...starts) }),
    ...(charge && { charge }),
  };
}

/**
 * The reservations that may cover any of a line's hosts: they name such a host, or list no hosts and do not differ
 * otherwise.
 */
export const mayCover = (
  listed: readonly ListedHostReservation[],
  request: AwsDedicatedHostsRequest,
): readonly ListedHostReservation[] =>
  listed.filter((entry) => {
    const hosts = hostsOf(entry);
    return hosts === undefined ? mayBe(wanted(request), entry) : hosts.some((id) => request.hostIds.includes(id));
  });

/** How reservations that carry the line's token differ from the line. What one of them leaves out is no difference. */
function* taggedDifferences(
  found: readonly ListedHostReservation[],
  request: AwsDedicatedHostsRequest,
): Generator<string> {
  const hosts = found.flatMap((entry) => hostsOf(entry) ?? []);
  const isWhole = found.every((entry) => hostsOf(entry) !== undefined);
  if (isWhole || hosts.some((id) => !request.hostIds.includes(id))) yield* hostDifferences(hosts, request);
  yield* fieldDifferences(found, request, statedOtherwise);
}

/** How reservations without any token differ from the line. They may be another's, so all must be stated. */
function* untaggedDifferences(
  found: readonly ListedHostReservation[],
  request: AwsDedicatedHostsRequest,
): Generator<string> {
  const hosts = found.flatMap((entry) => hostsOf(entry) ?? []);
  yield* hostDifferences(hosts, request);
  yield* fieldDifferences(found, request, differing);
}

function* hostDifferences(hosts: readonly string[], { hostIds }: AwsDedicatedHostsRequest): Generator<string> {
  const [expected, covered] = [[...hostIds].sort().join(" "), [...hosts].sort().join(" ")];
  if (covered !== expected) yield difference("hostIds", expected, covered || undefined);
}

function* fieldDifferences(
  found: readonly ListedHostReservation[],
  request: AwsDedicatedHostsRequest,
  namesOf: typeof differing,
): Generator<string> {
  const fields = wanted(request);
  for (const entry of found)
    for (const name of namesOf(fields, entry)) yield difference(name, fields[name], Reflect.get(entry, name));
}

/** The upfront price of a reservation, for all its hosts together. EC2 may leave the currency out. */
function chargeOf(entry: ListedHostReservation | undefined, request: AwsDedicatedHostsRequest): Money | undefined {
  const { UpfrontPrice, CurrencyCode = currencyOf(request) } = entry ?? {};
  return UpfrontPrice === undefined ? undefined : statedMoney(UpfrontPrice, CurrencyCode);
}
