import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { exists } from "../../../src/stores/local/exists.js";
import { tryLockFolder } from "../../../src/stores/local/folder-lock.js";

/** The folder that the processes of a test run share; vitest.config.ts makes it and removes it. */
const RUN = String(process.env.BUYONCE_TEST_RUN);

/** A folder that is made once in a run, for all its processes to copy. */
export async function madeOnce(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(RUN, name);
  const release = await locked(name);
  try {
    if (!(await exists(folder))) {
      const draft = `${folder}.draft`;
      await make(draft);
      await rename(draft, folder);
    }
    return folder;
  } finally {
    release();
  }
}

async function locked(name: string): Promise<() => void> {
  const locks = join(RUN, `${name}.lock`);
  await mkdir(locks, { recursive: true });
  for (;;) {
    const attempt = tryLockFolder(locks, "made");
    if (attempt.kind === "acquired") return attempt.release;
    await sleep(25);
  }
}
