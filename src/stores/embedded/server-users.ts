import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  ownIdentity,
  type ProcessIdentity,
  processIdentitySchema,
  runsHere,
} from "../postgres/local/process-identity.js";
import { replaceFile } from "../postgres/local/replace-file.js";
import type { Cluster } from "./cluster.js";

const RECORD = /^user\.[^.]+$/;

/** Records this process as a user of a cluster's server, and returns the name of the record. */
export function recordUser({ folder }: Cluster): string {
  const record = `user.${randomUUID()}`;
  replaceFile(join(folder, record), JSON.stringify(ownIdentity()));
  return record;
}

/** Deletes a record, and those of processes that are gone; returns the users that are left. */
export function withoutUser({ folder }: Cluster, record: string): readonly ProcessIdentity[] {
  const users: ProcessIdentity[] = [];
  for (const name of readdirSync(folder).filter((file) => RECORD.test(file))) {
    const user = name === record ? undefined : readUser(join(folder, name));
    if (user !== undefined && runsHere(user)) users.push(user);
    else rmSync(join(folder, name), { force: true });
  }
  return users;
}

/** `undefined` for a record that cannot be understood: each gets its whole content at once, so only a disk can lose it. */
function readUser(file: string): ProcessIdentity | undefined {
  try {
    return processIdentitySchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}
