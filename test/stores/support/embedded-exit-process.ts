// Opens the embedded server of the folder named by its first argument, says so, and ends in the way that the second one
// names. "signal" and "two connections" wait for a signal.
import { embeddedPostgres } from "../../../src/stores/embedded/index.js";
import { say } from "./say.js";

const [dataDir = "", way] = process.argv.slice(2);
say({ opening: dataDir });
const { sql, url } = await embeddedPostgres({ dataDir });
if (way === "two connections") await embeddedPostgres({ dataDir });
await sql.query({ text: "select 1", values: [] });
say({ url });
if (way === "process.exit") process.exit(3);
if (way === "an uncaught exception") setTimeout(() => fail("uncaught, as the test wants"), 0);
if (way === "an unhandled rejection") void Promise.reject(new Error("unhandled, as the test wants"));
if (way === "signal" || way === "two connections") setInterval(() => {}, 1_000);
if (way === "a signal that the application handles") process.once("SIGTERM", () => process.exit(4));
if (way === "a signal that the application handles") setInterval(() => {}, 1_000);

function fail(message: string): never {
  throw new Error(message);
}
