import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { simulatedLine } from "../support/purchase-fixture.js";
import { type ChaosServer, startChaosServer } from "./support/chaos-server.js";
import { openShop, type Shop } from "./support/shop.js";

let server: ChaosServer;
let shop: Shop;
beforeAll(async () => {
  server = await startChaosServer();
});
afterAll(() => server.close());

describe("the books of a shop where everything went well are right, and wrong once", () => {
  beforeEach(async () => {
    shop = await openShop(server.pool, "none");
    await shop.worker(server.pool).run(await shop.basket(2));
    await shop.checkBooks();
  });

  const sql = (text: string) => server.pool.query(text.replaceAll("shop.", `${shop.schema}.`));

  test("a basket has not ended", async () => {
    await shop.basket();
    await expect(shop.checkBooks()).rejects.toThrow("approved");
  });

  test("a line was bought a second time", async () => {
    shop.cloud.buyElsewhere(simulatedLine());
    await expect(shop.checkBooks()).rejects.toThrow("deep-equal");
  });

  test("a line has another commitment than the cloud says", async () => {
    await sql(
      `update shop.lines set commitment = jsonb_set(commitment, '{commitmentIds}', '["c-7"]') where line_index = 1`,
    );
    await expect(shop.checkBooks()).rejects.toThrow("deep-equal");
  });

  test("an event is missing", async () => {
    await sql("delete from shop.events where kind = 'claimed'");
    await expect(shop.checkBooks()).rejects.toThrow("versions have gaps");
  });

  test("a write-ahead is missing", async () => {
    await sql("update shop.events set kind = 'attempt_failed' where kind = 'write_ahead' and line_index = 0");
    await expect(shop.checkBooks()).rejects.toThrow("sent without an earlier write-ahead");
  });

  test("a write-ahead was used twice", async () => {
    const [first] = shop.sent;
    (shop.sent as unknown[]).push(first);
    await expect(shop.checkBooks()).rejects.toThrow("one write-ahead, two requests");
  });
});
