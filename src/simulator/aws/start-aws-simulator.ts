import { checkKeys } from "../../domain/options.js";
import { serveSimulator } from "../serve-simulator.js";
import { AWS_CONTROLS, coreControl } from "./aws-controls.js";
import { AwsCore } from "./aws-core.js";
import type { AwsSimulator } from "./aws-simulator.js";
import { AWS_PROCESS_OPTIONS, type AwsSimulatorOptions } from "./aws-simulator-options.js";

/**
 * Starts a simulated AWS on a free port of 127.0.0.1, for the AWS SDK's own clients.
 *
 * It serves reserved instances and nodes, Savings Plans, the recommendations of Cost Explorer, Organizations and STS
 * over their real protocols. It keeps a ledger of what really happened, and lets faults strike on demand. Throws
 * `INVALID_REQUEST` for an option that does not exist, and a `TypeError` for one that is out of range.
 */
export async function startAwsSimulator(options: AwsSimulatorOptions = {}): Promise<AwsSimulator> {
  checkKeys<AwsSimulatorOptions>("options", options, { ...AWS_PROCESS_OPTIONS, clock: true });
  const core = new AwsCore(options);
  return await serveSimulator(core, { simulatorAt: (url) => coreControl(core, url), controls: AWS_CONTROLS });
}
