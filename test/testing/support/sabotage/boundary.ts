import { ec2, type Sabotage, shop, withFault, withInventory, withOutcome } from "./sabotage.js";

const PLAIN = "hands over plain values that say what the port says, and nothing else";

/** Wrong about the shape of what it hands over. */
export const BOUNDARY: readonly Sabotage[] = [
  {
    fault: "names an id twice",
    noticedBy: PLAIN,
    build: withOutcome(ec2, (outcome) => {
      if (outcome.kind !== "committed") return outcome;
      const { commitmentIds } = outcome.commitment;
      return { ...outcome, commitment: { ...outcome.commitment, commitmentIds: [...commitmentIds, ...commitmentIds] } };
    }),
  },
  {
    fault: "answers null where there is nothing to say",
    noticedBy: PLAIN,
    build: withFault(shop("none"), (correct) => ({
      async label(...labeling) {
        await correct.label?.(...labeling);
        return JSON.parse("null");
      },
    })),
  },
  {
    fault: "hands over a price that is no amount",
    noticedBy: PLAIN,
    build: withFault(shop("native"), (correct) => ({
      async prepare(...question) {
        return { ...(await correct.prepare(...question)), price: { amount: "about 100", currency: "USD" } };
      },
    })),
  },
  {
    fault: "hands over what JSON cannot hold",
    noticedBy: PLAIN,
    build: withFault(shop("named"), (correct) => ({
      async prepare(...question) {
        return { ...(await correct.prepare(...question)), detail: { preparedAt: new Date(0) } };
      },
    })),
  },
  {
    fault: "lists a commitment twice",
    noticedBy: "hands over such values also while a line is in doubt",
    build: withInventory(shop("none"), (items) => [...items, ...items]),
  },
  {
    fault: "takes the largest number for an unknown start",
    noticedBy: "hands over such values also while a line is in doubt",
    build: withInventory(shop("none"), (items) =>
      items.map((item) => ({ ...item, startedAt: Number.MAX_SAFE_INTEGER })),
    ),
  },
];
