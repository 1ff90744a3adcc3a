import { describe, expect, test } from "vitest";
import { crashingStore, crashPlan, interceptPort } from "../../src/testing/crashing-store.js";
import { typeErrorsOf } from "../support/type-check.js";

class Orders {
  readonly #keys: string[] = [];
  readonly service = "orders";

  get count(): number {
    return this.#keys.length;
  }

  async add(key: string): Promise<number> {
    return this.#keys.push(key);
  }

  async addTwice(key: string): Promise<number> {
    await this.add(key);
    return this.add(key);
  }
}

const NO_HOOKS = "const hooks = { before: async () => {}, after: async () => {} };";
const IMPORTS = `import { crashingStore, crashPlan, interceptPort } from "buyonce/testing"; ${NO_HOOKS}`;
const TYPE_CHECK_TIMEOUT_MS = 60_000;

describe("interceptPort", () => {
  test("puts hooks around the calls of a port, whose private fields and properties stay its own", async () => {
    const calls: string[] = [];
    const orders = interceptPort(new Orders(), {
      before: async (call) => void calls.push(`before ${call}`),
      after: async (call) => void calls.push(`after ${call}, ${orders.count} there`),
    });
    await expect(orders.add("a")).resolves.toBe(1);
    await expect(orders.addTwice("b")).resolves.toBe(3);
    expect(orders.service).toBe("orders");
    expect(calls).toEqual(["before add", "after add, 1 there", "before addTwice", "after addTwice, 3 there"]);
  });

  test(
    "takes ports whose methods answer with promises, with the type that they have",
    () => {
      const ports = `
      interface Books {
        readonly service: string;
        get(key: string): Promise<string | undefined>;
        find<Row>(row: Row): Promise<Row>;
        add(key: string): number | Promise<number>;
        label?(key: string): Promise<void>;
      }
      declare const books: Books;
      const same: Books = crashingStore(interceptPort(books, hooks), crashPlan());
      declare const store: import("buyonce").ExecutionStore;
      const stored: import("buyonce").ExecutionStore = crashingStore(store, crashPlan());
      export const wiring = {
        start: ({ provider, crashing }: import("buyonce/testing").PurchaseProcess) => [provider, crashing(books), same, stored],
      };
    `;
      expect(typeErrorsOf(`${IMPORTS}${ports}`)).toEqual([]);
    },
    TYPE_CHECK_TIMEOUT_MS,
  );

  test.each([
    ["a Map", "new Map<string, string>()"],
    ["a method that answers at once", "{ find: (key: string): string[] => [key] }"],
    ["a method that takes a callback", "{ get: (key: string, done: (row: string) => void): void => done(key) }"],
    ["an optional method that answers at once", "{} as { find?(key: string): string }"],
  ])(
    "does not take %s",
    (_, port) => {
      const code = `${IMPORTS} export const port = interceptPort(${port}, hooks);`;
      expect(typeErrorsOf(code)).toEqual([expect.stringContaining("Promise<")]);
      const crashing = `${IMPORTS} declare const one: import("buyonce/testing").PurchaseProcess;
      export const ports = [crashingStore(${port}, crashPlan()), one.crashing(${port})];`;
      expect(typeErrorsOf(crashing)).toHaveLength(2);
    },
    TYPE_CHECK_TIMEOUT_MS,
  );
});

describe("crashingStore", () => {
  test("lets nothing have an effect any more once its process has died", async () => {
    const orders = new Orders();
    const plan = crashPlan(2);
    const crashing = crashingStore(orders, plan);
    await expect(crashing.add("a")).rejects.toThrow("crashed at point 2 (after add)");
    await expect(crashing.add("b")).rejects.toThrow("crashed at point 2 (before add)");
    expect(orders.count).toBe(1);
    expect(plan.trace).toEqual(["before add", "after add", "before add"]);
  });
});
