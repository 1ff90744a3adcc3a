import * as z from "zod/mini";
import type { Arrival, ErrorAnswers } from "../arrival.js";
import type { StruckCall } from "../call-effects.js";
import { SimulatedError } from "../simulated-error.js";
import type { WireReply, WireRequest } from "../wire.js";
import { type Principal, principalOf } from "./azure-credential.js";
import type { AzureAnswer, AzureCall, AzureServiceName } from "./azure-service.js";
import { subscriptionIn } from "./billing-scope.js";
import { invalidContent } from "./read-body.js";
import { type Routed, type Routes, serviceOf } from "./routing.js";
import { originOf, replyOf } from "./wire-reply.js";

interface Asked extends Omit<AzureCall, "now" | "effects"> {
  readonly operation: Routed["operation"];
}

/** Finds out who asks for what; `undefined` if the request is for no service here. Changes nothing. */
export function dispatch(request: WireRequest, routes: Routes, requestId: string): Arrival | undefined {
  const service = serviceOf(request.path);
  if (service === undefined) return undefined;
  const routed = routes.find(request);
  const principal = principalOf(request.headers);
  const body = readJson(request.body);
  const params = { ...flattened(body), ...Object.fromEntries(new URLSearchParams(request.query)), ...routed?.ids };
  const asked = readAsked({ request, routed, principal, body }, routes);
  const write = (answer: AzureAnswer, now: number) => replyOf(answer, { request, requestId }, now);
  return {
    service: routed?.operation.service ?? service,
    operation: routed?.operation.name ?? `${request.method} ${request.path}`,
    params,
    account: accountOf(params, principal),
    region: regionOf(params, routed),
    run: asked instanceof SimulatedError ? asked : (struck) => write(answerTo(asked, struck), struck.now),
    errors: errorAnswers(write, service),
  };
}

function answerTo({ operation, ...call }: Asked, struck: StruckCall): AzureAnswer {
  return operation.run({ ...call, ...struck });
}

function errorAnswers(write: (answer: AzureAnswer, now: number) => WireReply, service: AzureServiceName): ErrorAnswers {
  return {
    throttled: () => throttled(service),
    internal() {
      const message = "The server encountered an internal error. Please retry the request.";
      return new SimulatedError("InternalServerError", 500, message);
    },
    write: ({ code, status, headers, message }, now) =>
      write({ status, headers, body: { error: { code, message } } }, now),
  };
}

/** Both services of costs have a header of their own, and a status for a code. */
function throttled(service: AzureServiceName): SimulatedError {
  const wait = WAIT_HEADERS.get(service);
  if (wait === undefined)
    return new SimulatedError("TooManyRequests", 429, "Too many requests.", { "Retry-After": "1" });
  return new SimulatedError("429", 429, "Too many requests. Please retry.", { [wait]: "1" });
}

const WAIT_HEADERS: ReadonlyMap<AzureServiceName, string> = new Map([
  ["azure.consumption", "x-ms-ratelimit-microsoft.consumption-retry-after"],
  ["azure.cost-management", "x-ms-ratelimit-microsoft.costmanagement-qpu-retry-after"],
]);

interface Reading {
  readonly request: WireRequest;
  readonly routed: Routed | undefined;
  readonly principal: Principal | undefined;
  readonly body: unknown;
}

function readAsked({ request, routed, principal, body }: Reading, routes: Routes): Asked | SimulatedError {
  if (principal === undefined) return notAuthenticated();
  if (routed === undefined) return routes.refusalFor(request);
  const query = new URLSearchParams(request.query);
  if (!query.has("api-version")) {
    const message = "The api-version query parameter (?api-version=) is required for all requests.";
    return new SimulatedError("MissingApiVersionParameter", 400, message);
  }
  if (body === undefined && request.body !== "") return invalidContent("The request content is not valid JSON.");
  const { operation, ids } = routed;
  return { operation, ids, principal, origin: originOf(request), path: request.path, query, body };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const record = z.record(z.string(), z.unknown());

/** The members of the body beside those of its `properties`, as the SDK's own types have them. */
function flattened(body: unknown): Record<string, unknown> {
  const { properties, ...members } = z.catch(record, {}).parse(body);
  return { ...members, ...z.catch(record, {}).parse(properties) };
}

function accountOf(
  { billingScopeId, subscriptionId }: Readonly<Record<string, unknown>>,
  principal: Principal | undefined,
) {
  if (typeof billingScopeId === "string") return subscriptionIn(billingScopeId);
  if (typeof subscriptionId === "string") return subscriptionIn(subscriptionId);
  const [only, ...others] = principal?.subscriptions ?? [];
  return others.length === 0 ? only : undefined;
}

function regionOf({ location }: Readonly<Record<string, unknown>>, routed: Routed | undefined) {
  if (routed?.operation.service === "azure.savings-plans") return "global";
  return typeof location === "string" ? location.toLowerCase() : undefined;
}

function notAuthenticated(): SimulatedError {
  const message = "Authentication failed. The 'Authorization' header is missing or its token is not valid.";
  const challenge = 'Bearer authorization_uri="https://login.windows.net/", error="invalid_token"';
  return new SimulatedError("AuthenticationFailed", 401, message, { "WWW-Authenticate": challenge });
}
