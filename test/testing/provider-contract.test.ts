import { describe, expect, test } from "vitest";
import { providerContract } from "../../src/testing/provider-contract.js";
import { CONTRACT } from "../support/purchase-fixture.js";
import { shopCannot, simulatedShop } from "./support/simulated-shop.js";

const LEFT_OUT = [
  "takes a 5xx for what it proves, sends one request per permit, and buys once in the end",
  "takes a 5xx after the purchase for what it proves, sends one request per permit, and buys once in the end",
  "takes a reply that breaks off for what it proves, sends one request per permit, and buys once in the end",
  "takes an empty reply for what it proves, sends one request per permit, and buys once in the end",
  "takes a reply that is not the service's for what it proves, sends one request per permit, and buys once in the end",
  "queues a held line once, finds it, and withdraws it before it starts, as often as it is told to",
  "does not say that it withdrew what has started",
  "says nothing of a withdrawal that it could not make sure of",
  "adopts a held line once after a lost reply",
  "sends a held line again only as the very same request, and queues it once, after a lost request",
  "buys exactly once through a 5xx after the cloud bought",
];

const LANE_CASES = [
  "throws from its inventory where the cloud cannot be asked, however it says so",
  "refuses credentials of another account in its inventory",
  "lists what was bought in its inventory, with its quantity and age, and under no other line's token",
  "says by its inventory that live is every state in which money has moved or will move, and states that it does not know",
  "says by its inventory that pending is every state in which the cloud is still at work",
  "says by its inventory that ended is every state of what was bought and is over",
  "says by its inventory that void is every state in which nothing is owed",
  "says by its inventory that unclear is every state that stands for both",
  "lists its own purchase whatever its listing leaves out",
  "lists a purchase for another line only in the same lane, and only as one that may or may not be it",
  "lists no purchase for a line from which it states that it differs",
];

describe.each(Object.entries(CONTRACT))("a cloud in memory with contract %s", (_, contract) => {
  const skipped = providerContract({
    test: (name, body) => test(name, body),
    createProvider: async () => simulatedShop(contract),
    cannot: shopCannot(contract),
  });

  test("plays every case but those that need a wire or a queue", () => {
    const forLanes = contract.kind === "none" ? [] : LANE_CASES;
    expect(skipped.map(({ name }) => name).sort()).toEqual([...LEFT_OUT, ...forLanes].sort());
  });
});

describe("providerContract", () => {
  const register = (cannot: ReturnType<typeof shopCannot>, skip?: (name: string) => void) => {
    const names: string[] = [];
    const all = Object.assign((name: string) => names.push(name), skip && { skip });
    const skipped = providerContract({ test: all, createProvider: async () => simulatedShop(CONTRACT.none), cannot });
    return { names, skipped };
  };

  test("returns every case that it leaves out, with the reason", () => {
    const everything = register({});
    expect(everything.skipped).toEqual([]);
    const { names, skipped } = register({ "no-reply": "the server always answers" });
    expect(names.length + skipped.length).toBe(everything.names.length);
    expect(skipped).toEqual([
      {
        name: "takes a reply that does not come in the line's time for nothing, and buys once in the end",
        because: "no-reply: the server always answers",
      },
    ]);
  });

  test("registers what it leaves out as skipped, the reason in the name, where the runner can", () => {
    const shown: string[] = [];
    const { skipped } = register({ meanings: "there are no states" }, (name) => shown.push(name));
    expect(shown).toEqual(skipped.map(({ name, because }) => `${name} (${because})`));
    expect(shown.length).toBeGreaterThan(0);
  });

  test("refuses an ability that no case needs, and an option that nobody reads", () => {
    expect(() => register({ meaning: "there are no states" } as object)).toThrow('did you mean "meanings"?');
    const options = { test: () => {}, createProvider: async () => simulatedShop(CONTRACT.none), canot: {} };
    expect(() => providerContract(options)).toThrow('did you mean "cannot"?');
  });

  test("takes a fixture for incomplete that names neither its states nor that it has none", async () => {
    const bodies = new Map<string, () => Promise<void>>();
    const { cloud, ...fixture } = simulatedShop(CONTRACT.none);
    const { void: _, ...states } = cloud.states ?? {};
    const createProvider = async () => ({ ...fixture, cloud: { ...cloud, states } });
    providerContract({ test: (name, body) => bodies.set(name, body), createProvider });
    const body = bodies.get("says by its lookup that void is every state in which nothing is owed");
    await expect(body?.()).rejects.toThrow("cloud.states.void: is missing in the fixture");
  });

  test("names every case once", () => {
    const { names } = register({});
    expect(new Set(names).size).toBe(names.length);
  });
});
