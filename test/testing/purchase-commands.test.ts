import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BuyonceError } from "../../src/domain/errors.js";
import type { IdempotencyContract } from "../../src/domain/idempotency-contract.js";
import { silentLogger } from "../../src/domain/logger.js";
import { createPurchaseEngine } from "../../src/engine/purchase-engine.js";
import type { PurchasePermit } from "../../src/providers/purchase-permit.js";
import type { CommitResult, ExecutionChange, ExecutionStore } from "../../src/store-port/execution-store.js";
import { memoryStore } from "../../src/stores/memory/memory-store.js";
import { interceptPort } from "../../src/testing/crashing-store.js";
import type { ManualClock } from "../../src/testing/manual-clock.js";
import { engineHandlers } from "../../src/testing/purchase-commands/engine-handlers.js";
import { playPurchases } from "../../src/testing/purchase-commands/play-purchases.js";
import {
  askCommand,
  type PurchaseCommand,
  passCommand,
  stallCommand,
  strikeCommand,
} from "../../src/testing/purchase-commands/purchase-command.js";
import type {
  PurchaseHandlers,
  PurchaseOrder,
  PurchaseProcess,
  PurchaseWiring,
  PurchaseWorld,
} from "../../src/testing/purchase-commands/purchase-wiring.js";
import { purchaseCommands } from "../../src/testing/purchase-commands.js";
import type { LedgerEntry } from "../../src/testing/simulated-cloud.js";
import { CONTRACT, simulatedLine } from "../support/purchase-fixture.js";
import { UNGUARDED } from "../support/unguarded.js";

type Provider = PurchaseProcess["provider"];
type Purchase = Provider["purchase"];

/** What a wrong wiring does in its handlers, with what it keeps outside its processes. */
interface Surroundings {
  readonly orders: Map<string, PurchaseOrder>;
  readonly books: Map<string, string>;
}

/** A way of wiring the library wrongly. */
interface Fault {
  readonly provider?: (provider: Provider, clock: ManualClock) => Provider;
  readonly store?: (store: ExecutionStore) => ExecutionStore;
  readonly handlers?: (handlers: Required<PurchaseHandlers>, surroundings: Surroundings) => PurchaseHandlers;
  readonly storePerProcess?: boolean;
  /** Whether its books are compared with the ledger; without them the ledger alone must show the fault. */
  readonly reports?: boolean;
}

const wiringWith =
  (fault: Fault) =>
  ({ clock }: PurchaseWorld): PurchaseWiring => {
    const shared = memoryStore({ clock });
    const books = new Map<string, string>();
    const orders = new Map<string, PurchaseOrder>();
    const { provider = (one) => one, store: spoil = (one) => one, handlers = (one) => one } = fault;
    return {
      start(process) {
        const engine = createPurchaseEngine({
          ...UNGUARDED,
          store: spoil(process.crashing(fault.storePerProcess ? memoryStore({ clock }) : shared)),
          providers: [provider(process.provider, clock)],
          clock,
          logger: silentLogger,
          worker: process.name,
        });
        const { report, ...others } = handlers(engineHandlers(engine), { books, orders });
        return { ...others, ...(fault.reports && report && { report }) };
      },
    };
  };

const playWith = (fault: Fault, contract: IdempotencyContract) => (commands: Iterable<PurchaseCommand>) =>
  playPurchases(commands, wiringWith(fault), { contract });

const propertyOf = (fault: Fault, contract: IdempotencyContract) =>
  fc.asyncProperty(purchaseCommands(fc), playWith(fault, contract));

const sending = (purchase: (send: Purchase, ...args: Parameters<Purchase>) => ReturnType<Purchase>) => ({
  provider: (provider: Provider): Provider => ({
    ...provider,
    purchase: (...args) => purchase(provider.purchase.bind(provider), ...args),
  }),
});

const unknownAsRejected = sending(async (send, permit, context) => {
  const outcome = await send(permit, context);
  if (outcome.kind !== "unknown") return outcome;
  return { kind: "rejected", rejection: { code: "Timeout", message: outcome.reason } };
});

/** Answers as if the change were stored. */
async function pretend(store: ExecutionStore, change: ExecutionChange): Promise<CommitResult> {
  const execution = await store.get(change.executionId);
  if (execution === undefined) return { kind: "refused", because: "guard" };
  const progressOf = (index: number) => change.lines?.find((line) => line.index === index)?.progress;
  return {
    kind: "moved",
    execution: { ...execution, lines: execution.lines.map((line) => ({ ...line, ...progressOf(line.index) })) },
  };
}

