import { realpathSync } from "node:fs";
import { BuyonceError } from "../../../domain/errors.js";
import { isMounted, type PlacedFile, placedFile } from "./file-place.js";
import { networkFileSystemOf } from "./network-file-system.js";
import type { SqliteDatabase } from "./sqlite-database.js";

/** The first releases in which two connections cannot corrupt a file when its WAL is reset, by their lines. */
const SOUND_FROM: readonly (readonly [number, number, number])[] = [
  [3, 44, 6],
  [3, 50, 7],
  [3, 51, 3],
];

/** How long a statement of buyonce waits inside SQLite for a lock. It blocks the process, so it is short. */
export const SHORT_WAIT_MS = 4;

/**
 * Checks a database and sets what a store relies on, and returns its file.
 *
 * It throws `UNSAFE_DATABASE` if the database has no file, if its file is where locks do not work, if its file has
 * more than one name, if its SQLite can corrupt the file, or if a setting does not hold.
 */
export function openFile(database: SqliteDatabase, busyTimeoutMs: number): PlacedFile {
  requireSoundVersion(String(firstValue(database, "select sqlite_version()")));
  const file = fileOf(database);
  const network = networkFileSystemOf(file);
  if (network !== undefined)
    throw unsafe(
      `The file ${file} is on a network file system (${network}), where SQLite's locks and shared memory do not work. Move it to a local disk, or use buyonce/postgres.`,
    );
  const placed = placedFile(file);
  requireOneName(placed);
  database.exec(`pragma busy_timeout = ${SHORT_WAIT_MS}`);
  for (const [pragma, wanted] of settings(busyTimeoutMs)) hold(database, pragma, wanted);
  return placed;
}

/**
 * Refuses a file with several names. SQLite keeps what was written last in a second file, beside the name by which the
 * file was opened. So whoever opens it by another name does not see that, nor its locks.
 */
function requireOneName({ path, names }: PlacedFile): void {
  if (names > 1)
    throw unsafe(
      `The file ${path} has ${names} names (hard links), and SQLite keeps a write-ahead log and locks of their own for each. Remove the others, or open a copy that SQLite has made.`,
    );
  if (isMounted(path))
    throw unsafe(
      `The file ${path} is mounted by itself, so its write-ahead log stays outside of the mount and is lost with the container. Mount the folder of the file.`,
    );
}

/** Throws `UNSAFE_DATABASE` if the path of an open file leads to another one or to none: what is written would be lost. */
export function requireInPlace({ path, isInPlace }: PlacedFile): void {
  if (isInPlace()) return;
  throw unsafe(
    `The file ${path} was moved, deleted or replaced while it was open. This write was not stored. Stop every process that has it open, put the right file in its place, and open it anew.`,
  );
}

/** What a store relies on. `mmap_size`: a stray write to mapped memory, or an error of the disk, would bypass SQLite. */
const settings = (busyTimeoutMs: number): readonly (readonly [pragma: string, value: string | number])[] => [
  ["journal_mode", "wal"],
  ["synchronous", 2],
  ["mmap_size", 0],
  ["foreign_keys", 1],
  // Without it, macOS leaves what was written in the cache of the disk.
  ["fullfsync", 1],
  ["checkpoint_fullfsync", 1],
  ["busy_timeout", busyTimeoutMs],
];

/** Makes a setting hold, or throws. */
function hold(database: SqliteDatabase, pragma: string, wanted: string | number): void {
  // To write the mode of the journal again would need a lock.
  if (firstValue(database, `pragma ${pragma}`) === wanted) return;
  database.exec(`pragma ${pragma} = ${wanted}`);
  const found = firstValue(database, `pragma ${pragma}`);
  // A build without memory maps tells nothing.
  if (found !== wanted && !(pragma === "mmap_size" && found === undefined))
    throw unsafe(`SQLite did not take the setting ${pragma} = ${wanted}: it has ${found}.`);
}

/** The first column of the first row. */
function firstValue(database: SqliteDatabase, sql: string): unknown {
  const row = database.prepare(sql).get();
  const [value] = Object.values(Object(row));
  return typeof value === "bigint" ? Number(value) : value;
}

function requireSoundVersion(version: string): void {
  if (isSound(version)) return;
  throw unsafe(
    `SQLite ${version} can corrupt a file that two connections use (its WAL-reset bug). Use SQLite 3.51.3 or newer: Node.js 22.22.3, 24.15 or newer of their lines, or 26; or better-sqlite3 12.11 or newer.`,
  );
}

/** Whether a release of SQLite has the correction of the WAL-reset bug. */
export function isSound(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  const [, newest = 0] = SOUND_FROM.at(-1) ?? [];
  if (major !== 3 || minor > newest) return major > 3 || minor > newest;
  return SOUND_FROM.some(([, line, first]) => minor === line && patch >= first);
}

function fileOf(database: SqliteDatabase): string {
  const rows = database.prepare("pragma database_list").all() as {
    readonly name: string;
    readonly file: string | null;
  }[];
  const file = rows.find(({ name }) => name === "main")?.file;
  if (file) return realpathSync(file);
  throw unsafe(
    "The database has no file, so nothing of it would survive this process. Give it a path, or use memoryStore() for experiments.",
  );
}

const unsafe = (message: string): BuyonceError => new BuyonceError("UNSAFE_DATABASE", message);
