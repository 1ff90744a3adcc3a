// Opens the embedded server of the folder named by its first argument and loads signal-exit in the order that the second
// one names; says so and what its exit hook gets. "declining", the hook refuses that the signal ends the process.
import { createRequire } from "node:module";
import { embeddedPostgres } from "../../../src/stores/embedded/index.js";
import { say } from "../support/say.js";

type Hook = (code: number | null, signal: string | null) => boolean;

const [dataDir = "", order = ""] = process.argv.slice(2);
// Other packages bring it.
const name = "signal-exit";
const { onExit }: { onExit(hook: Hook): void } = createRequire(import.meta.url)(name);

if (order === "before") hook();
await embeddedPostgres({ dataDir });
if (order !== "before") hook();
if (order === "between two connections") await embeddedPostgres({ dataDir });
say({ listeners: process.listenerCount("SIGTERM") });
const timer = setInterval(() => {}, 1_000);

function hook(): void {
  onExit((_, signal) => {
    if (signal !== null) say({ hook: signal });
    const declines = order === "declining" && signal !== null;
    if (declines) setTimeout(leave, 100);
    return declines;
  });
}

function leave(): void {
  say({ still: "here" });
  clearInterval(timer);
  process.exitCode = 5;
}
