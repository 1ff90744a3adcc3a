import { generateKeyPairSync } from "node:crypto";
import { checkKeys } from "../../domain/options.js";
import { defaultPrincipal } from "./principal.js";

const PROJECT_ID = /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/;

/** How to make a client of the simulator. */
export interface GcpClientChoice {
  /**
   * How errors reach the caller.
   *
   * `http-codes`, the default: as thrown by Google's auth library, with the HTTP status as `code` and the raw answer as
   * `message`. `grpc-codes`: as decoded by the client itself, with a gRPC status as `code`. That happens wherever the
   * transport hands failures on instead of throwing them.
   */
  readonly auth?: "http-codes" | "grpc-codes" | undefined;
  /** The principal that the token names. Default: a service account that may use this project alone. */
  readonly principal?: string | undefined;
}

/**
 * Options that point one of Google's clients at the simulator. The client may change them.
 *
 * This is a type and no interface: the clients' own options have an index signature, which an interface does not fit.
 */
export type GcpClientOptions = {
  apiEndpoint: string;
  port: number;
  protocol: string;
  fallback: true;
  projectId: string;
  scopes: string[];
  credentials: { client_email: string; private_key: string };
  clientOptions?: { transporterOptions: { validateStatus: () => boolean } };
};

/**
 * Options for the constructors of `@google-cloud/compute` and `@google-cloud/recommender`, to be used once each.
 *
 * The client uses plain HTTP to `url`. It signs in by a token that it signs itself, so nothing else is asked. A project
 * id has 6 to 30 lower-case letters, digits and hyphens; anything else is a `TypeError`. Throws `INVALID_REQUEST` for a
 * choice that does not exist.
 */
export function clientOptionsFor(url: string, project: string, choice: GcpClientChoice = {}): GcpClientOptions {
  if (!PROJECT_ID.test(project)) throw new TypeError(`"${project}" is no project id such as "my-project-1"`);
  checkKeys<GcpClientChoice>("choice", choice, { auth: true, principal: true });
  const { hostname, port } = new URL(url);
  const { auth = "http-codes", principal = defaultPrincipal(project) } = choice;
  return {
    apiEndpoint: hostname,
    port: Number(port),
    protocol: "http",
    fallback: true,
    projectId: project,
    // With scopes, the client would ask Google for an access token.
    scopes: [],
    credentials: { client_email: principal, private_key: privateKey() },
    ...(auth === "grpc-codes" && { clientOptions: { transporterOptions: { validateStatus: () => true } } }),
  };
}

let key: string | undefined;

// The key is made once, when it is first needed. Nobody verifies what it signs, so it is short, which saves most of the
// time.
function privateKey(): string {
  key ??= generateKeyPairSync("rsa", { modulusLength: 1024 })
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString();
  return key;
}
