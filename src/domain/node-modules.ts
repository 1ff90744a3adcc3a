import nodeModule from "node:module";
import { once } from "./once.js";

// Two imports would cost a third of what importing the whole library costs. From `process.execPath`, because bundlers warn
// of `import.meta.url` where they write CommonJS; any absolute path finds the modules of Node itself.
const loaded = <Module extends object>(name: string): (() => Module) =>
  once(() => nodeModule.createRequire(process.execPath)(name));

/** `node:crypto`, loaded at its first use. */
export const nodeCrypto = loaded<typeof import("node:crypto")>("node:crypto");

/** `node:util`, loaded at its first use. */
export const nodeUtil = loaded<typeof import("node:util")>("node:util");
