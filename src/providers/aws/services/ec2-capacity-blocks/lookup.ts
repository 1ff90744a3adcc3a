import type { AwsCapacityBlocksRequest } from "../../../../domain/commitment-request/aws-capacity-blocks.js";
import type { ExistingCommitment, ProviderContext } from "../../../commitment-provider.js";
import { difference } from "../../reservations/attributes.js";
import { sightingOfParts } from "../../sighting-of-parts.js";
import { timeOf } from "../../stated-term.js";
import { answerUnderTag } from "../../tagged-purchases.js";
import { tokenOn } from "../../token-tag.js";
import { differences } from "./attributes.js";
import { idsOf, type ListedBlock } from "./capacity-blocks.js";

/** The line whose block is looked for. `prepared` is what an earlier request was sent with, if there was one. */
export interface BlockQuestion extends Pick<ProviderContext, "prepared" | "lineageAttempt"> {
  readonly request: AwsCapacityBlocksRequest;
  readonly token: string;
}

/** The block that carries a line's token, whatever its state. One is expected, and more are a difference. */
export function theTagged(listed: readonly ListedBlock[], question: BlockQuestion): ExistingCommitment | undefined {
  const { request, token } = question;
  const tagged = listed.filter((block) => tokenOn(block) === token);
  const found = answerUnderTag(
    tagged.map((block) => ({ ...block, id: block.CapacityReservationId })),
    question,
  );
  if (found.length === 0) return undefined;
  const several = found.length > 1 ? [difference("blocks", 1, found.length)] : [];
  const starts = found.flatMap(({ StartDate }) => timeOf(StartDate) ?? []);
  return {
    commitmentIds: idsOf(found),
    labeled: true,
    sighting: sightingOfParts(found.map(({ sighting }) => sighting)),
    differences: [...several, ...found.flatMap((block) => differences(request, block))],
    ...(starts.length > 0 && { startedAt: Math.min(...starts) }),
  };
}
