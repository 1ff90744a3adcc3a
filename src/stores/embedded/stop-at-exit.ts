const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
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
    if (process.listeners(signal).some((listener) => !(OURS in listener))) return;
    forget();
    work();
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
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
