import * as z from "zod/mini";
import { invalidRequest } from "../domain/input-problem.js";
import { CONTROL_PREFIX } from "./control-surface.js";
import type { SimulatorControls } from "./simulator-controls.js";

/**
 * Calls one control of a simulator that runs in another process. What it refuses is the `INVALID_REQUEST` that it would
 * be in that process, else a `TypeError`.
 */
export type CallControl = <Value>(method: string, name: string, body?: object) => Promise<Value>;

/** Calls the controls of the simulator at this URL. */
export function controlsAt(url: string): CallControl {
  return (method, name, body) => callControl(url, method, name, body);
}

/** The controls that every simulated cloud has, of one in another process. */
export function remoteControls(control: CallControl): SimulatorControls {
  return {
    ledger: {
      purchases: () => control("GET", "ledger"),
      requests: () => control("GET", "requests"),
    },
    faults: {
      add: (fault) => control("POST", "faults", fault),
      clear: () => control("DELETE", "faults"),
      pending: () => control("GET", "faults"),
    },
    clock: {
      now: () => control("GET", "clock"),
      advance: (advanceMs) => control("POST", "clock", { advanceMs }),
    },
    states: {
      set: (commitmentId, state) => control("POST", "states", { commitmentId, state }),
    },
  };
}

const refusalSchema = z.object({ problems: z.array(z.object({ path: z.string(), problem: z.string() })) });

async function callControl<Value>(url: string, method: string, name: string, body?: object): Promise<Value> {
  const init = { method, ...(body && { body: JSON.stringify(body) }) };
  const response = await fetch(new URL(CONTROL_PREFIX + name, url), init);
  const answer: unknown = await response.json();
  const refused = response.ok ? undefined : refusalSchema.safeParse(answer);
  if (refused?.success) throw invalidRequest(refused.data.problems);
  if (!response.ok) throw new TypeError(`the simulator refused ${method} ${name}: ${JSON.stringify(answer)}`);
  return answer as Value;
}
