import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { retryingClient } from "../../src/stores/postgres/client/retrying-client.js";
import { type ChaosServer, startChaosServer } from "./support/chaos-server.js";
import { noting } from "./support/noting.js";
import { poolForTest } from "./support/pool-for-test.js";

let server: ChaosServer;
beforeAll(async () => {
  server = await startChaosServer();
  await server.pool.query(
    "create table counts (id integer primary key, n integer); insert into counts values (1, 0), (2, 0)",
  );
});
afterAll(() => server.close());

const failing = (sqlState: string) => ({
  text: `do $$ begin raise exception using errcode = '${sqlState}', message = 'as told'; end $$`,
  values: [],
});

const counting = (first: number, second: number) => ({
  text: `do $$ begin
           update counts set n = n + 1 where id = ${first};
           perform pg_sleep(0.2);
           update counts set n = n + 1 where id = ${second};
         end $$`,
  values: [],
});

describe("a statement", () => {
  test("that lost a deadlock was rolled back, and runs again", async () => {
    const { client, codes } = noting(poolForTest(server.url, { options: "-c deadlock_timeout=20ms" }));
    const retrying = retryingClient(client);
    await Promise.all([retrying.query(counting(1, 2)), retrying.query(counting(2, 1))]);
    expect(codes).toContain("40P01");
    const { rows } = await server.pool.query("select n from counts");
    expect(rows).toEqual([{ n: 2 }, { n: 2 }]);
  });

  test.each(["40001", "40P01", "53300", "57P03"])(
    "that fails with %s every time does so a sixth time and no more",
    async (code) => {
      const { client, codes } = noting(server.pool);
      await expect(retryingClient(client).query(failing(code))).rejects.toMatchObject({ code, message: "as told" });
      expect(codes).toEqual(Array(6).fill(code));
    },
  );

  test.each(["57014", "55P03", "57P01", "57P02", "08006", "40003", "XX000"])(
    "that fails with %s may have been executed, or will fail again, and does not run again",
    async (code) => {
      const { client, codes } = noting(server.pool);
      await expect(retryingClient(client).query(failing(code))).rejects.toMatchObject({ code, message: "as told" });
      expect(codes).toEqual([code]);
    },
  );

  test("in an open transaction fails with its own error, not with that of the repetition", async () => {
    const connection = await server.pool.connect();
    const { client, codes } = noting(connection);
    try {
      await connection.query("begin");
      await expect(retryingClient(client).query(failing("40001"))).rejects.toMatchObject({ code: "40001" });
      expect(codes).toEqual(["40001", "25P02"]);
    } finally {
      await connection.query("rollback");
      connection.release();
    }
  });
});
