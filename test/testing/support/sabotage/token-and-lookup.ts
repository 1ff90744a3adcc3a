import { randomUUID } from "node:crypto";
import { buying, ec2, plans, type Sabotage, shop, withFault, withPermit } from "./sabotage.js";

/** Wrong about the token, or about what exists under it. */
export const TOKEN_AND_LOOKUP: readonly Sabotage[] = [
  {
    fault: "sends a token of its own",
    noticedBy: "puts the whole token on the wire or on the label",
    build: withPermit(plans, (permit) => ({ ...permit, token: randomUUID() })),
  },
  {
    fault: "cuts the token short",
    noticedBy: "puts the whole token on the wire or on the label",
    build: withPermit(shop("named"), (permit) => ({ ...permit, token: permit.token.slice(0, 32) })),
  },
  {
    fault: "says that it labeled what it did not label",
    noticedBy: "puts the whole token on the wire or on the label",
    build: withFault(ec2, () => ({ label: async () => undefined })),
  },
  {
    fault: "asks its lookup for the wrong token",
    noticedBy: "finds nothing under the token of another line",
    build: withFault(shop("native"), (correct) => {
      let own = "";
      return {
        purchase(permit, context) {
          own = permit.token;
          return buying(correct, permit, context);
        },
        lookup: (request, token, context) => correct.lookup(request, own || token, context),
      };
    }),
  },
  {
    fault: "skips the lookup",
    noticedBy: "finds what was bought under its token, labeled and without a difference",
    build: withFault(ec2, () => ({ lookup: async () => undefined })),
  },
  {
    fault: "takes a failed lookup for absence",
    noticedBy: "proves nothing by a lookup that fails, however long it fails, and adopts once it works again",
    build: withFault(ec2, (correct) => ({
      lookup: (...question) => correct.lookup(...question).catch(() => undefined),
      inventory: async (...question) => (await correct.inventory?.(...question).catch(() => undefined)) ?? [],
    })),
  },
  {
    fault: "takes a denied lookup for absence",
    noticedBy: "proves nothing by a lookup that is denied, however long it is denied, and adopts once it is allowed",
    build: withFault(plans, (correct) => ({
      lookup: (...question) =>
        correct.lookup(...question).catch((thrown: unknown) => {
          if (!String(thrown).includes("AccessDenied")) throw thrown;
          return undefined;
        }),
    })),
  },
  {
    fault: "throws for nothing in its lookup",
    noticedBy: "throws from its lookup where the cloud cannot be asked, however it says so",
    build: withFault(shop("minted"), (correct) => ({
      lookup: (...question) => correct.lookup(...question).catch(() => undefined),
    })),
  },
  {
    fault: "gives a line up because its lookup failed once",
    noticedBy: "sends nothing where the lookup fails, and buys once it works again",
    build: withFault(shop("native"), (correct) => ({
      lookup: (...question) =>
        correct.lookup(...question).catch(() => ({ commitmentIds: ["c"], labeled: true, differences: ["unknown"] })),
    })),
  },
  {
    fault: "throws for nothing in its inventory",
    noticedBy: "throws from its inventory where the cloud cannot be asked, however it says so",
    build: withFault(shop("none"), (correct) => ({
      inventory: async (...question) => (await correct.inventory?.(...question).catch(() => [])) ?? [],
    })),
  },
  {
    fault: "hides how a commitment differs from the line",
    noticedBy: "tells how a commitment under the token differs from the line, or refuses",
    build: withFault(plans, (correct) => ({
      async lookup(...question) {
        const found = await correct.lookup(...question);
        return found && { ...found, differences: [] };
      },
    })),
  },
  {
    fault: "takes what somebody else bought for its own",
    noticedBy: "buys although somebody else bought the same before, and does not take theirs for its own",
    build: withFault(shop("none"), (correct) => ({
      async lookup(request, token, context) {
        const [item] = (await correct.inventory?.(request, token, context)) ?? [];
        return item && { commitmentIds: [item.commitmentId], labeled: true, differences: [] };
      },
    })),
  },
];
