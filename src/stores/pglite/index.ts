/** The store in PGlite: PostgreSQL inside this process. */
export { type PgliteStore, type PgliteStoreOptions, pgliteStore } from "./pglite-store.js";
