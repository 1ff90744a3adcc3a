import { resolve } from "node:path";
import { privateFolder } from "../local/private-folder.js";
import { handTo, type ServerAccount } from "./server-account.js";
import type { ServerBinaries } from "./server-binaries.js";

/** The name of the superuser, the only role. */
export const ROLE = "buyonce";
/** The database, which initdb creates. */
export const DATABASE = "postgres";

const OURS = /^(data|data\.new.*|password.*|server\.json.*|server\.log|(start\.lock|user)\..+)$/;

/** One database cluster on disk, with the binaries and the account that run it. */
export interface Cluster {
  readonly folder: string;
  /** The data directory, as PostgreSQL calls it. */
  readonly data: string;
  readonly passwordFile: string;
  readonly stateFile: string;
  readonly logFile: string;
  readonly binaries: ServerBinaries;
  readonly account: ServerAccount;
}

/** Prepares the folder of a cluster. It gets mode 0700, and is owned by the account that runs the server. */
export async function openCluster(dataDir: string, binaries: ServerBinaries, account: ServerAccount): Promise<Cluster> {
  const folder = await privateFolder(dataDir, OURS);
  await handTo(account, folder);
  const inside = (name: string) => resolve(folder, name);
  return {
    folder,
    data: inside("data"),
    passwordFile: inside("password"),
    stateFile: inside("server.json"),
    logFile: inside("server.log"),
    binaries,
    account,
  };
}
