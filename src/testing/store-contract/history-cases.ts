import type { HistoryQuery } from "../../store-port/execution-store.js";
import { assert } from "../assert.js";
import type { ContractCase } from "./contract-case.js";
import { allPages, idsOf } from "./history-pages.js";
import { committed, sampleLine, sampleRequest, unique } from "./samples.js";
import { changeOf, created, lineChange, moved } from "./steps.js";

/** Cases about `history`. */
export const historyCases: readonly ContractCase[] = [
  {
    name: "history lists executions, newest first, as get reads them",
    async run({ store, pass }) {
      const createdBy = unique("alice");
      const older = await created(store, { createdBy });
      await pass(2);
      const newer = await created(store, { createdBy, lines: [sampleLine(0), sampleLine(1)] });
      const changed = await moved(store, changeOf(older, { status: "canceled" }));
      assert.deepEqual(await store.history({ createdBy }), { executions: [newer, changed] });
    },
  },
  {
    name: "history pages through everything exactly once, also where times are equal and rows are added meanwhile",
    async run({ store, pass }) {
      const createdBy = unique("alice");
      const executions = await Promise.all(Array.from({ length: 7 }, () => created(store, { createdBy })));
      const whole = await store.history({ createdBy });
      assert.deepEqual(idsOf(whole.executions).toSorted(), idsOf(executions).toSorted());
      const pages = await allPages(store, { createdBy, limit: 3 });
      assert.deepEqual(
        pages.map((page) => page.length),
        [3, 3, 1],
      );
      assert.deepEqual(idsOf(pages.flat()), idsOf(whole.executions));
      const first = await store.history({ createdBy, limit: 6 });
      await pass(2);
      const added = await created(store, { createdBy });
      const rest = await store.history({ createdBy, limit: 6, cursor: first.nextCursor ?? assert.fail() });
      const seen = idsOf([...first.executions, ...rest.executions]);
      assert.deepEqual(
        seen.filter((id) => id !== added.id),
        idsOf(whole.executions),
      );
      assert.equal(new Set(seen).size, seen.length);
    },
  },
  {
    name: "history gives no cursor with a page that ends exactly at the end",
    async run({ store }) {
      const createdBy = unique("alice");
      await created(store, { createdBy });
      await created(store, { createdBy });
      assert.equal((await store.history({ createdBy, limit: 2 })).nextCursor, undefined);
      assert.deepEqual(await store.history({ createdBy: unique("nobody") }), { executions: [] });
    },
  },
  {
    name: "history has 50 executions on a page where nothing is said, and at most 200",
    async run({ store }) {
      const createdBy = unique("alice");
      for (let batch = 0; batch < 7; batch += 1)
        await Promise.all(Array.from({ length: 30 }, () => created(store, { createdBy })));
      assert.equal((await store.history({ createdBy })).executions.length, 50);
      assert.equal((await store.history({ createdBy, limit: 1_000 })).executions.length, 200);
    },
  },
  {
    name: "history filters by status, source and time of creation",
    async run({ store, pass }) {
      const createdBy = unique("alice");
      const first = await created(store, { createdBy, status: "failed", source: "plan 1" });
      await pass(3);
      const second = await created(store, { createdBy, status: "approved", source: "plan 2" });
      const found = async (query: HistoryQuery) => idsOf((await store.history({ createdBy, ...query })).executions);
      assert.deepEqual(await found({ status: ["failed", "canceled"] }), [first.id]);
      assert.deepEqual(await found({ status: [] }), []);
      assert.deepEqual(await found({ source: "plan 2" }), [second.id]);
      assert.deepEqual(await found({ createdFrom: second.createdAt }), [second.id]);
      assert.deepEqual(await found({ createdBefore: second.createdAt }), [first.id]);
      assert.deepEqual(await found({ createdFrom: first.createdAt, createdBefore: second.createdAt }), [first.id]);
      assert.deepEqual(await found({ status: ["failed"], source: "plan 2" }), []);
    },
  },
  {
    name: "history finds executions by the cloud, service, account and commitment id of any line",
    async run({ store }) {
      const [createdBy, account, commitmentId] = [unique("alice"), unique("account"), unique("ri")];
      const ec2 = sampleRequest({ service: "aws.ec2", account });
      const [other, formerId] = [unique("ri"), unique("ri")];
      const execution = await created(store, { createdBy, lines: [sampleLine(0), sampleLine(1, ec2)] });
      const commitment = { commitmentIds: [other, commitmentId], formerIds: [formerId], adopted: false };
      await moved(store, lineChange(execution, { ...committed(), commitment }, 1));
      await created(store, { createdBy });
      const count = async (query: HistoryQuery) => (await store.history({ createdBy, ...query })).executions.length;
      assert.equal(await count({ provider: "aws" }), 1);
      assert.equal(await count({ provider: "aws.ec2" }), 1);
      assert.equal(await count({ provider: "aws.rds" }), 0);
      assert.equal(await count({ provider: "custom.contract" }), 2);
      assert.equal(await count({ account }), 1);
      assert.equal(await count({ account: "account-1" }), 2);
      assert.equal(await count({ commitmentId }), 1);
      assert.equal(await count({ commitmentId: formerId }), 1);
      assert.equal(await count({ commitmentId: unique("ri") }), 0);
    },
  },
  {
    name: "history refuses a filter that it does not know",
    async run({ store }) {
      const createdBy = unique("alice");
      await created(store, { createdBy });
      const misspelt = { createdBy, acount: "account-1" } as HistoryQuery;
      await assert.rejects(async () => await store.history(misspelt));
    },
  },
  {
    name: "history finds executions by their plan",
    async run({ store }) {
      const plan = { id: unique("plan"), step: 2 };
      const execution = await created(store, { plan });
      await created(store, { plan: { id: unique("plan"), step: 2 } });
      await created(store);
      assert.deepEqual(await store.history({ planId: plan.id }), { executions: [execution] });
      assert.deepEqual(await store.history({ planId: unique("plan") }), { executions: [] });
    },
  },
];
