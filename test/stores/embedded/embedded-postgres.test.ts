import { once } from "node:events";
import { chown, cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import pg from "pg";
import { expect, onTestFinished, test, vi } from "vitest";
import { freePort } from "../../../src/stores/embedded/free-port.js";
import { type EmbeddedPostgres, embeddedPostgres } from "../../../src/stores/embedded/index.js";
import { findBinaries } from "../../../src/stores/embedded/server-binaries.js";
import { ownIdentity, processIdentity } from "../../../src/stores/local/process-identity.js";
import { startChild } from "../support/child.js";
import { folderForTest, usedServerFolder } from "../support/folder-for-test.js";
import { serverPid } from "../support/server-pid.js";

/** Opens the server, and closes it after the test at the latest. */
async function opened(dataDir: string, port?: number): Promise<EmbeddedPostgres> {
  const server = await embeddedPostgres({ dataDir, ...(port === undefined ? {} : { port }) });
  onTestFinished(() => server.close());
  return server;
}

async function ask({ sql }: EmbeddedPostgres, text: string): Promise<unknown> {
  const { rows } = await sql.query({ text, values: [] });
  return Object.values(rows[0] ?? {})[0];
}

const runs = (pid: number): boolean => processIdentity(pid) !== undefined;
const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

test("the server is durable, private and local, and has connections for the pools of thirty processes", async () => {
  const dataDir = await folderForTest("pg");
  const server = await opened(dataDir);
  expect(await ask(server, "show fsync")).toBe("on");
  expect(await ask(server, "show synchronous_commit")).toBe("on");
  expect(await ask(server, "show full_page_writes")).toBe("on");
  expect(await ask(server, "show max_connections")).toBe("500");
  expect(await ask(server, "show listen_addresses")).toBe("127.0.0.1");
  expect(await ask(server, "show unix_socket_directories")).toBe("");
  expect(await modeOf(dataDir)).toBe("700");
  expect(await modeOf(join(dataDir, "data"))).toBe("700");
  expect(await modeOf(join(dataDir, "password"))).toBe("600");
  const { port } = new URL(server.url);
  const stranger = new pg.Client({ host: "127.0.0.1", port: Number(port), user: "buyonce", password: "guess" });
  await expect(stranger.connect()).rejects.toMatchObject({ code: "28P01" });
});

test("close stops the server, and the next start finds the data", async () => {
  const dataDir = await usedServerFolder();
  const first = await opened(dataDir);
  await ask(first, "create table kept as select 42 as answer");
  const pid = await serverPid(dataDir);
  await Promise.all([first.close(), first.close()]);
  expect(runs(pid)).toBe(false);
  const second = await opened(dataDir);
  expect(await ask(second, "select answer from kept")).toBe(42);
});

test("processes that start at the same time share one server, which ends with the last of them", async () => {
  const dataDir = await folderForTest("pg");
  const children = Array.from({ length: 3 }, () => startChild("embedded-process.ts", dataDir, "hold"));
  const said = await Promise.all(children.map((child) => child.said()));
  expect(new Set(said.map((one) => JSON.stringify(one))).size).toBe(1);
  const pid = await serverPid(dataDir);
  for (const child of children) child.process.kill("SIGTERM");
  expect(await Promise.all(children.map((child) => child.ended()))).toEqual(["SIGTERM", "SIGTERM", "SIGTERM"]);
  expect(runs(pid)).toBe(false);
});

test("a process that found the server leaves it running when it closes", async () => {
  const dataDir = await usedServerFolder();
  const owner = await opened(dataDir);
  const child = startChild("embedded-process.ts", dataDir, "close");
  expect(await child.said()).toMatchObject({ url: owner.url });
  expect(await child.ended()).toBe(0);
  expect(await ask(owner, "select 1")).toBe(1);
});

test("a process that ends without closing takes its server with it", async () => {
  const dataDir = await usedServerFolder();
  const child = startChild("embedded-process.ts", dataDir, "leave");
  await child.said();
  const pid = await serverPid(dataDir);
  expect(await child.ended()).toBe(0);
  expect(runs(pid)).toBe(false);
});

test("after SIGKILL of the only process that uses it the server goes on, and who finds it stops it", async () => {
  const dataDir = await usedServerFolder();
  const child = startChild("embedded-process.ts", dataDir, "hold");
  const said = await child.said();
  const pid = await serverPid(dataDir);
  child.process.kill("SIGKILL");
  await child.ended();
  const heir = await opened(dataDir);
  expect(said).toMatchObject({ url: heir.url });
  expect(await serverPid(dataDir)).toBe(pid);
  await heir.close();
  expect(runs(pid)).toBe(false);
});

test("after SIGKILL of owner and server nothing that was acknowledged is lost", async () => {
  const dataDir = await usedServerFolder();
  const child = startChild("embedded-process.ts", dataDir, "hold");
  await child.said();
  const finder = await opened(dataDir);
  await ask(finder, "create table kept as select 42 as answer");
  const pid = await serverPid(dataDir);
  child.process.kill("SIGKILL");
  process.kill(pid, "SIGKILL");
  await child.ended();
  const next = await opened(dataDir);
  expect(await serverPid(dataDir)).not.toBe(pid);
  expect(await ask(next, "select answer from kept")).toBe(42);
});

test("a damaged server.json is found out and replaced", async () => {
  const dataDir = await usedServerFolder();
  const owner = await opened(dataDir);
  for (const damage of ["{", "null", '{"owner": 1}', ""]) {
    await writeFile(join(dataDir, "server.json"), damage);
    const finder = await opened(dataDir);
    expect(finder.url).toBe(owner.url);
    await rm(join(dataDir, "server.json"));
  }
});

test("a copied folder gets a server of its own, though its files name the running one", async () => {
  const [dataDir, copy] = [await usedServerFolder(), await folderForTest("pg")];
  await (await opened(dataDir)).close();
  await mkdir(copy, { mode: 0o700 });
  for (const part of ["data", "password"]) await cp(join(dataDir, part), join(copy, part), { recursive: true });
  await inheritOwner(join(dataDir, "data"), join(copy, "data"));
  const original = await opened(dataDir);
  for (const file of ["server.json", "data/postmaster.pid"]) await cp(join(dataDir, file), join(copy, file));
  const own = await opened(copy);
  expect(own.url).not.toBe(original.url);
  expect(await serverPid(copy)).not.toBe(await serverPid(dataDir));
  expect(await ask(original, "select 1")).toBe(1);
});

/** Copies of root's belong to root; the server's account must own its data. */
async function inheritOwner(from: string, to: string): Promise<void> {
  const { uid, gid } = await stat(from);
  for (const entry of ["", ...(await readdir(to, { recursive: true }))]) await chown(join(to, entry), uid, gid);
}

test("a postmaster.pid that names another process by now is no server", async () => {
  const dataDir = await usedServerFolder();
  const first = await opened(dataDir);
  const state: unknown = JSON.parse(await readFile(join(dataDir, "server.json"), "utf8"));
  const file = await readFile(join(dataDir, "data", "postmaster.pid"), "utf8");
  await first.close();
  const recycled = process.pid;
  await writeFile(join(dataDir, "data", "postmaster.pid"), file.replace(/^\d+/, String(recycled)));
  const server = { ...ownIdentity(), startedAt: "earlier", pid: recycled };
  await writeFile(join(dataDir, "server.json"), JSON.stringify({ ...(state as object), server }));
  expect(await ask(await opened(dataDir), "select 1")).toBe(1);
});

test("a postmaster.pid that a killed server left empty does not keep the next from starting", {
  timeout: 60_000,
}, async () => {
  const dataDir = await usedServerFolder();
  await (await opened(dataDir)).close();
  await writeFile(join(dataDir, "data", "postmaster.pid"), "");
  expect(await ask(await opened(dataDir), "select 1")).toBe(1);
});

test("a start that failed after the server was killed does not keep the next from starting", {
  timeout: 60_000,
}, async () => {
  const [dataDir, other] = [await usedServerFolder(), await usedServerFolder()];
  const taken = Number(new URL((await opened(other)).url).port);
  const first = await opened(dataDir);
  process.kill(await serverPid(dataDir), "SIGKILL");
  await first.close();
  await expect(embeddedPostgres({ dataDir, port: taken })).rejects.toThrow("could not bind");
  expect(await ask(await opened(dataDir), "select 1")).toBe(1);
});

test("a killed server whose port is taken by then is started on another one", { timeout: 60_000 }, async () => {
  const dataDir = await usedServerFolder();
  const server = await opened(dataDir);
  const before = server.url;
  await ask(server, "create table kept as select 42 as answer");
  const pid = await serverPid(dataDir);
  process.kill(pid, "SIGKILL");
  await expect.poll(() => runs(pid)).toBe(false);
  // A cluster with a password of its own: a copy would let us in.
  await opened(await folderForTest("pg"), Number(new URL(before).port));
  await expect.poll(() => ask(server, "select answer from kept").catch(() => undefined), { timeout: 15_000 }).toBe(42);
  expect(server.url).not.toBe(before);
});

test("the wanted port is used, and a taken one is told", async () => {
  const dataDir = await usedServerFolder();
  const port = await freePort();
  const first = await opened(dataDir, port);
  expect(new URL(first.url).port).toBe(String(port));
  await expect(embeddedPostgres({ dataDir: await usedServerFolder(), port })).rejects.toMatchObject({
    code: "LOCAL_SERVER_FAILED",
    message: expect.stringContaining("could not bind"),
  });
});

/** What may have got the port of a killed server. */
const STRANGERS = {
  "says nothing": createServer(),
  "hangs up": createServer((socket) => socket.destroy()),
  "speaks HTTP": createHttpServer(),
} as const;

test("a killed server whose port has got somebody else is started on another one, for all who ask", {
  timeout: 60_000,
}, async () => {
  const dataDir = await usedServerFolder();
  const server = await opened(dataDir);
  for (const [manner, stranger] of Object.entries(STRANGERS)) {
    const before = server.url;
    const pid = await serverPid(dataDir);
    process.kill(pid, "SIGKILL");
    await expect.poll(() => runs(pid)).toBe(false);
    await takePort(stranger, Number(new URL(before).port));
    // More than the pool has connections, where that takes no time.
    const length = manner === "says nothing" ? 4 : 24;
    const asked = Array.from({ length }, () => ask(server, "select 42 as answer").catch(() => "broken"));
    expect(await Promise.all(asked), manner).toContain(42);
    expect(await ask(server, "select 42 as answer"), manner).toBe(42);
    expect(server.url, manner).not.toBe(before);
  }
});

/** Listens on a port of this machine, with the test at the longest. */
async function takePort(stranger: Server, port: number): Promise<void> {
  const sockets = new Set<Socket>();
  stranger.on("connection", (socket: Socket) => sockets.add(socket.on("error", () => {})));
  await new Promise<void>((resolve) => stranger.listen(port, "127.0.0.1", resolve));
  onTestFinished(() => {
    stranger.close();
    for (const socket of sockets) socket.destroy();
  });
}

test("the environment of other servers does not change how the embedded one is reached", async () => {
  const foreign = {
    PGSSLMODE: "require",
    PGSSLNEGOTIATION: "direct",
    PGOPTIONS: "-c default_transaction_read_only=on",
    PGCLIENT_ENCODING: "LATIN1",
  };
  for (const [name, value] of Object.entries(foreign)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const server = await opened(await folderForTest("pg"));
  expect(await ask(server, "show default_transaction_read_only")).toBe("off");
  expect(await ask(server, "show client_encoding")).toBe("UTF8");
});

/** What PostgreSQL answers before it asks for a password, when all connections are taken (protocol 3.0, ErrorResponse). */
function tooManyConnections(): Buffer {
  const fields = Buffer.from("SFATAL\0VFATAL\0C53300\0Msorry, too many clients already\0\0");
  const head = Buffer.from("E\0\0\0\0");
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

test("a server whose connections are all taken is told so, and its postmaster.pid left alone", {
  timeout: 60_000,
}, async () => {
  const dataDir = await usedServerFolder();
  await (await opened(dataDir)).close();
  const full = createServer((socket) => socket.once("data", () => socket.end(tooManyConnections())));
  const port = await freePort();
  await takePort(full, port);
  const file = join(dataDir, "data", "postmaster.pid");
  await writeFile(file, `${process.pid}\n/data\n1\n${port}\n\n127.0.0.1\n1 1\nready\n`);
  const error: unknown = await embeddedPostgres({ dataDir }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "LOCAL_SERVER_FAILED", message: expect.stringContaining("no connection left") });
  expect(String(error)).not.toContain("delete");
  expect(await serverPid(dataDir)).toBe(process.pid);
});

test("a worker thread is refused, because it would leave the server behind", async () => {
  const dataDir = await folderForTest("pg");
  const worker = new Worker(new URL("worker-thread.mjs", import.meta.url), { workerData: dataDir });
  onTestFinished(() => void worker.terminate());
  const [answer]: unknown[] = await once(worker, "message");
  expect(answer).toMatchObject({ code: "LOCAL_SERVER_FAILED", message: expect.stringContaining("main thread only") });
  await expect(stat(dataDir)).rejects.toMatchObject({ code: "ENOENT" });
});

test("a close that failed can be tried again", async () => {
  const dataDir = await usedServerFolder();
  const server = await opened(dataDir);
  const pid = await serverPid(dataDir);
  const obstacle = join(dataDir, "user.nobody");
  await mkdir(obstacle);
  await expect(server.close()).rejects.toThrow();
  expect(runs(pid)).toBe(true);
  await rm(obstacle, { recursive: true });
  await server.close();
  expect(runs(pid)).toBe(false);
});

test("a folder with other things in it is left alone", async () => {
  const dataDir = await folderForTest("pg");
  await mkdir(dataDir, { mode: 0o755 });
  await writeFile(join(dataDir, "thesis.txt"), "");
  await expect(embeddedPostgres({ dataDir })).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  expect(await modeOf(dataDir)).toBe("755");
});

test("a package that is not installed is named", async () => {
  await expect(findBinaries("embedded-postgres-99")).rejects.toMatchObject({
    code: "DEPENDENCY_MISSING",
    message: expect.stringContaining("embedded-postgres-99"),
  });
});
