// A fixture of the provider contract that needs no cloud. runners.test.ts bundles it for its consumer.
export { CONTRACT } from "../../support/purchase-fixture.js";
export { shopCannot, simulatedShop } from "../../testing/support/simulated-shop.js";
