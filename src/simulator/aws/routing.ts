import type { WireRequest } from "../wire.js";
import { sentParams } from "./protocol/decode-query.js";

type OperationOf = (request: WireRequest) => string | undefined;

/** For the query protocols: the operation is in `Action`, and the API version tells the services apart. */
export function byAction(version: string): OperationOf {
  return (request) => {
    const params = new URLSearchParams(request.path === "/" ? sentParams(request) : "");
    return params.get("Version") === version ? (params.get("Action") ?? undefined) : undefined;
  };
}

/** For rest-json: each operation has a method and a path, e.g. `POST /CreateSavingsPlan`. */
export function byPath(operations: ReadonlyMap<string, string>): OperationOf {
  return ({ method, path }) => operations.get(`${method} ${path}`);
}

/** For awsJson: the operation is in `X-Amz-Target`, behind the prefix that names the service. */
export function byTarget(prefix: string): OperationOf {
  return ({ headers }) => {
    const target = headers["x-amz-target"];
    return typeof target === "string" && target.startsWith(`${prefix}.`) ? target.slice(prefix.length + 1) : undefined;
  };
}
