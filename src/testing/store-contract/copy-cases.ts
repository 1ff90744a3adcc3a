import { assert } from "../assert.js";
import { type ContractCase, LONG_LEASE_MS } from "./contract-case.js";
import { committed, fullProgress, newInput, sampleEvent, sampleLine, submitting, unique } from "./samples.js";
import { changeOf, created, createdFrom, lineChange, moved, read, storedAbout } from "./steps.js";

/** Changes every value of an object tree, as a careless caller might. */
function spoil(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, content] of Object.entries(value)) {
    spoil(content);
    if (typeof content !== "object") Reflect.set(value, key, "spoiled");
  }
  if (Array.isArray(value)) value.push("spoiled");
  else Reflect.set(value, "spoiled", true);
}

/** A line with every field that a store must copy. */
const fullLine = (index: number) => ({ ...sampleLine(index), ...fullProgress(), state: "planned" }) as const;

/** Copies in, copies out. */
export const copyCases: readonly ContractCase[] = [
  {
    name: "what was handed in may be changed afterwards without touching what is stored",
    async run({ store }) {
      const input = newInput({ plan: { id: "plan-1", step: 1 }, lines: [sampleLine(0), fullLine(1)] });
      const { id } = input.execution;
      const execution = await createdFrom(store, input);
      const change = {
        ...lineChange(execution, committed(unique("ri"))),
        event: { ...sampleEvent(), data: { ids: ["a"], deep: { price: "1" } } },
      };
      await moved(store, change);
      const before = await storedAbout(store, id);
      const kept = structuredClone(before);
      spoil(input);
      spoil(change);
      assert.deepEqual(await storedAbout(store, id), kept);
    },
  },
  {
    name: "what was handed out may be changed without touching what is stored",
    async run({ store }) {
      const lane = unique("lane");
      const lines = [sampleLine(0), { ...sampleLine(1), ...submitting(lane) }, fullLine(2)];
      const first = await created(store, { createdBy: unique("alice"), plan: { id: "plan-1", step: 1 }, lines });
      const data = { ids: ["a"], deep: { price: "1" } };
      const commitmentId = unique("ri");
      const bought = { ...committed(commitmentId), needsLabel: true };
      const change = { ...lineChange(first, bought), event: { ...sampleEvent(), data } };
      const second = await moved(store, change);
      const kept = structuredClone(await storedAbout(store, first.id));
      const { createdBy } = kept.execution ?? assert.fail();
      const replayed = await store.create(newInput({ requestKey: second.requestKey }));
      const handedOut = [
        replayed,
        second,
        await read(store, first.id),
        await store.withRequestKey(second.requestKey),
        await store.events(first.id),
        await store.history({ createdBy }),
        await store.stuck({ olderThanMs: 0, limit: 1_000_000 }),
        await store.unlabeled({ limit: 1_000_000 }),
        await store.claims({ cloud: "custom.contract", account: "account-1", commitmentIds: [commitmentId] }),
        await store.laneHolder(lane),
      ];
      for (const answer of handedOut) spoil(answer);
      assert.deepEqual(await storedAbout(store, first.id), kept);
    },
  },
  {
    name: "what a sweep was given and handed out may be changed without touching what is stored",
    async run({ store, pass }) {
      const [waiting, ready] = [await created(store, { status: "pending", expiresInMs: 1 }), await created(store)];
      await pass(3);
      const sweep = {
        moves: [{ from: "pending", to: "expired", reason: "late", kind: "expired" } as const],
        actor: "sweeper",
        limit: 1_000_000,
      };
      const event = { ...sampleEvent("claimed"), data: { deep: { round: "1" } } };
      const batch = {
        from: ["approved"] as const,
        limit: 1_000_000,
        freshFirst: true,
        except: [],
        owner: "w",
        durationMs: LONG_LEASE_MS,
        event,
      };
      const answers = [await store.moveDue(sweep), await store.claimDue(batch)];
      const stored = async () => [await storedAbout(store, waiting.id), await storedAbout(store, ready.id)];
      const kept = structuredClone(await stored());
      assert.deepEqual([kept[0]?.execution?.status, kept[1]?.execution?.status], ["expired", "running"]);
      for (const object of [sweep.moves, event, answers]) spoil(object);
      assert.deepEqual(await stored(), kept);
    },
  },
  {
    name: "an execution that was handed out does not change with what is stored",
    async run({ store }) {
      const first = await created(store);
      const seen = await read(store, first.id);
      const kept = structuredClone(seen);
      await moved(store, changeOf(first, { status: "canceled", reason: "later" }));
      assert.deepEqual(seen, kept);
      assert.deepEqual(first, kept);
    },
  },
];
