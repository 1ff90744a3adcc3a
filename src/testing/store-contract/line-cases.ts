import { PLANNED } from "../../domain/execution.js";
import { lineAt } from "../../domain/line-at.js";
import { assert } from "../assert.js";
import type { ContractCase } from "./contract-case.js";
import { committed, fullProgress, sampleEvent, sampleLine, submitting, unique } from "./samples.js";
import { assertRefused, atOnce, changeOf, created, lineChange, moved, read } from "./steps.js";

/** Cases about changes of lines. */
export const lineCases: readonly ContractCase[] = [
  {
    name: "a line change replaces the progress of its line and leaves every other line alone",
    async run({ store }) {
      const before = await created(store, { lines: [sampleLine(0), sampleLine(1), sampleLine(4)] });
      const progress = fullProgress();
      const after = await moved(store, lineChange(before, progress, 1));
      assert.deepEqual(after.lines, [before.lines[0], { ...sampleLine(1), ...progress }, before.lines[2]]);
      assert.deepEqual(await read(store, before.id), after);
      const cleared = await moved(store, lineChange(after, PLANNED, 1));
      assert.deepEqual(cleared.lines, before.lines);
      assert.deepEqual(await read(store, before.id), cleared);
    },
  },
  {
    name: "an answer for which the named lines are enough holds those as they are now, and no other that is not",
    async run({ store }) {
      const before = await created(store, { lines: [sampleLine(0), sampleLine(1), sampleLine(4)] });
      const change = lineChange(before, submitting(), 1);
      const answer = await moved(store, { ...change, answer: "named_lines" });
      const stored = await read(store, before.id);
      assert.equal(stored.version, 2);
      assert.deepEqual({ ...answer, lines: stored.lines }, stored);
      assert.ok(answer.lines.some(({ index }) => index === 1));
      for (const line of answer.lines) assert.deepEqual(line, lineAt(stored, line.index));
      const moreThanLines = {
        ...changeOf(stored, { guard: { version: 2 }, wakeAt: null }),
        answer: "named_lines",
      } as const;
      for (const line of (await moved(store, moreThanLines)).lines) assert.deepEqual(line, lineAt(stored, line.index));
    },
  },
  {
    name: "a commitment keeps everything the cloud said of it",
    async run({ store }) {
      const before = await created(store);
      const commitment = {
        commitmentIds: [unique("ri"), unique("ri")],
        startedAt: 1_790_000_000_009,
        charge: { amount: "1234.500000", currency: "EUR" },
        adopted: true,
        over: { state: "retired", became: "exchanged" },
        withdrawn: { by: "bob", reason: "not needed" },
        resolvedBy: "carol",
      };
      const after = await moved(store, lineChange(before, { ...committed(), commitment }));
      assert.deepEqual(after.lines[0]?.commitment, commitment);
      assert.deepEqual(await read(store, before.id), after);
    },
  },
  {
    name: "one change may change several lines and the status",
    async run({ store }) {
      const before = await created(store, { lines: [sampleLine(0), sampleLine(1)] });
      const change = changeOf(before, {
        guard: { version: 1 },
        status: "failed",
        lines: [
          { index: 1, progress: { ...PLANNED, state: "skipped" } },
          { index: 0, progress: { ...PLANNED, state: "rejected" } },
        ],
      });
      const after = await moved(store, change);
      assert.deepEqual(
        after.lines.map(({ index, state }) => [index, state]),
        [
          [0, "rejected"],
          [1, "skipped"],
        ],
      );
      assert.equal(after.status, "failed");
      assert.equal((await store.events(before.id)).length, 2);
    },
  },
  {
    name: "many lines keep their order by index, and the last of them can be changed alone",
    async run({ store }) {
      const indices = Array.from({ length: 12 }, (_, at) => at * 3);
      const before = await created(store, { lines: indices.map((index) => sampleLine(index)) });
      const event = { ...sampleEvent("write_ahead"), lineIndex: 33 };
      const after = await moved(store, { ...lineChange(before, submitting(), 33), event });
      assert.deepEqual(after.lines, [...before.lines.slice(0, 11), { ...sampleLine(33), ...submitting() }]);
      assert.deepEqual(await read(store, before.id), after);
      assert.equal((await store.events(before.id)).at(-1)?.lineIndex, 33);
    },
  },
  {
    name: "racing workers that each change a line of their own, and try again when refused, lose no change",
    async run({ store }) {
      const lines = Array.from({ length: 6 }, (_, index) => sampleLine(index));
      const execution = await created(store, { lines });
      await atOnce(lines.length, async (index) => {
        for (let tries = 0; tries < 50; tries += 1)
          if ((await store.commit(lineChange(await read(store, execution.id), submitting(), index))).kind === "moved")
            return;
        assert.fail("refused 50 times by five others that change one line each");
      });
      const after = await read(store, execution.id);
      assert.ok(after.lines.every(({ state }) => state === "submitting"));
      assert.equal(after.version, lines.length + 1);
    },
  },
  {
    name: "a refused guard leaves the lines alone",
    async run({ store }) {
      const before = await created(store);
      const change = lineChange(before, submitting());
      await assertRefused(store, { ...change, guard: { ...change.guard, version: 2 } }, "guard");
      await assertRefused(store, { ...change, guard: { ...change.guard, fence: 0 } }, "guard");
    },
  },
  {
    name: "a change of several lines that breaks a uniqueness changes none of them",
    async run({ store }) {
      const lane = unique("lane");
      const holder = await created(store);
      await moved(store, lineChange(holder, submitting(lane)));
      const before = await created(store, { lines: [sampleLine(0), sampleLine(1)] });
      const lines = [
        { index: 0, progress: submitting() },
        { index: 1, progress: submitting(lane) },
      ];
      const change = changeOf(before, { guard: { version: 1 }, status: "running", reason: "no", lines });
      await assertRefused(store, change, "lane");
    },
  },
  {
    name: "stamping a submission sets its time by the store's clock, whatever the caller says",
    async run({ store, pass }) {
      const before = await created(store, { lines: [sampleLine(0), sampleLine(1)] });
      await pass(3);
      const progress = { ...submitting(), submittedAt: 12_345, unprovedRequests: 1 };
      const stamp = changeOf(before, { guard: { version: 1 }, lines: [{ index: 1, progress, stampSubmission: true }] });
      const after = await moved(store, stamp);
      assert.equal(after.lines[1]?.submittedAt, after.updatedAt);
      assert.equal(after.lines[1]?.unprovedSince, after.updatedAt);
      assert.equal(after.lines[1]?.unprovedRequests, 1, "how many requests left is the caller's to count");
      assert.deepEqual(after.lines[0], before.lines[0]);
      assert.deepEqual(await read(store, before.id), after);
    },
  },
  {
    name: "stamping a submission keeps the time since which an earlier one is unproved",
    async run({ store }) {
      const before = await created(store);
      const progress = { ...submitting(), attempt: 2, unprovedSince: 1_790_000_000_000 };
      const stamp = changeOf(before, { guard: { version: 1 }, lines: [{ index: 0, progress, stampSubmission: true }] });
      const after = await moved(store, stamp);
      assert.equal(after.lines[0]?.submittedAt, after.updatedAt);
      assert.equal(after.lines[0]?.unprovedSince, 1_790_000_000_000);
    },
  },
  {
    name: "without a stamp the times of a line are those the caller states",
    async run({ store }) {
      const before = await created(store);
      const progress = { ...submitting(), submittedAt: 1_790_000_000_001, unprovedSince: null };
      const after = await moved(store, lineChange(before, progress));
      assert.equal(after.lines[0]?.submittedAt, 1_790_000_000_001);
      assert.equal(after.lines[0]?.unprovedSince, null);
    },
  },
  {
    name: "lines come in the order of their indices, however they were handed in",
    async run({ store }) {
      const { id } = await created(store, { lines: [sampleLine(4), sampleLine(0), sampleLine(2)] });
      assert.deepEqual(
        (await read(store, id)).lines.map(({ index }) => index),
        [0, 2, 4],
      );
    },
  },
];
