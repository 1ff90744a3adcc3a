import { generateKeyPairSync } from "node:crypto";
import { checkKeys } from "../../domain/options.js";
import { defaultPrincipal } from "./principal.js";

const PROJECT_ID = /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/;

/** How to make a client of the simulator. */
export interface GcpClientChoice {
  /**
   * How errors reach the caller. `http-codes`: as thrown by Google's auth library, with the HTTP status as `code` and the
   * raw answer as `message`; so it is by default. `grpc-codes`: as decoded by the client itself, with a gRPC status as
   * `code`, which happens wherever the transport hands failures on instead of throwing them.
   */
  readonly auth?: "http-codes" | "grpc-codes" | undefined;
  /** Whom the token names; by default a service account that may use this project alone. */
  readonly principal?: string | undefined;
}

/**
 * Options that point one of Google's clients at the simulator. The client may change them.
 *
 * A type and no interface: the clients' own options have an index signature, which an interface does not fit.
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
 * Options for the constructors of `@google-cloud/compute` and `@google-cloud/recommender`, to be used once each: plain
 * HTTP to `url`, signed in by a token that the client signs itself, so nothing else is asked.
 *
 * A project id has 6 to 30 lower-case letters, digits and hyphens; anything else is a `TypeError`. `INVALID_REQUEST` for a
 * choice that nobody reads.
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

// Made once, when first needed. As nobody verifies what it signs, it is short, which saves most of the time.
function privateKey(): string {
  key ??= generateKeyPairSync("rsa", { modulusLength: 1024 })
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString();
  return key;
}
