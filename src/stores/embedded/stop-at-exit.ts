import type { RunningServer } from "./running-server.js";
import { stopServerNow } from "./stop-server.js";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Stops a server when this process ends, however it ends, short of SIGKILL. Returns how to take that back.
 *
 * A signal that nobody else listens to ends the process as it would without us. Where the application listens, ending
 * is its decision, and the server stops with the exit it then makes.
 */
export function stopAtExit(server: RunningServer): () => void {
  const onExit = () => stopServerNow(server);
  const onSignal = (signal: NodeJS.Signals) => {
    if (process.listenerCount(signal) > 1) return;
    forget();
    stopServerNow(server);
    process.kill(process.pid, signal);
  };
  const forget = () => {
    process.off("exit", onExit);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  process.on("exit", onExit);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return forget;
}
