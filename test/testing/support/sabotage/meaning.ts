import type { Sighting, SightingMeaning } from "../../../../src/providers/commitment-provider.js";
import { azureFixture } from "../../../providers/azure/contract/azure-fixture.js";
import { ALIASED, CALCULATED } from "../../../providers/azure/contract/reservations.js";
import { type Build, buying, ec2, plans, type Sabotage, shop, withFault } from "./sabotage.js";

/** What a provider makes of a sighting; `hidden` for a purchase that it leaves out. */
type Spoil = (sighting: Sighting) => Sighting | "hidden";

const LIVE: Sighting = { meaning: "live" };

/** A provider whose lookup says something else of a purchase's state. */
const lookingUp = (build: Build, spoil: Spoil): Build =>
  withFault(build, (correct) => ({
    async lookup(...question) {
      const found = await correct.lookup(...question);
      const sighting = found && spoil(found.sighting ?? LIVE);
      return found && sighting !== "hidden" && sighting !== undefined ? { ...found, sighting } : undefined;
    },
  }));

/** A provider whose inventory does. */
const listing = (build: Build, spoil: Spoil): Build =>
  withFault(build, (correct) => ({
    async inventory(...question) {
      const items = (await correct.inventory?.(...question)) ?? [];
      return items.flatMap((item) => {
        const sighting = spoil(item.sighting ?? LIVE);
        return sighting === "hidden" ? [] : { ...item, sighting };
      });
    },
  }));

/** A provider whose lookup and inventory do, and its answer to a purchase. */
const seeing = (build: Build, spoil: Spoil): Build =>
  withFault(listing(lookingUp(build, spoil), spoil), (correct) => ({
    async purchase(permit, context) {
      const outcome = await buying(correct, permit, context);
      if (outcome.kind !== "committed") return outcome;
      const sighting = spoil(outcome.sighting ?? LIVE);
      return { ...outcome, ...(sighting !== "hidden" && { sighting }) };
    },
  }));

const taking =
  (from: SightingMeaning, meaning: SightingMeaning): Spoil =>
  (sighting) =>
    sighting.meaning === from ? { ...sighting, meaning } : sighting;

const hiding =
  (meaning: SightingMeaning): Spoil =>
  (sighting) =>
    sighting.meaning === meaning ? "hidden" : sighting;

const inState =
  (state: string, spoilt: ReturnType<Spoil>): Spoil =>
  (sighting) =>
    sighting.state?.toLowerCase() === state ? spoilt : sighting;

const LIVE_STATES = "every state in which money has moved or will move, and states that it does not know";

