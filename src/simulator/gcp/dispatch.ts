import type { StruckCall } from "../call-effects.js";
import type { FaultAnswers, Processed } from "../deliver.js";
import type { WireRequest } from "../wire.js";
import { GcpError } from "./gcp-error.js";
import type { GcpService } from "./gcp-service.js";
import type { GcpSettings } from "./gcp-simulator-options.js";
import { mayDo, principalOf } from "./principal.js";
import type { ProjectNumbers } from "./project-numbers.js";
import { bodyOf, queryOf } from "./read-params.js";
import { type Routed, routeOf } from "./route.js";

/** A request whose sender and purpose are known, not yet processed. */
export interface Dispatched {
  readonly service: GcpService;
  readonly operation: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Where the path leads; absent if it leads nowhere. */
  readonly place?: Place;
  /** Whether it is refused whatever the time and the state. */
  readonly refused: boolean;
  /** Has the service decide and commits what it does; throws to refuse. */
  run(struck: StruckCall): object;
}

interface Place {
  readonly project: string;
  readonly region: string;
}

interface Directory {
  readonly services: readonly GcpService[];
  readonly principals: GcpSettings["principals"];
  readonly projects: ProjectNumbers;
}

/** Finds out who asks for what; `undefined` if no service here is meant. Changes nothing. */
export function dispatch(request: WireRequest, directory: Directory): Dispatched | undefined {
  const service = directory.services.find(({ prefix }) => request.path.startsWith(prefix));
  if (service === undefined) return undefined;
  const routed = routeOf(request, service.routes);
  return routed === undefined ? unrouted(request, service) : dispatchTo(routed, { request, service, directory });
}

interface Wish {
  readonly request: WireRequest;
  readonly service: GcpService;
  readonly directory: Directory;
}

function dispatchTo({ route, fields }: Routed, { request, service, directory }: Wish): Dispatched {
  const { operation, permission } = route;
  const { project = "", region = "global" } = fields;
  const place = { project: directory.projects.idOf(project), region };
  const principal = principalOf(request.headers);
  const inUrl = { ...queryOf(request), ...service.pathParams(fields) };
  const known = { service, operation, params: inUrl, place };
  if (!mayDo({ principal, permission, project: place.project }, directory.principals)) {
    return { ...known, ...refused(service.refusals.forbidden(permission, `projects/${place.project}`)) };
  }
  try {
    const params = { ...bodyOf(request), ...inUrl };
    const run = (struck: StruckCall) => route.run(params, { ...struck, ...place, principal });
    return { ...known, params, refused: false, run };
  } catch {
    return { ...known, ...refused(service.refusals.unreadableBody()) };
  }
}

function unrouted({ method, path }: WireRequest, service: GcpService): Dispatched {
  const refusal = refused(service.refusals.unknownOperation());
  return { service, operation: `${method} ${path}`, params: {}, ...refusal };
}

function refused(error: GcpError): Pick<Dispatched, "refused" | "run"> {
  return {
    refused: true,
    run() {
      throw error;
    },
  };
}

/** Has the service decide, and commits what it does. Never throws: every refusal is an answer. */
export function processRequest({ service, run }: Dispatched, struck: StruckCall): Processed {
  try {
    return { reply: jsonReply(200, run(struck)) };
  } catch (error) {
    return errorReply(service, asGcpError(error, service));
  }
}

/** What a request is answered that a fault strikes before it is processed. */
export function faultAnswers({ service }: Dispatched): FaultAnswers {
  return {
    throttled: () => errorReply(service, service.refusals.throttled()),
    internal: () => errorReply(service, service.refusals.internal()),
    error: ({ code, status, message = code }) => errorReply(service, new GcpError(code, status, message)),
  };
}

function errorReply(service: GcpService, error: GcpError): Processed {
  return { reply: jsonReply(error.status, service.errorBody(error)), errorCode: error.code };
}

function jsonReply(status: number, value: object) {
  return { status, headers: { "content-type": "application/json; charset=UTF-8" }, body: JSON.stringify(value) };
}

/** A thrown error that is none of Google's is a bug of the simulator: it is answered, so that the test sees its text. */
function asGcpError(error: unknown, { refusals }: GcpService): GcpError {
  return error instanceof GcpError ? error : refusals.internal(`bug in the simulator: ${String(error)}`);
}
