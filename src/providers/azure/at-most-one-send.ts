import type { HttpClient, PipelineResponse } from "@azure/core-rest-pipeline";
import { type ArmAnswer, readAnswer } from "./arm-answer.js";
import type { ArmCall, AzureConnection } from "./connect.js";

/** `onWire` says whether the request was handed to the HTTP client, so that it may have left. */
export type SendResult =
  | { readonly kind: "answered"; readonly answer: ArmAnswer }
  | { readonly kind: "failed"; readonly error: unknown; readonly onWire: boolean };

/**
 * Sends one call at most once, whatever retry settings the client has. Never throws.
 *
 * The client's pipeline is copied, so the client is not changed. The policies of the retry phase are taken out of the
 * copy. A gate stands behind every policy and in front of the HTTP client, and lets one request pass. A policy that
 * sends again all the same (a redirect, a challenge of the bearer token) meets the closed gate. The result is then what
 * the first request brought.
 */
export async function sendAtMostOnce(
  connection: AzureConnection,
  call: ArmCall,
  beforeWire: () => void,
): Promise<SendResult> {
  const signal = connection.limit();
  const wire: Wire = { met: false, opened: false };
  const pipeline = connection.pipeline.clone();
  pipeline.removePolicy({ phase: "Retry" });
  const mayLeave = () => {
    signal.throwIfAborted();
    beforeWire();
  };
  try {
    const request = connection.request(call, signal);
    await pipeline.sendRequest(gated(connection.httpClient, wire, mayLeave), request);
    wire.error ??= new Error("a policy of the client answered without sending anything");
  } catch (error) {
    wire.error ??= error;
  }
  if (wire.response !== undefined) return { kind: "answered", answer: readAnswer(wire.response) };
  return { kind: "failed", error: wire.error, onWire: wire.opened };
}

/** What became of the first request that came to the gate. */
interface Wire {
  met: boolean;
  opened: boolean;
  response?: PipelineResponse;
  error?: unknown;
}

const gated = (httpClient: HttpClient, wire: Wire, mayLeave: () => void): HttpClient => ({
  async sendRequest(request) {
    if (wire.met) throw new Error("a second send of the same request was stopped");
    wire.met = true;
    try {
      mayLeave();
      wire.opened = true;
      wire.response = await httpClient.sendRequest(request);
      return wire.response;
    } catch (error) {
      wire.error = error;
      throw error;
    }
  },
});
