import assert from "node:assert/strict";
import fc from "fast-check";
import { describe } from "vitest";
import { isBuyonceError } from "../../src/domain/errors.js";
import type { FreezeScope } from "../../src/domain/freeze.js";
import { silentLogger } from "../../src/domain/logger.js";
import { createPurchaseEngine, type PurchaseEngine } from "../../src/engine/purchase-engine.js";
import { deriveIdempotencyToken } from "../../src/idempotency/derive-idempotency-token.js";
import type { CommitmentProvider } from "../../src/providers/commitment-provider.js";
import type { ExecutionStore } from "../../src/store-port/execution-store.js";
import { simulatedLine } from "../support/purchase-fixture.js";
import { Died, type Ground, mortalStore } from "./support/ground.js";
import { onEachGround } from "./support/on-each-ground.js";

/*
 * Baskets that overlap, steps of one plan, freezes, rights that come and go, and sixteen people who approve, cancel and
 * retry, in every order, while calls of the store die before or after their effect. The oracle is the ledger of the
 * simulated cloud, with what was acknowledged when, and each request that reaches the wire.
 */

const RUNS = Number(process.env.BUYONCE_SCHEDULES ?? 150);
const ACTORS = 16;
const ACCOUNTS = ["acct-1", "acct-2"] as const;
const APPROVAL_LIFETIME_MS = 500_000;

interface Basket {
  readonly size: "s" | "m";
  readonly account: (typeof ACCOUNTS)[number];
  readonly allowsOverlap: boolean;
  readonly step: number | undefined;
}

type Act =
  | {
      readonly kind:
        | "approve"
        | "approve other content"
        | "schedule"
        | "decide in a transaction"
        | "run"
        | "cancel"
        | "retry";
      readonly basket: number;
      /** Whether the approver is the one whose right comes and goes. */
      readonly byBob: boolean;
      /** Whether the transaction of the caller commits. */
      readonly commits: boolean;
    }
  | { readonly kind: "tick" | "lift" | "revoke" | "grant" | "wait" }
  | { readonly kind: "freeze"; readonly scope: FreezeScope };

const basketArbitrary: fc.Arbitrary<Basket> = fc.record({
  size: fc.constantFrom("s", "m"),
  account: fc.constantFrom(...ACCOUNTS),
  allowsOverlap: fc.boolean(),
  step: fc.option(fc.integer({ min: 1, max: 2 }), { nil: undefined }),
});

const onBasket = <Kind extends string>(...kinds: readonly Kind[]) =>
  fc.record({
    kind: fc.constantFrom(...kinds),
    basket: fc.nat({ max: 4 }),
    byBob: fc.boolean(),
    commits: fc.boolean(),
  });

const actArbitrary: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: onBasket("approve", "run") },
  { weight: 2, arbitrary: onBasket("cancel", "retry", "schedule", "decide in a transaction", "approve other content") },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("tick", "lift", "revoke", "grant", "wait") }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("freeze" as const),
      scope: fc.constantFrom<FreezeScope>(
        {},
        { account: "acct-1" },
        { service: "custom.simulated" },
        { cloud: "custom.simulated", account: "acct-2" },
      ),
    }),
  },
);

const scenarioArbitrary = fc.record({
  baskets: fc.array(basketArbitrary, { minLength: 2, maxLength: 5 }),
  actors: fc.array(fc.array(actArbitrary, { minLength: 1, maxLength: 4 }), { minLength: ACTORS, maxLength: ACTORS }),
  deaths: fc.array(fc.record({ call: fc.nat({ max: 80 }), after: fc.boolean() }), { maxLength: 4 }),
});
type Scenario = typeof scenarioArbitrary extends fc.Arbitrary<infer S> ? S : never;

/** What happened that may not happen. */
type Broken = string[];

