import { answerControl, CONTROL_PREFIX, type ControlTable } from "./control-surface.js";
import type { SimulatorCore } from "./core-controls.js";
import type { Exchange } from "./exchange.js";
import { type HttpServer, startHttpServer } from "./http-server.js";
import type { WireRequest } from "./wire.js";

/** A simulated cloud that takes requests. */
export interface ServedCore extends SimulatorCore {
  /** Takes a request in: logs it, lets a planned fault strike it, processes it and sees to its answer. */
  handle(request: WireRequest, exchange: Exchange): void;
}

/** How a simulator is controlled: in this process, and by requests from another. */
export interface Controlled<Simulator> {
  simulatorAt(url: string): Simulator;
  readonly controls: ControlTable<Simulator>;
}

/** Serves the cloud and its controls on a free port of 127.0.0.1. */
export async function serveSimulator<Simulator extends object>(
  core: ServedCore,
  { simulatorAt, controls }: Controlled<Simulator>,
): Promise<Simulator & { close(): Promise<void> }> {
  const server = await startHttpServer((url) => {
    const simulator = simulatorAt(url);
    return {
      now: () => core.clock.now(),
      async handle(request, exchange) {
        if (request.path.startsWith(CONTROL_PREFIX)) exchange.answer(await answerControl(request, simulator, controls));
        else core.handle(request, exchange);
      },
    };
  });
  return { ...simulatorAt(server.url), close: () => close(core, server) };
}

function close(core: SimulatorCore, server: HttpServer): Promise<void> {
  core.held.close();
  return server.close();
}
