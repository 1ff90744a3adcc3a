/**
 * A client of `google-auth-library` 9 or newer, such as `await new GoogleAuth({ scopes }).getClient()`, as far as it is
 * needed here. The scope is `https://www.googleapis.com/auth/cloud-platform`.
 *
 * Its quota project pays for the calls and must have the Cloud Commerce Consumer Procurement API enabled.
 */
export interface GcpAuthorizedClient {
  request(options: GcpHttpRequest): Promise<unknown>;
}

/** One request, as `google-auth-library` and the HTTP client beneath it take it. */
export interface GcpHttpRequest {
  url: string;
  method: "GET" | "POST";
  data?: object;
  responseType: "json";
  /** Milliseconds. */
  timeout: number;
  signal: AbortSignal;
  /** Switches the client's own retries off. */
  retry: false;
  retryConfig: { retry: number; noResponseRetries: number };
  /** Is called for each time that the request leaves, right before it leaves. */
  adapter<Options, Answer>(options: Options, send: (options: Options) => Promise<Answer>): Promise<Answer>;
}
