import { describe, expect, test } from "vitest";
import { providerContract } from "../../src/testing/provider-contract.js";
import { CONTRACT } from "../support/purchase-fixture.js";
import { shopCannot, simulatedShop } from "./support/simulated-shop.js";

const LEFT_OUT = [
  "counts by its lookup every state in which money has moved or will move, and states that it does not know",
  "does not count by its lookup a commitment whose payment failed or that has ended",
  "counts by its inventory every state in which money has moved or will move, and states that it does not know",
  "does not count by its inventory a commitment whose payment failed or that has ended",
  "does not find a purchase whose payment failed",
  "takes a 5xx for what it proves, sends one request per permit, and buys once in the end",
  "takes a 5xx after the purchase for what it proves, sends one request per permit, and buys once in the end",
  "takes a reply that breaks off for what it proves, sends one request per permit, and buys once in the end",
  "takes an empty reply for what it proves, sends one request per permit, and buys once in the end",
  "takes a reply that is not the service's for what it proves, sends one request per permit, and buys once in the end",
  "takes a reply that does not come in the line's time for nothing, and buys once in the end",
  "queues a held line once, finds it, and withdraws it before it starts, as often as it is told to",
  "does not say that it withdrew what has started",
  "says nothing of a withdrawal that it could not make sure of",
  "adopts a held line once after a lost reply",
  "sends a held line again only as the very same request, and queues it once, after a lost request",
  "buys exactly once through a 5xx after the cloud bought",
  "leaves a purchase that the cloud has not finished in doubt, and adopts it once it is finished",
  "leaves a purchase that the cloud has not finished in doubt, and records nothing of it once it has failed",
];

const LANE_CASES = [
  "throws from its inventory where the cloud cannot be asked, however it says so",
  "refuses credentials of another account in its inventory",
  "lists what was bought in its inventory, with its quantity and age, and under no other line's token",
];

describe.each(Object.entries(CONTRACT))("a cloud in memory with contract %s", (_, contract) => {
  const skipped = providerContract({
    test: (name, body) => test(name, body),
    createProvider: async () => simulatedShop(contract),
    cannot: shopCannot(contract),
  });

  test("plays every case but those that need a wire, states or a queue", () => {
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
    const { skipped } = register({ states: "there are none" }, (name) => shown.push(name));
    expect(shown).toEqual(skipped.map(({ name, because }) => `${name} (${because})`));
    expect(shown.length).toBeGreaterThan(0);
  });

  test("names every case once", () => {
    const { names } = register({});
    expect(new Set(names).size).toBe(names.length);
  });
});
