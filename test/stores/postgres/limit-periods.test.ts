import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { limitProblems } from "../../../src/guards/limits/limit-schema.js";
import { periodOf } from "../../../src/guards/limits/period-of.js";
import { fromPglite, type SqlClient } from "../../../src/stores/postgres/index.js";
import { PERIOD } from "../../../src/stores/postgres/statements/approval-limits.js";
import { startDatabase, type TestDatabase } from "../support/test-database.js";

const isTaken = (timeZone: string): boolean =>
  limitProblems([{ name: "cap", scope: {}, per: "day", max: { amount: "1", currency: "USD" }, timeZone }]).length === 0;

/** Zones whose rules have not changed for years, because each server has time zone data of its own. */
const TIME_ZONES = [
  ...["UTC", "Etc/GMT+5", "Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles"],
  ...["America/St_Johns", "Asia/Tokyo", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Sydney", "Australia/Lord_Howe"],
  ...["Pacific/Kiritimati", "Pacific/Pago_Pago"],
];

const MOMENTS = [
  "2026-12-31T23:30:00Z",
  "2027-03-28T00:59:59.999Z",
  "2027-03-31T10:00:00.001Z",
  "2028-02-29T12:00:00Z",
];

const PERS = ["day", "month", "year", 1_000, 86_400_000, 604_800_000] as const;

describe("the period of a limit is the same in SQL as in the rules", () => {
  let database: TestDatabase;
  let pglite: PGlite;
  beforeAll(async () => {
    database = await startDatabase();
    pglite = new PGlite();
  });
  afterAll(async () => {
    await pglite.close();
    await database.close();
  });

  test.each([
    ["PostgreSQL", (): SqlClient => database.pool],
    ["PGlite", (): SqlClient => fromPglite(pglite)],
  ])("%s", async (_, sql) => {
    expect(TIME_ZONES.filter((timeZone) => !isTaken(timeZone))).toEqual([]);
    const definitions = TIME_ZONES.flatMap((timeZone) => PERS.map((per) => ({ per, timeZone })));
    for (const moment of MOMENTS) {
      const period = PERIOD.replaceAll("statement_timestamp()", "$2::text::timestamptz");
      const text = `select d."timeZone" as zone, d.per, ${period} as period
                      from jsonb_to_recordset($1::text::jsonb) as d (per text, "timeZone" text)`;
      const { rows } = await sql().query({ text, values: [JSON.stringify(definitions), moment] });
      const expected = definitions.map(({ per, timeZone }) => ({
        zone: timeZone,
        per: String(per),
        period: periodOf({ per, timeZone }, Date.parse(moment)),
      }));
      expect(rows).toEqual(expected);
    }
  });
});
