import type { EpochMs } from "../../domain/clock.js";
import { untilAborted } from "../until-aborted.js";

/** One request that may leave once, with the conditions under which it may leave. */
export interface OneSend<Output> {
  /** An SDK command that no other call uses. The command gets its own middleware, and the client is not changed. */
  readonly command: { readonly middlewareStack: object };
  /** Hands the command to the client, with these options. */
  send(options: { readonly abortSignal: AbortSignal }): Promise<Output>;
  /** The signing time the request has to carry, to the second. */
  readonly signedAt: EpochMs;
  /** The access key the request has to be signed with. */
  readonly accessKeyId: string;
  readonly signal: AbortSignal;
  /** Throws unless the request may still leave. */
  beforeWire(): void;
}

/** `onWire` says whether the request was handed to the HTTP handler, so that it may have left. */
export type SendResult<Output> =
  | { readonly kind: "answered"; readonly output: Output }
  | { readonly kind: "failed"; readonly error: unknown; readonly onWire: boolean };

/**
 * Sends one command at most once, signed with a given time, whatever retry settings the client has. Never throws.
 *
 * What this file knows of the SDK's internals was read in @smithy/core 3.41 and @aws-sdk/core 3.981. The tests watch
 * the wire, so they fail if an SDK changes these internals.
 */
export async function sendAtMostOnce<Output>(one: OneSend<Output>): Promise<SendResult<Output>> {
  const progress: Progress = { onWire: false };
  try {
    install(one, progress);
    return { kind: "answered", output: await untilAborted(one.send({ abortSignal: one.signal }), one.signal) };
  } catch (thrown) {
    const error = thrown instanceof FinalFailure ? thrown.failure : thrown;
    return { kind: "failed", error, onWire: progress.onWire };
  }
}

interface Progress {
  onWire: boolean;
  failure?: FinalFailure;
}

/**
 * Hides an error from the SDK's retry strategies until it has left `send`.
 *
 * This error has no `cause` on purpose: the strategies look for retryable errors along the causes.
 */
class FinalFailure extends Error {
  override readonly name = "FinalFailure";
  readonly failure: unknown;

  constructor(failure: unknown) {
    super("the request failed and must not be sent again");
    this.failure = failure;
  }
}

interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>;
}
interface SignerConfig {
  signer(authScheme: unknown): Promise<{ sign(request: unknown, options: object): Promise<SignedRequest> }>;
}
interface AuthScheme {
  readonly signer: {
    sign(request: unknown, identity: unknown, properties: { readonly config: SignerConfig }): unknown;
  };
}
interface MiddlewareContext {
  readonly __smithy_context?: { selectedHttpAuthScheme?: AuthScheme };
}
interface MiddlewareArgs {
  readonly request: SignedRequest;
}
type Handler = (args: MiddlewareArgs) => Promise<unknown>;
type Middleware = (next: Handler, context: MiddlewareContext) => Handler;
interface CommandStack {
  add(middleware: Middleware, place: { readonly step: string; readonly priority: string; readonly name: string }): void;
  addRelativeTo(
    middleware: Middleware,
    place: { readonly relation: string; readonly toMiddleware: string; readonly name: string },
  ): void;
}

/** From the outside in: the SDK's retries, our pin, the SDK's signing, our guard, the SDK's parsing, our gate, the wire. */
function install(one: OneSend<unknown>, progress: Progress): void {
  const stack = one.command.middlewareStack as CommandStack;
  stack.addRelativeTo(pinSigningTime(one.signedAt), {
    relation: "before",
    toMiddleware: "httpSigningMiddleware",
    name: "buyoncePin",
  });
  stack.add(guardAgainstRetries(progress), { step: "finalizeRequest", priority: "low", name: "buyonceGuard" });
  stack.add(gate(one, progress), { step: "deserialize", priority: "low", name: "buyonceGate" });
}

function guardAgainstRetries(progress: Progress): Middleware {
  return (next) => async (args) => {
    // A strategy that retries every error gets the first failure again.
    if (progress.failure !== undefined) throw progress.failure;
    try {
      return await next(args);
    } catch (thrown) {
      progress.failure = new FinalFailure(thrown);
      throw progress.failure;
    }
  };
}

/**
 * The last step before the wire: before it the request cannot exist at the cloud, and after it the request may exist
 * there.
 */
function gate(one: OneSend<unknown>, progress: Progress): Middleware {
  return (next) => (args) => {
    if (progress.onWire) throw new Error("a second send of the same command was stopped");
    checkSignature(args.request, one);
    one.signal.throwIfAborted();
    one.beforeWire();
    progress.onWire = true;
    return next(args);
  };
}

/**
 * Replaces the signer for this command only. The replacement lacks the SDK's own handlers, so the client does not set
 * its clock by this command.
 */
function pinSigningTime(signedAt: EpochMs): Middleware {
  return (next, context) => (args) => {
    const smithy = context.__smithy_context;
    const scheme = smithy?.selectedHttpAuthScheme;
    if (smithy === undefined || scheme === undefined)
      throw new Error("the client selected no signer, so the signing time cannot be set");
    smithy.selectedHttpAuthScheme = {
      ...scheme,
      signer: {
        sign: (request, identity, properties) =>
          scheme.signer.sign(request, identity, { ...properties, config: pinned(properties.config, signedAt) }),
      },
    };
    return next(args);
  };
}

// The signing date itself is replaced, not the clock offset from which the SDK computes it. The SDK adds the offset to
// the time of a later moment. Clients that disable the correction of clock skew ignore the offset.
function pinned(config: SignerConfig, signedAt: EpochMs): SignerConfig {
  const signer: SignerConfig["signer"] = async (authScheme) => {
    const original = await config.signer(authScheme);
    return { sign: (request, options) => original.sign(request, { ...options, signingDate: new Date(signedAt) }) };
  };
  return Object.create(config, { signer: { value: signer } }) as SignerConfig;
}

/**
 * Refuses a request that is not signed as agreed. If it had another signing time, the end of its life would not be
 * known.
 */
function checkSignature(request: SignedRequest, { signedAt, accessKeyId }: OneSend<unknown>): void {
  const expected = amzDate(signedAt);
  const found = header(request, "x-amz-date");
  if (found !== expected) throw new Error(`the request is signed with time ${found ?? "(none)"}, not with ${expected}`);
  if (!header(request, "authorization")?.includes(`Credential=${accessKeyId}/`))
    throw new Error("the request is signed with another access key than the one whose account was checked");
}

const amzDate = (at: EpochMs): string => `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;

const header = ({ headers }: SignedRequest, name: string): string | undefined =>
  Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
