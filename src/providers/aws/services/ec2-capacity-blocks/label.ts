import type { AwsCapacityBlocksRequest } from "../../../../domain/commitment-request/aws-capacity-blocks.js";
import type { Commitment } from "../../../../domain/evidence.js";
import type { LabelContext, LabelResult } from "../../../commitment-provider.js";
import { type Ec2Connection, loadEc2 } from "../../ec2-client.js";
import { isOver, sightingOfParts } from "../../sighting-of-parts.js";
import { TOKEN_TAG, tokenTag } from "../../token-tag.js";
import { idsOf, type ListedBlock, listCapacityBlocks, tokenOn } from "./capacity-blocks.js";

/** The commitment to label, and the token to put on it. */
export interface Labeling {
  readonly commitment: Commitment;
  readonly token: string;
  readonly context: Pick<LabelContext<AwsCapacityBlocksRequest>, "request">;
}

/**
 * Makes sure that a block carries its token.
 *
 * The token goes out with the purchase, so mostly this only reads it back. Throws, to be tried again, until the block and
 * its tag are listed. It never takes over a block that carries another line's token. A block that is over gets no label,
 * and the result tells what became of it instead.
 */
export async function labelBlock(connection: Ec2Connection, labeling: Labeling): Promise<LabelResult> {
  const { commitmentIds } = labeling.commitment;
  const blocks = await recordedBlocks(connection, labeling);
  if (blocks.every(isOver)) return { commitmentIds, sighting: sightingOfParts(blocks.map(({ sighting }) => sighting)) };
  const missing = unlabeled(blocks, labeling);
  if (missing.length === 0) return { commitmentIds };
  await createTags(connection, idsOf(missing), labeling.token);
  if (unlabeled(await recordedBlocks(connection, labeling), labeling).length > 0)
    throw new Error(`the tag ${TOKEN_TAG} is not listed yet on ${idsOf(missing).join(", ")}`);
  return { commitmentIds };
}

async function recordedBlocks(
  connection: Ec2Connection,
  { commitment, context }: Labeling,
): Promise<readonly ListedBlock[]> {
  const listed = await listCapacityBlocks(connection, context.request);
  return commitment.commitmentIds.map((id) => {
    const block = listed.find(({ CapacityReservationId }) => CapacityReservationId === id);
    if (block === undefined) throw new Error(`${id} is not listed yet`);
    return block;
  });
}

function unlabeled(blocks: readonly ListedBlock[], { token }: Labeling): readonly ListedBlock[] {
  const taken = blocks.find((block) => ![undefined, token].includes(tokenOn(block)));
  if (taken !== undefined) throw new Error(`${taken.CapacityReservationId} carries the token of another line`);
  return blocks.filter((block) => !isOver(block) && tokenOn(block) !== token);
}

async function createTags({ client, limit }: Ec2Connection, ids: readonly string[], token: string): Promise<void> {
  const { CreateTagsCommand } = await loadEc2();
  const command = new CreateTagsCommand({ Resources: [...ids], Tags: [tokenTag(token)] });
  await client.send(command, { abortSignal: limit() });
}
