import type pg from "pg";
import type { SqlClient } from "../postgres/sql-client.js";
import { sqlStateOf } from "../postgres/sql-state.js";

/** Connections to a server that is started again when nobody listens. */
export interface RevivingPool extends SqlClient {
  readonly url: string;
  end(): Promise<void>;
}

/** How to connect to the server, and how to start it and learn its address. */
interface Server {
  open(url: string): pg.Pool;
  start(): Promise<string>;
}

/** Nobody listens; or a server that does not know our password, which has got the port since ours was killed. */
const NOT_OURS = ["ECONNREFUSED", "28P01"];

/**
 * A pool that starts the server again, once for all callers, when it is not there any more, and then runs the statement,
 * which it never had. A statement that was under way when the server died throws, as with any server.
 */
export function revivingPool(firstUrl: string, { open, start }: Server): RevivingPool {
  let url = firstUrl;
  let pool = open(url);
  let reviving: Promise<void> | undefined;
  let ended = false;
  return {
    get url() {
      return url;
    },
    async query(statement) {
      try {
        return await pool.query(statement);
      } catch (error) {
        if (ended || !NOT_OURS.includes(sqlStateOf(error) ?? "")) throw error;
        reviving ??= revive().finally(() => {
          reviving = undefined;
        });
        await reviving;
        return await pool.query(statement);
      }
    },
    async end() {
      ended = true;
      await reviving?.catch(() => {});
      await pool.end();
    },
  };

  async function revive(): Promise<void> {
    const now = await start();
    if (now === url) return;
    const dead = pool;
    [url, pool] = [now, open(now)];
    await dead.end();
  }
}
