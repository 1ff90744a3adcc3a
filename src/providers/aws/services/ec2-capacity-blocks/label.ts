import type { AwsCapacityBlocksRequest } from "../../../../domain/commitment-request/aws-capacity-blocks.js";
import type { Commitment } from "../../../../domain/evidence.js";
import type { LabelContext, LabelResult } from "../../../commitment-provider.js";
import { type Ec2Connection, loadEc2 } from "../../ec2-client.js";
import { type Labels, recorded, unlabeled } from "../../labelable.js";
import { isOver, sightingOfParts } from "../../sighting-of-parts.js";
import { TOKEN_TAG, tokenOn, tokenTag } from "../../token-tag.js";
import { idsOf, type ListedBlock, listCapacityBlocks } from "./capacity-blocks.js";

/** The commitment to label, and the token to put on it. */
export interface Labeling {
  readonly commitment: Commitment;
  readonly token: string;
  readonly context: Pick<LabelContext<AwsCapacityBlocksRequest>, "request">;
}

const LABELS: Labels<ListedBlock> = { idOf: ({ CapacityReservationId }) => CapacityReservationId, tokenOn };

/**
 * Makes sure that a block carries its token.
 *
 * The token goes out with the purchase, so mostly this only reads it back. Throws, to be tried again, until the block and
 * its tag are listed. It never takes over a block that carries another line's token. A block that is over gets no label,
 * and the result tells what became of it instead.
 */
export async function labelBlock(connection: Ec2Connection, labeling: Labeling): Promise<LabelResult> {
  const { token, commitment } = labeling;
  const { commitmentIds } = commitment;
  const blocks = await recordedBlocks(connection, labeling);
  if (blocks.every(isOver)) return { commitmentIds, sighting: sightingOfParts(blocks.map(({ sighting }) => sighting)) };
  const missing = unlabeled(blocks, token, LABELS);
  if (missing.length === 0) return { commitmentIds };
  await createTags(connection, idsOf(missing), token);
  if (unlabeled(await recordedBlocks(connection, labeling), token, LABELS).length > 0)
    throw new Error(`the tag ${TOKEN_TAG} is not listed yet on ${idsOf(missing).join(", ")}`);
  return { commitmentIds };
}

async function recordedBlocks(
  connection: Ec2Connection,
  { commitment, context }: Labeling,
): Promise<readonly ListedBlock[]> {
  return recorded(await listCapacityBlocks(connection, context.request), commitment, LABELS);
}

async function createTags({ client, limit }: Ec2Connection, ids: readonly string[], token: string): Promise<void> {
  const { CreateTagsCommand } = await loadEc2();
  const command = new CreateTagsCommand({ Resources: [...ids], Tags: [tokenTag(token)] });
  await client.send(command, { abortSignal: limit() });
}
