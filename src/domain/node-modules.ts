import nodeModule from "node:module";
import { once } from "./once.js";

// Two static imports would cost a third of the time that importing the whole library takes. The path is
// `process.execPath`, because bundlers warn of `import.meta.url` if they write CommonJS. Any absolute path finds the
// modules of Node itself.
const loaded = <Module extends object>(name: string): (() => Module) =>
  once(() => nodeModule.createRequire(process.execPath)(name));

/** `node:crypto`, loaded at its first use. */
export const nodeCrypto = loaded<typeof import("node:crypto")>("node:crypto");

/** `node:util`, loaded at its first use. */
export const nodeUtil = loaded<typeof import("node:util")>("node:util");
