import { strict as assert } from "node:assert";
import type { ContractCase } from "./contract-case.js";
import { committed, newInput, sampleEvent, unique } from "./samples.js";
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

/** Copies in, copies out. */
export const copyCases: readonly ContractCase[] = [
  {
    name: "what was handed in may be changed afterwards without touching what is stored",
    async run({ store }) {
      const input = newInput();
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
      const first = await created(store, { createdBy: unique("alice") });
      const data = { ids: ["a"], deep: { price: "1" } };
      const change = { ...lineChange(first, committed(unique("ri"))), event: { ...sampleEvent(), data } };
      const second = await moved(store, change);
      const kept = structuredClone(await storedAbout(store, first.id));
      const { createdBy } = kept.execution ?? assert.fail();
      const replayed = await store.create(newInput({ requestKey: second.requestKey }));
      const handedOut = [
        replayed,
        second,
        await read(store, first.id),
        await store.events(first.id),
        await store.history({ createdBy }),
        await store.stuck({ olderThanMs: 0, limit: 1_000_000 }),
        await store.due({ limit: 1_000_000 }),
      ];
      for (const answer of handedOut) spoil(answer);
      assert.deepEqual(await storedAbout(store, first.id), kept);
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
