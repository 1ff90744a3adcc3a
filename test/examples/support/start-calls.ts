import { fileURLToPath } from "node:url";
import { type ExampleProcess, startScript } from "./start-example.js";

/** A process that serves the functions of an example. */
export interface CallableProcess {
  readonly process: ExampleProcess;
  /** Calls a function. Rejects if the process ends before it answers. */
  call(name: string, argument: unknown): Promise<unknown>;
}

/** Starts a script of this folder that serves the functions of an example with `serveCalls`. */
export async function startCalls(script: string, settings: Readonly<Record<string, string>>): Promise<CallableProcess> {
  const process = startScript(fileURLToPath(new URL(`./${script}.ts`, import.meta.url)), settings);
  const [, url = ""] = await process.said(/serving calls on (\S+)/);
  return {
    process,
    async call(name, argument) {
      const answer = await fetch(`${url}/${name}`, { method: "POST", body: JSON.stringify(argument) });
      return await answer.json();
    },
  };
}
