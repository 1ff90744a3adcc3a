import * as z from "zod/mini";
import { isBuyonceError } from "../domain/errors.js";
import { readFault } from "./read-fault.js";
import { readSettings } from "./read-settings.js";
import type { SimulatorControls } from "./simulator-controls.js";
import type { WireReply, WireRequest } from "./wire.js";

/** Where the controls are, below the simulator's URL. No operation of a cloud has such a path. */
export const CONTROL_PREFIX = "/_buyonce/";

/** What each control does with the JSON sent to it, by method and name: `POST faults`. */
export type ControlTable<Simulator> = Readonly<
  Record<string, (simulator: Simulator, body: unknown) => Promise<unknown>>
>;

const stateChange = z.strictObject({ commitmentId: z.string(), state: z.string() });
const advance = z.strictObject({ advanceMs: z.number() });

/** The controls that every simulated cloud has. */
export const COMMON_CONTROLS: ControlTable<SimulatorControls> = {
  "GET ledger": ({ ledger }) => ledger.purchases(),
  "GET requests": ({ ledger }) => ledger.requests(),
  "GET faults": ({ faults }) => faults.pending(),
  "POST faults": ({ faults }, body) => faults.add(readFault(body)),
  "DELETE faults": ({ faults }) => faults.clear(),
  "GET clock": ({ clock }) => clock.now(),
  "POST clock": ({ clock }, body) => clock.advance(readSettings(advance, body).advanceMs),
  "POST states": ({ states }, body) => {
    const { commitmentId, state } = readSettings(stateChange, body);
    return states.set(commitmentId, state);
  },
};

/**
 * Answers a request for the controls: 200 with JSON, or 400 with what was wrong with it. `problems` are those of an
 * `INVALID_REQUEST`.
 */
export async function answerControl<Simulator>(
  request: WireRequest,
  simulator: Simulator,
  controls: ControlTable<Simulator>,
): Promise<WireReply> {
  const control = controls[`${request.method} ${request.path.slice(CONTROL_PREFIX.length)}`];
  if (control === undefined) return json(404, { message: "no such control" });
  try {
    const body: unknown = request.body === "" ? undefined : JSON.parse(request.body);
    return json(200, (await control(simulator, body)) ?? null);
  } catch (error) {
    const problems = isBuyonceError(error, "INVALID_REQUEST") ? error.details["problems"] : undefined;
    return json(400, { message: error instanceof Error ? error.message : String(error), problems });
  }
}

function json(status: number, value: unknown): WireReply {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}
