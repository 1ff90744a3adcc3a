import { checkKeys } from "../../domain/options.js";
import { serveSimulator } from "../serve-simulator.js";
import { AZURE_CONTROLS, coreControl } from "./azure-controls.js";
import { AzureCore } from "./azure-core.js";
import type { AzureSimulator } from "./azure-simulator.js";
import { AZURE_OPTIONS, type AzureSimulatorOptions } from "./azure-simulator-options.js";

/**
 * Starts a simulated Azure Resource Manager on a free port of 127.0.0.1, for the Azure SDK's own clients.
 *
 * It sells reservations and savings plans over their real protocol. It keeps a ledger of what really happened, and lets
 * faults strike on demand. Throws `INVALID_REQUEST` for an option that does not exist, and a `TypeError` for one that
 * is out of range.
 */
export async function startAzureSimulator(options: AzureSimulatorOptions = {}): Promise<AzureSimulator> {
  checkKeys("options", options, AZURE_OPTIONS);
  const core = new AzureCore(options);
  return await serveSimulator(core, { simulatorAt: (url) => coreControl(core, url), controls: AZURE_CONTROLS });
}
