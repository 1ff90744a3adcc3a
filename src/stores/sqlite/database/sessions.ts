import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../../../domain/clock.js";
import { type Connection, connectionOf } from "./connection.js";
import type { PlacedFile } from "./file-place.js";
import { type FileTurns, fileIsBusy, turnsOf } from "./file-turns.js";
import { openFile, requireInPlace, SHORT_WAIT_MS } from "./open-file.js";
import type { SqliteDatabase } from "./sqlite-database.js";
import { explained, isBusy, isInsideTransaction } from "./sqlite-error.js";

/** Work on a connection that is done at once, without waiting for anything. */
export type Work<Result> = (connection: Connection) => Result;

/** Runs work in transactions. Work that throws changes nothing. */
export interface Sessions {
  /** All that the work reads is of one moment. */
  read<Result>(work: Work<Result>): Promise<Result>;
  /** Nobody else writes to the file meanwhile. */
  write<Result>(work: Work<Result>): Promise<Result>;
}

/** Sessions that begin their own transactions, and let a caller hold one open. */
export interface OwnSessions extends Sessions {
  /** Holds a transaction open until the body has ended. It is rolled back if the body throws. */
  hold<Result>(body: (connection: Connection) => Promise<Result>): Promise<Result>;
}

/** The file of a database that has been checked, and the turns of those who write to it. */
interface OpenedFile {
  readonly file: PlacedFile;
  readonly turns: FileTurns;
}

/** The longest pause between two tries. */
const LONGEST_PAUSE_MS = 20;

/** Transactions of their own on the connection of a database. `busyTimeoutMs`: how long they wait for others. */
export function ownSessions(database: SqliteDatabase, busyTimeoutMs: number): OwnSessions {
  const connection = connectionOf(database);
  let opened: OpenedFile | undefined;

  /** Begins something that may find the file locked, again and again, and goes on in the same moment. */
  const patiently = async <Begun, Result>(
    begin: () => Begun,
    goOn: (begun: Begun) => Result | Promise<Result>,
  ): Promise<Result> => {
    const giveUpAt = systemClock.monotonic() + busyTimeoutMs;
    for (let pauseMs = 1; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      let begun: Begun;
      try {
        begun = begin();
      } catch (error) {
        if (!isBusy(error) && !isInsideTransaction(error)) throw explained(error);
        if (systemClock.monotonic() > giveUpAt) throw fileIsBusy(opened?.file.path ?? "the file", busyTimeoutMs, error);
        // A random pause keeps processes from trying at the same moments.
        await sleep(pauseMs * (0.5 + Math.random()));
        continue;
      }
      return goOn(begun);
    }
  };
  const beginWriting = (file: PlacedFile): void => {
    requireInPlace(file);
    if (!isDurable(connection)) openFile(database, busyTimeoutMs);
    connection.get(`pragma busy_timeout = ${SHORT_WAIT_MS}`);
    try {
      connection.run("begin immediate");
    } finally {
      connection.get(`pragma busy_timeout = ${busyTimeoutMs}`);
    }
  };
  const open = async (): Promise<OpenedFile> => {
    const file = await patiently(
      () => openFile(database, busyTimeoutMs),
      (found) => found,
    );
    opened ??= { file, turns: turnsOf(file.path) };
    return opened;
  };
  /** Begins to write once it is this call's turn. */
  const writing = async <Result>(goOn: () => Result | Promise<Result>): Promise<Result> => {
    const { file, turns } = opened ?? (await open());
    const end = turns.takeNow() ?? (await turns.take(busyTimeoutMs));
    try {
      return await patiently(() => beginWriting(file), goOn);
    } finally {
      end();
    }
  };

  return {
    async read(work) {
      if (opened === undefined) await open();
      // Readers wait for no writer.
      return await patiently(
        () => connection.run("begin"),
        () => committed(connection, work),
      );
    },
    write: (work) => writing(() => committed(connection, work)),
    hold: (body) =>
      writing(async () => {
        const result = await body(connection).catch((error: unknown) => {
          rollBack(connection);
          throw error;
        });
        return committed(connection, () => result);
      }),
  };
}

/** Whether what is written next survives a power failure. The application may have changed that on its connection. */
const isDurable = (connection: Connection): boolean =>
  Number(connection.get("pragma synchronous")?.["synchronous"]) === 2 &&
  connection.get("pragma journal_mode")?.["journal_mode"] === "wal";

/** Sessions inside a transaction that is open already. */
export interface InnerSessions extends Sessions {
  /** Lets no more work in. */
  end(): void;
}

/** Sessions inside the open transaction. Work that throws undoes what it did, and nothing else. */
export function innerSessions(connection: Connection): InnerSessions {
  let isOver = false;
  const inside = async <Result>(work: Work<Result>): Promise<Result> => {
    // What is written after the end of the transaction would be stored at once.
    if (isOver || !isInTransaction(connection)) throw new TypeError("the transaction of this store has ended");
    connection.run("savepoint buyonce");
    try {
      return work(connection);
    } catch (error) {
      // An error that has ended the transaction has ended the savepoint with it.
      if (isInTransaction(connection)) connection.run("rollback to buyonce");
      throw explained(error);
    } finally {
      if (isInTransaction(connection)) connection.run("release buyonce");
    }
  };
  const end = (): void => {
    isOver = true;
  };
  return { read: inside, write: inside, end };
}

/** Does work in the transaction that is open, and commits it. A commit that throws may have stored it or not. */
function committed<Result>(connection: Connection, work: Work<Result>): Result {
  try {
    const result = work(connection);
    connection.run("commit");
    return result;
  } catch (error) {
    rollBack(connection);
    throw explained(error);
  }
}

/** Rolls back, unless the error before has done so. */
function rollBack(connection: Connection): void {
  if (isInTransaction(connection)) connection.run("rollback");
}

/** Whether a transaction is open. Only some releases of the drivers tell, so it is tried. */
function isInTransaction(connection: Connection): boolean {
  try {
    connection.run("begin");
  } catch (error) {
    if (isInsideTransaction(error)) return true;
    throw error;
  }
  connection.run("rollback");
  return false;
}