/** Wrong about what a state means, or silent about what it thinks dead. */
export const MEANING: readonly Sabotage[] = [
  {
    fault: "does not find what is not paid yet",
    noticedBy: `says by its lookup that live is ${LIVE_STATES}`,
    build: lookingUp(ec2, inState("payment-pending", "hidden")),
  },
  {
    fault: "does not find what is queued",
    noticedBy: `says by its lookup that live is ${LIVE_STATES}`,
    build: lookingUp(plans, inState("queued", "hidden")),
  },
  {
    fault: "finds nothing in a state that it does not know",
    noticedBy: `says by its lookup that live is ${LIVE_STATES}`,
    build: lookingUp(plans, inState("state-of-tomorrow", "hidden")),
  },
  {
    fault: "takes a state that it does not know for void in its inventory",
    noticedBy: `says by its inventory that live is ${LIVE_STATES}`,
    build: listing(ec2, inState("state-of-tomorrow", { meaning: "void", state: "state-of-tomorrow" })),
  },
  {
    fault: "finds nothing that the cloud is still at work on",
    noticedBy: "says by its lookup that pending is every state in which the cloud is still at work",
    build: lookingUp(shop("minted"), hiding("pending")),
  },
  {
    fault: "takes what the cloud is still at work on for bought in its inventory",
    noticedBy: "says by its inventory that pending is every state in which the cloud is still at work",
    build: listing(shop("none"), taking("pending", "live")),
  },
  {
    fault: "finds nothing that has ended",
    noticedBy: "says by its lookup that ended is every state of what was bought and is over",
    build: lookingUp(plans, hiding("ended")),
  },
  {
    fault: "takes what has ended for void in its inventory",
    noticedBy: "says by its inventory that ended is every state of what was bought and is over",
    build: listing(shop("none"), taking("ended", "void")),
  },
  {
    fault: "finds nothing that is void",
    noticedBy: "says by its lookup that void is every state in which nothing is owed",
    build: lookingUp(ec2, hiding("void")),
  },
  {
    fault: "takes what is void for bought in its inventory",
    noticedBy: "says by its inventory that void is every state in which nothing is owed",
    build: listing(ec2, taking("void", "live")),
  },
  {
    fault: "does not hand the cloud's own word on",
    noticedBy: "says by its lookup that void is every state in which nothing is owed",
    build: lookingUp(shop("native"), ({ meaning }) => ({ meaning })),
  },
  {
    fault: "takes a state that stands for both for the end of what was bought",
    noticedBy: "says by its lookup that unclear is every state that stands for both",
    build: lookingUp(ec2, taking("unclear", "ended")),
  },
  {
    fault: "leaves what may be dead out of its inventory",
    noticedBy: "says by its inventory that unclear is every state that stands for both",
    build: listing(ec2, hiding("unclear")),
  },
  {
    fault: "filters by state, so that only what is active counts",
    noticedBy: "takes a purchase whose reply was lost for bought, in every state in which money has moved or will move",
    build: seeing(ec2, inState("payment-pending", "hidden")),
  },
  {
    fault: "filters by state, so that what has ended was never bought",
    noticedBy:
      "takes a purchase whose reply was lost for bought although it is over by now, and records what became of it",
    build: seeing(shop("none"), hiding("ended")),
  },
  {
    fault: "takes what has ended for void",
    noticedBy:
      "takes a purchase whose reply was lost for bought although it is over by now, and records what became of it",
    build: seeing(plans, taking("ended", "void")),
  },
  {
    fault: "takes what the cloud has not finished for absent",
    noticedBy: "leaves a purchase that the cloud has not finished in doubt, and adopts it once it is finished",
    build: seeing(() => azureFixture(CALCULATED), hiding("pending")),
  },
  {
    fault: "takes what the cloud has not finished for bought",
    noticedBy: "leaves a purchase that the cloud has not finished in doubt, and rejects it once nothing is owed for it",
    build: seeing(() => azureFixture(ALIASED), taking("pending", "live")),
  },
  {
    fault: "takes what is void for bought",
    noticedBy:
      "rejects a purchase whose reply was lost if nothing is owed for it, by the cloud's word, and does not buy again",
    build: seeing(ec2, taking("void", "live")),
  },
  {
    fault: "filters by state, so that what is void is bought again without a person",
    noticedBy:
      "rejects a purchase whose reply was lost if nothing is owed for it, by the cloud's word, and does not buy again",
    build: seeing(shop("none"), hiding("void")),
  },
  {
    fault: "does not pass a void purchase over for a retry",
    noticedBy:
      "buys once more if a person retries after a purchase for which nothing is owed, and passes that one over",
    build: withFault(shop("named"), (correct) => ({
      lookup: (request, token, context) => correct.lookup(request, token, { ...context, lineageAttempt: 1 }),
    })),
  },
  {
    fault: "sends a retry under the name that a void purchase has spent",
    noticedBy:
      "buys once more if a person retries after a purchase for which nothing is owed, and passes that one over",
    build: withFault(shop("native"), (correct) => ({
      async prepare(...question) {
        const { detail: _, ...prepared } = await correct.prepare(...question);
        return prepared;
      },
    })),
  },
  {
    fault: "takes a state that stands for both for void",
    noticedBy: "asks a person about a purchase whose state stands for both, and names it, however long that lasts",
    build: seeing(shop("none"), taking("unclear", "void")),
  },
  {
    fault: "filters by state, so that what ran out was never bought",
    noticedBy: "does not buy again what nobody looked at until its whole term was over",
    build: seeing(shop("none"), hiding("ended")),
  },
  {
    fault: "leaves out a purchase whose payment failed",
    noticedBy: "says of a purchase whose payment failed that nothing is owed for it, and does not leave it out",
    build: seeing(plans, hiding("void")),
  },
];
