import type { Commitment } from "../../domain/evidence.js";
import { type Execution, type LineProgress, PLANNED } from "../../domain/execution.js";
import type { ExecutionStore } from "../../store-port/execution-store.js";
import { assert } from "../assert.js";
import { type ContractCase, RACERS } from "./contract-case.js";
import { committed, ideographs, newInput, sampleLine, sampleRequest, submitting, unique } from "./samples.js";
import { assertRefused, atOnce, changeOf, created, createdFrom, lineChange, moved, read } from "./steps.js";

/** Progress of a bought line, with more fields of its commitment. */
const bought = (commitmentIds: readonly string[], parts: Partial<Commitment> = {}): LineProgress => ({
  ...committed(),
  commitment: { commitmentIds, adopted: false, ...parts },
});

/** The claimed ones among these ids, each with the index of its line. */
async function claimed(
  store: ExecutionStore,
  ...commitmentIds: readonly string[]
): Promise<ReadonlyMap<string, number>> {
  const claims = await store.claims({ cloud: "custom.contract", account: "account-1", commitmentIds });
  assert.equal(new Set(claims.map(({ commitmentId }) => commitmentId)).size, claims.length, "an id is claimed twice");
  return new Map(claims.map(({ commitmentId, lineIndex }) => [commitmentId, lineIndex]));
}

const twoLines = (store: ExecutionStore): Promise<Execution> =>
  created(store, { lines: [sampleLine(0), sampleLine(1)] });

