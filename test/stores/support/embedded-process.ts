// Opens the embedded server of the folder named by its first argument and says so; then it does what the second one
// names: "hold" it until killed, "leave" without closing, or "close" it.
import { embeddedPostgres } from "../../../src/stores/embedded/index.js";

const [dataDir = "", then] = process.argv.slice(2);
const { sql, url, close } = await embeddedPostgres({ dataDir });
const { rows } = await sql.query({ text: "select pg_postmaster_start_time()::text as started", values: [] });
console.log(JSON.stringify({ url, started: rows[0]?.["started"] }));
if (then === "close") await close();
if (then === "hold") setInterval(() => {}, 1_000);
