import type pg from "pg";
import { onTestFinished } from "vitest";
import { credentialsFor } from "../../../src/simulator/aws/account-keys.js";
import {
  type AwsSimulatorProcess,
  startAwsSimulatorProcess,
} from "../../../src/simulator/aws/start-aws-simulator-process.js";
import { startDatabase } from "../../stores/support/test-database.js";
import { BASKET } from "./basket.js";
import { TIME_LIMITS } from "./time-limits.js";

/** What an example runs on, and what outlives it: a PostgreSQL server, and a cloud in a process of its own. */
export interface HostWorld {
  readonly databaseUrl: string;
  readonly pool: pg.Pool;
  readonly cloud: AwsSimulatorProcess;
  /** The environment variables of an example. The AWS SDK reads those that begin with AWS by itself. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Starts a world for one test. */
export async function startWorld(): Promise<HostWorld> {
  const [database, cloud] = await Promise.all([startDatabase(), startAwsSimulatorProcess(TIME_LIMITS.simulator)]);
  onTestFinished(async () => {
    await Promise.all([database.close(), cloud.close()]);
  });
  const { accessKeyId, secretAccessKey } = credentialsFor(BASKET.lines[0]?.account ?? "");
  const settings = {
    DATABASE_URL: database.url,
    AWS_ENDPOINT_URL: cloud.url,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    TIME_LIMITS: JSON.stringify({ engine: TIME_LIMITS.engine, provider: TIME_LIMITS.provider }),
  };
  return { databaseUrl: database.url, pool: database.pool, cloud, settings };
}
