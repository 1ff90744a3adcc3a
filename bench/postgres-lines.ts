import { migrate, postgresStore } from "../src/stores/postgres/index.js";
import { instantPurchases } from "./instant-purchases.js";
import { type Finding, medianRatio } from "./rounds.js";
import { withPostgres } from "./with-postgres.js";

const FEW = 10;
const MANY = 500;

/** A line of a large basket must cost about as much as a line of a small basket. */
export function benchPostgresLines(): Promise<readonly Finding[]> {
  return withPostgres(async (pool) => {
    const schema = `bench_${process.pid}_lines`;
    await migrate(pool, { schema });
    try {
      const store = postgresStore(pool, { schema });
      const small = instantPurchases({ lines: FEW, ticks: false, store });
      const large = instantPurchases({ lines: MANY, ticks: false, store });
      const value = await medianRatio(
        large,
        async () => {
          // Both sides buy the same number of lines.
          for (let basket = 0; basket < MANY / FEW; basket += 1) await small();
        },
        { rounds: 5 },
      );
      const name = `purchase on PostgreSQL, a line of ${MANY} over a line of ${FEW}`;
      return [{ name, value, unit: "x", limit: { atMost: 1.5 } }];
    } finally {
      await pool.query(`drop schema ${schema} cascade`);
    }
  });
}
