import type { CommitmentRequest } from "../../domain/commitment-request/commitment-request.js";
import type { PurchaseLine } from "../../domain/execution.js";
import type { NeededLineQuery } from "../../store-port/execution-store.js";
import { assert } from "../assert.js";
import type { ContractCase } from "./contract-case.js";
import { committed, sampleLine, sampleRequest, unique } from "./samples.js";
import { changeOf, created, lineChange, moved } from "./steps.js";

const HOUR_MS = 3_600_000;

/** A line that covers a need. */
const needing = (key: string, request: Partial<CommitmentRequest>): PurchaseLine => ({
  ...sampleLine(0, sampleRequest(request)),
  need: { key, windowMs: HOUR_MS, allowOverlap: null },
});

/** Cases about the lines that take needs, as people read them. */
export const neededLineCases: readonly ContractCase[] = [
  {
    name: "neededLines tells the lines that take needs, of an account or a service, by needs in their order",
    async run({ store }) {
      const [account, service] = [unique("account"), unique("custom.service")];
      const keys = [1, 2, 3].map((number) => unique(`need-${number}`)) as [string, string, string];
      const inAccount = (key: string, more: Partial<CommitmentRequest> = {}) => needing(key, { account, ...more });
      const late = await created(store, { status: "pending", lines: [inAccount(keys[2])] });
      const first = await created(store, { status: "paused", lines: [inAccount(keys[0], { service } as never)] });
      const again = await created(store, { status: "notified", lines: [inAccount(keys[0])] });
      const bought = await moved(
        store,
        lineChange(await created(store, { lines: [inAccount(keys[1])] }), committed(unique("ri"))),
      );
      const over = await created(store, { status: "pending", lines: [inAccount(keys[1])] });
      await moved(store, changeOf(over, { status: "canceled" }));
      const told = async (query: Partial<NeededLineQuery>) =>
        (await store.neededLines({ account, boughtWithinMs: HOUR_MS, limit: 10, ...query })).map(
          ({ executionId, needKey }) => ({ executionId, needKey }),
        );
      const ofFirst = [first, again]
        .map(({ id }) => id)
        .toSorted()
        .map((executionId) => ({ executionId, needKey: keys[0] }));
      const others = [
        { executionId: bought.id, needKey: keys[1] },
        { executionId: late.id, needKey: keys[2] },
      ];
      assert.deepEqual(await told({}), [...ofFirst, ...others]);
      assert.deepEqual(await told({ limit: 1 }), ofFirst);
      assert.deepEqual(await told({ after: keys[0] }), others);
      assert.deepEqual(await told({ service }), [{ executionId: first.id, needKey: keys[0] }]);
      assert.deepEqual(await told({ account: unique("account") }), []);
      const [line] = await store.neededLines({ account, after: keys[1], boughtWithinMs: HOUR_MS, limit: 1 });
      assert.deepEqual(
        [line?.request, line?.expiresAt, line?.lineState, line?.until],
        [late.lines[0]?.request, late.expiresAt, "planned", null],
      );
    },
  },
  {
    name: "neededLines tells those of the needs that are wanted, each once",
    async run({ store }) {
      const account = unique("account");
      const keys = [1, 2, 3].map((number) => unique(`need-${number}`)) as [string, string, string];
      for (const key of keys) await created(store, { status: "pending", lines: [needing(key, { account })] });
      const told = async (needKeys: readonly string[], query: Partial<NeededLineQuery> = {}) =>
        (await store.neededLines({ boughtWithinMs: HOUR_MS, limit: 10, needKeys, ...query })).map(
          ({ needKey }) => needKey,
        );
      assert.deepEqual(await told([keys[2], unique("none"), keys[0], keys[2]]), [keys[0], keys[2]]);
      assert.deepEqual(await told([]), []);
      assert.deepEqual(await told([keys[1]], { account: unique("account") }), []);
      assert.deepEqual(await told([keys[2], keys[0]], { limit: 1 }), [keys[0]]);
      assert.deepEqual(await told([keys[2], keys[0]], { after: keys[0] }), [keys[2]]);
    },
  },
];
