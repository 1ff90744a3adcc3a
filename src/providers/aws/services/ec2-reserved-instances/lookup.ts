import type { AwsEc2Request } from "../../../../domain/commitment-request/aws-ec2.js";
import type { ExistingCommitment, ProviderContext } from "../../../commitment-provider.js";
import type { Ec2Connection } from "../../ec2-client.js";
import { sightingOfParts } from "../../sighting-of-parts.js";
import { timeOf } from "../../stated-term.js";
import { answerUnderTag } from "../../tagged-purchases.js";
import { tokenOn } from "../../token-tag.js";
import { attributesOf, statedOtherwise } from "./attributes.js";
import { chargeOfReservations, idsOf, instancesOf, listReservedInstances } from "./reserved-instances.js";
import { type SightedReservation, sighted } from "./sighted-reservations.js";

/** The commitment that carries a line's token, whatever its state. */
export async function lookup(
  connection: Ec2Connection,
  { request, token }: { readonly request: AwsEc2Request; readonly token: string },
  { now, ...context }: ProviderContext,
): Promise<ExistingCommitment | undefined> {
  const listed = await listReservedInstances(connection);
  const tagged = listed.filter((entry) => tokenOn(entry) === token);
  return theTagged(await sighted(connection, tagged, { now }), request, context);
}

/**
 * The commitment among those that carry a line's token.
 *
 * Several commitments with the token are one purchase, which EC2 divided because it crossed a volume tier. They are a
 * difference only if their counts do not add up. A commitment that a modification made of one of them is not counted
 * again.
 */
export function theTagged(
  tagged: readonly SightedReservation[],
  request: AwsEc2Request,
  context: Pick<ProviderContext, "prepared" | "lineageAttempt">,
): ExistingCommitment | undefined {
  const bought = withoutDerived(tagged).map((entry) => ({ ...entry, id: entry.ReservedInstancesId }));
  const found = answerUnderTag(bought, context);
  if (found.length === 0) return undefined;
  const charge = chargeOfReservations(found, context.prepared);
  const starts = found.flatMap(({ Start }) => timeOf(Start) ?? []);
  return {
    commitmentIds: idsOf(found),
    labeled: true,
    sighting: sightingOfParts(found.map(({ sighting }) => sighting)),
    differences: [...new Set(differencesIn(found, request))],
    ...(starts.length > 0 && { startedAt: Math.min(...starts) }),
    ...(charge && { charge }),
  };
}

/** The commitments of a list that were bought, without those that were made of others in the list. */
export const withoutDerived = (entries: readonly SightedReservation[]): readonly SightedReservation[] =>
  entries.filter(({ madeFrom }) => !madeFrom.some((id) => idsOf(entries).includes(id)));

/** How commitments that carry the line's token differ from the line. What one of them leaves out is no difference. */
function* differencesIn(found: readonly SightedReservation[], request: AwsEc2Request): Generator<string> {
  const quantity = instancesOf(found);
  const isCounted = found.every(({ InstanceCount }) => InstanceCount !== undefined);
  if (isCounted && quantity !== request.quantity) yield `quantity: expected ${request.quantity}, found ${quantity}`;
  const expected = attributesOf(request);
  for (const entry of found)
    for (const name of statedOtherwise(request, entry))
      yield `${name}: expected ${expected[name] ?? "none"}, found ${entry[name] ?? "none"}`;
}
