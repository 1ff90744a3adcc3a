import type pg from "pg";
import type { SqlClient } from "../postgres/client/sql-client.js";
import { isFull } from "./connection.js";

/** Connections to a server that is started again when it cannot be connected to. */
export interface RevivingPool extends SqlClient {
  readonly url: string;
  end(): Promise<void>;
}

/** How to connect to the server, and how to start it and learn its address. */
interface Server {
  open(url: string): pg.Pool;
  start(): Promise<string>;
}

/**
 * A pool that starts the server again, once for all callers, when it cannot be connected to any more, and then runs the
 * statement, which it never had: nobody listens, or somebody who got the port since the server was killed. A statement that
 * was under way when the server died throws, as with any server.
 */
export function revivingPool(firstUrl: string, { open, start }: Server): RevivingPool {
  let url = firstUrl;
  let pool = open(url);
  let reviving: Promise<void> | undefined;
  let ending: Promise<void> | undefined;
  return {
    get url() {
      return url;
    },
    async query(statement) {
      const client = await connect();
      try {
        const result = await client.query(statement);
        client.release();
        return result;
      } catch (error) {
        client.release(true);
        throw error;
      }
    },
    end() {
      ending ??= Promise.resolve(reviving?.catch(() => {})).then(() => pool.end());
      return ending;
    },
  };

  async function connect(): Promise<pg.PoolClient> {
    const tried = pool;
    try {
      return await tried.connect();
    } catch (error) {
      if (ending !== undefined || isFull(error)) throw error;
      if (tried === pool)
        reviving ??= revive().finally(() => {
          reviving = undefined;
        });
      await reviving;
      return await pool.connect();
    }
  }

  /** The pool of another address is not ended: its connections died with the server, and who waits for one is told so. */
  async function revive(): Promise<void> {
    const now = await start();
    if (now !== url) [url, pool] = [now, open(now)];
  }
}
