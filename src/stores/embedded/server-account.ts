import { execFile } from "node:child_process";
import { chown } from "node:fs/promises";
import { promisify } from "node:util";
import { BuyonceError } from "../../domain/errors.js";

const run = promisify(execFile);

/** The account that runs the server. `undefined` means the user of this process. */
export type ServerAccount = { readonly uid: number; readonly gid: number } | undefined;

/** The system user for root, because PostgreSQL refuses to run as root. */
const SYSTEM_USER = "postgres";

/**
 * The account that runs the server. It is the user of this process. If that is root, it is the system user `postgres`,
 * which is created without home and login if it does not exist.
 */
export async function serverAccount(): Promise<ServerAccount> {
  if (process.getuid?.() !== 0) return undefined;
  return await systemUser().catch(async () => {
    await createSystemUser();
    return await systemUser();
  });
}

async function systemUser(): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all(["-u", "-g"].map((option) => run("id", [option, SYSTEM_USER])));
  return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) };
}

async function createSystemUser(): Promise<void> {
  try {
    await run("useradd", ["--system", "--user-group", "--no-create-home", "--shell", "/bin/false", SYSTEM_USER]);
  } catch (cause) {
    throw new BuyonceError(
      "DEPENDENCY_MISSING",
      `PostgreSQL refuses to run as root, and the system user "${SYSTEM_USER}" could not be created: create it, or run as another user.`,
      { cause },
    );
  }
}

/** Gives a file or folder to the account that runs the server. */
export async function handTo(account: ServerAccount, path: string): Promise<void> {
  if (account !== undefined) await chown(path, account.uid, account.gid);
}
