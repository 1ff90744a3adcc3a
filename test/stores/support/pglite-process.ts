// Opens the PGlite store of the folder named by its argument, stores one execution, says so, and holds the store.
import { pgliteStore } from "../../../src/stores/pglite/index.js";
import { newInput } from "../../../src/testing/store-contract/samples.js";

const [dataDir = ""] = process.argv.slice(2);
const store = await pgliteStore({ dataDir, acceptLossOnPowerFailure: true });
const result = await store.create(newInput());
console.log(JSON.stringify(result));
setInterval(() => {}, 1_000);
