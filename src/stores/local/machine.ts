import { readlinkSync } from "node:fs";
import { hostname } from "node:os";
import * as z from "zod/mini";
import { readIfThere } from "./read-if-there.js";

/** A machine or container, as far as its processes see each other under their pids. */
export interface Machine {
  readonly host: string;
  /**
   * The boot, and which pids mean something there: containers of one kernel have pids of their own and may have the same
   * host name, and a host name may change. Linux tells; elsewhere, and in older records, there is only the name.
   */
  readonly kernel?: { readonly boot: string; readonly pids: string };
}

/** Parses what a {@link Machine} wrote to a file. */
export const machineSchema = z.object({
  host: z.string(),
  kernel: z.exactOptional(z.object({ boot: z.string(), pids: z.string() })),
}) satisfies z.ZodMiniType<Machine>;

/** The machine or container of this process. */
export function thisMachine(): Machine {
  const host = hostname();
  const boot = bootId();
  const pids = pidNamespace();
  return boot === undefined || pids === undefined ? { host } : { host, kernel: { boot, pids } };
}

/**
 * Whether processes of two machines see each other (`same`), or one has ended because the machine was started anew
 * (`rebooted`). Of `another` machine or container nothing is known; so it is of two boots under two host names, which may be
 * one machine that was renamed.
 */
export function relationOf(a: Machine, b: Machine): "same" | "rebooted" | "another" {
  const isSameHost = a.host === b.host;
  if (a.kernel === undefined || b.kernel === undefined) return isSameHost ? "same" : "another";
  if (a.kernel.boot === b.kernel.boot) return a.kernel.pids === b.kernel.pids ? "same" : "another";
  return isSameHost ? "rebooted" : "another";
}

/** Changes with each start of the operating system; `undefined` where that is not Linux. */
export const bootId = (): string | undefined => readIfThere("/proc/sys/kernel/random/boot_id")?.trim();

/** See pid_namespaces(7). A number is given again when no process is left in its namespace: then its holders are gone. */
function pidNamespace(): string | undefined {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return undefined;
  }
}
