import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import * as z from "zod";

/** A process, told apart from any other that has or had the same pid. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** When it started, in whatever form the operating system tells it. */
  readonly startedAt: string;
}

/** Parses a {@link ProcessIdentity} that was written to a file. */
export const processIdentitySchema: z.ZodType<ProcessIdentity> = z.object({
  host: z.string(),
  pid: z.int().positive(),
  startedAt: z.string(),
});

/** The identity of a process of this machine, or `undefined` if none runs under this pid; a zombie runs no more. */
export function processIdentity(pid: number): ProcessIdentity | undefined {
  const startedAt = startTimeOf(pid);
  return startedAt === undefined ? undefined : { host: hostname(), pid, startedAt };
}

/** This very process. */
export function ownIdentity(): ProcessIdentity {
  const identity = processIdentity(process.pid);
  if (identity === undefined) throw new Error("The operating system does not tell when this process started.");
  return identity;
}

/** Whether two records mean the same process. */
export const isSameProcess = (a: ProcessIdentity, b: ProcessIdentity): boolean =>
  a.host === b.host && a.pid === b.pid && a.startedAt === b.startedAt;

/** Whether a process certainly runs, on this machine. */
export function runsHere(identity: ProcessIdentity): boolean {
  const running = processIdentity(identity.pid);
  return running !== undefined && isSameProcess(running, identity);
}

/**
 * Whether a process may still run. Where it ran on another host (or container) nobody here can tell, so it may.
 */
export function mayRun(identity: ProcessIdentity): boolean {
  if (identity.host !== hostname()) return true;
  return startTimeOf(identity.pid) === identity.startedAt;
}

function startTimeOf(pid: number): string | undefined {
  if (process.platform === "linux") return startTimeOnLinux(pid);
  return process.platform === "win32" ? runsOnWindows(pid) : startTimeByPs(pid);
}

/** Ticks since boot, with the id of the boot: pids and ticks begin anew with each. See proc(5), fields 3 and 22 of stat. */
function startTimeOnLinux(pid: number): string | undefined {
  const stat = readIfThere(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, ticks] = [fields[0], fields[19]];
  if (state === "Z" || state === "X") return undefined;
  return `${readIfThere("/proc/sys/kernel/random/boot_id")?.trim()} ${ticks}`;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function startTimeByPs(pid: number): string | undefined {
  try {
    const line = execFileSync("ps", ["-o", "state=,lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
    return line === "" || line.startsWith("Z") ? undefined : line.replace(/^\S+\s+/, "");
  } catch {
    return undefined;
  }
}

/** Windows does not tell start times cheaply: there a recycled pid is taken for the old process, which refuses too much. */
function runsOnWindows(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
    return "running";
  } catch {
    return undefined;
  }
}
