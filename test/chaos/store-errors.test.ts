import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { simulatedLine } from "../support/purchase-fixture.js";
import { type ChaosServer, startChaosServer } from "./support/chaos-server.js";
import { openShop, type Shop } from "./support/shop.js";

/** A tick whose statements are tried six times each takes a second on a busy machine. */
const PATIENCE_MS = 15_000;

let server: ChaosServer;
let shop: Shop;
beforeAll(async () => {
  server = await startChaosServer();
  shop = await openShop(server.pool, "none");
});
afterAll(() => server.close());

/** Every write to an execution fails from now on. */
async function failEveryWrite(sqlState: string): Promise<void> {
  await server.pool.query(`
    create or replace function ${shop.schema}.fail() returns trigger language plpgsql as $$
      begin
        raise exception using errcode = '${sqlState}', message = 'as told', constraint = 'somebody''s own';
      end $$;
    create or replace trigger fail before insert or update on ${shop.schema}.executions
      for each row execute function ${shop.schema}.fail()`);
}

const SQL_STATES = [
  ["query_canceled", "57014"],
  ["lock_not_available", "55P03"],
  ["admin_shutdown", "57P01"],
  ["crash_shutdown", "57P02"],
  ["connection_failure", "08006"],
  ["disk_full", "53100"],
  ["serialization_failure that does not pass", "40001"],
  ["transaction_timeout", "25P04"],
  ["a unique index that is not ours", "23505"],
  ["a check that is not ours", "23514"],
  ["internal_error", "XX000"],
] as const;

describe.each(SQL_STATES)("%s (%s)", (_, code) => {
  test("is thrown by every write of the store as it came, never taken for a refusal, and changes nothing", async () => {
    const id = await shop.basket();
    const before = await shop.store.get(id);
    await failEveryWrite(code);
    try {
      const engine = shop.worker(server.pool);
      const submission = { requestKey: `key ${code}`, createdBy: "ann", lines: [simulatedLine()] };
      const asTold = { code, message: "as told" };
      for (const write of [() => engine.submit(submission), () => engine.run(id)])
        await expect(write()).rejects.toMatchObject(asTold);
      // A cancellation is asked for again, as a worker's write is.
      const unanswered = { code: "STORE_WRITE_FAILED", cause: asTold };
      await expect(engine.cancel(id, { canceledBy: "ann" })).rejects.toMatchObject(unanswered);
      // PostgreSQL tells of an error before it lets go of the row, and tick passes over what is locked.
      await vi.waitFor(() => expect(engine.tick()).rejects.toMatchObject(asTold), PATIENCE_MS);
    } finally {
      await server.pool.query(`drop trigger fail on ${shop.schema}.executions`);
    }
    expect(await shop.store.get(id)).toEqual(before);
    expect(shop.sent).toEqual([]);
    await shop.worker(server.pool).cancel(id, { canceledBy: "ann" });
  });
});