/** Buys under another key what the books say was not bought. */
async function buyElsewise(handlers: Omit<Required<PurchaseHandlers>, "cancel">, order: PurchaseOrder): Promise<void> {
  if (!(await handlers.report(order)).includes("not_bought")) return;
  const again = { ...order, key: `${order.key}/again` };
  await handlers.submit(again);
  await handlers.approve(again);
  await handlers.run(again);
}

const passThrough = { before: async () => {}, after: async () => {} };

/** The permit with the age of the moment at which the cloud looks at it. */
const signedLater = <Permit extends PurchasePermit>(permit: Permit, clock: ManualClock): Permit => ({
  ...permit,
  get submittedAt() {
    return clock.now();
  },
});

const FAULTS: readonly (readonly [string, RegExp, keyof typeof CONTRACT, Fault])[] = [
  [
    "a client that sends again where it got no answer",
    /was bought [2-9] times/,
    "none",
    sending(async (send, permit, context) => {
      const outcome = await send(permit, context);
      return outcome.kind === "unknown" ? send(permit, context) : outcome;
    }),
  ],
  [
    "a new request key for each delivery",
    /was bought [2-9] times|after its withdrawal was acknowledged/,
    "native",
    {
      handlers: (handlers) => ({
        ...handlers,
        submit: (order) => handlers.submit({ ...order, key: randomUUID() }),
      }),
    },
  ],
  [
    "a timeout that counts as failed, and another lineage for what failed",
    /was bought [2-9] times|is never bought/,
    "native",
    {
      ...unknownAsRejected,
      handlers: ({ cancel: _, ...handlers }, { orders }) => ({
        ...handlers,
        submit: (order) => {
          orders.set(order.key, order);
          return handlers.submit(order);
        },
        tick: async () => {
          await handlers.tick();
          await Promise.allSettled([...orders.values()].map((order) => buyElsewise(handlers, order)));
        },
      }),
    },
  ],
  [
    "a store that dies with its process",
    /was bought [2-9] times|is never bought|after its withdrawal was acknowledged/,
    "native",
    { storePerProcess: true },
  ],
  [
    "a write-ahead that is not stored",
    /was bought [2-9] times/,
    "none",
    {
      store: (store) => ({
        ...interceptPort(store, passThrough),
        commit: (change) => (change.event.kind === "write_ahead" ? pretend(store, change) : store.commit(change)),
      }),
    },
  ],
  [
    "absence that is believed at once",
    // A purchase that lands later is taken for that of another line, which then waits for a person.
    /was bought [2-9] times|is never bought/,
    "none",
    {
      provider: (provider) => ({
        ...provider,
        idempotency: { ...provider.idempotency, maxRequestLifetimeMs: 0, visibilityLagMs: 0, clockSkewMs: 0 },
      }),
    },
  ],
  [
    "a request that is signed when it leaves a frozen process",
    /was bought [2-9] times/,
    "none",
    {
      provider: (provider, clock) => ({
        ...provider,
        purchase: (permit, context) => provider.purchase(signedLater(permit, clock), context),
      }),
    },
  ],
  [
    "an approval that nobody gave",
    /without an approval/,
    "named",
    {
      handlers: (handlers) => ({
        ...handlers,
        submit: (order) => handlers.submit(order).then(() => handlers.approve(order)),
      }),
    },
  ],
  [
    "a withdrawal that is acknowledged and forgotten",
    /after its withdrawal was acknowledged/,
    "named",
    { handlers: (handlers) => ({ ...handlers, cancel: async () => {} }) },
  ],
  [
    "a scheduler that never ticks",
    /is never bought/,
    "minted",
    { handlers: (handlers) => ({ ...handlers, tick: async () => {} }) },
  ],
  [
    "half the quantity",
    /1 of [2-9] were bought/,
    "minted",
    {
      handlers: (handlers) => ({
        ...handlers,
        submit: ({ key, lines }) => handlers.submit({ key, lines: lines.map((line) => ({ ...line, quantity: 1 })) }),
      }),
    },
  ],
  [
    "books that believe the first answer for ever",
    /is reported as not bought, but it was/,
    "none",
    {
      reports: true,
      handlers: (handlers, { books }) => ({
        ...handlers,
        run: async (order) => {
          const { status } = (await handlers.run(order)) as { readonly status: string };
          if (!books.has(order.key)) books.set(order.key, status);
        },
        report: async ({ key, lines }) => {
          const isLost = books.has(key) && books.get(key) !== "completed";
          return lines.map(() => (isLost ? "not_bought" : "open"));
        },
      }),
    },
  ],
];

