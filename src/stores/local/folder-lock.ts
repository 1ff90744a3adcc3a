import { existsSync, linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { isError } from "../../domain/is-error.js";
import { mayRun, ownIdentity, processIdentitySchema } from "./process-identity.js";
import { replaceFile, writeDraft } from "./replace-file.js";

/** The content of a lock file. */
const recordSchema = z.object({ holder: processIdentitySchema, released: z.boolean() });
type LockRecord = z.infer<typeof recordSchema>;

/** How an attempt to lock ended. `held` names the file, for a person who knows that the holder is gone. */
export type LockAttempt =
  | { readonly kind: "acquired"; release(): void }
  | { readonly kind: "held"; readonly file: string; readonly holder: LockRecord["holder"] | undefined };

/**
 * Tries to take the exclusive lock `name` of a folder. It also excludes other instances in this process.
 *
 * Node has no locks that the operating system frees when their process ends. So each holder creates the file of the
 * next generation, `name.lock.<n>`. Of any number of racing processes only one can create it. The newest file tells who
 * holds the lock. The lock is free if that file says so, or if its process is gone. The newest file is never deleted.
 * Otherwise a slow process that judged an older holder dead could take a number that was taken before.
 *
 * The call never waits, so that a process can take a lock while it ends.
 */
export function tryLockFolder(folder: string, name: string): LockAttempt {
  const newest = newestLock(folder, name);
  const file = (generation: number) => join(folder, `${name}.lock.${generation}`);
  if (newest !== undefined) {
    const record = readRecord(file(newest));
    // Another process has taken the next generation since the folder was read.
    if (record === undefined && !existsSync(file(newest))) return tryLockFolder(folder, name);
    if (record === undefined || (!record.released && mayRun(record.holder))) return heldBy(file(newest), record);
  }
  const mine = (newest ?? 0) + 1;
  if (!createOnce(file(mine))) return heldBy(file(mine), readRecord(file(mine)));
  const now = newestLock(folder, name) ?? 0;
  if (now !== mine) {
    rmSync(file(mine), { force: true });
    return heldBy(file(now), readRecord(file(now)));
  }
  if (newest !== undefined) rmSync(file(newest), { force: true });
  return { kind: "acquired", release: () => release(file(mine)) };
}

/**
 * Marks the lock as released. A full disk takes no new file, but it takes the same number of bytes in the place of the
 * old ones.
 */
function release(file: string): void {
  const text = textOf({ released: true });
  try {
    replaceFile(file, text);
  } catch {
    writeFileSync(file, text.padEnd(readFileSync(file).length), { flag: "r+" });
  }
}

const heldBy = (file: string, record: LockRecord | undefined): LockAttempt => ({
  kind: "held",
  file,
  holder: record?.holder,
});

function newestLock(folder: string, name: string): number | undefined {
  const prefix = `${name}.lock.`;
  const generations = readdirSync(folder)
    .filter((file) => file.startsWith(prefix))
    .map((file) => Number(file.slice(prefix.length)))
    .filter(Number.isSafeInteger);
  return generations.length === 0 ? undefined : Math.max(...generations);
}

/**
 * The content of a lock file. `undefined` if it cannot be read or understood; then the lock must not be taken as free.
 */
function readRecord(file: string): LockRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

/** Creates a file with its whole content at once. Returns false if the file exists. */
function createOnce(file: string): boolean {
  const draft = writeDraft(file, textOf({ released: false }));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (isError(error) && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

const textOf = ({ released }: Pick<LockRecord, "released">): string =>
  JSON.stringify({ holder: ownIdentity(), released } satisfies LockRecord);
