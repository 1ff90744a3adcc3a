import { expect, test } from "vitest";
import type { Execution } from "../../src/domain/execution.js";
import { deriveIdempotencyToken } from "../../src/idempotency/derive-idempotency-token.js";
import { committed, newInput, sampleLine } from "../../src/testing/store-contract/samples.js";
import { firstRecord } from "../linearizability/effects.js";
import { auditBooks, type StoreBooks } from "./check-books.js";
import type { CloudBooks } from "./serve-cloud.js";

const TOKEN = deriveIdempotencyToken("lin-1", 0);

const completed = (changes: Partial<Execution> = {}): Execution => ({
  ...firstRecord(newInput({ id: "exec-1", lineageKey: "lin-1" }), 0).execution,
  status: "completed",
  lines: [{ ...sampleLine(), ...committed("c-1") }],
  ...changes,
});

const entry = (changes: Partial<CloudBooks["ledger"][number]> = {}): CloudBooks["ledger"][number] => ({
  commitmentId: "c-1",
  token: TOKEN,
  service: "custom.simulated",
  account: "account-1",
  region: "region-1",
  offering: "offering",
  lane: "lane",
  quantity: 2,
  submittedAt: 0,
  landedAt: 0,
  requestId: "req-1",
  live: true,
  ...changes,
});

const audit = (books: Partial<StoreBooks>, cloud: Partial<CloudBooks>): readonly string[] =>
  auditBooks(
    { executions: [completed()], events: { write_ahead: 1 }, brokenTrails: [], ...books },
    { ledger: [entry()], purchaseRequests: 1, faults: {}, ...cloud },
  ).wrong;

test("books that agree have nothing wrong", () => {
  expect(audit({}, {})).toEqual([]);
});

test("a purchase that the cloud split is one purchase", () => {
  const executions = [completed({ lines: [{ ...sampleLine(), ...committed("c-1", "c-2") }] })];
  const ledger = [entry({ quantity: 1 }), entry({ quantity: 1, commitmentId: "c-2" })];
  expect(audit({ executions }, { ledger })).toEqual([]);
});

test.each([
  [
    "a line bought twice",
    {},
    { ledger: [entry(), entry({ commitmentId: "c-2", requestId: "req-2" })] },
    "bought 2 times",
  ],
  ["a line that was never bought", {}, { ledger: [] }, "bought 0 times"],
  ["a purchase of another quantity", {}, { ledger: [entry({ quantity: 3 })] }, "bought 3 of 2"],
  ["a purchase that nobody ordered", {}, { ledger: [entry(), entry({ token: "f".repeat(64) })] }, "nobody ordered"],
  ["a commitment recorded under another id", {}, { ledger: [entry({ commitmentId: "c-9" })] }, "its books say"],
  [
    "a purchase that the books do not show",
    { executions: [completed({ lines: [sampleLine()] })] },
    {},
    "its books say",
  ],
  ["an execution that never ended", { executions: [completed({ status: "in_doubt" })] }, {}, "ended in_doubt"],
  ["a trail with a gap", { brokenTrails: ["exec-1"] }, {}, "the trail of exec-1"],
  ["a request without a write-ahead", { events: {} }, {}, "1 requests came of 0 write-aheads"],
] as const)("%s is told", (_, books, cloud, told) => {
  expect(audit(books, cloud)).toContainEqual(expect.stringContaining(told));
});
