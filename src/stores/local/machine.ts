import { readlinkSync } from "node:fs";
import { hostname } from "node:os";
import * as z from "zod/mini";
import { readIfThere } from "./read-if-there.js";

/** A machine or container: a place whose processes see each other under their pids. */
export interface Machine {
  readonly host: string;
  /**
   * The boot, and the namespace of the pids. Containers of one kernel have pids of their own and may share a host name,
   * and a host name may change. Only Linux tells both facts. On other systems, and in older records, there is only the
   * host name.
   */
  readonly kernel?: { readonly boot: string; readonly pids: string };
}

/** Parses a {@link Machine} that was written to a file. */
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
 * How two records of machines relate. `same`: their processes see each other. `rebooted`: the machine was started
 * again, so the older processes have ended. `another`: another machine or container, of which nothing is known. Two
 * boots under two host names are `another` too, although they may be one machine that was renamed.
 */
export function relationOf(a: Machine, b: Machine): "same" | "rebooted" | "another" {
  const isSameHost = a.host === b.host;
  if (a.kernel === undefined || b.kernel === undefined) return isSameHost ? "same" : "another";
  if (a.kernel.boot === b.kernel.boot) return a.kernel.pids === b.kernel.pids ? "same" : "another";
  return isSameHost ? "rebooted" : "another";
}

/** An id that changes with each start of the operating system. `undefined` on a system other than Linux. */
export const bootId = (): string | undefined => readIfThere("/proc/sys/kernel/random/boot_id")?.trim();

/**
 * The namespace of the pids, see pid_namespaces(7). The system reuses a number only when no process is left in its
 * namespace. Then all lock holders of that namespace are gone.
 */
function pidNamespace(): string | undefined {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return undefined;
  }
}
