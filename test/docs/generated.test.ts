import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readAuditEvents, renderAuditEvents } from "../../scripts/docs/render-audit-events.js";
import { renderErrors } from "../../scripts/docs/render-errors.js";
import { withFaultTable } from "../../scripts/docs/render-fault-table.js";
import { renderPermissions } from "../../scripts/docs/render-permissions.js";
import { renderStateMachine } from "../../scripts/docs/render-state-machine.js";
import { renderStoreContract } from "../../scripts/docs/render-store-contract.js";
import { ERROR_CODES } from "../../src/index.js";

const page = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");

describe("the generated pages (npm run docs)", () => {
  test("audit-events.md is current", () => {
    expect(page("audit-events.md")).toBe(renderAuditEvents());
  });

  test.each(Object.entries(readAuditEvents()))(
    "audit-events.md says of %s what happened and who reads it",
    (_, says) => {
      expect(says).toEqual({
        happened: expect.stringMatching(/^[A-Z].+\.$/),
        readers: expect.stringMatching(/^[A-Z].+\.$/),
      });
    },
  );

  test("errors.md is current", () => {
    expect(page("errors.md")).toBe(renderErrors());
  });

  test("errors.md lists every code exactly once", () => {
    const listed = [...page("errors.md").matchAll(/^## (\w+)$/gm)].map(([, code]) => code);
    expect(listed).toEqual([...ERROR_CODES]);
  });

  test("the fault table of guarantees.md is current", { timeout: 120_000 }, async () => {
    expect(page("guarantees.md")).toBe(await withFaultTable(page("guarantees.md")));
  });

  test("permissions.md is current", () => {
    expect(page("permissions.md")).toBe(renderPermissions());
  });

  test("state-machine.md is current", () => {
    expect(page("state-machine.md")).toBe(renderStateMachine());
  });

  test("store-contract.md is current", () => {
    expect(page("store-contract.md")).toBe(renderStoreContract());
  });
});
