import type { PipelinePolicy, PipelineResponse } from "@azure/core-rest-pipeline";
import { type ArmAnswer, readAnswer } from "./arm-answer.js";
import type { ArmCall, AzureConnection } from "./connect.js";

/** `onWire` says whether the request was handed to the HTTP client, so that it may have left. */
export type SendResult =
  | { readonly kind: "answered"; readonly answer: ArmAnswer }
  | { readonly kind: "failed"; readonly error: unknown; readonly onWire: boolean };

/**
 * Sends one call at most once, whatever retry settings the client has. Never throws.
 *
 * The client's pipeline is copied, so the client stays as it is: the policies of the retry phase are taken out, and a gate
 * behind the signing lets one request through. A policy that sends again all the same (a redirect, a challenge of the
 * bearer token) meets the closed gate, and what the first request brought is the result.
 */
export async function sendAtMostOnce(
  connection: AzureConnection,
  call: ArmCall,
  beforeWire: () => void,
): Promise<SendResult> {
  const signal = connection.limit();
  const wire: Wire = { opened: false };
  const pipeline = connection.pipeline.clone();
  pipeline.removePolicy({ phase: "Retry" });
  const mayLeave = () => {
    signal.throwIfAborted();
    beforeWire();
  };
  pipeline.addPolicy(gate(wire, mayLeave), { afterPhase: "Sign" });
  try {
    const response = await pipeline.sendRequest(connection.httpClient, connection.request(call, signal));
    return { kind: "answered", answer: readAnswer(wire.response ?? response) };
  } catch (error) {
    if (wire.response !== undefined) return { kind: "answered", answer: readAnswer(wire.response) };
    return { kind: "failed", error: wire.error ?? error, onWire: wire.opened };
  }
}

/** What the first request brought. */
interface Wire {
  opened: boolean;
  response?: PipelineResponse;
  error?: unknown;
}

const gate = (wire: Wire, mayLeave: () => void): PipelinePolicy => ({
  name: "buyonceGate",
  async sendRequest(request, next) {
    if (wire.opened) throw new Error("a second send of the same request was stopped");
    mayLeave();
    wire.opened = true;
    try {
      wire.response = await next(request);
      return wire.response;
    } catch (error) {
      wire.error = error;
      throw error;
    }
  },
});