/** Plays a scenario. Every call of a store may be overtaken by calls of other actors, before and after its effect. */
async function play(scenario: Scenario, ground: Ground): Promise<Broken> {
  const { store: sound, cloud } = ground;
  const broken: Broken = [];
  const rights = new Set(["ann", "bob", "carol", "dora"]);
  const allowed = new Set<string>();
  const frozen = watchFreezes(sound, broken, ground.pause);
  const quiet = mortalStore(ground, frozen, { deaths: scenario.deaths });
  const engineOf = (worker: string, store: ExecutionStore) =>
    createPurchaseEngine({
      store,
      providers: [watchWire(cloud.provider, { store: sound, allowed, broken })],
      clock: ground.clock,
      logger: silentLogger,
      worker,
      approvalLifetimeMs: APPROVAL_LIFETIME_MS,
      retryDelayMs: 10,
      authorize({ actor, at, executionId }) {
        if (rights.has(actor.id) && at === "send") allowed.add(`${actor.id} ${executionId}`);
        return rights.has(actor.id);
      },
    });
  const host = engineOf("host", sound);
  const ids: string[] = [];
  for (const [number, basket] of scenario.baskets.entries()) ids.push(await submit(host, number, basket));
  const playing = scenario.actors.map((acts, number) =>
    actAll({ ground, ids, rights, broken, engine: engineOf(`w${number}`, quiet) }, acts),
  );
  await ground.together(playing);
  return broken;
}

/** A store that notes write-ahead calls that go through although a freeze was acknowledged before they began. */
function watchFreezes(sound: ExecutionStore, broken: Broken, pause: () => Promise<void>): ExecutionStore {
  const held = new Map<string, FreezeScope>();
  // A freeze may be found and lifted before its own answer arrives.
  const lifted = new Set<string>();
  return {
    ...sound,
    async commit(change) {
      const isSend = change.lines?.some(({ stampSubmission }) => stampSubmission === true);
      const before = isSend ? new Map(held) : new Map<string, FreezeScope>();
      await pause();
      const result = await sound.commit(change);
      // A freeze that was lifted meanwhile did not have to hold.
      const scopes = [...before].flatMap(([id, scope]) => (held.has(id) ? scope : []));
      const account = isSend ? (await sound.get(change.executionId))?.lines[0]?.request.account : undefined;
      if (result.kind === "moved" && scopes.some((scope) => scope.account === undefined || scope.account === account))
        broken.push(`${change.executionId} was announced in a frozen scope`);
      return result;
    },
    async freeze(freeze) {
      const stored = await sound.freeze(freeze);
      if (!lifted.has(stored.id)) held.set(stored.id, stored.scope);
      return stored;
    },
    async unfreeze(lifting) {
      lifted.add(lifting.id);
      held.delete(lifting.id);
      return await sound.unfreeze(lifting);
    },
  };
}

interface Watch {
  readonly store: ExecutionStore;
  /** Approvers about whom a policy said yes at a send, with the execution. */
  readonly allowed: ReadonlySet<string>;
  readonly broken: Broken;
}

/** A provider that notes requests without an authorized approval, and requests for something else. */
function watchWire<Provider extends CommitmentProvider>(
  provider: Provider,
  { store, allowed, broken }: Watch,
): Provider {
  return {
    ...provider,
    async purchase(permit: Parameters<Provider["purchase"]>[0], context: Parameters<Provider["purchase"]>[1]) {
      const { executions } = await store.history({ limit: 200 });
      const meant = executions.filter(({ lineageKey }) => deriveIdempotencyToken(lineageKey, 0) === permit.token);
      if (!meant.some(({ id }) => ["bob", "carol"].some((approver) => allowed.has(`${approver} ${id}`))))
        broken.push(`${permit.token} was sent unauthorized`);
      if (!meant.every(({ lines }) => JSON.stringify(lines[0]?.request) === JSON.stringify(permit.request)))
        broken.push(`${permit.token} was sent for something else`);
      return await provider.purchase(permit, context);
    },
  };
}

async function submit(
  engine: PurchaseEngine,
  number: number,
  { size, account, allowsOverlap, step }: Basket,
): Promise<string> {
  const line = simulatedLine({
    account,
    offering: { size },
    ...(allowsOverlap && { allowOverlap: { reason: "both" } }),
  });
  const { id } = await engine.submit({
    requestKey: `basket ${number}`,
    createdBy: "ann",
    lines: [line],
    ...(step !== undefined && { plan: { id: "plan", step } }),
  });
  return id;
}

