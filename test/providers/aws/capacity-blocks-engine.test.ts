import { DeleteTagsCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { describe, expect, test } from "vitest";
import { TOKEN_TAG } from "../../../src/providers/aws/token-tag.js";
import { type Answer, changeAnswers } from "./changed-answers.js";
import { DAY, doubtWorld, SETTLE_WAIT } from "./doubt-world.js";
import { type Adapter, adapterOf } from "./every-adapter.js";
import { ACCOUNT, ec2Client } from "./simulated-line.js";

const BLOCKS = adapterOf("aws.ec2-capacity-blocks");
const { purchase, request } = BLOCKS;
const HOUR = 3_600_000;

/** The adapter at an EC2 that lists platforms in its own spelling. */
const RESPELLED: Adapter = {
  ...BLOCKS,
  provider({ url, credentialsFor }) {
    const config = { endpoint: url, region: request.region, credentials: credentialsFor(ACCOUNT) };
    const { client, provider } = BLOCKS.open(config);
    changeAnswers(client as unknown as EC2Client, BLOCKS.listing, (answer) => {
      for (const block of answer["CapacityReservations"] as Answer[]) block["InstancePlatform"] = "LINUX/UNIX";
    });
    return provider;
  },
};

describe("a Capacity Block whose reply is lost is not bought twice", { timeout: 30_000 }, () => {
  test("though its tag is lost with it, and it carries the token in the end", async () => {
    const world = await doubtWorld(BLOCKS);
    await world.fault({ operation: purchase, kind: "lost-tag-at-creation" });
    const { id, commitmentId } = await world.replyLost();
    await world.pass(3 * SETTLE_WAIT);
    expect(await world.line(id)).toMatchObject({
      state: "committed",
      needsLabel: false,
      commitment: { commitmentIds: [commitmentId], adopted: true },
    });
    expect(await world.purchases()).toMatchObject([{ tags: { [TOKEN_TAG]: expect.any(String) } }]);
    expect(await world.sent()).toHaveLength(1);
  });

  test("though its tag is lost and EC2 spells its platform otherwise", async () => {
    const world = await doubtWorld(RESPELLED);
    await world.fault({ operation: purchase, kind: "lost-tag-at-creation" });
    const { id, commitmentId } = await world.replyLost();
    await world.pass(3 * SETTLE_WAIT);
    expect(await world.line(id)).toMatchObject({ state: "committed", commitment: { commitmentIds: [commitmentId] } });
    expect(await world.sent()).toHaveLength(1);
  });

  test("though somebody takes its tags off meanwhile", async () => {
    const world = await doubtWorld(BLOCKS);
    const { id, commitmentId } = await world.replyLost();
    await ec2Client(world).send(new DeleteTagsCommand({ Resources: [commitmentId] }));
    await world.pass(3 * SETTLE_WAIT);
    expect(await world.line(id)).toMatchObject({ state: "committed", commitment: { commitmentIds: [commitmentId] } });
    expect(await world.sent()).toHaveLength(1);
  });

  test("though its tag cannot be put on again", async () => {
    const world = await doubtWorld(BLOCKS);
    await world.fault({ operation: purchase, kind: "lost-tag-at-creation" });
    const denied = { kind: "error", code: "UnauthorizedOperation", status: 403, times: 1_000 } as const;
    await world.fault({ operation: "CreateTags", ...denied });
    const { id, commitmentId } = await world.replyLost();
    await world.pass(3 * SETTLE_WAIT);
    expect(await world.line(id)).toMatchObject({
      state: "committed",
      needsLabel: true,
      commitment: { commitmentIds: [commitmentId] },
    });
    expect(await world.sent()).toHaveLength(1);
  });

  test("while it waits for its payment, and also where the payment fails after that", async () => {
    const world = await doubtWorld(BLOCKS, { paymentPendingMs: 12 * HOUR });
    await world.fault({ operation: purchase, kind: "payment-fails" });
    const { id, commitmentId } = await world.replyLost();
    await world.pass(2 * SETTLE_WAIT);
    expect(await world.line(id)).toMatchObject({ state: "committed", commitment: { commitmentIds: [commitmentId] } });
    world.clock.advance(DAY);
    await world.pass(2 * SETTLE_WAIT);
    expect(await world.purchases()).toMatchObject([{ state: "payment-failed" }]);
    expect(await world.sent()).toHaveLength(1);
  });

  test("where its payment has failed: the line is rejected, and only a person buys again", async () => {
    const world = await doubtWorld(BLOCKS);
    await world.fault({ operation: purchase, kind: "payment-fails" });
    const { id } = await world.replyLost();
    await world.pass(3 * SETTLE_WAIT);
    expect(await world.line(id)).toMatchObject({ state: "rejected", rejection: { code: "payment-failed" } });
    const { id: again } = await world.engine.retry(id, { requestedBy: "ann" });
    await world.engine.approve(again, { approvedBy: "bob" });
    await world.pass(SETTLE_WAIT);
    expect(await world.line(again)).toMatchObject({ state: "committed" });
    expect(await world.purchases()).toMatchObject([{ state: "payment-failed" }, { state: "scheduled" }]);
  });

  test("nor mixed up with the same block of another line that lost its tag too", async () => {
    const world = await doubtWorld(BLOCKS);
    await world.fault({ operation: purchase, kind: "lost-tag-at-creation", times: 2 });
    await world.fault({ operation: purchase, kind: "reset-after", times: 2 });
    const id = await world.approved(request, request);
    await world.engine.run(id);
    await world.pass(5 * SETTLE_WAIT);
    const { status, lines } = await world.found(id);
    expect(status).toBe("completed");
    const ids = lines.flatMap(({ commitment }) => commitment?.commitmentIds ?? []);
    expect(new Set(ids).size).toBe(2);
    expect(await world.purchases()).toHaveLength(2);
    expect(await world.sent()).toHaveLength(2);
  });
});
