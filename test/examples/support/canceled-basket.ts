import { createPurchaseEngine } from "../../../src/engine/purchase-engine.js";
import { approveBasket } from "./approved-basket.js";
import type { PostgresWorld } from "./host-world.js";

/** Submits, approves and cancels the basket: a message about it may still be on its way. Returns the execution's id. */
export async function cancelBasket(world: PostgresWorld): Promise<string> {
  const id = await approveBasket(world);
  await createPurchaseEngine({ store: world.store, providers: [] }).cancel(id, { canceledBy: "cfo@example.com" });
  return id;
}
