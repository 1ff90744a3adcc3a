import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const SOURCES = fileURLToPath(new URL("../../../src/", import.meta.url));

/** What a session keeps after its transaction, and what behind a pooler in transaction mode the next client meets. */
const KEPT_BY_SESSIONS: Readonly<Record<string, RegExp>> = {
  "advisory locks": /pg_(try_)?advisory_(un)?lock/,
  settings: /[`;]\s*set |set_config\([^;]*, false\)/,
  "temporary tables": /\bcreate temp/,
  notifications: /\blisten [a-z"]/,
  cursors: /\bwith hold\b/,
};

describe("no statement leaves behind, after its transaction,", () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => ({ name, sql: templatesIn(readFileSync(SOURCES + name, "utf8")) }));

  test.each(Object.entries(KEPT_BY_SESSIONS))("%s", (_, kept) => {
    expect(files.filter(({ sql }) => kept.test(sql)).map(({ name }) => name)).toEqual([]);
  });

  test("and the lock of migrations ends with its transaction", () => {
    const locking = files.filter(({ sql }) => /advisory/.test(sql));
    expect(locking.map(({ name }) => name)).toEqual(["stores/postgres/schema/under-schema-lock.ts"]);
    expect(locking[0]?.sql.match(/pg_\w*advisory\w*/g)).toEqual(["pg_try_advisory_xact_lock"]);
  });
});

/** The template literals of a file, which is where statements stand. */
function templatesIn(text: string): string {
  return (text.match(/`[^`]*`/g) ?? []).join("\n");
}
