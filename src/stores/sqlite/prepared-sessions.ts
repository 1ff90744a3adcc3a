import { type OwnSessions, ownSessions } from "./database/sessions.js";
import type { SqliteDatabase } from "./database/sqlite-database.js";
import { requireSchema } from "./schema/require-schema.js";

/** Sessions that first make sure, once, that this version may work on the tables. */
export function preparedSessions(database: SqliteDatabase, busyTimeoutMs: number): OwnSessions {
  const sessions = ownSessions(database, busyTimeoutMs);
  let isSound = false;
  const prepared = async (): Promise<OwnSessions> => {
    await sessions.read(requireSchema);
    isSound = true;
    return sessions;
  };
  return {
    read: async (work) => (isSound ? sessions : await prepared()).read(work),
    write: async (work) => (isSound ? sessions : await prepared()).write(work),
    hold: async (body) => (isSound ? sessions : await prepared()).hold(body),
  };
}
