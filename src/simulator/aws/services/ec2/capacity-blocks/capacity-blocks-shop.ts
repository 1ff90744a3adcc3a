import type { AwsWorld } from "../../../aws-world.js";
import { CapacityBlocksShelf } from "./capacity-block.js";
import type { CapacityBlockOffering } from "./capacity-block-offering.js";

/** What the operations on Capacity Blocks work with. */
export interface CapacityBlocksShop {
  readonly world: AwsWorld;
  readonly shelf: CapacityBlocksShelf;
  /** The offerings that were shown, by account and id. */
  readonly shown: Map<string, CapacityBlockOffering>;
}

/** Opens the part of EC2 that sells Capacity Blocks, with nothing sold yet. */
export const openCapacityBlocksShop = (world: AwsWorld): CapacityBlocksShop => ({
  world,
  shelf: new CapacityBlocksShelf(world.settings.listingLagMs),
  shown: new Map(),
});
