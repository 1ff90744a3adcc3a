import type { Execution } from "../../domain/execution.js";
import type { ExecutionStore } from "../../store-port/execution-store.js";
import { assert } from "../assert.js";
import { type ContractCase, LONG_LEASE_MS, PAST_SHORT_LEASE_MS, SHORT_LEASE_MS } from "./contract-case.js";
import { sampleEvent } from "./samples.js";
import { assertRefused, changeOf, created, moved } from "./steps.js";

/** Claims an execution as a worker does. */
const claim = (store: ExecutionStore, execution: Pick<Execution, "id">, owner: string, durationMs: number) =>
  moved(
    store,
    changeOf(execution, {
      guard: { status: ["approved", "running"], leaseFree: true },
      status: "running",
      lease: { kind: "take", owner, durationMs },
      event: sampleEvent("claimed"),
    }),
  );

/** Cases about leases: which worker runs an execution, and until when. */
export const leaseCases: readonly ContractCase[] = [
  {
    name: "taking the lease names its owner, raises the fence and runs by the store's clock",
    async run({ store }) {
      const execution = await created(store);
      const taken = await claim(store, execution, "worker-1", LONG_LEASE_MS);
      assert.equal(taken.fence, 1);
      assert.deepEqual(taken.lease, { owner: "worker-1", expiresAt: taken.updatedAt + LONG_LEASE_MS });
    },
  },
  {
    name: "renewing the lease moves its end and keeps owner and fence",
    async run({ store, pass }) {
      const taken = await claim(store, await created(store), "worker-1", LONG_LEASE_MS);
      await pass(5);
      const renew = changeOf(taken, { guard: { fence: 1 }, lease: { kind: "renew", durationMs: LONG_LEASE_MS } });
      const renewed = await moved(store, renew);
      assert.equal(renewed.fence, 1);
      assert.deepEqual(renewed.lease, { owner: "worker-1", expiresAt: renewed.updatedAt + LONG_LEASE_MS });
      assert.ok(renewed.updatedAt > taken.updatedAt);
    },
  },
  {
    name: "renewing a lease that nobody holds gives nobody a lease",
    async run({ store }) {
      const execution = await created(store);
      const renewed = await moved(store, changeOf(execution, { lease: { kind: "renew", durationMs: LONG_LEASE_MS } }));
      assert.equal(renewed.lease, null);
    },
  },
  {
    name: "releasing the lease frees the execution and keeps the fence",
    async run({ store }) {
      const taken = await claim(store, await created(store), "worker-1", LONG_LEASE_MS);
      const released = await moved(store, changeOf(taken, { guard: { fence: 1 }, lease: { kind: "release" } }));
      assert.equal(released.lease, null);
      assert.equal(released.fence, 1);
      await assertRefused(store, changeOf(taken, { guard: { fence: 1 } }), "guard");
      assert.equal((await claim(store, taken, "worker-2", LONG_LEASE_MS)).fence, 2);
    },
  },
  {
    name: "a lease that has run out by the store's clock stops its holder",
    async run({ store, pass }) {
      const taken = await claim(store, await created(store), "worker-1", SHORT_LEASE_MS);
      await pass(PAST_SHORT_LEASE_MS);
      await assertRefused(store, changeOf(taken, { guard: { fence: 1 }, status: "completed" }), "guard");
      const renew = changeOf(taken, { guard: { fence: 1 }, lease: { kind: "renew", durationMs: LONG_LEASE_MS } });
      await assertRefused(store, renew, "guard");
    },
  },
  {
    name: "a lease that has run out leaves the execution to the next worker, and the first can change nothing more",
    async run({ store, pass }) {
      const first = await claim(store, await created(store), "worker-1", SHORT_LEASE_MS);
      await pass(PAST_SHORT_LEASE_MS);
      const second = await claim(store, first, "worker-2", LONG_LEASE_MS);
      assert.equal(second.fence, 2);
      assert.equal(second.lease?.owner, "worker-2");
      await assertRefused(store, changeOf(first, { guard: { fence: 1 }, status: "failed" }), "guard");
      await moved(store, changeOf(second, { guard: { fence: 2 }, status: "completed", lease: { kind: "release" } }));
    },
  },
  {
    name: "a live lease keeps other workers out",
    async run({ store }) {
      const taken = await claim(store, await created(store), "worker-1", LONG_LEASE_MS);
      const take = { kind: "take", owner: "worker-2", durationMs: LONG_LEASE_MS } as const;
      await assertRefused(store, changeOf(taken, { guard: { leaseFree: true }, lease: take }), "guard");
    },
  },
];
