import { expect, test, vi } from "vitest";
import { parallelismFromEnv } from "../../src/recommendations/fan-out/parallelism.js";

const logger = () => ({ warn: vi.fn() });

test("the limits stand in the environment", () => {
  const warned = logger();
  const env = { BUYONCE_MAX_PARALLELISM: "7", BUYONCE_REGION_PARALLELISM: " 3 " };
  expect(parallelismFromEnv(env, warned)).toEqual({ calls: 7, regions: 3 });
  expect(warned.warn).not.toHaveBeenCalled();
});

test("what is absent is the default", () => {
  const warned = logger();
  expect(parallelismFromEnv({ BUYONCE_REGION_PARALLELISM: "" }, warned)).toEqual({ calls: 20, regions: 10 });
  expect(warned.warn).not.toHaveBeenCalled();
});

test.each(["0", "-1", "many", "1.5", "1e3", "NaN", "99999999"])("%j is the default, with a warning", (text) => {
  const warned = logger();
  expect(parallelismFromEnv({ BUYONCE_MAX_PARALLELISM: text }, warned).calls).toBe(20);
  expect(warned.warn).toHaveBeenCalledTimes(1);
});
