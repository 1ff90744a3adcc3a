import { randomUUID } from "node:crypto";
import { BuyonceError } from "../../../../src/domain/errors.js";
import { buying, ec2, mistaking, plans, REFUSED, type Sabotage, shop, withFault, withInventory } from "./sabotage.js";

/** Wrong in ways that only a whole course of events shows. */
export const COURSES: readonly Sabotage[] = [
  {
    fault: "sends a second request in the background",
    noticedBy: "sends nothing for a second run, another tick, or a submission under the same request key",
    build: withFault(shop("none"), (correct) => ({
      async purchase(permit, context) {
        const [outcome] = await Promise.all([buying(correct, permit, context), buying(correct, permit, context)]);
        return outcome;
      },
    })),
  },
  {
    fault: "buys while it labels",
    noticedBy: "buys nothing by looking, listing and labeling again after the purchase",
    build: withFault(ec2, (correct, { cloud }) => ({
      async label(...labeling) {
        await cloud.buyElsewhere?.();
        await correct.label?.(...labeling);
        return undefined;
      },
    })),
  },
  {
    fault: "gives a line up because its lookup was denied",
    noticedBy: "sends nothing where the lookup is denied, and buys once it works again",
    build: withFault(plans, (correct) => ({
      lookup: (...question) =>
        correct.lookup(...question).catch((thrown: unknown) => {
          throw new BuyonceError("ACCOUNT_MISMATCH", String(thrown));
        }),
    })),
  },
  {
    fault: "lists only the oldest commitment of a lane",
    noticedBy: "adopts its own after a lost reply although somebody else bought the same before",
    build: withInventory(shop("none"), (items) => items.slice(0, 1)),
  },
  {
    fault: "lists only the newest commitment of a lane",
    noticedBy: "neither loses nor repeats its purchase if somebody else buys the same while it is in doubt",
    build: withInventory(shop("none"), (items) => items.slice(-1)),
  },
  {
    fault: "takes what was prepared for bought",
    noticedBy: "buys exactly once through a crash before the request is sent",
    build: withFault(shop("native"), (correct) => ({
      async lookup(request, token, context) {
        const { prepared } = context;
        const found = await correct.lookup(request, token, context);
        return found ?? (prepared && { commitmentIds: [prepared.reference], labeled: true, differences: [] });
      },
    })),
  },
  {
    fault: "loses the commitment's id when it labels",
    noticedBy: "buys exactly once through a crash after the purchase is recorded, before it is labeled",
    build: withFault(ec2, (correct) => ({
      async label(...labeling) {
        await correct.label?.(...labeling);
        return { commitmentIds: [randomUUID()] };
      },
    })),
  },
  {
    fault: "gives a line up after a 5xx",
    noticedBy: "buys exactly once through a 5xx after the cloud bought",
    build: mistaking(plans, "unknown", REFUSED),
  },
  {
    fault: "gives a line up after throttling",
    noticedBy: "buys exactly once through a throttled request",
    build: mistaking(plans, "not_now", REFUSED),
  },
  {
    fault: "takes absence from a listing for a proof at once",
    noticedBy: "buys exactly once through a lost reply, with listings that do not show the purchase yet",
    build: withFault(ec2, (correct) => ({
      async purchase(permit, context) {
        const outcome = await buying(correct, permit, context);
        if (outcome.kind !== "unknown") return outcome;
        const items = (await correct.inventory?.(permit.request, permit.token, context)) ?? [];
        return items.length === 0 ? { kind: "not_sent", reason: "nothing is listed" } : outcome;
      },
    })),
  },
  {
    fault: "buys while it prepares, once for each worker",
    noticedBy: "buys exactly once through two workers at once",
    build: withFault(shop("minted"), (correct, { cloud }) => ({
      async prepare(...question) {
        await cloud.buyElsewhere?.();
        return correct.prepare(...question);
      },
    })),
  },
];
