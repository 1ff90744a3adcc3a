import type { Execution, LineProgress } from "../../domain/execution.js";
import { PLANNED } from "../../domain/execution.js";
import type { ExecutionStatus } from "../../domain/execution-status.js";
import type { LineState } from "../../domain/line-state.js";
import type { Money } from "../../domain/money.js";
import type { ExecutionStore, StoredLimit } from "../../store-port/execution-store.js";
import { assert } from "../assert.js";
import type { ContractCase, Subject } from "./contract-case.js";
import {
  approval,
  approved,
  assertUse,
  limitOn,
  pricedLine,
  setLimits,
  usd,
  useOf,
  waiting,
  withPrice,
} from "./limit-steps.js";
import { committed, newInput, submitting, unique } from "./samples.js";
import { changeOf, createdFrom, lineChange, moved, read } from "./steps.js";
import { EVERYTHING, MOVES } from "./sweep-steps.js";

/** A limit of 100 USD, and approved executions that it counts. */
interface Limited {
  readonly store: ExecutionStore;
  readonly limit: StoredLimit;
  approve(...prices: readonly string[]): Promise<Execution>;
}

/** A case that begins with a limit which has counted nothing. */
const limitedCase = (name: string, run: (limited: Limited, subject: Subject) => Promise<void>): ContractCase => ({
  name,
  async run(subject) {
    const { store } = subject;
    const account = unique("account");
    const limit = limitOn(account);
    await setLimits(store, limit);
    await run({ store, limit, approve: (...prices) => approved(store, account, prices) }, subject);
  },
});

const bought = (price?: Money): LineProgress => withPrice(committed(unique("ri")), price);

const rejected: LineProgress = { ...PLANNED, state: "rejected", rejection: { code: "Odd", message: "text" } };

const ENDS = ["failed", "canceled", "completed", "partially_completed", "expired"] as const satisfies ExecutionStatus[];

const overrunsOf = async (store: ExecutionStore, { id }: Execution): Promise<unknown> =>
  (await store.events(id)).at(-1)?.data?.["overruns"];

