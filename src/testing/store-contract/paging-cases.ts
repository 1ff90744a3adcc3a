import type { Execution } from "../../domain/execution.js";
import type { HistoryQuery, NewExecution } from "../../store-port/execution-store.js";
import { assert } from "../assert.js";
import type { ContractCase } from "./contract-case.js";
import { allPages, idsOf } from "./history-pages.js";
import { committed, sampleLine, sampleRequest, unique } from "./samples.js";
import { atOnce, changeOf, created, moved } from "./steps.js";

/** One filter of history, with an execution that it finds. No other test uses the same `mark`. */
interface Filter {
  readonly by: string;
  matching(mark: string): Partial<NewExecution>;
  query(mark: string, oldest: Execution): HistoryQuery;
}

const soldBy = (request: Parameters<typeof sampleRequest>[0]) => [sampleLine(0), sampleLine(1, sampleRequest(request))];

const FILTERS: readonly Filter[] = [
  { by: "creator", matching: (mark) => ({ createdBy: mark }), query: (mark) => ({ createdBy: mark }) },
  { by: "source", matching: (mark) => ({ source: mark }), query: (mark) => ({ source: mark }) },
  { by: "plan", matching: (mark) => ({ plan: { id: mark, step: 1 } }), query: (mark) => ({ planId: mark }) },
  { by: "account", matching: (mark) => ({ lines: soldBy({ account: mark }) }), query: (mark) => ({ account: mark }) },
  {
    by: "service",
    matching: (mark) => ({ lines: soldBy({ service: `custom.${mark}` }) }),
    query: (mark) => ({ provider: `custom.${mark}` }),
  },
  {
    by: "cloud",
    matching: () => ({ lines: soldBy({ service: "gcp.compute" }) }),
    query: (_, { createdAt }) => ({ provider: "gcp", createdFrom: createdAt }),
  },
  {
    by: "commitment id",
    matching: (mark) => ({
      lines: soldBy({ account: unique("account") }).map((line) =>
        line.index === 1 ? { ...line, ...committed(mark) } : line,
      ),
    }),
    query: (mark) => ({ commitmentId: mark }),
  },
  {
    by: "status",
    matching: () => ({ status: "paused" }),
    query: (_, { createdAt }) => ({ status: ["canceled", "paused"], createdFrom: createdAt }),
  },
  {
    by: "all of these together",
    matching: (mark) => ({
      createdBy: mark,
      source: mark,
      plan: { id: mark, step: null },
      status: "paused",
      lines: [{ ...sampleLine(0, sampleRequest({ account: unique("account") })), ...committed(mark) }, sampleLine(1)],
    }),
    query: (mark, { createdAt }) => ({
      createdBy: mark,
      source: mark,
      planId: mark,
      status: ["paused"],
      provider: "custom.contract",
      account: "account-1",
      commitmentId: mark,
      createdFrom: createdAt,
      createdBefore: createdAt + 3_600_000,
    }),
  },
];

/** Cases about reading history page by page. */
export const pagingCases: readonly ContractCase[] = [
  ...FILTERS.map(
    ({ by, matching, query }): ContractCase => ({
      name: `history filtered by ${by} pages through what matches exactly once, newest first, and through nothing else`,
      async run({ store, pass }) {
        const mark = unique("mark");
        await pass(2);
        const executions: Execution[] = [];
        for (let batch = 0; batch < 2; batch += 1) {
          executions.push(...(await atOnce(3, () => created(store, matching(mark)))));
          await created(store);
          await pass(2);
        }
        const [first] = executions.toSorted((a, b) => a.createdAt - b.createdAt);
        const wanted = query(mark, first ?? assert.fail());
        const { executions: whole, nextCursor } = await store.history(wanted);
        assert.equal(nextCursor, undefined);
        assert.deepEqual(idsOf(whole).toSorted(), idsOf(executions).toSorted());
        const ages = whole.map(({ createdAt }) => createdAt);
        assert.deepEqual(
          ages,
          ages.toSorted((a, b) => b - a),
        );
        const pages = await allPages(store, { ...wanted, limit: 2 });
        assert.deepEqual(pages, [whole.slice(0, 2), whole.slice(2, 4), whole.slice(4)]);
      },
    }),
  ),
  {
    name: "history goes on after a page though executions of it, its last one too, are removed meanwhile",
    async run({ store }) {
      const createdBy = unique("alice");
      await atOnce(7, () => created(store, { createdBy }));
      const { executions: whole } = await store.history({ createdBy });
      const { nextCursor: cursor = "" } = await store.history({ createdBy, limit: 3 });
      const doomed = [whole[1], whole[2], whole[4]].map((one) => one ?? assert.fail());
      const named = doomed.map(({ id, version }) => ({ executionId: id, version }));
      assert.equal(await store.remove({ executions: named, notBefore: 0 }), true);
      const rest = await store.history({ createdBy, cursor });
      assert.deepEqual(rest, { executions: [whole[3], whole[5], whole[6]] });
    },
  },
  {
    name: "history goes on after a page though executions change meanwhile",
    async run({ store, pass }) {
      const createdBy = unique("alice");
      await atOnce(5, () => created(store, { createdBy }));
      const { executions: whole } = await store.history({ createdBy });
      const page = await store.history({ createdBy, limit: 2 });
      await pass(2);
      for (const at of [4, 1, 3]) await moved(store, changeOf(whole[at] ?? assert.fail(), { status: "canceled" }));
      const rest = await store.history({ createdBy, cursor: page.nextCursor ?? assert.fail() });
      assert.deepEqual(idsOf(rest.executions), idsOf(whole.slice(2)));
      assert.deepEqual(idsOf((await store.history({ createdBy })).executions), idsOf(whole));
    },
  },
];
