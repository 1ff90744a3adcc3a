import { ec2, plans, type Sabotage, shop, withFault, withInventory } from "./sabotage.js";

/** Wrong about what a cloud without dedupe needs. */
export const LANE: readonly Sabotage[] = [
  {
    fault: "takes no snapshot of the lane",
    noticedBy: "takes nothing for its own after a lost request although somebody else bought the same before",
    build: withFault(ec2, (correct) => ({
      prepare: async (...question) => ({ ...(await correct.prepare(...question)), snapshot: [] }),
    })),
  },
  {
    fault: "names a lane without a snapshot",
    noticedBy:
      "prepares a reference, and a lane only with a snapshot and an inventory, as it must where nothing is deduped",
    build: withFault(shop("none"), (correct) => ({
      async prepare(...question) {
        const { snapshot: _, ...prepared } = await correct.prepare(...question);
        return prepared;
      },
    })),
  },
  {
    fault: "leaves what is new out of its inventory",
    noticedBy: "buys exactly once through a lost reply",
    build: withInventory(ec2, (items, { prepared }) =>
      items.filter(({ commitmentId }) => prepared?.snapshot?.includes(commitmentId)),
    ),
  },
  {
    fault: "lists only what is labeled in its inventory",
    noticedBy: "buys exactly once through a crash after the cloud bought, before it is recorded",
    build: withInventory(ec2, (items) => items.filter(({ token }) => token !== undefined)),
  },
  {
    fault: "does not know how old what it lists is",
    noticedBy: "lists what was bought in its inventory, with its quantity and age, and under no other line's token",
    build: withInventory(ec2, (items) => items.map((item) => ({ ...item, startedAt: 0 }))),
  },
  {
    fault: "declares a shorter life of its requests than the cloud gives them",
    noticedBy: "buys exactly once through a request that lands ten minutes late",
    build: withFault(ec2, ({ idempotency }) => ({
      idempotency: { ...idempotency, maxRequestLifetimeMs: 1_000, visibilityLagMs: 1_000, clockSkewMs: 1_000 },
    })),
  },
  {
    fault: "declares timings that are no numbers",
    noticedBy: "declares a service that its line names, and timings that are numbers of at least 0",
    build: withFault(plans, ({ idempotency }) => ({ idempotency: { ...idempotency, visibilityLagMs: Number.NaN } })),
  },
  {
    fault: "declares a window where the cloud dedupes nothing",
    noticedBy:
      "declares a window that fits what its cloud dedupes: 0 where it dedupes nothing, else at least 0 or for ever",
    build: withFault(ec2, ({ idempotency }) => ({ idempotency: { ...idempotency, windowMs: 60_000 } })),
  },
];
