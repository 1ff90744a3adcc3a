import { join } from "node:path";
import Database from "better-sqlite3";
import type pg from "pg";
import { onTestFinished } from "vitest";
import { once } from "../../../src/domain/once.js";
import { credentialsFor } from "../../../src/simulator/aws/account-keys.js";
import {
  type AwsSimulatorProcess,
  startAwsSimulatorProcess,
} from "../../../src/simulator/aws/start-aws-simulator-process.js";
import type { ExecutionStore } from "../../../src/store-port/execution-store.js";
import { postgresStore } from "../../../src/stores/postgres/postgres-store.js";
import { migrate } from "../../../src/stores/sqlite/schema/migrate.js";
import { sqliteStore } from "../../../src/stores/sqlite/sqlite-store.js";
import { startDatabase, temporaryFolder } from "../../stores/support/test-database.js";
import { BASKET } from "./basket.js";
import { TIME_LIMITS } from "./time-limits.js";

/** What an example runs on, and what outlives it: a store, and a cloud in a process of its own. */
export interface HostWorld {
  readonly store: ExecutionStore;
  readonly cloud: AwsSimulatorProcess;
  /** The environment variables of an example. The AWS SDK reads those that begin with AWS by itself. */
  readonly settings: Readonly<Record<string, string>>;
}

/** A world whose store is a PostgreSQL server of its own. */
export interface PostgresWorld extends HostWorld {
  readonly databaseUrl: string;
  readonly pool: pg.Pool;
  /** Ends the server, and the pool with it. */
  stopDatabase(): Promise<void>;
}

/** Starts a world for one test. */
export async function startWorld(): Promise<PostgresWorld> {
  const [{ url, pool, close }, { cloud, settings }] = await Promise.all([startDatabase(), startCloud()]);
  const stopDatabase = once(close);
  onTestFinished(stopDatabase);
  const store = postgresStore(pool);
  return { databaseUrl: url, pool, stopDatabase, store, cloud, settings: { ...settings, DATABASE_URL: url } };
}

/** Starts a world for one test whose store is a SQLite file. */
export async function startFileWorld(): Promise<HostWorld> {
  const [folder, { cloud, settings }] = await Promise.all([temporaryFolder(), startCloud()]);
  const file = join(folder.path, "purchases.sqlite");
  const database = new Database(file);
  onTestFinished(async () => {
    database.close();
    await folder.remove();
  });
  await migrate(database);
  return { store: sqliteStore(database), cloud, settings: { ...settings, DATABASE_FILE: file } };
}

async function startCloud(): Promise<Pick<HostWorld, "cloud" | "settings">> {
  const cloud = await startAwsSimulatorProcess(TIME_LIMITS.simulator);
  onTestFinished(() => cloud.close());
  const { accessKeyId, secretAccessKey } = credentialsFor(BASKET.lines[0]?.account ?? "");
  const settings = {
    AWS_ENDPOINT_URL: cloud.url,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    TIME_LIMITS: JSON.stringify({ engine: TIME_LIMITS.engine, provider: TIME_LIMITS.provider }),
  };
  return { cloud, settings };
}