interface Stage {
  readonly ground: Ground;
  readonly engine: PurchaseEngine;
  readonly ids: readonly string[];
  readonly rights: Set<string>;
  readonly broken: Broken;
}

async function actAll(stage: Stage, acts: readonly Act[]): Promise<void> {
  for (const act of acts)
    await actOnce(stage, act).catch((thrown: unknown) => {
      if (!isBuyonceError(thrown) && !(thrown instanceof Died)) throw thrown;
    });
}

async function actOnce({ engine, ground, ids, rights, broken }: Stage, act: Act): Promise<unknown> {
  switch (act.kind) {
    case "tick":
      return engine.tick();
    case "wait":
      return ground.settle();
    case "revoke":
      return rights.delete("bob");
    case "grant":
      return rights.add("bob");
    case "freeze":
      return engine.freeze({ scope: act.scope, frozenBy: "dora", reason: "audit" });
    case "lift": {
      const [freeze] = await engine.freezes();
      return freeze && engine.unfreeze(freeze.id, { liftedBy: "dora", reason: "over" });
    }
  }
  const id = ids[act.basket % ids.length] ?? "";
  const approval = { approvedBy: act.byBob ? "bob" : "carol" };
  switch (act.kind) {
    case "approve":
      return engine.approve(id, approval);
    case "approve other content":
      await engine.approve(id, { ...approval, expectFingerprint: "0".repeat(64) });
      return broken.push(`${id} was approved with another content`);
    case "schedule":
      return engine.schedule(id, { ...approval, runAt: ground.clock.now() });
    case "decide in a transaction":
      return ground.inTransaction(act.commits, (store) => engine.withStore(store).approve(id, approval));
    case "run":
      return engine.run(id);
    case "cancel":
      return engine.cancel(id, { canceledBy: "carol" });
    case "retry": {
      const retry = await engine.retry(id, { requestedBy: "ann", force: true });
      return engine.approve(retry.id, approval);
    }
  }
}

async function checkGuards({ store, cloud }: Ground): Promise<void> {
  const { executions } = await store.history({ limit: 200 });
  const bought = new Map<string, string[]>();
  for (const { id, lineageKey, lines, plan } of executions) {
    await checkApprovals(store, id);
    const token = deriveIdempotencyToken(lineageKey, 0);
    if (!cloud.ledger().some((entry) => entry.token === token)) continue;
    const [line] = lines;
    const keys = [
      ...(line?.need && line.need.allowOverlap === null ? [`need ${line.need.key}`] : []),
      ...(plan?.step === null || plan === null ? [] : [`step ${plan.step}`]),
    ];
    for (const key of keys) bought.set(key, [...new Set([...(bought.get(key) ?? []), lineageKey])]);
  }
  for (const [key, lineages] of bought)
    assert.ok(lineages.length <= 1, `${key} was bought ${lineages.length} times without a reason on record`);
}

/** Asserts that each request of an execution was announced under an approval of its content that was still valid. */
async function checkApprovals(store: ExecutionStore, executionId: string): Promise<void> {
  const { contentFingerprint } = (await store.get(executionId)) ?? assert.fail("it is gone");
  let approvedAt = Number.NEGATIVE_INFINITY;
  for (const { kind, at, data } of await store.events(executionId)) {
    if (data?.["fingerprint"] === contentFingerprint) approvedAt = at;
    if (kind === "write_ahead")
      assert.ok(at <= approvedAt + APPROVAL_LIFETIME_MS, `${executionId} was announced without a valid approval`);
  }
}

describe("guards: no two baskets buy one need or one step unasked, and nothing is sent in a frozen scope or unauthorized", () => {
  onEachGround(scenarioArbitrary, RUNS, async (scenario, ground) => {
    assert.deepEqual(await play(scenario, ground), []);
    await checkGuards(ground);
  });
});
