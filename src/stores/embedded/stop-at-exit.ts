const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;
/** A mark that every loaded copy of this module knows. */
const OURS = Symbol.for("buyonce.stop-at-exit");

/**
 * Runs a function when this process ends in any way but SIGKILL. The function must not wait for anything. Returns a
 * function that cancels this.
 *
 * A signal without other listeners ends the process, as it would without us. If the application listens, it decides
 * when to end, and the work runs at that exit.
 */
export function stopAtExit(work: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals) => {
    const others = process.listeners(signal).filter((listener) => !(OURS in listener));
    if (others.length > listenersOfSignalExit()) return;
    forget();
    work();
    const left = process.listenerCount(signal);
    if (left === 0) process.kill(process.pid, signal);
    else if (left === others.length) process.nextTick(passOn, signal);
  };
  Object.assign(onSignal, { [OURS]: true });
  const forget = () => {
    process.off("exit", work);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  process.on("exit", work);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return forget;
}

/**
 * Sends the signal again if listeners are left. If signal-exit ran before our last listener, it still waits for a
 * signal that only it gets.
 */
function passOn(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 0) process.kill(process.pid, signal);
}

/**
 * How many listeners the package signal-exit has on each signal. Many packages load it (execa, ora, proper-lockfile).
 * It ends the process only if nobody else listens. So if both waited for each other, no signal would end the process.
 *
 * Versions 3 and 4 publish this number, so that each can read the other's.
 */
function listenersOfSignalExit(): number {
  const emitters = [
    Reflect.get(process, "__signal_exit_emitter__"),
    Reflect.get(globalThis, Symbol.for("signal-exit emitter")),
  ];
  const counts = emitters.map((emitter: unknown) => (hasCount(emitter) ? emitter.count : 0));
  return counts.reduce((sum, count) => sum + count, 0);
}

const hasCount = (emitter: unknown): emitter is { readonly count: number } =>
  typeof emitter === "object" && emitter !== null && "count" in emitter && typeof emitter.count === "number";
