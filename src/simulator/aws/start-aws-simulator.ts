import { type HttpServer, startHttpServer } from "../http-server.js";
import { AwsCore } from "./aws-core.js";
import type { AwsSimulator } from "./aws-simulator.js";
import type { AwsSimulatorOptions } from "./aws-simulator-options.js";
import { answerControl, CONTROL_PREFIX } from "./control-surface.js";
import { coreControl } from "./core-control.js";

/**
 * Starts a simulated AWS on a free port of 127.0.0.1, for the AWS SDK's own clients.
 *
 * It serves reserved instances and nodes, Savings Plans and STS over their real protocols, keeps a ledger of what really
 * happened, and lets faults strike on demand. Unknown options are a `TypeError`.
 */
export async function startAwsSimulator(options: AwsSimulatorOptions = {}): Promise<AwsSimulator> {
  const core = new AwsCore(options);
  const server = await startHttpServer((url) => {
    const control = coreControl(core, url);
    return {
      now: () => core.clock.now(),
      async handle(request, exchange) {
        if (request.path.startsWith(CONTROL_PREFIX)) exchange.answer(await answerControl(request, control));
        else core.handle(request, exchange);
      },
    };
  });
  return { ...coreControl(core, server.url), close: () => close(core, server) };
}

function close(core: AwsCore, server: HttpServer): Promise<void> {
  core.held.close();
  return server.close();
}
