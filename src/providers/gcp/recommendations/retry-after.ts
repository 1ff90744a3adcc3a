import * as z from "zod/mini";
import { googleErrorDetails } from "../google-error.js";
import { durationMs, durationSchema } from "./proto-time.js";

/** `google.rpc.RetryInfo`, the only detail of an error with this field. */
const retryInfo = z.object({ retryDelay: durationSchema });

const withHeaders = z.object({ response: z.object({ headers: z.unknown() }) });

/** For how long Google asks to wait: by its error details, else by the header `Retry-After`, where it has seconds. */
export function retryAfterMs(thrown: unknown): number | undefined {
  for (const detail of googleErrorDetails(thrown)) {
    // The clients decode 64-bit numbers to objects of their own kind. In JSON, these are text.
    const { data } = retryInfo.safeParse(JSON.parse(JSON.stringify(detail ?? null)));
    if (data !== undefined) return durationMs(data.retryDelay);
  }
  const seconds = retryAfterHeader(withHeaders.safeParse(thrown).data?.response.headers);
  return seconds !== undefined && /^\d{1,9}$/.test(seconds) ? Number(seconds) * 1_000 : undefined;
}

/** The header, of the clients that keep a plain object and of those that keep a `Headers`, whichever one. */
function retryAfterHeader(headers: unknown): string | undefined {
  if (typeof headers !== "object" || headers === null) return undefined;
  const get: unknown = Reflect.get(headers, "get");
  const value: unknown = typeof get === "function" ? get.call(headers, NAME) : Reflect.get(headers, NAME);
  return value == null ? undefined : String(value);
}

const NAME = "retry-after";
