import type { Withdrawal } from "../../../../src/providers/commitment-provider.js";
import { awsFixture } from "../../../providers/aws/contract/aws-fixture.js";
import { ec2, plans, RESENT_PLANS, type Sabotage, withFault, withInventory, withPermit } from "./sabotage.js";

const WITHDRAWN: Withdrawal = { kind: "withdrawn" };

/** Wrong about purchases that wait before they start. */
export const QUEUE: readonly Sabotage[] = [
  {
    fault: "says that it withdrew what it did not withdraw",
    noticedBy: "queues a held line once, finds it, and withdraws it before it starts, as often as it is told to",
    build: withFault(ec2, () => ({ cancelQueued: async () => WITHDRAWN })),
  },
  {
    fault: "says that it withdrew what has started",
    noticedBy: "does not say that it withdrew what has started",
    build: withFault(plans, (correct) => ({
      async cancelQueued(...question) {
        await correct.cancelQueued?.(...question);
        return WITHDRAWN;
      },
    })),
  },
  {
    fault: "takes a withdrawal that could not be confirmed for one that was",
    noticedBy: "says nothing of a withdrawal that it could not make sure of",
    build: withFault(plans, (correct) => ({
      cancelQueued: async (...question) =>
        (await correct.cancelQueued?.(...question).catch(() => undefined)) ?? WITHDRAWN,
    })),
  },
  {
    fault: "does not list what starts later",
    noticedBy: "adopts a held line once after a lost reply",
    build: withInventory(ec2, (items, { now }) => items.filter(({ startedAt = now }) => startedAt <= now)),
  },
  {
    fault: "puts the start off with every send",
    noticedBy: "sends a held line again only as the very same request, and queues it once, after a lost request",
    build: withPermit(
      () => awsFixture(RESENT_PLANS),
      ({ prepared, submittedAt, ...permit }) => ({
        ...permit,
        submittedAt,
        prepared: { ...prepared, detail: { ...prepared.detail, purchaseTime: submittedAt + 12 * 3_600_000 } },
      }),
    ),
  },
];
