import type { LineState } from "../../domain/line-state.js";
import { assert } from "../assert.js";
import type { ContractCase } from "./contract-case.js";
import { committed, sampleLine, sampleRequest, submitting, unique } from "./samples.js";
import { assertRefused, changeOf, created, lineChange, moved, read } from "./steps.js";

/** Cases about what may exist only once. */
export const uniquenessCases: readonly ContractCase[] = [
  ...(["submitting", "in_doubt"] satisfies LineState[]).map(
    (state): ContractCase => ({
      name: `a line that is ${state} keeps its lane to itself, also from other executions`,
      async run({ store }) {
        const lane = unique("lane");
        const holder = await created(store);
        await moved(store, lineChange(holder, { ...submitting(lane), state }));
        const other = await created(store);
        await assertRefused(store, lineChange(other, submitting(lane)), "lane");
        await assertRefused(store, lineChange(other, { ...submitting(lane), state: "in_doubt" }), "lane");
      },
    }),
  ),
  {
    name: "two lines of one execution do not share a lane",
    async run({ store }) {
      const lane = unique("lane");
      const execution = await created(store, { lines: [sampleLine(0), sampleLine(1)] });
      const first = await moved(store, lineChange(execution, submitting(lane), 0));
      await assertRefused(store, lineChange(first, submitting(lane), 1), "lane");
      const both = [0, 1].map((index) => ({ index, progress: submitting(lane) }));
      const fresh = await created(store, { lines: [sampleLine(0), sampleLine(1)] });
      await assertRefused(store, changeOf(fresh, { guard: { version: 1 }, lines: both }), "lane");
    },
  },
  ...(["planned", "committed", "rejected"] satisfies LineState[]).map(
    (state): ContractCase => ({
      name: `a line that becomes ${state} frees its lane`,
      async run({ store }) {
        const lane = unique("lane");
        const holder = await moved(store, lineChange(await created(store), submitting(lane)));
        const progress = state === "committed" ? committed(unique("ri")) : submitting(lane);
        await moved(store, lineChange(holder, { ...progress, prepared: submitting(lane).prepared, state }));
        const other = await created(store);
        assert.equal((await moved(store, lineChange(other, submitting(lane)))).lines[0]?.state, "submitting");
      },
    }),
  ),
  {
    name: "lines without a lane, and lines of different lanes, do not hinder each other",
    async run({ store }) {
      for (const lane of [undefined, undefined, unique("lane"), unique("lane")])
        await moved(store, lineChange(await created(store), submitting(lane)));
    },
  },
  ...(["submitting", "in_doubt", "committed"] satisfies LineState[]).map(
    (state): ContractCase => ({
      name: `a line that is ${state} keeps the same line of its lineage from being submitted elsewhere`,
      async run({ store }) {
        const first = await created(store, { status: "failed" });
        const progress = state === "committed" ? committed(unique("ri")) : { ...submitting(), state };
        await moved(store, lineChange(first, progress));
        const second = await created(store, { lineageKey: first.lineageKey, lines: [sampleLine(0), sampleLine(1)] });
        await assertRefused(store, lineChange(second, submitting()), "lineage");
        await assertRefused(store, lineChange(second, { ...submitting(), state: "in_doubt" }), "lineage");
        await assertRefused(store, lineChange(second, committed(unique("ri"))), "lineage");
        assert.equal((await moved(store, lineChange(second, submitting(), 1))).lines[1]?.state, "submitting");
      },
    }),
  ),
  {
    name: "a line that is certainly not bought leaves its lineage free",
    async run({ store }) {
      const first = await created(store, { status: "failed" });
      await moved(store, lineChange(first, { ...submitting(), state: "rejected" }));
      const second = await created(store, { lineageKey: first.lineageKey });
      await moved(store, lineChange(second, submitting()));
    },
  },
  {
    name: "a commitment id belongs to one line",
    async run({ store }) {
      const id = unique("ri");
      await moved(store, lineChange(await created(store), committed(id)));
      const other = await created(store, { lines: [sampleLine(0), sampleLine(1)] });
      await assertRefused(store, lineChange(other, committed(id)), "commitment");
      await assertRefused(store, lineChange(other, committed(unique("ri"), id)), "commitment");
      const shared = [0, 1].map((index) => ({ index, progress: committed(`${id}-shared`) }));
      await assertRefused(store, changeOf(other, { guard: { version: 1 }, lines: shared }), "commitment");
    },
  },
  {
    name: "a line may be written again with its commitment ids, and with more of them",
    async run({ store }) {
      const [first, second] = [unique("ri"), unique("ri")];
      const line = await moved(store, lineChange(await created(store), { ...committed(first), needsLabel: true }));
      const labeled = await moved(store, lineChange(line, committed(first)));
      await moved(store, lineChange(labeled, committed(first, second)));
      const other = await created(store);
      await assertRefused(store, lineChange(other, committed(second)), "commitment");
    },
  },
  {
    name: "ids that a commitment had before the cloud split it stay its line's",
    async run({ store }) {
      const former = unique("ri");
      const parts = [unique("ri"), unique("ri")];
      const line = await moved(store, lineChange(await created(store), committed(former)));
      const commitment = { commitmentIds: parts, formerIds: [former], adopted: false };
      await moved(store, lineChange(line, { ...committed(), commitment }));
      const query = { cloud: "custom.contract", account: "account-1", commitmentIds: [former, ...parts] };
      assert.equal((await store.claims(query)).length, 3);
      await assertRefused(store, lineChange(await created(store), committed(former)), "commitment");
    },
  },
  {
    name: "commitment ids of different accounts and clouds do not meet",
    async run({ store }) {
      const id = unique("ri");
      const requests = [
        sampleRequest(),
        sampleRequest({ account: "account-2" }),
        sampleRequest({ service: "aws.ec2" }),
        sampleRequest({ service: "custom.another" }),
      ];
      for (const request of requests) {
        const execution = await created(store, { lines: [sampleLine(0, request)] });
        await moved(store, lineChange(execution, committed(id)));
      }
      const sibling = await created(store, { lines: [sampleLine(0, sampleRequest({ service: "aws.savings-plans" }))] });
      await assertRefused(store, lineChange(sibling, committed(id)), "commitment");
    },
  },
  {
    name: "claims tells which commitment ids are recorded, and for which line",
    async run({ store }) {
      const [mine, more, absent, account] = [unique("ri"), unique("ri"), unique("ri"), unique("account")];
      const lines = [sampleLine(0), sampleLine(3, sampleRequest({ account }))];
      const execution = await created(store, { lines });
      await moved(store, lineChange(execution, committed(mine, more), 3));
      const query = { cloud: "custom.contract", account, commitmentIds: [absent, mine] };
      const executionId = execution.id;
      assert.deepEqual(await store.claims(query), [{ executionId, lineIndex: 3, commitmentId: mine, byPerson: false }]);
      assert.equal((await store.claims({ ...query, commitmentIds: [mine, more] })).length, 2);
      assert.deepEqual(await store.claims({ ...query, cloud: "aws" }), []);
      assert.deepEqual(await store.claims({ ...query, account: "another" }), []);
      assert.deepEqual(await store.claims({ ...query, commitmentIds: [] }), []);
      assert.equal((await read(store, executionId)).lines[1]?.state, "committed");
    },
  },
];
