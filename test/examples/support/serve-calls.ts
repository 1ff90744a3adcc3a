import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

/**
 * Serves functions on loopback, each as `POST /<name>` with its argument as JSON, and prints where.
 *
 * For hosts that call a function in a process which outlives the call. What a function throws is the answer `{ thrown }`.
 */
export function serveCalls(functions: Readonly<Record<string, (argument: never) => Promise<unknown>>>): void {
  const server = createServer(async (request, response) => {
    const call = functions[String(request.url).slice(1)] as ((argument: unknown) => Promise<unknown>) | undefined;
    const answer = call
      ? await call(await json(request)).catch((error: unknown) => ({ thrown: String(error) }))
      : { thrown: "there is no such function" };
    response.end(JSON.stringify(answer ?? null));
  });
  server.listen(0, "127.0.0.1", () => {
    console.log(`serving calls on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
}
