import { embeddedPostgres } from "buyonce/embedded";
import { migrate } from "buyonce/postgres";
import { expect, onTestFinished, test } from "vitest";
import { buy, collectedLines, programOver } from "../../examples/demo/recommended.js";
import { startThreeClouds } from "../../examples/demo/three-clouds.js";
import { isBuyonceError } from "../../src/domain/errors.js";
import { usedServerFolder } from "../stores/support/folder-for-test.js";

/** A program that collects, buys what is recommended, and minds nothing but that a need is covered already. */
async function round({ engine, recommendations }: ReturnType<typeof programOver>, name: string): Promise<number> {
  const lines = await collectedLines(recommendations);
  for (const [index, line] of lines.entries())
    try {
      await buy(engine, `${name}-${index}`, [line]);
    } catch (thrown) {
      if (!isBuyonceError(thrown) || thrown.code !== "NEED_ALREADY_COVERED") throw thrown;
    }
  return lines.length;
}

test("two programs that buy what is recommended, at the same time and twice, buy each of it once", async () => {
  const dataDir = await usedServerFolder();
  const servers = await Promise.all([embeddedPostgres({ dataDir }), embeddedPostgres({ dataDir })]);
  const clouds = await startThreeClouds();
  onTestFinished(async () => {
    await clouds.close();
    await Promise.all(servers.map((server) => server.close()));
  });
  await migrate(servers[0].sql, { schema: "recommended" });
  const [one, other] = servers.map(({ sql }) => programOver(clouds, sql));
  if (one === undefined || other === undefined) throw new Error("two programs");

  const [first, second] = await Promise.all([round(one, "one"), round(other, "other")]);
  const bought = await clouds.purchases();
  expect(bought).toHaveLength(Math.max(first, second));
  expect(bought.length).toBeGreaterThan(5);
  const places = bought.map(({ account, service, region, offeringId }) =>
    [account, service, region, offeringId].join(),
  );
  expect(new Set(places).size).toBe(places.length);

  expect(await Promise.all([round(one, "one-again"), round(other, "other-again")])).toEqual([0, 0]);
  expect(await clouds.purchases()).toHaveLength(bought.length);
});
