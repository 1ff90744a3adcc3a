import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A request as it came over the wire. */
export interface RawRequest {
  readonly method: string;
  /** With its query string. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An answer as it goes over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A server in front of a simulated cloud that sees the very requests of its clients. */
export interface FrontServer {
  readonly url: string;
  /** Every request so far, those that it answered itself included. */
  readonly requests: readonly RawRequest[];
  /** Every request that was answered so far, with its answer. */
  readonly exchanges: readonly RawExchange[];
}

/** A request and its answer. */
export interface RawExchange {
  readonly request: RawRequest;
  readonly answer: RawAnswer;
}

/** Starts one, closed at the end of the test. What `answer` answers does not reach the cloud. */
export async function startFrontServer(
  cloudUrl: string,
  answer: (request: RawRequest) => RawAnswer | undefined = () => undefined,
): Promise<FrontServer> {
  const requests: RawRequest[] = [];
  const exchanges: RawExchange[] = [];
  const server = createServer(async (incoming, response) => {
    const request = await readRequest(incoming);
    requests.push(request);
    const answered = answer(request) ?? (await forward(cloudUrl, request));
    exchanges.push({ request, answer: answered });
    response.writeHead(answered.status, answered.headers).end(answered.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, exchanges };
}

async function readRequest(incoming: IncomingMessage): Promise<RawRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const { method = "", url = "", headers } = incoming;
  return { method, path: url, headers, body: Buffer.concat(chunks).toString() };
}

async function forward(cloudUrl: string, { method, path, headers, body }: RawRequest): Promise<RawAnswer> {
  // The client's own connection is none of the cloud's business.
  const { host: _host, connection: _connection, "content-length": _length, ...kept } = headers;
  const sent = Object.entries(kept).map(([name, value]): [string, string] => [name, String(value)]);
  const answer = await fetch(cloudUrl + path, { method, headers: sent, ...(method !== "GET" && { body }) });
  return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
}
