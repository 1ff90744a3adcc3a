import type { AwsEc2Request } from "../../../domain/commitment-request/aws-ec2.js";
import type { ExistingCommitment } from "../../commitment-provider.js";
import { attributesOf, differing } from "./attributes.js";
import { idsOf, instancesOf, isLive, type ListedReservation, tokenOn } from "./reserved-instances.js";

/**
 * The commitment that carries a line's token, among everything listed.
 *
 * Several that carry it are one commitment that EC2 divided where the purchase crossed a volume tier; only if their
 * counts do not add up is that a difference.
 */
export function findByToken(
  listed: readonly ListedReservation[],
  request: AwsEc2Request,
  token: string,
): ExistingCommitment | undefined {
  const found = listed.filter((entry) => tokenOn(entry) === token && isLive(entry));
  if (found.length === 0) return undefined;
  const starts = found.flatMap(({ Start }) => (Start === undefined ? [] : [Start.getTime()]));
  return {
    commitmentIds: idsOf(found),
    labeled: true,
    differences: [...new Set(differencesIn(found, request))],
    ...(starts.length > 0 && { startedAt: Math.min(...starts) }),
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
