import type { Arrival, ErrorAnswers } from "../arrival.js";
import type { StruckCall } from "../call-effects.js";
import type { WireReply, WireRequest } from "../wire.js";
import type { GcpService } from "./gcp-service.js";
import type { GcpSettings } from "./gcp-simulator-options.js";
import { mayDo, principalOf } from "./principal.js";
import type { ProjectNumbers } from "./project-numbers.js";
import { type Routed, routeOf } from "./route.js";

interface Directory {
  readonly services: readonly GcpService[];
  readonly principals: GcpSettings["principals"];
  readonly projects: ProjectNumbers;
}

/** Finds out who asks for what; `undefined` if the request is for no service here. Changes nothing. */
export function dispatch(request: WireRequest, directory: Directory): Arrival | undefined {
  // Each service has a host of its own at Google. Here all share one, so their paths may begin alike.
  const services = directory.services.filter(({ prefix }) => request.path.startsWith(prefix));
  for (const service of services) {
    const routed = routeOf(request, service.routes);
    if (routed !== undefined) return dispatchTo(routed, { request, service, directory });
  }
  const [service] = services;
  return service && unrouted(request, service);
}

function unrouted({ method, path }: WireRequest, service: GcpService): Arrival {
  const run = service.refusals.unknownOperation();
  return { service: service.name, operation: `${method} ${path}`, params: {}, run, errors: errorAnswers(service) };
}

interface Wish {
  readonly request: WireRequest;
  readonly service: GcpService;
  readonly directory: Directory;
}

function dispatchTo({ route, fields }: Routed, { request, service, directory }: Wish): Arrival {
  const { operation, permission } = route;
  const { region = "global" } = fields;
  const project = directory.projects.idOf(fields.project ?? "");
  const principal = principalOf(request.headers);
  const inUrl = { ...queryOf(request), ...service.pathParams(fields) };
  const errors = errorAnswers(service);
  const known = { service: service.name, operation, params: inUrl, account: project, region, errors };
  if (!mayDo({ principal, permission, project }, directory.principals)) {
    return { ...known, run: service.refusals.forbidden(permission, `projects/${project}`) };
  }
  try {
    const params = { ...bodyOf(request), ...inUrl };
    const run = (struck: StruckCall) => jsonReply(200, route.run(params, { ...struck, project, region, principal }));
    return { ...known, params, run };
  } catch {
    return { ...known, run: service.refusals.unreadableBody() };
  }
}

function errorAnswers({ refusals, errorBody }: GcpService): ErrorAnswers {
  return {
    throttled: () => refusals.throttled(),
    internal: () => refusals.internal(),
    write: (error) => jsonReply(error.status, errorBody(error)),
  };
}

function jsonReply(status: number, value: object): WireReply {
  return { status, headers: { "content-type": "application/json; charset=UTF-8" }, body: JSON.stringify(value) };
}

/** The parameters in the query, by their names. */
function queryOf({ query }: WireRequest): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(query));
}

/**
 * The fields of the JSON body. A body that is no object has none: clients send the text `""` where a call takes no body.
 *
 * Throws `SyntaxError` for what is not JSON.
 */
function bodyOf({ body }: WireRequest): Record<string, unknown> {
  const value: unknown = body === "" ? {} : JSON.parse(body);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
