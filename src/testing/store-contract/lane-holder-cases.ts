import type { LineState } from "../../domain/line-state.js";
import { assert } from "../assert.js";
import type { ContractCase } from "./contract-case.js";
import { committed, sampleLine, submitting, unique } from "./samples.js";
import { created, lineChange, moved } from "./steps.js";

/** Cases about the line that holds a lane. */
export const laneHolderCases: readonly ContractCase[] = [
  {
    name: "laneHolder names the line that is submitting or in doubt in a lane",
    async run({ store }) {
      const lane = unique("lane");
      const execution = await created(store, { lines: [sampleLine(0), sampleLine(3), sampleLine(4)] });
      const beside = await moved(store, lineChange(execution, submitting(unique("lane")), 0));
      const holding = await moved(store, lineChange(beside, submitting(lane), 3));
      const holder = { executionId: execution.id, lineIndex: 3 };
      assert.deepEqual(await store.laneHolder(lane), holder);
      await moved(store, lineChange(holding, { ...submitting(lane), state: "in_doubt" }, 3));
      assert.deepEqual(await store.laneHolder(lane), holder);
    },
  },
  {
    name: "laneHolder answers undefined for a lane that nobody holds",
    async run({ store }) {
      const lane = unique("lane");
      await moved(store, lineChange(await created(store), submitting()));
      await moved(store, lineChange(await created(store), submitting(`${lane}/longer`)));
      for (const free of [lane, "", `${lane}/`]) assert.equal(await store.laneHolder(free), undefined);
    },
  },
  ...(["planned", "committed", "rejected", "skipped"] satisfies LineState[]).map(
    (state): ContractCase => ({
      name: `laneHolder forgets a line that becomes ${state}, and names the next one`,
      async run({ store }) {
        const lane = unique("lane");
        const line = await moved(store, lineChange(await created(store), submitting(lane)));
        const { prepared } = submitting(lane);
        const { commitment } = state === "committed" ? committed(unique("ri")) : submitting();
        await moved(store, lineChange(line, { ...submitting(), prepared, commitment, state }));
        assert.equal(await store.laneHolder(lane), undefined);
        const next = await moved(store, lineChange(await created(store), submitting(lane)));
        assert.deepEqual(await store.laneHolder(lane), { executionId: next.id, lineIndex: 0 });
      },
    }),
  ),
];
