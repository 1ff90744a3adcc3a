import type { IncomingHttpHeaders } from "node:http";
import * as z from "zod/mini";
import { isGuid } from "./guid.js";

/** A credential as the Azure SDK takes it (`TokenCredential` of `@azure/core-auth`). */
export interface SimulatorCredential {
  getToken(): Promise<{ readonly token: string; readonly expiresOnTimestamp: number }>;
}

/** Who sends a request, as far as its token says. */
export interface Principal {
  /** The subscriptions it may buy for; absent for a token that `credentialFor` did not make, which may buy for all. */
  readonly subscriptions?: readonly string[];
}

const PREFIX = "simulator.";
/** Past the end of every test, so that the SDK never asks for another token. */
const NEVER = Date.UTC(9999, 0, 1);
const claims = z.object({ subscriptions: z.array(z.string()) });

/**
 * A credential that may buy for these subscriptions and no other, which every Azure simulator accepts; it reads
 * everything, as all subscriptions belong to one tenant.
 *
 * Throws `TypeError` for no subscription and for what is not the GUID of one.
 */
export function credentialFor(...subscriptions: readonly string[]): SimulatorCredential {
  const wrong = subscriptions.find((id) => !isGuid(id));
  if (wrong !== undefined) throw new TypeError(`an Azure subscription id is a GUID, got "${wrong}"`);
  if (subscriptions.length === 0) throw new TypeError("a credential needs a subscription to buy for");
  const text = JSON.stringify({ subscriptions: subscriptions.map((id) => id.toLowerCase()) });
  const token = PREFIX + Buffer.from(text, "utf8").toString("base64url");
  return { getToken: () => Promise.resolve({ token, expiresOnTimestamp: NEVER }) };
}

/** Reads `Authorization`; `undefined` without a bearer token. No token is verified: none is worth it. */
export function principalOf({ authorization = "" }: IncomingHttpHeaders): Principal | undefined {
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
  if (token === undefined) return undefined;
  return token.startsWith(PREFIX) ? readClaims(token.slice(PREFIX.length)) : {};
}

/** Whether the principal may buy for this subscription. */
export function mayBuyFor({ subscriptions }: Principal, subscription: string): boolean {
  return subscriptions === undefined || subscriptions.includes(subscription);
}

function readClaims(text: string): Principal | undefined {
  try {
    return claims.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
  } catch {
    return undefined;
  }
}
