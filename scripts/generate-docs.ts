/** Writes the generated pages of docs/. With --check, it writes nothing and exits with 1 if a page is not current. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { renderAuditEvents } from "./docs/render-audit-events.js";
import { renderErrors } from "./docs/render-errors.js";
import { withFaultTable } from "./docs/render-fault-table.js";
import { renderPermissions } from "./docs/render-permissions.js";
import { renderStateMachine } from "./docs/render-state-machine.js";
import { withStateTables } from "./docs/render-state-tables.js";
import { renderStoreContract } from "./docs/render-store-contract.js";

const check = process.argv.includes("--check");
const guarantees = readFileSync(new URL("../docs/guarantees.md", import.meta.url), "utf8");
const pages = {
  "audit-events.md": renderAuditEvents(),
  "errors.md": renderErrors(),
  "permissions.md": renderPermissions(),
  "state-machine.md": renderStateMachine(),
  "store-contract.md": renderStoreContract(),
  "guarantees.md": await withFaultTable(withStateTables(guarantees)),
};

for (const [name, content] of Object.entries(pages)) {
  const file = new URL(`../docs/${name}`, import.meta.url);
  const current = existsSync(file) && readFileSync(file, "utf8") === content;
  if (!check) writeFileSync(file, content);
  else if (!current) {
    console.error(`docs/${name} is not current: run npm run docs`);
    process.exitCode = 1;
  }
}
