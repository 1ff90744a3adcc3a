import { connectionOf } from "./database/connection.js";
import { type OwnSessions, ownSessions } from "./database/sessions.js";
import type { SqliteDatabase } from "./database/sqlite-database.js";
import { requireSchema } from "./schema/require-schema.js";

/** Sessions that first make sure, once, that this version may work on the tables. */
export function preparedSessions(database: SqliteDatabase, busyTimeoutMs: number): OwnSessions {
  const sessions = ownSessions(database, busyTimeoutMs);
  let isSound = false;
  const prepare = async (): Promise<void> => {
    if (isSound) return;
    await sessions.read(() => requireSchema(database, connectionOf(database)));
    isSound = true;
  };
  return {
    async read(work) {
      await prepare();
      return await sessions.read(work);
    },
    async write(work) {
      await prepare();
      return await sessions.write(work);
    },
    async hold(body) {
      await prepare();
      return await sessions.hold(body);
    },
  };
}
