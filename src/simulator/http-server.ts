import { createServer, type IncomingMessage, type Server } from "node:http";
import { Exchange } from "./exchange.js";
import type { WireRequest } from "./wire.js";

/** A server that listens. */
export interface HttpServer {
  readonly url: string;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** How requests are answered, by which time. */
export interface RequestHandler {
  now(): number;
  handle(request: WireRequest, exchange: Exchange): void | Promise<void>;
}

/** Listens on a free port of 127.0.0.1; `handlerAt` is given the URL. */
export async function startHttpServer(handlerAt: (url: string) => RequestHandler): Promise<HttpServer> {
  const server = createServer();
  const url = await listen(server);
  const handler = handlerAt(url);
  server.on("request", (request, response) => {
    const exchange = new Exchange(response, () => handler.now());
    readToEnd(request)
      .then((wire) => handler.handle(wire, exchange))
      // A client that goes away while it is still sending has asked for nothing.
      .catch(() => response.destroy());
  });
  return { url, close: () => close(server) };
}

function listen(server: Server): Promise<string> {
  // Without this, Node closes idle connections after 5 s. A client about to use one would then see a reset from the
  // server.
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

async function readToEnd(request: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { pathname, search } = new URL(request.url ?? "/", "http://127.0.0.1");
  const body = Buffer.concat(chunks).toString("utf8");
  return { method: request.method ?? "GET", path: pathname, query: search, headers: request.headers, body };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
