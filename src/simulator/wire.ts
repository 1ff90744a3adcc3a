import type { IncomingHttpHeaders } from "node:http";

/** A request as it came off the wire, body read to its end. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  /** What follows the path, from the question mark on; empty if nothing does. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An answer, ready for the wire. */
export interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
