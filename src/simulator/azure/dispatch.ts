import * as z from "zod";
import type { FaultAnswers, Processed } from "../deliver.js";
import type { EffectFault } from "../fault.js";
import type { WireRequest } from "../wire.js";
import { type Principal, principalOf } from "./azure-credential.js";
import { AzureError, invalidContent } from "./azure-error.js";
import type { AzureCall, AzureServiceName } from "./azure-operation.js";
import { subscriptionIn } from "./billing-scope.js";
import { type Routed, type Routes, serviceOf } from "./routing.js";
import { originOf, replyOf } from "./wire-reply.js";

/** A request whose sender and purpose are known, not yet processed. */
export interface Dispatched {
  readonly request: WireRequest;
  readonly requestId: string;
  readonly service: AzureServiceName;
  /** The name of the operation, or the method and path that lead to none. */
  readonly operation: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The subscription it wants to be billed, or the only one its sender may buy for. */
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** What it asks for; an error if it is refused whatever the time and the state. */
  readonly asked: Asked | AzureError;
}

interface Asked extends Omit<AzureCall, "now" | "effects"> {
  readonly operation: Routed["operation"];
}

/** When and how a request is processed. */
export interface Processing {
  readonly now: number;
  readonly effects: readonly EffectFault[];
}

/** Finds out who asks for what; `undefined` if no service here is meant. Changes nothing. */
export function dispatch(request: WireRequest, routes: Routes, requestId: string): Dispatched | undefined {
  const service = serviceOf(request.path);
  if (service === undefined) return undefined;
  const routed = routes.find(request);
  const principal = principalOf(request.headers);
  const body = readJson(request.body);
  const params = { ...flattened(body), ...Object.fromEntries(new URLSearchParams(request.query)), ...routed?.ids };
  return {
    request,
    requestId,
    service: routed?.operation.service ?? service,
    operation: routed?.operation.name ?? `${request.method} ${request.path}`,
    params,
    account: accountOf(params, principal),
    region: regionOf(params, routed),
    asked: readAsked({ request, routed, principal, body }, routes),
  };
}

/** Has the service decide, at `now`, and commits what it does. Never throws: every refusal is an answer. */
export function processRequest(dispatched: Dispatched, { now, effects }: Processing): Processed {
  const { asked } = dispatched;
  try {
    if (asked instanceof AzureError) throw asked;
    const { operation, ...call } = asked;
    return { reply: replyOf(operation.run({ ...call, now, effects }), dispatched, now) };
  } catch (error) {
    return errorReply(asAzureError(error), dispatched, now);
  }
}

/** What a request is answered that a fault strikes before it is processed. */
export function faultAnswers(dispatched: Dispatched, now: number): FaultAnswers {
  const reply = (error: AzureError) => errorReply(error, dispatched, now);
  return {
    throttled: () => reply(new AzureError("TooManyRequests", 429, "Too many requests.", { "Retry-After": "1" })),
    internal: () => reply(internal("The server encountered an internal error. Please retry the request.")),
    error: ({ code, status, message = code }) => reply(new AzureError(code, status, message)),
  };
}

interface Reading {
  readonly request: WireRequest;
  readonly routed: Routed | undefined;
  readonly principal: Principal | undefined;
  readonly body: unknown;
}

function readAsked({ request, routed, principal, body }: Reading, routes: Routes): Asked | AzureError {
  if (principal === undefined) return notAuthenticated();
  if (routed === undefined) return routes.refusalFor(request);
  const query = new URLSearchParams(request.query);
  if (!query.has("api-version")) {
    const message = "The api-version query parameter (?api-version=) is required for all requests.";
    return new AzureError("MissingApiVersionParameter", 400, message);
  }
  if (body === undefined && request.body !== "") return invalidContent("The request content is not valid JSON.");
  return { operation: routed.operation, ids: routed.ids, principal, origin: originOf(request), query, body };
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
  const { properties, ...members } = record.catch({}).parse(body);
  return { ...members, ...record.catch({}).parse(properties) };
}

function accountOf({ billingScopeId }: Readonly<Record<string, unknown>>, principal: Principal | undefined) {
  if (typeof billingScopeId === "string") return subscriptionIn(billingScopeId);
  const [only, ...others] = principal?.subscriptions ?? [];
  return others.length === 0 ? only : undefined;
}

function regionOf({ location }: Readonly<Record<string, unknown>>, routed: Routed | undefined) {
  if (routed?.operation.service === "azure.savings-plans") return "global";
  return typeof location === "string" ? location.toLowerCase() : undefined;
}

function notAuthenticated(): AzureError {
  const message = "Authentication failed. The 'Authorization' header is missing or its token is not valid.";
  const challenge = 'Bearer authorization_uri="https://login.windows.net/", error="invalid_token"';
  return new AzureError("AuthenticationFailed", 401, message, { "WWW-Authenticate": challenge });
}

function errorReply(error: AzureError, dispatched: Dispatched, now: number): Processed {
  const { code, status, headers, message } = error;
  return { reply: replyOf({ status, headers, body: { error: { code, message } } }, dispatched, now), errorCode: code };
}

/** A thrown error that is none of Azure's is a bug of the simulator: it is answered, so that the test sees its text. */
function asAzureError(error: unknown): AzureError {
  return error instanceof AzureError ? error : internal(`bug in the simulator: ${String(error)}`);
}

function internal(message: string): AzureError {
  return new AzureError("InternalServerError", 500, message);
}
