import { checkKeys } from "../../domain/options.js";
import { serveSimulator } from "../serve-simulator.js";
import { coreControl, GCP_CONTROLS } from "./gcp-controls.js";
import { GcpCore } from "./gcp-core.js";
import type { GcpSimulator } from "./gcp-simulator.js";
import { GCP_OPTIONS, type GcpSimulatorOptions } from "./gcp-simulator-options.js";

/**
 * Starts a simulated Google Cloud on a free port of 127.0.0.1, for Google's own clients.
 *
 * It serves over REST the commitments and regions of Compute Engine, the Recommender, the orders of spend-based
 * commitments, and the search for projects. It keeps a ledger of what really happened,
 * and lets faults strike on demand. Throws `INVALID_REQUEST` for an option that does not exist, and a `TypeError` for
 * one that is out of range.
 */
export async function startGcpSimulator(options: GcpSimulatorOptions = {}): Promise<GcpSimulator> {
  checkKeys("options", options, GCP_OPTIONS);
  const core = new GcpCore(options);
  return await serveSimulator(core, { simulatorAt: (url) => coreControl(core, url), controls: GCP_CONTROLS });
}
