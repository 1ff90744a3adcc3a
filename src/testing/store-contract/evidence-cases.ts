import { PLANNED } from "../../domain/execution.js";
import { assert } from "../assert.js";
import type { ContractCase } from "./contract-case.js";
import { newInput, sampleEvent, sampleLine, submitting } from "./samples.js";
import { changeOf, created, createdFrom, lineChange, moved, read } from "./steps.js";

/** Text that a cloud may answer, and that some databases cannot hold unchanged. */
const ODD = "NUL \0, half a pair \ud800, and \\u0000 spelled out";
const TOLD = /^NUL .*, half a pair .*, and \\u0000 spelled out$/s;

/** Cases about evidence with texts and values of every kind. */
export const evidenceCases: readonly ContractCase[] = [
  {
    name: "commit stores evidence whatever characters it holds",
    async run({ store }) {
      const execution = await created(store);
      const text = 'naïve 漢字 😀 "quoted" \\ \n';
      const data = { text, deep: [{ ok: true, none: null, n: 1.5 }], empty: {}, "": -7, [text]: 1e15 };
      await moved(store, changeOf(execution, { reason: text, event: { ...sampleEvent(), reason: text, data } }));
      assert.equal((await read(store, execution.id)).reason, text);
      const event = (await store.events(execution.id)).at(-1);
      assert.deepEqual([event?.reason, event?.data], [text, data]);
    },
  },
  {
    name: "a change goes through though its texts hold what the database cannot store",
    async run({ store }) {
      const execution = await created(store);
      const event = { ...sampleEvent(), reason: ODD, data: { [ODD]: ODD } };
      const progress = {
        ...submitting(),
        prepared: { reference: "offering-1", detail: { [ODD]: [ODD] } },
        rejection: { code: "Odd", message: ODD, details: { said: ODD } },
        doubt: { reason: ODD },
        lastError: { code: "Odd", message: ODD, since: 1 },
        withdrawn: { by: "bob", reason: ODD },
        saidAbsent: { by: "bob", prepared: { reference: ODD }, submittedAt: 1, dismissed: [ODD] },
      };
      const { lines } = await moved(store, { ...lineChange(execution, progress), reason: ODD, event });
      const after = await read(store, execution.id);
      assert.deepEqual(after.lines, lines, "the stored lines differ from the answered lines");
      const [line] = lines;
      const [, told] = await store.events(execution.id);
      const detail = Object.entries(line?.prepared?.detail ?? {}).flat(2);
      const texts = [after.reason, line?.rejection?.message, line?.rejection?.details?.["said"], line?.doubt?.reason];
      const all = [
        ...texts,
        line?.lastError?.message,
        line?.withdrawn?.reason,
        line?.saidAbsent?.prepared.reference,
        ...(line?.saidAbsent?.dismissed ?? []),
        ...detail,
        told?.reason,
        ...Object.entries(told?.data ?? {}).flat(),
      ];
      assert.equal(all.length, 13);
      for (const text of all) assert.match(String(text), TOLD);
    },
  },
  {
    name: "create goes through though its texts hold what the database cannot store",
    async run({ store }) {
      const lines = [{ ...sampleLine(), lastError: { code: "Odd", message: ODD, since: 1 } }];
      const input = {
        ...newInput({ reason: ODD, lines }),
        event: { ...sampleEvent(), reason: ODD, data: { said: ODD } },
      };
      const { id } = await createdFrom(store, input);
      const execution = await read(store, id);
      const [event] = await store.events(id);
      for (const text of [
        execution.reason,
        execution.lines[0]?.lastError?.message,
        event?.reason,
        event?.data?.["said"],
      ])
        assert.match(String(text), TOLD);
    },
  },
  {
    name: "evidence keeps its names, also those that JavaScript takes for its own",
    async run({ store }) {
      const execution = await created(store);
      // As JSON.parse reads it, `__proto__` is a name like any other.
      const data = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2, "toString": [{"__proto__": "x"}]}');
      const progress = { ...submitting(), prepared: { reference: "offering-1", detail: data } };
      const { lines } = await moved(store, { ...lineChange(execution, progress), event: { ...sampleEvent(), data } });
      const [, told] = await store.events(execution.id);
      for (const kept of [lines[0]?.prepared?.detail, told?.data]) {
        assert.deepEqual(Object.keys(kept ?? {}).toSorted(), ["__proto__", "constructor", "toString"]);
        assert.deepEqual(Object.entries(kept ?? {}).toSorted(), Object.entries(data).toSorted());
      }
    },
  },
  {
    name: "evidence of any length is kept whole",
    async run({ store }) {
      const execution = await created(store);
      const long = "Länge ".repeat(20_000);
      const event = { ...sampleEvent(), reason: long, data: { long } };
      const progress = { ...PLANNED, state: "rejected", rejection: { code: "Long", message: long } } as const;
      await moved(store, { ...lineChange(execution, progress), reason: long, event });
      const after = await read(store, execution.id);
      const [, told] = await store.events(execution.id);
      const texts = [after.reason, after.lines[0]?.rejection?.message, told?.reason, told?.data?.["long"]];
      assert.deepEqual(
        texts.map((text) => text === long),
        [true, true, true, true],
      );
    },
  },
];
