import { SimulatedError } from "../simulated-error.js";
import type { WireRequest } from "../wire.js";
import type { AzureOperation, AzureServiceName } from "./azure-service.js";
import { notAuthorized } from "./billing-scope.js";

/** An operation that a request was led to, with the ids out of its path. */
export interface Routed {
  readonly operation: AzureOperation;
  readonly ids: Readonly<Record<string, string>>;
}

/** Leads requests to operations by their method and path; case does not matter, as at Azure. */
export class Routes {
  readonly #routes: readonly { readonly pattern: RegExp; readonly operation: AzureOperation }[];

  constructor(operations: readonly AzureOperation[]) {
    this.#routes = operations.map((operation) => ({ operation, pattern: patternOf(operation.path) }));
  }

  /** The names of all operations. */
  get operations(): readonly string[] {
    return this.#routes.map(({ operation }) => operation.name);
  }

  /** The operation that is meant; `undefined` if none is. */
  find({ method, path }: WireRequest): Routed | undefined {
    for (const { operation, pattern } of this.#routes) {
      const match = operation.method === method ? pattern.exec(path) : null;
      if (match !== null) return { operation, ids: { ...match.groups } };
    }
    return undefined;
  }

  /** Why a request leads nowhere, in the words of Azure. */
  refusalFor({ method, path }: WireRequest): SimulatedError {
    if (method === "POST") return unknownAction(path);
    if (this.#routes.some(({ pattern }) => pattern.test(path))) {
      return new SimulatedError("HttpMethodNotSupported", 405, `The HTTP method ${method} is not supported here.`);
    }
    return new SimulatedError("InvalidResourceType", 404, `The resource type of '${path}' could not be found.`);
  }
}

/**
 * The service that a path belongs to, whether it leads anywhere or not; `undefined` if it belongs to no simulated
 * service.
 */
export function serviceOf(path: string): AzureServiceName | undefined {
  if (/^\/subscriptions\/?$/i.test(path)) return "azure.subscriptions";
  const [, namespace = ""] = /^(?:\/subscriptions\/[^/]+)?\/providers\/([^/]+)/i.exec(path) ?? [];
  return NAMESPACES.get(namespace.toLowerCase());
}

const NAMESPACES: ReadonlyMap<string, AzureServiceName> = new Map([
  ["microsoft.capacity", "azure.reservations"],
  ["microsoft.billingbenefits", "azure.savings-plans"],
  ["microsoft.consumption", "azure.consumption"],
  ["microsoft.costmanagement", "azure.cost-management"],
]);

/** Azure takes any POST for an action, and reports one that does not exist as a lack of rights to it. */
function unknownAction(path: string): SimulatedError {
  const [namespace = "", ...segments] = path.split("/").slice(2);
  const types = segments.filter((_, index) => index % 2 === 0);
  return notAuthorized([namespace, ...types, "action"].join("/"), path.replace(/\/[^/]*$/, ""));
}

function patternOf(path: string): RegExp {
  const escaped = path.replaceAll(".", "\\.").replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)");
  return new RegExp(`^${escaped}/?$`, "i");
}
