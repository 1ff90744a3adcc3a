import { type Execution, type LineProgress, PLANNED } from "../../domain/execution.js";
import type { Money } from "../../domain/money.js";
import type { ExecutionChange } from "../../store-port/execution-store.js";
import { assert } from "../assert.js";
import type { ContractCase } from "./contract-case.js";
import { approved, assertUse, limitOn, pricedLine, setLimits, usd, withPrice } from "./limit-steps.js";
import { committed, unique } from "./samples.js";
import { changeOf, moved, read } from "./steps.js";

const drifted = (found: Money, isAccepted = true): LineProgress => ({
  ...PLANNED,
  priceDrift: { found, acceptedBy: isAccepted ? ["bob"] : [], isAccepted },
});

/** A change that accepts a price for each of the first lines of an execution. */
const accepting = (execution: Execution, ...prices: readonly Money[]): ExecutionChange =>
  changeOf(execution, {
    guard: { version: execution.version },
    lines: prices.map((found, index) => ({ index, progress: drifted(found), acceptsPrice: true })),
  });

/** Cases about prices that people accept after the approval. */
export const priceCases: readonly ContractCase[] = [
  {
    name: "an accepted price holds the difference, and a lower one as much as before",
    async run({ store }) {
      const account = unique("account");
      const limit = limitOn(account);
      await setLimits(store, limit);
      const execution = await approved(store, account, ["40", "10"]);
      const raised = await moved(store, accepting(execution, usd("60")));
      assert.deepEqual(raised.lines[0]?.priceDrift, drifted(usd("60")).priceDrift);
      await assertUse(store, limit, { held: "70" });
      const lower = await moved(store, accepting(raised, usd("5"), usd("20.01")));
      await assertUse(store, limit, { held: "80.01" });
      const again = await moved(store, accepting(lower, usd("60")));
      await assertUse(store, limit, { held: "80.01" });
      const lines = [{ index: 0, progress: withPrice(committed(unique("ri")), usd("59")) }];
      const bought = await moved(store, changeOf(again, { guard: { version: again.version }, lines }));
      await assertUse(store, limit, { used: "59", held: "20.01" });
      await moved(store, changeOf(bought, { status: "partially_completed" }));
      await assertUse(store, limit, { used: "59" });
    },
  },
  {
    name: "an accepted price counts with the tolerance of its line",
    async run({ store }) {
      const account = unique("account");
      const limit = limitOn(account);
      await setLimits(store, limit);
      const request = { priceTolerancePercent: 10 } as object;
      const execution = await approved(store, account, [], { lines: [pricedLine(account, "40", 0, request)] });
      await moved(store, accepting(execution, usd("50.01")));
      await assertUse(store, limit, { held: "55.02" });
    },
  },
  {
    name: "an accepted price that a limit does not allow, or cannot count, changes nothing",
    async run({ store }) {
      const account = unique("account");
      const [limit, wide] = [limitOn(account), limitOn(account, { max: usd("1000") })];
      await setLimits(store, limit, wide);
      const execution = await approved(store, account, ["40", "10"]);
      const { exceeded, ...refused } = { exceeded: [], ...(await store.commit(accepting(execution, usd("90.01")))) };
      assert.deepEqual(refused, { kind: "refused", because: "limit" });
      const counted = {
        limit: limit.name,
        period: "0",
        max: "100",
        currency: "USD",
        used: "0",
        held: "50",
        asked: "50.01",
      };
      assert.deepEqual(exceeded, [counted]);
      assert.deepEqual(await store.commit(accepting(execution, usd("41"), { amount: "1", currency: "EUR" })), {
        kind: "refused",
        because: "amount",
        uncounted: [limit, wide]
          .map(({ name }) => ({ limit: name, lineIndex: 1 }))
          .sort((a, b) => (a.limit < b.limit ? -1 : 1)),
      });
      assert.deepEqual(await read(store, execution.id), execution);
      await assertUse(store, limit, { held: "50" });
      await moved(store, accepting(execution, usd("90")));
      await assertUse(store, limit, { held: "100" });
      await assertUse(store, wide, { held: "100" });
    },
  },
  {
    name: "of many racing accepted prices no more are held than fit",
    async run({ store }) {
      const account = unique("account");
      const limit = limitOn(account);
      await setLimits(store, limit);
      const executions = await Promise.all(Array.from({ length: 6 }, () => approved(store, account, ["10"])));
      const results = await Promise.all(executions.map((execution) => store.commit(accepting(execution, usd("30")))));
      assert.equal(results.filter(({ kind }) => kind === "moved").length, 2);
      await assertUse(store, limit, { held: "100" });
    },
  },
  {
    name: "a price that is accepted for a line that holds nothing goes on to hold nothing",
    async run({ store }) {
      const account = unique("account");
      await setLimits(store);
      const execution = await approved(store, account, ["40"]);
      const limit = limitOn(account);
      await setLimits(store, limit);
      await moved(store, accepting(execution, usd("500")));
      await assertUse(store, limit, {});
      const outdated = await store.commit(accepting(execution, usd("600")));
      assert.deepEqual(outdated, { kind: "refused", because: "guard" });
    },
  },
];
