import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmod, chown, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { freePort } from "../../../src/stores/embedded/free-port.js";
import { serverAccount } from "../../../src/stores/embedded/server-account.js";
import { temporaryFolder } from "./test-database.js";

/** A PgBouncer in transaction mode before a server. */
export interface PgBouncer {
  readonly url: string;
  close(): Promise<void>;
}

/** Debian puts it where only root's path leads. */
const PROGRAMS = ["pgbouncer", "/usr/sbin/pgbouncer"];
const PROGRAM = PROGRAMS.find((program) => spawnSync(program, ["--version"]).status === 0);

/** Why there is no PgBouncer. `undefined` if there is one. */
export const noPgBouncer: string | undefined =
  PROGRAM === undefined ? "pgbouncer is not installed (Debian: apt-get install pgbouncer)" : undefined;

/** Starts a PgBouncer on a free port. It has fewer connections to the server than clients have to it. */
export async function startPgBouncer(serverUrl: string): Promise<PgBouncer> {
  const server = new URL(serverUrl);
  const folder = await temporaryFolder();
  const port = await freePort();
  const settings = join(folder.path, "pgbouncer.ini");
  const login = `user=${server.username} password=${decodeURIComponent(server.password)}`;
  await writeFile(
    settings,
    `[databases]
* = host=${server.hostname} port=${server.port} ${login}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
max_client_conn = 100
ignore_startup_parameters = extra_float_digits
`,
  );
  const account = await serverAccount();
  if (account) for (const path of [folder.path, settings]) await chown(path, account.uid, account.gid);
  await chmod(settings, 0o600);
  const child = spawn(PROGRAM ?? "pgbouncer", ["--quiet", settings], { stdio: "ignore", ...account });
  const url = `postgresql://${server.username}@127.0.0.1:${port}${server.pathname}`;
  await untilReachable(url, child);
  return {
    url,
    async close() {
      child.kill("SIGKILL");
      await folder.remove();
    },
  };
}

async function untilReachable(url: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`pgbouncer ended with ${child.exitCode}`);
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => {});
    const isThere = await client.connect().then(
      () => true,
      () => false,
    );
    await client.end().catch(() => {});
    if (isThere) return;
    await sleep(20);
  }
}