/** Cases about what becomes of what lines hold of limits. */
export const holdCases: readonly ContractCase[] = [
  ...(
    [
      ["the price that was found before the purchase", usd("59.5"), "59.5"],
      ["what it held, if no price was found", undefined, "60"],
      ["what it held, if the price is in another currency", { amount: "1", currency: "EUR" }, "60"],
    ] as const
  ).map(([what, price, used]) =>
    limitedCase(`a line that is bought uses ${what}, and the others hold on`, async ({ store, limit, approve }) => {
      const first = await moved(store, lineChange(await approve("60", "30"), submitting()));
      await assertUse(store, limit, { held: "90" });
      const second = await moved(store, lineChange(first, bought(price)));
      await assertUse(store, limit, { used, held: "30" });
      const labeled = { ...(second.lines[0] as LineProgress), needsLabel: false, prepared: null };
      await moved(store, lineChange(second, labeled));
      await assertUse(store, limit, { used, held: "30" });
      assert.equal(await overrunsOf(store, first), undefined);
    }),
  ),
  limitedCase("what is used and what is held leave the rest for others", async ({ store, limit, approve }) => {
    await moved(store, lineChange(await approve("60"), bought()));
    await approve("10");
    const tooMuch = await waiting(store, limit.scope.account ?? "", ["30.01"]);
    const refused = await store.commit(approval(tooMuch));
    assert.deepEqual(refused, {
      kind: "refused",
      because: "limit",
      exceeded: [
        { limit: limit.name, period: "0", max: "100", currency: "USD", used: "60", held: "10", asked: "30.01" },
      ],
    });
    await approve("30");
    await assertUse(store, limit, { used: "60", held: "40" });
  }),
  ...(["rejected", "skipped"] as const).map((state) =>
    limitedCase(
      `a line that is ${state} releases what it held, and the others hold on`,
      async ({ store, limit, approve }) => {
        const execution = await approve("60", "30");
        const change = lineChange(execution, { ...rejected, state }, 1);
        await moved(store, change);
        await assertUse(store, limit, { held: "60" });
        assert.equal((await store.commit(change)).kind, "refused");
        await assertUse(store, limit, { held: "60" });
      },
    ),
  ),
  ...ENDS.map((status) =>
    limitedCase(
      `planned lines of an execution that goes to ${status} release what they held, once`,
      async ({ store, limit, approve }) => {
        const [alone, withLines] = [await approve("10"), await approve("20", "30", "5")];
        await moved(store, changeOf(alone, { status }));
        await assertUse(store, limit, { held: "55" });
        const { version } = withLines;
        const lines = [{ index: 0, progress: bought() }];
        await moved(store, changeOf(withLines, { guard: { version }, status, wakeAt: null, lines }));
        await assertUse(store, limit, { used: "20" });
        await moved(store, changeOf(alone, { status, wakeAt: null }));
        await assertUse(store, limit, { used: "20" });
      },
    ),
  ),
  limitedCase("planned lines hold on while their execution is open", async ({ store, limit, approve }) => {
    const execution = await approve("10");
    for (const status of ["running", "in_doubt", "running", "approved"] as const) {
      await moved(store, changeOf(execution, { status }));
      await moved(store, changeOf(execution, { status, wakeAt: null }));
      await assertUse(store, limit, { held: "10" });
    }
  }),
  ...(["submitting", "in_doubt"] as const satisfies LineState[]).map((state) =>
    limitedCase(
      `a line that is ${state} holds on, whatever becomes of its execution`,
      async ({ store, limit, approve }) => {
        const sent = await moved(store, lineChange(await approve("10", "20"), { ...submitting(), state }));
        await moved(store, changeOf(sent, { status: "failed" }));
        await assertUse(store, limit, { held: "10" });
        await moved(store, lineChange(await read(store, sent.id), bought(usd("9"))));
        await assertUse(store, limit, { used: "9" });
      },
    ),
  ),
  limitedCase("a charge above its hold counts, and its event says so", async ({ store, limit, approve }) => {
    const execution = await approve("60.10", "30", "1");
    const lines = [
      { index: 2, progress: bought(usd("1")) },
      { index: 0, progress: bought(usd("75.35")) },
      { index: 1, progress: bought(usd("30.5")) },
    ];
    const event = { kind: "committed", actor: "w", data: { seen: 1 } } as const;
    await moved(store, changeOf(execution, { guard: { version: execution.version }, lines, event }));
    await assertUse(store, limit, { used: "106.85", overrun: "15.75" });
    const overrun = { limits: [limit.name], currency: "USD" };
    assert.deepEqual((await store.events(execution.id)).at(-1)?.data, {
      seen: 1,
      overruns: [
        { ...overrun, lineIndex: 0, held: "60.1", used: "75.35", overrun: "15.25" },
        { ...overrun, lineIndex: 1, held: "30", used: "30.5", overrun: "0.5" },
      ],
    });
    await moved(store, lineChange(await read(store, execution.id), bought(usd("75.35"))));
    assert.equal(await overrunsOf(store, execution), undefined);
    await assertUse(store, limit, { used: "106.85", overrun: "15.75" });
  }),
  limitedCase(
    "a purchase that is found after its hold ended counts, and its event says so",
    async ({ store, limit, approve }) => {
      const failed = await moved(store, changeOf(await approve("60"), { status: "failed" }));
      await assertUse(store, limit, {});
      await moved(store, lineChange(failed, bought(usd("55"))));
      await assertUse(store, limit, { used: "55", overrun: "55" });
      assert.deepEqual(await overrunsOf(store, failed), [
        { lineIndex: 0, limits: [limit.name], currency: "USD", held: "60", used: "55", overrun: "55" },
      ]);
    },
  ),
  limitedCase("a purchase that is taken back uses nothing any more", async ({ store, limit, approve }) => {
    const first = await moved(store, lineChange(await approve("60"), bought(usd("65"))));
    const doubtful = await moved(store, lineChange(first, { ...submitting(), state: "in_doubt" }));
    await assertUse(store, limit, { held: "60" });
    await moved(store, lineChange(doubtful, rejected));
    await assertUse(store, limit, {});
  }),
  limitedCase("a retry holds anew", async ({ store, limit, approve }) => {
    const first = await approve("60", "30");
    const lines = [{ index: 0, progress: bought() }];
    const failed = await moved(
      store,
      changeOf(first, { guard: { version: first.version }, status: "partially_completed", lines }),
    );
    await assertUse(store, limit, { used: "60" });
    const retry = await createdFrom(store, {
      ...newInput({
        status: "pending",
        lineageKey: first.lineageKey,
        lines: [pricedLine(limit.scope.account ?? "", "30", 1)],
      }),
      retryOf: { executionId: first.id, version: failed.version, predecessorEvent: { kind: "retried", actor: "c" } },
    });
    await assertUse(store, limit, { used: "60" });
    await moved(store, approval(retry));
    await assertUse(store, limit, { used: "60", held: "30" });
  }),
  limitedCase(
    "sweeps that end executions release what planned lines held",
    async ({ store, limit, approve }, { pass }) => {
      const [due, stuck] = [await approve("10"), await approve("20", "30")];
      await moved(store, lineChange(stuck, { ...submitting(), state: "in_doubt" }, 1));
      await moved(store, changeOf(stuck, { wakeAt: 4_000_000_000_000 }));
      await pass(5);
      const swept = await MOVES.taken(store, EVERYTHING);
      assert.ok(swept.some(({ executionId }) => executionId === due.id));
      await assertUse(store, limit, { held: "50" });
      if (store.reap === undefined) return;
      await moved(store, changeOf(stuck, { wakeAt: null }));
      await pass(5);
      const verdicts = [{ from: "approved", proof: "unsettled", to: "failed", because: "it was stuck" }] as const;
      await store.reap({ olderThanMs: 1, limit: EVERYTHING, actor: "contract", verdicts });
      await assertUse(store, limit, { held: "30" });
    },
  ),
  {
    name: "a purchase counts in the period of its hold",
    async run({ store, pass }) {
      const account = unique("account");
      const limit = limitOn(account, { per: 100 });
      await setLimits(store, limit);
      const first = await approved(store, account, ["100"]);
      await pass(101);
      await approved(store, account, ["100"]);
      await pass(101);
      await moved(store, lineChange(first, bought(usd("100"))));
      await approved(store, account, ["100"]);
    },
  },
  limitedCase("racing changes settle each hold once", async ({ store, limit, approve }) => {
    const executions = await Promise.all(["10", "20", "30"].map((price) => approve(price, "5")));
    await Promise.all(
      executions.flatMap((execution) => [
        store.commit(changeOf(execution, { status: "failed" })),
        store.commit(lineChange(execution, bought())),
        store.commit(changeOf(execution, { status: "canceled", wakeAt: null })),
      ]),
    );
    const lines = (await Promise.all(executions.map(({ id }) => read(store, id)))).flatMap((one) => one.lines);
    const used = lines
      .filter(({ state }) => state === "committed")
      .reduce((sum, { request }) => sum + Number(request.expectedPrice.amount), 0);
    const counted = await useOf(store, limit);
    assert.deepEqual({ held: counted.held, used: Number(counted.used) }, { held: "0", used });
  }),
  limitedCase(
    "an approval that races with the end of its execution leaves no hold behind",
    async ({ store, limit }) => {
      const account = limit.scope.account ?? "";
      for (let round = 0; round < 5; round += 1) {
        const execution = await waiting(store, account, ["10", "5"]);
        await Promise.all([
          store.commit(approval(execution)),
          store.commit(changeOf(execution, { status: "canceled" })),
          store.commit(changeOf(execution, { status: "canceled", wakeAt: null })),
        ]);
        await moved(store, changeOf(execution, { status: "canceled" }));
        await assertUse(store, limit, {});
      }
    },
  ),
];
