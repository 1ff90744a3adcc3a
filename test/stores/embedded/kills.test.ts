import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type EmbeddedPostgres, embeddedPostgres } from "../../../src/stores/embedded/index.js";
import { migrate, postgresStore } from "../../../src/stores/postgres/index.js";
import { Acknowledgements } from "../support/acknowledgements.js";
import { folderForTest, usedServerFolder } from "../support/folder-for-test.js";
import { processesIn } from "../support/processes-in.js";
import { seededRandom } from "../support/seeded-random.js";
import { serverPid } from "../support/server-pid.js";
import { type Moment, startWriter, type Writer } from "../support/start-writer.js";

const random = seededRandom(Number(process.env.BUYONCE_SEED));
const aMoment = (): Moment => ({ acknowledgements: 1 + random.below(300) });

const serverLog = (dataDir: string): Promise<string> => readFile(join(dataDir, "server.log"), "utf8");
const RECOVERED = /all server processes terminated; reinitializing[\s\S]*ready to accept connections/;

/** A connected process of the server, not the one that is asked. */
async function backendPid({ sql }: EmbeddedPostgres): Promise<number> {
  const text = `select pid from pg_stat_activity
    where backend_type = 'client backend' and pid <> pg_backend_pid() order by query_start limit 1`;
  const { rows } = await sql.query({ text, values: [] });
  return Number(rows[0]?.["pid"]);
}

/** Opens the server for a while, and closes it whatever happens. */
async function whileOpen<Result>(
  dataDir: string,
  work: (server: EmbeddedPostgres) => Promise<Result>,
): Promise<Result> {
  const server = await embeddedPostgres({ dataDir });
  try {
    return await work(server);
  } finally {
    await server.close();
  }
}

const problemsIn = (dataDir: string, acknowledged: Acknowledgements): Promise<readonly string[]> =>
  whileOpen(dataDir, async ({ sql }) => {
    await migrate(sql);
    return await acknowledged.problems(postgresStore(sql));
  });

/** Nothing works in the folder any more; what a killed process had started may take a moment to notice. */
const expectNoOrphans = (dataDir: string) => expect.poll(() => processesIn(dataDir), { timeout: 10_000 }).toEqual([]);

type Kill = (writer: Writer, dataDir: string) => Promise<void>;

const KILLS: readonly (readonly [victim: string, kill: Kill])[] = [
  [
    "its owner",
    async (writer, dataDir) => {
      await writer.ends("SIGKILL");
      expect(processesIn(dataDir)).toContain(await serverPid(dataDir));
    },
  ],
  [
    "the server, which its owner starts again",
    async (writer, dataDir) => {
      const killed = await serverPid(dataDir);
      process.kill(killed, "SIGKILL");
      await expect.poll(() => serverPid(dataDir), { timeout: 30_000 }).not.toBe(killed);
      await writer.reaches({ acknowledgements: 10 });
      expect(await writer.ends("SIGTERM")).toBe("SIGTERM");
      expect(processesIn(dataDir)).toEqual([]);
    },
  ],
  [
    "a process of the server's",
    async (writer, dataDir) => {
      process.kill(await whileOpen(dataDir, backendPid), "SIGKILL");
      await expect.poll(() => serverLog(dataDir), { timeout: 30_000 }).toMatch(RECOVERED);
      await writer.reaches({ acknowledgements: 10 });
      expect(await writer.ends("SIGTERM")).toBe("SIGTERM");
      expect(processesIn(dataDir)).toEqual([]);
    },
  ],
  [
    "its owner and the server",
    async (writer, dataDir) => {
      process.kill(await serverPid(dataDir), "SIGKILL");
      await writer.ends("SIGKILL");
    },
  ],
];

const ROUNDS_EACH = 2;

for (const [victim, kill] of KILLS)
  test(`${ROUNDS_EACH} kills of ${victim}, lose nothing acknowledged and leave no server behind`, {
    timeout: 240_000,
  }, async () => {
    const dataDir = await usedServerFolder();
    const acknowledged = new Acknowledgements();
    for (let round = 0; round < ROUNDS_EACH; round += 1) {
      const writer = await startWriter("embedded-writer-process.ts", dataDir, acknowledged);
      const moment = aMoment();
      await writer.reaches(moment);
      await kill(writer, dataDir);
      expect(await problemsIn(dataDir, acknowledged), `after ${JSON.stringify(moment)}`).toEqual([]);
      expect(processesIn(dataDir)).toEqual([]);
    }
    expect(acknowledged.count).toBeGreaterThanOrEqual(ROUNDS_EACH);
  });

const WHILE_STARTING: readonly (readonly [when: string, moment: (dataDir: string) => Moment])[] = [
  ["at some moment of its first start", () => ({ msAfterOpening: random.below(1_500) })],
  ["in the middle of initdb", (dataDir) => ({ fileAppears: join(dataDir, "password") })],
  ["when it has just started the server", (dataDir) => ({ fileAppears: join(dataDir, "server.log") })],
  ["when the server has begun to start", (dataDir) => ({ fileAppears: join(dataDir, "data", "postmaster.pid") })],
];

for (const [when, moment] of WHILE_STARTING)
  test(`a process killed ${when} leaves what the next one starts`, { timeout: 240_000 }, async () => {
    const dataDir = await folderForTest("pg");
    const acknowledged = new Acknowledgements();
    const writer = await startWriter("embedded-writer-process.ts", dataDir, acknowledged);
    await writer.reaches(moment(dataDir));
    await writer.ends("SIGKILL");
    expect(await problemsIn(dataDir, acknowledged)).toEqual([]);
    await expectNoOrphans(dataDir);
  });

test("a server that is told to stop while it recovers from a crash is stopped all the same", {
  timeout: 240_000,
}, async () => {
  const dataDir = await usedServerFolder();
  const acknowledged = new Acknowledgements();
  const writer = await startWriter("embedded-writer-process.ts", dataDir, acknowledged);
  await writer.reaches(aMoment());
  process.kill(await whileOpen(dataDir, backendPid), "SIGKILL");
  await expect.poll(() => serverLog(dataDir), { timeout: 30_000, interval: 1 }).toContain("reinitializing");
  expect(await writer.ends("SIGTERM")).toBe("SIGTERM");
  expect(processesIn(dataDir)).toEqual([]);
  expect(await problemsIn(dataDir, acknowledged)).toEqual([]);
});
