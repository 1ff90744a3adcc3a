import { randomUUID } from "node:crypto";
import { link, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { mayRun, ownIdentity, processIdentitySchema } from "./process-identity.js";

/** What a lock file says. */
const recordSchema = z.object({ holder: processIdentitySchema, released: z.boolean() });
type LockRecord = z.infer<typeof recordSchema>;

/** How an attempt to lock ended: `held` names the file, for a person who knows better. */
export type LockAttempt =
  | { readonly kind: "acquired"; release(): Promise<void> }
  | { readonly kind: "held"; readonly file: string; readonly holder: LockRecord["holder"] | undefined };

/**
 * Tries to take the exclusive lock `name` of a folder, also against other instances in this process.
 *
 * Node has no locks that the operating system frees with their process, so each holder creates the file of the next
 * generation, `name.lock.<n>`, which only one of any number of racing processes can. The newest file tells who holds
 * the lock: a released one, or one whose process is gone, is free. The newest file is never deleted, or a slow process
 * that judged an older holder dead could take a number that was taken before.
 */
export async function tryLockFolder(folder: string, name: string): Promise<LockAttempt> {
  const newest = await newestLock(folder, name);
  const file = (generation: number) => join(folder, `${name}.lock.${generation}`);
  if (newest !== undefined) {
    const record = await readRecord(file(newest));
    if (record === undefined || (!record.released && mayRun(record.holder)))
      return { kind: "held", file: file(newest), holder: record?.holder };
  }
  const mine = (newest ?? 0) + 1;
  if (!(await createOnce(file(mine)))) return { kind: "held", file: file(mine), holder: undefined };
  if ((await newestLock(folder, name)) !== mine) {
    await rm(file(mine), { force: true });
    return { kind: "held", file: file(mine), holder: undefined };
  }
  if (newest !== undefined) await rm(file(newest), { force: true });
  return { kind: "acquired", release: () => replace(file(mine), { holder: ownIdentity(), released: true }) };
}

async function newestLock(folder: string, name: string): Promise<number | undefined> {
  const prefix = `${name}.lock.`;
  const generations = (await readdir(folder))
    .filter((file) => file.startsWith(prefix))
    .map((file) => Number(file.slice(prefix.length)))
    .filter(Number.isSafeInteger);
  return generations.length === 0 ? undefined : Math.max(...generations);
}

/** `undefined` for a file that cannot be read or understood: then nobody may conclude that the lock is free. */
async function readRecord(file: string): Promise<LockRecord | undefined> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return undefined;
  }
}

/** Creates a file with its whole content at once, or finds that it exists. */
async function createOnce(file: string): Promise<boolean> {
  const draft = await write(file, { holder: ownIdentity(), released: false });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

const replace = async (file: string, record: LockRecord): Promise<void> => rename(await write(file, record), file);

/** Synced, because an empty file after a power failure would lock the folder until a person deletes it. */
async function write(file: string, record: LockRecord): Promise<string> {
  const draft = `${file}.${randomUUID()}.draft`;
  const handle = await open(draft, "wx", 0o600);
  try {
    await handle.writeFile(JSON.stringify(record));
    await handle.sync();
  } finally {
    await handle.close();
  }
  return draft;
}
