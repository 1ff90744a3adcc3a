/**
 * The signals that a joint signal comes from. Node 20 holds them weakly there: a time limit that nobody else holds would
 * be collected as garbage, and never end anything (measured on 20.20).
 */
const sourcesOf = new WeakMap<AbortSignal, readonly AbortSignal[]>();

/**
 * A signal that aborts as soon as one of these does. As long as it is held, so are they.
 *
 * It follows the signals of polyfills and of jsdom too. `AbortSignal.any` does not: Node 20 and 22 pass over them without a
 * word, and newer ones throw (measured on 20.20, 22.23, 24.22 and 26.12).
 */
export function anySignal(signals: readonly AbortSignal[]): AbortSignal {
  const sources = signals.map(nativeOf);
  const joint = AbortSignal.any(sources);
  sourcesOf.set(joint, sources);
  return joint;
}

const nativeOf = (signal: AbortSignal): AbortSignal =>
  signal instanceof AbortSignal ? signal : (followers.get(signal) ?? followed(signal));

/** One follower for each foreign signal: a signal that outlives many calls gets one listener. */
const followers = new WeakMap<object, AbortSignal>();

function followed(foreign: Pick<AbortSignal, "aborted" | "reason" | "addEventListener">): AbortSignal {
  const controller = new AbortController();
  const follow = () => controller.abort(foreign.reason);
  if (foreign.aborted) follow();
  else foreign.addEventListener("abort", follow, { once: true });
  followers.set(foreign, controller.signal);
  return controller.signal;
}
