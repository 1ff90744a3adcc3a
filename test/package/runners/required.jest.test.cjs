const { memoryStore } = require("buyonce");
const { manualClock, storeContract } = require("buyonce/testing");

storeContract({
  test: Reflect.get(globalThis, "test"),
  async createStore() {
    const clock = manualClock();
    return { store: memoryStore({ clock }), advance: (ms) => clock.advance(ms) };
  },
});
