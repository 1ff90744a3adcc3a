import type { IncomingHttpHeaders } from "node:http";
import * as z from "zod/mini";
import type { GcpSettings } from "./gcp-simulator-options.js";

const SERVICE_ACCOUNT = /^[^@]+@([a-z][a-z0-9-]+)\.iam\.gserviceaccount\.com$/;
const BEARER = /^Bearer (\S+)$/i;

/** The principal of a request that names nobody. */
const ANONYMOUS = "anonymous";

const claims = z.object({ iss: z.optional(z.string()), sub: z.optional(z.string()) });

/**
 * Who sends the request: the issuer of the token if that is a JSON Web Token, as service accounts sign it, else the token
 * itself. No signature is verified: no secret is worth checking.
 */
export function principalOf(headers: IncomingHttpHeaders): string {
  const [, token] = BEARER.exec(headers.authorization ?? "") ?? [];
  if (token === undefined) return ANONYMOUS;
  return issuerOf(token) ?? token;
}

function issuerOf(token: string): string | undefined {
  const [, payload, signature] = token.split(".");
  if (payload === undefined || signature === undefined) return undefined;
  try {
    const { iss, sub } = claims.parse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
    return sub ?? iss;
  } catch {
    return undefined;
  }
}

/** The principal that `clientOptions` signs in as unless another is named; it may use this project alone. */
export function defaultPrincipal(project: string): string {
  return `simulator@${project}.iam.gserviceaccount.com`;
}

/** A permission that a principal needs in a project. */
export interface AccessQuestion {
  readonly principal: string;
  /** The id of the project; empty if the call is about no single one. */
  readonly project: string;
  readonly permission: string;
}

/** Whether the principal has the permission in the project, or in any if the call is about no single one. */
export function mayDo(
  { principal, project, permission }: AccessQuestion,
  principals: GcpSettings["principals"],
): boolean {
  const known = Object.hasOwn(principals, principal) ? principals[principal] : undefined;
  const { projects = ownProjectsOf(principal), permissions = [permission] } = known ?? {};
  return (project === "" || (projects ?? [project]).includes(project)) && permissions.includes(permission);
}

/** The one project that a service account may use by itself; `undefined` for a principal that is no service account. */
function ownProjectsOf(principal: string): readonly string[] | undefined {
  const [, project] = SERVICE_ACCOUNT.exec(principal) ?? [];
  return project === undefined ? undefined : [project];
}
