import { hash } from "node:crypto";
import { deriveIdempotencyToken } from "../src/idempotency/derive-idempotency-token.js";
import { type Finding, medianRatio } from "./rounds.js";

const CALLS = 100_000;
const KEY = "lin_0b54e0a8-3f62-4d06-9d0c-5b3a37a9e9d5";

const repeat = (call: (index: number) => string) => () => {
  let length = 0;
  for (let index = 0; index < CALLS; index += 1) length += call(index).length;
  return length;
};

/** Checking a key must cost little compared with hashing it. */
export async function benchDeriveToken(): Promise<readonly Finding[]> {
  const value = await medianRatio(
    repeat((index) => deriveIdempotencyToken(KEY, index)),
    repeat((index) => hash("sha256", `${KEY}:${index}`, "hex")),
  );
  return [{ name: "deriveIdempotencyToken / raw SHA-256 one-shot", value, unit: "x", limit: { atMost: 2.5 } }];
}
