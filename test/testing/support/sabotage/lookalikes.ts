import type { CommitmentRequest } from "../../../../src/domain/commitment-request/commitment-request.js";
import type { CommitmentProvider, InventoryItem } from "../../../../src/providers/commitment-provider.js";
import type { ProviderFixture } from "../../../../src/testing/provider-contract.js";
import { type Build, type Sabotage, shop, withFault, withInventory } from "./sabotage.js";

const certain = ({ maybe: _, ...item }: InventoryItem): InventoryItem => item;

/** A lane for each offering, although listings need not state the offering. */
const withFineLanes = (build: Build): Build =>
  withFault(build, (correct) => ({
    async prepare(request, token, context) {
      const prepared = await correct.prepare(request, token, context);
      return {
        ...prepared,
        lane: `${prepared.lane}/${"term" in request && request.term}/${request.payment}/${prepared.reference}`,
      };
    },
  }));

const takingMaybesForCertain = (build: Build): Build => withInventory(build, (items) => items.map(certain));

/** Everything that the account has, whatever it is. */
const listingAll = (build: Build): Build =>
  withFault(build, (correct, fixture) => ({
    async inventory(_, token, context) {
      const items: InventoryItem[] = [];
      for (const request of linesOf(fixture)) items.push(...(await listed(correct, request, [token, context])));
      return items.filter(({ commitmentId }, at) => items.findIndex((one) => one.commitmentId === commitmentId) === at);
    },
  }));

const linesOf = ({ request, siblings = [] }: ProviderFixture): readonly CommitmentRequest[] => [request, ...siblings];

type Question =
  Parameters<NonNullable<CommitmentProvider["inventory"]>> extends [unknown, ...infer Rest] ? Rest : never;

const listed = async (correct: CommitmentProvider, request: CommitmentRequest, question: Question) =>
  (await correct.inventory?.(request, ...question)) ?? [];

/** Wrong about lines that look alike. */
export const LOOKALIKES: readonly Sabotage[] = [
  {
    fault: "leaves out what does not state what is compared",
    noticedBy: "lists its own purchase whatever its listing leaves out",
    build: withInventory(shop("none"), (items) => items.filter(({ maybe }) => maybe === undefined)),
  },
  {
    fault: "has finer lanes than its listings can tell",
    noticedBy: "lists a purchase for another line only in the same lane, and only as one that may or may not be it",
    build: withFineLanes(shop("none")),
  },
  {
    fault: "takes what may or may not be the line's for certain",
    noticedBy: "lists a purchase for another line only in the same lane, and only as one that may or may not be it",
    build: takingMaybesForCertain(shop("none")),
  },
  {
    fault: "lists what is certainly another offering",
    noticedBy: "lists no purchase for a line from which it states that it differs",
    build: listingAll(shop("none")),
  },
  {
    fault: "takes everything in the account for the line's",
    noticedBy: "neither buys twice nor mixes two lines of a basket up: one request is lost, and then one reply",
    build: withFineLanes(listingAll(shop("none"))),
  },
  {
    fault: "adopts what may or may not be the line's, in lanes that its listings cannot tell",
    noticedBy: "neither buys twice nor mixes two lines of a basket up where listings leave out what tells them apart",
    build: withFineLanes(takingMaybesForCertain(shop("none"))),
  },
];
