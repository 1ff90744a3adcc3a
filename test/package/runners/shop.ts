// What runners.test.ts bundles for its consumer: a fixture of the provider contract that needs no cloud.
export { CONTRACT } from "../../support/purchase-fixture.js";
export { shopCannot, simulatedShop } from "../../testing/support/simulated-shop.js";
