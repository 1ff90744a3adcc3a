import { createPurchaseEngine } from "../../../src/engine/purchase-engine.js";
import { ec2ReservedInstances } from "../../../src/providers/aws/services/ec2-reserved-instances.js";
import { migrate } from "../../../src/stores/postgres/schema/migrate.js";
import { BASKET } from "./basket.js";
import type { PostgresWorld } from "./host-world.js";

/** Submits and approves the basket, as another service of the example's owner would. Returns the execution's id. */
export async function approveBasket({ pool, store }: PostgresWorld): Promise<string> {
  await migrate(pool);
  const clientFor = () => {
    throw new Error("only examples buy");
  };
  const engine = createPurchaseEngine({
    store,
    providers: [ec2ReservedInstances({ clientFor })],
  });
  const { id } = await engine.submit(BASKET);
  await engine.approve(id, { approvedBy: "cfo@example.com" });
  return id;
}
