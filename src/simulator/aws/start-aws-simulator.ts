import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { AwsCore } from "./aws-core.js";
import type { AwsSimulator, ConnectedAwsSimulator } from "./aws-simulator.js";
import type { AwsSimulatorOptions } from "./aws-simulator-options.js";
import { answerControl, CONTROL_PREFIX } from "./control-surface.js";
import { coreControl } from "./core-control.js";
import { Exchange } from "./exchange.js";
import type { WireRequest } from "./protocol/aws-protocol.js";

/**
 * Starts a simulated AWS on a free port of 127.0.0.1, for the AWS SDK's own clients.
 *
 * It serves reserved instances and nodes, Savings Plans and STS over their real protocols, keeps a ledger of what really
 * happened, and lets faults strike on demand. Unknown options are a `TypeError`.
 */
export async function startAwsSimulator(options: AwsSimulatorOptions = {}): Promise<AwsSimulator> {
  const core = new AwsCore(options);
  const server = createServer();
  const url = await listen(server);
  const control = coreControl(core, url);
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    // A client that goes away while it is still sending has asked for nothing.
    serve(request, response, { core, control }).catch(() => response.destroy());
  });
  return { ...control, close: () => close(server, core) };
}

function listen(server: Server): Promise<string> {
  // Without this, Node closes idle connections after 5 s, and a client about to use one would see a reset of ours.
  server.keepAliveTimeout = 0;
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("the server has no TCP address"));
      else resolve(`http://127.0.0.1:${address.port}`);
    });
  });
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { core, control }: { readonly core: AwsCore; readonly control: ConnectedAwsSimulator },
): Promise<void> {
  const exchange = new Exchange(response, () => core.clock.now());
  const wire = await readToEnd(request);
  if (wire.path.startsWith(CONTROL_PREFIX)) exchange.answer(await answerControl(wire, control));
  else core.handle(wire, exchange);
}

async function readToEnd(request: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { pathname, search } = new URL(request.url ?? "/", "http://127.0.0.1");
  const body = Buffer.concat(chunks).toString("utf8");
  return { method: request.method ?? "GET", path: pathname, query: search, headers: request.headers, body };
}

function close(server: Server, core: AwsCore): Promise<void> {
  core.held.close();
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
