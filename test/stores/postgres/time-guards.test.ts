import { expect, test } from "vitest";
import type { ChangeGuard } from "../../../src/store-port/execution-store.js";
import { timeGuards, timeParameters } from "../../../src/stores/postgres/statements/time-guards.js";
import { onEachServer } from "../support/on-each-server.js";

const AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
/** The same millisecond, nearly over. */
const CLOCK = "timestamptz '2026-01-02T03:04:05.678999Z'";
const GUARDS = timeGuards({ after: "$1", before: "$2" }).replaceAll("clock_timestamp()", CLOCK);

const EXAMPLES: readonly (readonly [guard: ChangeGuard, holds: boolean])[] = [
  [{}, true],
  [{ after: AT - 1 }, true],
  [{ after: AT }, false],
  [{ after: AT + 1 }, false],
  [{ before: AT - 1 }, false],
  [{ before: AT }, false],
  [{ before: AT + 1 }, true],
  [{ after: AT - 1, before: AT + 1 }, true],
  [{ after: AT - 1, before: AT }, false],
  [{ after: AT, before: AT + 1 }, false],
  [{ after: Number.NEGATIVE_INFINITY, before: Number.POSITIVE_INFINITY }, true],
  [{ after: Number.POSITIVE_INFINITY }, false],
  [{ before: Number.NEGATIVE_INFINITY }, false],
  [{ after: Number.NaN }, false],
  [{ before: Number.NaN }, false],
  [{ after: 8.64e15 }, false],
  [{ before: Number.MAX_VALUE }, true],
];

onEachServer((database) => {
  // No other test can stop a server's clock at the very millisecond.
  test.each(EXAMPLES)("at 678 ms past the second, %j holds: %s", async (guard, holds) => {
    const { rows } = await database.pool.query(`select (${GUARDS})::text as holds`, [...timeParameters(guard)]);
    expect(rows).toEqual([{ holds: String(holds) }]);
  });
});
