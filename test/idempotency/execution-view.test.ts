import { describe, expect, test } from "vitest";
import { type Execution, PLANNED } from "../../src/domain/execution.js";
import { lineageIdOf } from "../../src/domain/lineage-id.js";
import { retryKey } from "../../src/domain/retry-key.js";
import { deriveIdempotencyToken } from "../../src/idempotency/derive-idempotency-token.js";
import { viewOf } from "../../src/idempotency/execution-view.js";
import { maskToken } from "../../src/idempotency/mask-token.js";
import { reservationId } from "../../src/idempotency/token-formats.js";
import { memoryStore } from "../../src/stores/memory/memory-store.js";
import { newInput, sampleLine } from "../../src/testing/store-contract/samples.js";

const LINEAGE = "lin_0b54e0a8-3f62-4d06-9d0c-5b3a37a9e9d5";
const TOKENS = [0, 1].map((index) => deriveIdempotencyToken(LINEAGE, index));

async function storedExecution(): Promise<Execution> {
  const { execution } = await memoryStore()
    .create(newInput({ lineageKey: LINEAGE, lines: [sampleLine(0), sampleLine(1)] }))
    .then((result) => (result.kind === "refused" ? expect.unreachable() : result));
  return execution;
}

/** What a line is prepared with, all that a provider may have made of its token in it. */
const preparedUnder = (token: string) => ({
  reference: reservationId("buyonce-", token),
  lane: "custom.x/1/eu",
  snapshot: ["c-1"],
  detail: { clientToken: token, name: `${reservationId("buyonce-", token)}-2`, hours: 8760 },
});

describe("viewOf", () => {
  test("has an id of the lineage in the place of its key and the number of the retry, and is otherwise the execution", async () => {
    const execution = await storedExecution();
    const { lineageKey, ...rest } = execution;
    expect(viewOf(execution)).toEqual({ ...rest, lineageId: lineageIdOf(lineageKey), retryAttempt: 0 });
    expect(JSON.stringify(viewOf(execution))).not.toContain(LINEAGE);
  });

  test("gives an id that is the same for a whole lineage, and from which no token derives", async () => {
    const execution = await storedExecution();
    const { lineageId } = viewOf({ ...execution, id: "exec_retry", retryOf: execution.id });
    expect(lineageId).toBe(viewOf(execution).lineageId);
    expect(lineageId).toMatch(/^lin_[0-9a-f]{32}$/);
    expect(viewOf({ ...execution, lineageKey: `${LINEAGE}x` }).lineageId).not.toBe(lineageId);
    expect(TOKENS).not.toContain(deriveIdempotencyToken(lineageId, 0));
  });

  test.each<readonly [string, string | null, number]>([
    ["any key", null, 0],
    [retryKey(3, "exec_1"), null, 0],
    [retryKey(1, "exec_1"), "exec_1", 1],
    [retryKey(12, "exec_1"), "exec_1", 12],
    ["buyonce/retry/exec_1", "exec_1", 1],
    ["another key", "exec_1", 1],
  ])("says of the key %s and a retry of %s that it is retry %i", async (requestKey, retryOf, retryAttempt) => {
    expect(viewOf({ ...(await storedExecution()), requestKey, retryOf })).toMatchObject({ retryAttempt });
  });

  test("shows no token, name or client token that a line was prepared with, and leaves the stored execution alone", async () => {
    const execution = await storedExecution();
    const lines = execution.lines.map((line) => {
      const prepared = preparedUnder(deriveIdempotencyToken(LINEAGE, line.index));
      const saidAbsent = { by: "ann", prepared, submittedAt: 1, dismissed: ["c-9"] };
      return { ...line, ...PLANNED, prepared, saidAbsent };
    });
    const view = viewOf({ ...execution, lines });
    for (const token of TOKENS) expect(JSON.stringify(view)).not.toContain(token.slice(0, 12));
    const [token = ""] = TOKENS;
    expect(view.lines[0]).toMatchObject({
      prepared: {
        lane: "custom.x/1/eu",
        snapshot: ["c-1"],
        detail: { clientToken: maskToken(token), name: `buyonce-${maskToken(token)}-2`, hours: 8760 },
      },
      saidAbsent: { by: "ann", dismissed: ["c-9"], prepared: { reference: `buyonce-${maskToken(token)}` } },
    });
    expect(lines[0]?.prepared).toEqual(preparedUnder(token));
  });
});
