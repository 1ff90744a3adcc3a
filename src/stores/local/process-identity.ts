import { execFileSync } from "node:child_process";
import * as z from "zod/mini";
import { bootId, type Machine, machineSchema, relationOf, thisMachine } from "./machine.js";
import { readIfThere } from "./read-if-there.js";

/** The identity of a process. It differs from that of every other process that has or had the same pid. */
export interface ProcessIdentity extends Machine {
  readonly pid: number;
  /** When the process started, in the form in which the operating system tells it. */
  readonly startedAt: string;
}

/** Parses a {@link ProcessIdentity} that was written to a file. */
export const processIdentitySchema: z.ZodMiniType<ProcessIdentity> = z.extend(machineSchema, {
  pid: z.int().check(z.positive()),
  startedAt: z.string(),
});

/** The identity of a process of this machine, or `undefined` if none runs under this pid. A zombie does not run. */
export function processIdentity(pid: number): ProcessIdentity | undefined {
  const startedAt = startTimeOf(pid);
  return startedAt === undefined ? undefined : { ...thisMachine(), pid, startedAt };
}

/** The identity of this process. */
export function ownIdentity(): ProcessIdentity {
  const identity = processIdentity(process.pid);
  if (identity === undefined) throw new Error("The operating system does not tell when this process started.");
  return identity;
}

/** Whether two records mean the same process. */
export const isSameProcess = (a: ProcessIdentity, b: ProcessIdentity): boolean =>
  relationOf(a, b) === "same" && a.pid === b.pid && a.startedAt === b.startedAt;

/** Whether a process certainly runs, on this machine. */
export const runsHere = (identity: ProcessIdentity): boolean =>
  relationOf(identity, thisMachine()) === "same" && startTimeOf(identity.pid) === identity.startedAt;

/** Whether a process belongs to another machine or container, so that this machine cannot tell if it runs. */
export const isElsewhere = (identity: ProcessIdentity): boolean => relationOf(identity, thisMachine()) === "another";

/** Whether a process may still run. A process of another machine always may. */
export const mayRun = (identity: ProcessIdentity): boolean => isElsewhere(identity) || runsHere(identity);

/** A process, described for the reader of a message. */
export function describeProcess(identity: ProcessIdentity | undefined): string {
  if (identity === undefined) return "another process";
  const where = isElsewhere(identity) ? ", another machine or container" : "";
  return `process ${identity.pid} on host ${identity.host}${where}`;
}

function startTimeOf(pid: number): string | undefined {
  if (process.platform === "linux") return startTimeOnLinux(pid);
  return process.platform === "win32" ? runsOnWindows(pid) : startTimeByPs(pid);
}

/**
 * The start time in ticks since boot, with the id of the boot, because pids and ticks begin again with each boot. See
 * proc(5), fields 3 and 22 of stat.
 */
function startTimeOnLinux(pid: number): string | undefined {
  const stat = readIfThere(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, ticks] = [fields[0], fields[19]];
  if (state === "Z" || state === "X") return undefined;
  return `${bootId()} ${ticks}`;
}

function startTimeByPs(pid: number): string | undefined {
  try {
    const line = execFileSync("ps", ["-o", "state=,lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
    return line === "" || line.startsWith("Z") ? undefined : line.replace(/^\S+\s+/, "");
  } catch {
    return undefined;
  }
}

/**
 * Whether a process runs on Windows, which does not tell start times cheaply. A reused pid counts as the old process
 * there. So a free lock may be refused, but no held lock is taken.
 */
function runsOnWindows(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
    return "running";
  } catch {
    return undefined;
  }
}
