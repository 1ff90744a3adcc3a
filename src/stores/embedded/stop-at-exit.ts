const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;
/** Known to every copy of this module that a process has loaded. */
const OURS = Symbol.for("buyonce.stop-at-exit");

/**
 * Does something when this process ends, however it ends, short of SIGKILL; it must not wait for anything. Returns how to
 * take that back.
 *
 * A signal that nobody else listens to ends the process as it would without us. Where the application listens, ending
 * is its decision, and the work is done with the exit it then makes.
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

/** Where signal-exit had its turn before the last of us, it still waits for a signal that it gets alone. */
function passOn(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 0) process.kill(process.pid, signal);
}

/**
 * How many listeners each signal has of the package signal-exit, which many others load (execa, ora, proper-lockfile). It
 * ends the process only where nobody else listens, so if both waited for the other one, no signal would end it.
 *
 * Versions 3 and 4 publish the number, for each other.
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
