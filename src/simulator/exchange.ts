import type { ServerResponse } from "node:http";
import type { WireReply } from "./wire.js";

/** A connection that waits for its answer, with every way in which it can fail. */
export class Exchange {
  readonly #response: ServerResponse;
  readonly #now: () => number;

  constructor(response: ServerResponse, now: () => number) {
    this.#response = response;
    this.#now = now;
  }

  answer(reply: WireReply): void {
    this.#writeHead(reply);
    this.#response.end(reply.body);
  }

  /** Resets the connection: the client learns nothing. */
  reset(): void {
    this.#response.socket?.resetAndDestroy();
  }

  /** Promises the whole body, sends half of it and closes the connection. */
  cut(reply: WireReply): void {
    this.#writeHead(reply);
    const half = reply.body.slice(0, Math.floor(reply.body.length / 2));
    this.#response.write(half, () => this.#response.socket?.destroy());
  }

  #writeHead({ status, headers, body }: WireReply): void {
    this.#response.writeHead(status, {
      ...headers,
      "content-length": Buffer.byteLength(body),
      // The SDK sets its signing clock by this header, so it has to be the simulator's time.
      date: new Date(this.#now()).toUTCString(),
    });
  }
}
