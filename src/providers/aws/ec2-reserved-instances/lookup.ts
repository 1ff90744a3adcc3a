import type { AwsEc2Request } from "../../../domain/commitment-request/aws-ec2.js";
import type { Prepared } from "../../../domain/evidence.js";
import type { ExistingCommitment } from "../../commitment-provider.js";
import { attributesOf, differing } from "./attributes.js";
import {
  chargeOfReservations,
  idsOf,
  instancesOf,
  isLive,
  type ListedReservation,
  tokenOn,
  wasReplaced,
} from "./reserved-instances.js";

/** Whose commitment is looked for. `prepared` is what an earlier request was sent with, if one was. */
export interface TokenQuestion {
  readonly request: AwsEc2Request;
  readonly token: string;
  readonly prepared: Prepared | undefined;
}

/**
 * The commitment that carries a line's token, among everything listed; one that was modified since counts as well, if
 * nothing else carries it.
 *
 * Several that carry it are one commitment that EC2 divided where the purchase crossed a volume tier; only if their
 * counts do not add up is that a difference.
 */
export function findByToken(
  listed: readonly ListedReservation[],
  { request, token, prepared }: TokenQuestion,
): ExistingCommitment | undefined {
  const labeled = listed.filter((entry) => tokenOn(entry) === token);
  const live = labeled.filter(isLive);
  const found = live.length > 0 ? live : labeled.filter(wasReplaced);
  if (found.length === 0) return undefined;
  const charge = chargeOfReservations(found, prepared);
  const starts = found.flatMap(({ Start }) => (Start === undefined ? [] : [Start.getTime()]));
  return {
    commitmentIds: idsOf(found),
    labeled: true,
    differences: [...new Set(differencesIn(found, request))],
    ...(starts.length > 0 && { startedAt: Math.min(...starts) }),
    ...(charge && { charge }),
  };
}

function* differencesIn(found: readonly ListedReservation[], request: AwsEc2Request): Generator<string> {
  const quantity = instancesOf(found);
  if (quantity !== request.quantity) yield `quantity: expected ${request.quantity}, found ${quantity}`;
  const expected = attributesOf(request);
  for (const entry of found)
    for (const name of differing(request, entry))
      yield `${name}: expected ${expected[name] ?? "none"}, found ${entry[name] ?? "none"}`;
}