describe("purchaseCommands", () => {
  test.each(Object.entries(CONTRACT))("find nothing in a sound wiring, under contract %s", async (_, contract) => {
    await fc.assert(propertyOf({ reports: true }, contract), { numRuns: 150 });
  });

  test("find nothing where a worker comes back after another has settled its lines anew", async () => {
    const strikes = [strikeCommand({ kind: "none" }), strikeCommand({ kind: "rejected" })];
    const asks = [askCommand("submit", 1, 0), askCommand("approve", 1, 0)];
    for (let at = 10; at < 25; at += 1)
      await playWith({ reports: true }, CONTRACT.none)([...strikes, ...asks, stallCommand(1, { at, ms: 601_000 })]);
  });

  test("find nothing where what is on its way to the cloud lands after its order was withdrawn", async () => {
    const landed: LedgerEntry[] = [];
    const sound = wiringWith({ reports: true });
    const setUp = (world: PurchaseWorld) => ({
      ...sound(world),
      close: async () => {
        landed.push(...world.cloud.ledger());
      },
    });
    const ask = (action: "submit" | "approve" | "run" | "cancel") => askCommand(action, 0, 0);
    const late = strikeCommand({ kind: "late-landing", ms: 60_000 });
    const withdrawn = [ask("submit"), ask("approve"), late, ask("run"), passCommand(1_000), ask("cancel")];
    await playPurchases([...withdrawn, passCommand(120_000)], setUp, { contract: CONTRACT.none });
    expect(landed).toHaveLength(1);
  });

  test("find nothing in a sound wiring that submits under keys of its own", async () => {
    const bought = { count: 0 };
    const ownKeys: Fault = {
      reports: true,
      handlers: (handlers) => ({
        ...handlers,
        submit: ({ key, lines }) => handlers.submit({ key: `shop/${key}`, lines }),
      }),
    };
    const setUp = (world: PurchaseWorld) => ({
      ...wiringWith(ownKeys)(world),
      close: async () => {
        bought.count += world.cloud.ledger().length;
      },
    });
    const property = fc.asyncProperty(purchaseCommands(fc), (commands) => playPurchases(commands, setUp));
    await fc.assert(property, { numRuns: 100 });
    expect(bought.count).toBeGreaterThan(10);
  });

  test("let a process that waits for the lock of a frozen one go on", async () => {
    const lock = { last: Promise.resolve<unknown>(undefined) };
    const locked = <Args extends readonly unknown[]>(work: (...args: Args) => Promise<unknown>) => {
      return (...args: Args) => {
        const mine = lock.last.catch(() => {}).then(() => work(...args));
        lock.last = mine;
        return mine;
      };
    };
    const oneAtATime: Fault = {
      handlers: (handlers) => ({ ...handlers, run: locked(handlers.run), tick: locked(handlers.tick) }),
    };
    await fc.assert(propertyOf(oneAtATime, CONTRACT.none), { numRuns: 50 });
  });

  test.each(FAULTS)("find %s (%s)", async (_, message, contract, fault) => {
    const result = await fc.check(propertyOf(fault, CONTRACT[contract]), { numRuns: 10_000, endOnFailure: true });
    console.log(`found after ${result.numRuns} plays`);
    expect(String(result.errorInstance)).toMatch(message);
  });

  test("shrink a failure to the few commands that show it, and repeat it by what fast-check printed", async () => {
    const [[, , contract, fault] = []] = FAULTS;
    const property = (replayPath?: string) =>
      fc.asyncProperty(
        purchaseCommands(fc, replayPath === undefined ? {} : { replayPath }),
        playWith(fault ?? {}, CONTRACT[contract ?? "none"]),
      );
    const found = await fc.check(property(), { numRuns: 1_000 });
    const [, played = "", replayPath] =
      /^(.*?) \/\*replayPath="(.*)"\*\/$/.exec(String(found.counterexample?.[0])) ?? [];
    // Of up to 30. Shrinking ends at the first play of which no command can be left out, also where a shorter one exists.
    expect(played).toMatch(/^(?:[a-z]+\([^)]*\),?){3,10}$/);
    expect(played).toMatch(/strike\((?:lost-reply|late-landing)/);
    const { seed, counterexamplePath } = found;
    const path = counterexamplePath ?? "";
    const repeated = await fc.check(property(replayPath), { seed, path, endOnFailure: true });
    expect(repeated.numRuns).toBe(1);
    expect(String(repeated.errorInstance)).toBe(String(found.errorInstance));
    expect(String(repeated.counterexample)).toContain(played);
  });

  test("take an error that is no refusal for a failure of the wiring, and a refusal behind it for part of life", async () => {
    const failing = (error: Error): Fault => ({
      handlers: (handlers) => ({ ...handlers, approve: () => Promise.reject(error) }),
    });
    const refusal = new BuyonceError("EXECUTION_NOT_FOUND", "There is none.");
    const wrapped = new Error("409 Conflict", { cause: refusal });
    const orders = [askCommand("submit", 0, 0), askCommand("approve", 0, 0)];
    await expect(playWith(failing(new Error("no database")), CONTRACT.none)(orders)).rejects.toThrow("no database");
    await expect(playWith(failing(wrapped), CONTRACT.none)(orders)).resolves.toBeUndefined();
  });

  test.each([
    ["INVALID_REQUEST", []],
    ["PROVIDER_NOT_REGISTERED", [simulatedLine({ service: "custom.elsewhere" })]],
  ] as const)("take %s for a failure of the wiring, also behind an error of its own", async (code, lines) => {
    const submitting = (wrap: (refused: Promise<unknown>) => Promise<unknown>): Fault => ({
      handlers: (handlers) => ({ ...handlers, submit: ({ key }) => wrap(handlers.submit({ key, lines })) }),
    });
    const ordered = [askCommand("submit", 0, 0)];
    const plain = playWith(
      submitting((refused) => refused),
      CONTRACT.none,
    );
    await expect(plain(ordered)).rejects.toMatchObject({ code });
    const wrapped = playWith(
      submitting((refused) => refused.catch((cause) => Promise.reject(new Error("400 Bad Request", { cause })))),
      CONTRACT.none,
    );
    await expect(wrapped(ordered)).rejects.toMatchObject({ cause: { code } });
  });

  test("waive an order that the cloud refused, and miss another one beside it", async () => {
    const stopping: Fault = {
      handlers: (handlers, { books }) => ({
        ...handlers,
        run: async (order) => {
          const { status } = (await handlers.run(order)) as { readonly status: string };
          if (status === "failed") books.set("scheduler", "stopped");
        },
        tick: async () => {
          if (!books.has("scheduler")) await handlers.tick();
        },
      }),
    };
    const refused = [
      strikeCommand({ kind: "rejected" }),
      askCommand("submit", 0, 0),
      askCommand("approve", 0, 0),
      askCommand("run", 0, 0),
    ];
    const beside = [...refused, askCommand("submit", 1, 0), askCommand("approve", 1, 0)];
    await expect(playWith({}, CONTRACT.named)(beside)).resolves.toBeUndefined();
    await expect(playWith(stopping, CONTRACT.named)(refused)).resolves.toBeUndefined();
    const missed = "line 0 of order-1 was approved and is never bought";
    await expect(playWith(stopping, CONTRACT.named)(beside)).rejects.toThrow(missed);
  });

  test("close the wiring, also after a failure", async () => {
    const closed: string[] = [];
    const setUp = (name: string, fault: Fault) => (world: PurchaseWorld) => ({
      ...wiringWith(fault)(world),
      close: async () => void closed.push(name),
    });
    await playPurchases([], setUp("sound", {}));
    const never: Fault = {
      handlers: (handlers) => ({ ...handlers, tick: () => Promise.reject(new Error("no tick")) }),
    };
    await expect(playPurchases([], setUp("broken", never))).rejects.toThrow("no tick");
    expect(closed).toEqual(["sound", "broken"]);
  });

  test("buy every order of the plainest play, with two lines and more", async () => {
    const ledgers: (readonly LedgerEntry[])[] = [];
    const commands = [0, 1, 2].flatMap((number) => [
      askCommand("submit", number, 0),
      askCommand("approve", number, 0),
      askCommand("run", number, 0),
    ]);
    await playPurchases(commands, (world) => ({
      ...wiringWith({ reports: true })(world),
      close: async () => void ledgers.push(world.cloud.ledger()),
    }));
    expect(ledgers.map((ledger) => ledger.length)).toEqual([6]);
  });

  test("refuse a number of orders that they have no names for", () => {
    expect(() => purchaseCommands(fc, { orders: 10 })).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
  });
});
