import type pg from "pg";
import type { SqlClient } from "../postgres/client/sql-client.js";
import { isFull } from "./connection.js";

/** Connections to a server that is started again if it cannot be reached. */
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
 * A pool that starts the server again, once for all callers, if it can no longer be reached. Nobody listens on its port
 * then, or another program got the port after the server was killed. The pool then runs the statement, which the server
 * never had. A statement that was under way when the server died throws, as with any server.
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

  /**
   * Starts the server again. The pool of the old address is not ended: its connections died with the server, and
   * callers that wait for one get an error.
   */
  async function revive(): Promise<void> {
    const now = await start();
    if (now !== url) [url, pool] = [now, open(now)];
  }
}
