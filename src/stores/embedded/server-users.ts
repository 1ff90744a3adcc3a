import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  isElsewhere,
  ownIdentity,
  type ProcessIdentity,
  processIdentitySchema,
  runsHere,
} from "../local/process-identity.js";
import { replaceFile } from "../local/replace-file.js";
import type { Cluster } from "./cluster.js";

const RECORD = /^user\.[^.]+$/;

/** Records this process as a user of a cluster's server, and returns the name of the record. */
export function recordUser({ folder }: Cluster): string {
  const record = `user.${randomUUID()}`;
  replaceFile(join(folder, record), JSON.stringify(ownIdentity()));
  return record;
}

/**
 * Deletes a record, and the records of processes that are certainly gone. Returns the users of this machine that are
 * left. Users on another machine do not use a server of this machine. Their records stay, because the records show that
 * a server may run there.
 */
export function withoutUser(cluster: Cluster, record: string): readonly ProcessIdentity[] {
  const users: ProcessIdentity[] = [];
  for (const file of recordsIn(cluster)) {
    const user = file === join(cluster.folder, record) ? undefined : readUser(file);
    if (user !== undefined && runsHere(user)) users.push(user);
    else if (user === undefined || !isElsewhere(user)) rmSync(file, { force: true });
  }
  return users;
}

/** The users on other machines and in other containers, each with the file of its record. */
export function usersElsewhere(cluster: Cluster): ReadonlyMap<string, ProcessIdentity> {
  const users = new Map<string, ProcessIdentity>();
  for (const file of recordsIn(cluster)) {
    const user = readUser(file);
    if (user !== undefined && isElsewhere(user)) users.set(file, user);
  }
  return users;
}

const recordsIn = ({ folder }: Cluster): readonly string[] =>
  readdirSync(folder)
    .filter((name) => RECORD.test(name))
    .map((name) => join(folder, name));

/**
 * The process of a record. `undefined` if the record cannot be understood. Each record gets its whole content at once,
 * so only a disk can lose it.
 */
function readUser(file: string): ProcessIdentity | undefined {
  try {
    return processIdentitySchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}
