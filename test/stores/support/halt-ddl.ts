import { onTestFinished } from "vitest";
import { advisoryWaiter } from "./advisory-waiter.js";
import type { TestDatabase } from "./test-database.js";

/** An advisory lock that no other code takes. */
const GATE = 814_407;

/** Statements that stand still. */
export interface HaltedDdl {
  /** Waits until a connection stands still, and gives its process id on the server. */
  reached(): Promise<number>;
  /** Lets it and all others go on. */
  goOn(): Promise<void>;
}

/** Makes every DDL statement with this tag, such as `CREATE INDEX`, stand still before its transaction goes on. */
export async function haltDdl({ pool }: Pick<TestDatabase, "pool">, tag: string): Promise<HaltedDdl> {
  const client = await pool.connect();
  await client.query(`
    create or replace function public.stand_still() returns event_trigger language plpgsql as
      'begin perform pg_advisory_xact_lock_shared(${GATE}); end';
    create event trigger stand_still on ddl_command_end when tag in ('${tag}') execute function public.stand_still();
    select pg_advisory_lock(${GATE})`);
  let open: Promise<void> | undefined;
  const goOn = () => (open ??= letGo());
  onTestFinished(goOn);
  return { reached: () => advisoryWaiter(client, GATE), goOn };

  async function letGo(): Promise<void> {
    await client.query(`drop event trigger stand_still; select pg_advisory_unlock(${GATE})`);
    client.release();
  }
}
