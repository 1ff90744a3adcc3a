import { PurchaseReservedInstancesOfferingCommand } from "@aws-sdk/client-ec2";
import { SavingsplansClient, type SavingsplansClientConfig } from "@aws-sdk/client-savingsplans";
import { purchaseInput } from "../../../../src/providers/aws/services/ec2-reserved-instances/purchase-input.js";
import type { PurchaseContext, PurchaseOutcome } from "../../../../src/providers/commitment-provider.js";
import type { PurchasePermit } from "../../../../src/providers/purchase-permit.js";
import { awsFixture } from "../../../providers/aws/contract/aws-fixture.js";
import { EC2 } from "../../../providers/aws/contract/ec2.js";
import {
  answers,
  type Build,
  buying,
  ec2,
  plans,
  RESENT_PLANS,
  type Sabotage,
  shop,
  withContext,
  withFault,
  withPermit,
} from "./sabotage.js";

/** An SDK client that puts the time into every purchase. */
class TimestampingClient extends SavingsplansClient {
  constructor(config: SavingsplansClientConfig) {
    super(config);
    let sends = 0;
    this.middlewareStack.add(
      (next, { commandName }) =>
        (args) => {
          if (commandName !== "CreateSavingsPlanCommand") return next(args);
          sends += 1;
          return next({ ...args, input: { ...args.input, purchaseTime: new Date(Date.now() + sends * 1_000) } });
        },
      { step: "initialize" },
    );
  }
}

/** EC2 by the SDK's own means, which sends up to three times. */
const withSdkRetries: Build = () =>
  awsFixture({
    ...EC2,
    provider: (options) => ({
      ...EC2.provider(options),
      async purchase(permit: PurchasePermit, context: PurchaseContext): Promise<PurchaseOutcome> {
        const client = await options.clientFor(permit.request);
        context.beforeWire();
        const command = new PurchaseReservedInstancesOfferingCommand(purchaseInput(permit as never));
        const answer = await client.send(command).catch(() => undefined);
        const id = answer?.ReservedInstancesId;
        return id ? { kind: "committed", commitment: { commitmentIds: [id] } } : { kind: "unknown", reason: "no id" };
      },
    }),
  });

/** Wrong about what is sent, and when. */
export const SENDING: readonly Sabotage[] = [
  {
    fault: "sends again by itself",
    noticedBy: answers("a connection reset before anything happened"),
    build: withFault(plans, (correct) => ({
      async purchase(permit, context) {
        const outcome = await buying(correct, permit, context);
        return outcome.kind === "unknown" ? buying(correct, permit, context) : outcome;
      },
    })),
  },
  { fault: "leaves the SDK's retries on", noticedBy: answers("a 5xx"), build: withSdkRetries },
  {
    fault: "puts the time into the request",
    noticedBy: "sends again only what the cloud dedupes, and then the very same request",
    build: () => awsFixture({ ...RESENT_PLANS, Client: TimestampingClient }),
  },
  {
    fault: "never asks whether it still may send",
    noticedBy: "asks once, before the request leaves, whether it still may",
    build: withContext(plans, (context) => ({ ...context, beforeWire() {} })),
  },
  {
    fault: "asks whether it still may send after it has sent",
    noticedBy: "sends nothing if it may not any more: the kill switch went on after the write-ahead",
    build: withFault(ec2, (correct) => ({
      async purchase(permit, context) {
        const outcome = await buying(correct, permit, { ...context, beforeWire() {} });
        context.beforeWire();
        return outcome;
      },
    })),
  },
  {
    fault: "does not heed an abort",
    noticedBy: "sends nothing if the call was aborted before the request left, and buys once later",
    build: withContext(plans, (context) => ({
      ...context,
      signal: new AbortController().signal,
      beforeWire() {},
    })),
  },
  {
    fault: "buys one, whatever the quantity",
    noticedBy: "buys the line's quantity once, in the line's account, and records what the cloud has",
    build: withPermit(ec2, (permit) => ({ ...permit, request: { ...permit.request, quantity: 1 } })),
  },
  {
    fault: "buys while it prepares",
    noticedBy: "moves no money by looking, preparing and listing, and prepares the same each time",
    build: withFault(shop("native"), (correct, { cloud }) => ({
      async prepare(...question) {
        await cloud.buyElsewhere?.();
        return correct.prepare(...question);
      },
    })),
  },
];
