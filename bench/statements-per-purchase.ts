import { systemClock } from "../src/domain/clock.js";
import type { IdempotencyContract } from "../src/domain/idempotency-contract.js";
import { createPurchaseEngine } from "../src/engine/purchase-engine.js";
import { migrate, postgresStore } from "../src/stores/postgres/index.js";
import { simulatedCloud } from "../src/testing/simulated-cloud.js";
import type { Finding } from "./rounds.js";
import { withPostgres } from "./with-postgres.js";

const LIMITS = { maxRequestLifetimeMs: 300_000, visibilityLagMs: 60_000, clockSkewMs: 10_000 };
const CONTRACTS: readonly IdempotencyContract[] = [
  { kind: "none", windowMs: 0, ...LIMITS },
  { kind: "native-token", windowMs: 3_600_000, ...LIMITS },
];

/** The SQL statements that `run` sends per line, counted at the driver, for a basket of one line and one of ten. */
export function benchStatementsPerPurchase(): Promise<readonly Finding[]> {
  return withPostgres(async (pool) => {
    const schema = `bench_${process.pid}`;
    let statements = 0;
    const counting: Parameters<typeof postgresStore>[0] = {
      query(statement) {
        statements += 1;
        return pool.query(statement);
      },
    };
    await migrate(pool, { schema });
    const store = postgresStore(counting, { schema });
    const findings: Finding[] = [];
    for (const contract of CONTRACTS) {
      for (const lines of [1, 10]) {
        const service = `custom.${contract.kind}-${lines}` as const;
        const cloud = simulatedCloud({ contract, clock: systemClock, service });
        const engine = createPurchaseEngine({
          overlapWindowMs: null,
          breaker: null,
          store,
          providers: [cloud.provider],
        });
        const id = await approved(engine, service, lines);
        statements = 0;
        await engine.run(id);
        const name = `SQL statements per line, contract ${contract.kind}, ${lines} line(s) in the basket`;
        // A label is put on after the purchase is recorded, and the label is then recorded too. A run that has freed
        // lanes reads once who waits for them.
        const limit = { atMost: cloud.provider.label === undefined ? 3 : 4 + 1 / lines };
        findings.push({ name, value: statements / lines, unit: "", limit });
      }
    }
    await pool.query(`drop schema "${schema}" cascade`);
    return findings;
  });
}

async function approved(
  engine: ReturnType<typeof createPurchaseEngine>,
  service: `custom.${string}`,
  lines: number,
): Promise<string> {
  const line = (offering: number) =>
    ({
      service,
      account: "acct",
      region: "r1",
      quantity: 1,
      term: "1yr",
      payment: "no_upfront",
      expectedPrice: { amount: "100", currency: "USD" },
      offering: { offering },
    }) as const;
  const { id } = await engine.submit({
    requestKey: service,
    createdBy: "bench",
    lines: Array.from({ length: lines }, (_, index) => line(index)),
  });
  await engine.approve(id, { approvedBy: "bench" });
  return id;
}