/** Cases about ids of commitments: how lines claim them, free them, and claim freed ones. */
export const commitmentIdCases: readonly ContractCase[] = [
  {
    name: "an id that a change takes out of a line's commitment is free again, and one that stays is not",
    async run({ store }) {
      const [out, stays, added] = [unique("ri"), unique("ri"), unique("ri")];
      const wrong = await moved(store, lineChange(await created(store), bought([out, stays], { resolvedBy: "carol" })));
      const right = await moved(store, lineChange(wrong, bought([stays, added])));
      assert.deepEqual(right.lines[0]?.commitment?.commitmentIds, [stays, added]);
      assert.deepEqual([...(await claimed(store, out, stays, added)).keys()].toSorted(), [stays, added].toSorted());
      assert.deepEqual(await store.history({ commitmentId: out }), { executions: [] });
      const other = await created(store);
      for (const id of [stays, added]) await assertRefused(store, lineChange(other, committed(id)), "commitment");
      await moved(store, lineChange(other, committed(out)));
      await assertRefused(store, lineChange(right, committed(out)), "commitment");
    },
  },
  {
    name: "a line that loses its commitment frees all ids of it, former ones too",
    async run({ store }) {
      const [id, formerId] = [unique("ri"), unique("ri")];
      const wrong = await moved(store, lineChange(await created(store), bought([id], { formerIds: [formerId] })));
      const again = await moved(store, lineChange(wrong, bought([id])));
      assert.deepEqual(
        [...(await claimed(store, id, formerId)).keys()],
        [id],
        "a former id that is no longer named is still claimed",
      );
      const doubted = await moved(store, lineChange(again, { ...submitting(), state: "in_doubt" }));
      assert.equal(doubted.lines[0]?.commitment, null);
      assert.equal((await claimed(store, id)).size, 0);
      await moved(store, lineChange(await created(store), committed(id, formerId)));
    },
  },
  {
    name: "a change frees no id of a line that it does not name",
    async run({ store }) {
      const [first, second] = [unique("ri"), unique("ri")];
      const both = [committed(first), committed(second)].map((progress, index) => ({ index, progress }));
      const execution = await moved(store, changeOf(await twoLines(store), { guard: { version: 1 }, lines: both }));
      await moved(store, lineChange(execution, PLANNED, 1));
      assert.deepEqual(await claimed(store, first, second), new Map([[first, 0]]));
      await moved(store, changeOf(execution, { status: "failed", wakeAt: null }));
      assert.deepEqual(await claimed(store, first), new Map([[first, 0]]));
    },
  },
  ...[0, 1].map(
    (from): ContractCase => ({
      name: `one change gives an id of line ${from} to line ${1 - from}`,
      async run({ store }) {
        const [id, other] = [unique("ri"), unique("ri")];
        const to = 1 - from;
        const wrong = await moved(
          store,
          lineChange(await twoLines(store), bought([id], { resolvedBy: "carol" }), from),
        );
        const lines = [
          { index: from, progress: committed(other) },
          { index: to, progress: committed(id) },
        ];
        await moved(store, changeOf(wrong, { guard: { version: wrong.version }, lines }));
        assert.deepEqual(
          await claimed(store, id, other),
          new Map([
            [id, to],
            [other, from],
          ]),
        );
      },
    }),
  ),
  {
    name: "a refused change frees no id",
    async run({ store }) {
      const [mine, taken] = [unique("ri"), unique("ri")];
      await moved(store, lineChange(await created(store), committed(taken)));
      const line = await moved(store, lineChange(await created(store), committed(mine)));
      await assertRefused(store, lineChange(line, committed(taken)), "commitment");
      const late = lineChange(line, PLANNED);
      await assertRefused(store, { ...late, guard: { version: line.version + 1 } }, "guard");
      assert.deepEqual(await claimed(store, mine), new Map([[mine, 0]]));
      await assertRefused(store, lineChange(await created(store), committed(mine)), "commitment");
    },
  },
  {
    name: "an id that is freed while others want it goes to one of them at most, and claims tell to which",
    async run({ store }) {
      const id = unique("ri");
      const holder = await moved(store, lineChange(await created(store), committed(id)));
      const rivals = await atOnce(RACERS, () => created(store));
      const [freed, ...results] = await Promise.all([
        store.commit(lineChange(holder, PLANNED)),
        ...rivals.map((rival) => store.commit(lineChange(rival, committed(id)))),
      ]);
      assert.equal(freed.kind, "moved");
      const winners = rivals.filter((_, at) => results[at]?.kind === "moved").map((rival) => rival.id);
      for (const result of results) if (result.kind === "refused") assert.equal(result.because, "commitment");
      const claims = await store.claims({ cloud: "custom.contract", account: "account-1", commitmentIds: [id] });
      assert.deepEqual(
        claims.map(({ executionId }) => executionId),
        winners,
      );
      assert.ok(winners.length <= 1);
    },
  },
  {
    name: "lines that want each other's ids at the same time keep their own",
    async run({ store }) {
      for (let round = 0; round < 5; round += 1) {
        const ids = [unique("ri"), unique("ri")];
        const lines = await Promise.all(
          ids.map(async (id) => await moved(store, lineChange(await created(store), committed(id)))),
        );
        const results = await Promise.all(
          lines.map((line, at) => store.commit(lineChange(line, committed(ids[1 - at] ?? assert.fail())))),
        );
        assert.deepEqual(results, Array(2).fill({ kind: "refused", because: "commitment" }));
        for (const line of lines) assert.deepEqual(await read(store, line.id), line);
        assert.equal((await claimed(store, ...ids)).size, 2);
      }
    },
  },
  {
    name: "a line that names one id twice has it once",
    async run({ store }) {
      const [first, second] = [unique("ri"), unique("ri")];
      const twice = (id: string) => bought([id, id], { formerIds: [id, id] });
      const input = newInput({ lines: [{ ...sampleLine(), ...twice(first) }] });
      const execution = await createdFrom(store, input);
      assert.deepEqual(
        execution.lines[0]?.commitment?.commitmentIds,
        [first, first],
        "the commitment is not stored as it was stated",
      );
      assert.deepEqual(await claimed(store, first), new Map([[first, 0]]));
      const changed = await moved(store, lineChange(execution, twice(second)));
      assert.deepEqual(await claimed(store, first, second), new Map([[second, 0]]));
      await assertRefused(store, lineChange(await created(store), committed(second)), "commitment");
      const query = { cloud: "custom.contract", account: "account-1", commitmentIds: [second, second] };
      assert.equal((await store.claims(query)).length, 1);
      assert.deepEqual(await read(store, changed.id), changed);
    },
  },
  {
    name: "claims tells by whose word a line has its ids, as it is now",
    async run({ store }) {
      const account = unique("account");
      const [id, formerId, cloudsId] = [unique("ri"), unique("ri"), unique("ri")];
      const lines = [0, 1].map((index) => sampleLine(index, sampleRequest({ account })));
      const byWord = bought([id], { formerIds: [formerId], resolvedBy: "carol" });
      const first = await moved(store, lineChange(await created(store, { lines }), byWord));
      const second = await moved(store, lineChange(first, committed(cloudsId), 1));
      const told = async () => {
        const query = { cloud: "custom.contract", account, commitmentIds: [id, formerId, cloudsId] };
        return new Map((await store.claims(query)).map(({ commitmentId, byPerson }) => [commitmentId, byPerson]));
      };
      const clouds: readonly [string, boolean] = [cloudsId, false];
      assert.deepEqual(await told(), new Map([[id, true], [formerId, true], clouds]));
      const confirmed = await moved(store, lineChange(second, bought([id], { formerIds: [formerId] })));
      assert.deepEqual(await told(), new Map([[id, false], [formerId, false], clouds]));
      await moved(store, lineChange(confirmed, byWord));
      assert.deepEqual(await told(), new Map([[id, true], [formerId, true], clouds]));
    },
  },
  {
    name: "ids and lanes of 500 characters, and names of 200, are kept whole and are unique, whatever their script",
    async run({ store }) {
      const [lane, id] = [ideographs(500, "rare"), ideographs(500, "rare")];
      const [account, name] = [ideographs(200, "common"), ideographs(200, "common")];
      const request = sampleRequest({ account, region: name, service: `custom.${"s".repeat(61)}` });
      const named = { requestKey: name, createdBy: name, source: name, plan: { id: name, step: 1 } };
      const lines = [sampleLine(0, request), sampleLine(1, request)];
      const execution = await created(store, { ...named, lines });
      const first = await moved(store, lineChange(execution, submitting(lane)));
      const second = await moved(store, lineChange(first, committed(id), 1));
      assert.deepEqual(await read(store, execution.id), second);
      const claims = await store.claims({ cloud: request.service, account, commitmentIds: [id] });
      assert.deepEqual(claims, [{ executionId: execution.id, lineIndex: 1, commitmentId: id, byPerson: false }]);
      assert.deepEqual(await store.laneHolder(lane), { executionId: execution.id, lineIndex: 0 });
      for (const query of [{ createdBy: name }, { source: name }, { planId: name }, { account }, { commitmentId: id }])
        assert.deepEqual(await store.history(query), { executions: [second] });
      // Each text has the same length, and only its last character differs.
      const other = await created(store, { lines });
      await assertRefused(store, lineChange(other, submitting(lane)), "lane");
      await assertRefused(store, lineChange(other, committed(id)), "commitment");
      const changed = await moved(store, lineChange(other, submitting(lastCharacterChanged(lane))));
      await moved(store, lineChange(changed, committed(lastCharacterChanged(id)), 1));
    },
  },
];

const lastCharacterChanged = (text: string): string => `${[...text].slice(0, -1).join("")}x`;
