import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { AuditEvent } from "../../src/domain/audit-event.js";
import type { CommitmentRequest } from "../../src/domain/commitment-request/commitment-request.js";
import { type Execution, PLANNED, type PurchaseLine } from "../../src/domain/execution.js";
import { EXECUTION_STATUSES } from "../../src/domain/execution-status.js";
import { type KnownState, longestHold } from "../../src/state-machine/retention.js";
import { isTerminal } from "../../src/state-machine/transitions.js";
import { committed, sampleLine, sampleRequest } from "../../src/testing/store-contract/samples.js";

const DAY = 86_400_000;
const YEAR = 365 * DAY;
const KEEP = 100 * DAY;

const SUBMITTED = Date.UTC(2026, 0, 1);
const UPDATED = SUBMITTED + 5 * DAY;
const STARTED = SUBMITTED + 2 * DAY;

const COMMITMENT = { commitmentIds: ["c-1"], startedAt: STARTED, adopted: false };

const lineOf = (overrides: Partial<PurchaseLine> = {}): PurchaseLine => ({
  ...sampleLine(),
  attempt: 1,
  submittedAt: SUBMITTED,
  ...overrides,
});

const bought = (overrides: Partial<PurchaseLine> = {}): PurchaseLine =>
  lineOf({ ...committed("c-1"), submittedAt: SUBMITTED, commitment: COMMITMENT, ...overrides });

const rejected = (code: string): PurchaseLine => lineOf({ state: "rejected", rejection: { code, message: "no" } });

const asking = (overrides: object): CommitmentRequest => sampleRequest(overrides as Partial<CommitmentRequest>);

const executionOf = (overrides: Partial<Execution> = {}): Execution => ({
  id: "root",
  requestKey: "key",
  contentFingerprint: "f",
  lineageKey: "lineage",
  status: "completed",
  version: 3,
  fence: 1,
  lease: null,
  source: null,
  plan: null,
  createdBy: "ann",
  createdAt: SUBMITTED,
  updatedAt: UPDATED,
  statusChangedAt: UPDATED,
  approvedBy: "bob",
  approvalsNeeded: 1,
  approvers: [],
  approvedAt: SUBMITTED,
  expiresAt: null,
  wakeAt: null,
  reason: null,
  retryOf: null,
  successorId: null,
  lines: [bought()],
  ...overrides,
});

const failed = (...lines: readonly PurchaseLine[]): Execution => executionOf({ status: "failed", lines });

const duplicateFound = (at: number, ids: unknown = ["c-2"]): AuditEvent => ({
  executionId: "root",
  version: 3,
  at,
  status: "failed",
  kind: "duplicate_found",
  actor: "w1",
  lineIndex: 0,
  data: { commitmentIds: ids },
});

const holdOf = (
  executions: readonly Execution[],
  events: readonly AuditEvent[] = [],
  knownState: (line: PurchaseLine) => KnownState = () => undefined,
) => longestHold({ executions, events }, { keepMs: KEEP, knownState });

describe("longestHold", () => {
  test.each(EXECUTION_STATUSES.filter((status) => !isTerminal(status)))(
    "keeps a lineage with an execution that is %s for as long as it is",
    (status) => {
      const open = { status, lines: [lineOf()] };
      const hold = { reason: "open", until: null };
      expect(holdOf([executionOf(open)])).toEqual({ ...hold, executionId: "root" });
      expect(holdOf([failed(lineOf()), executionOf({ ...open, id: "retry" })])).toEqual({
        ...hold,
        executionId: "retry",
      });
    },
  );

  test.each([
    ["completed", [bought()], STARTED + YEAR],
    ["partially_completed", [rejected("Denied"), bought({ index: 1 })], STARTED + YEAR],
    ["failed", [rejected("Denied")], UPDATED],
    ["failed, handed back", [lineOf()], UPDATED],
    ["failed, given up", [rejected("GIVEN_UP")], UPDATED],
    ["canceled", [lineOf({ state: "skipped" })], UPDATED],
    ["expired", [{ ...sampleLine(), ...PLANNED }], UPDATED],
  ] as const)("keeps one that is %s for keepMs after its last change or its last term", (_, lines, from) => {
    const reason = from === UPDATED ? "young" : "term";
    expect(holdOf([executionOf({ status: "failed", lines })])).toEqual({
      reason,
      executionId: "root",
      until: from + KEEP,
    });
  });

  test.each([
    ["from its start", {}, STARTED + YEAR],
    ["for its whole term", { request: asking({ term: "3yr" }) }, STARTED + 3 * YEAR],
    [
      "from the last change where no start is known",
      { commitment: { ...COMMITMENT, startedAt: undefined } },
      UPDATED + YEAR,
    ],
    ["where only the state says that it exists", { commitment: null }, UPDATED + YEAR],
    ["from the write-ahead where the start is said to lie before it", { submittedAt: STARTED + 7 }, STARTED + 7 + YEAR],
    ["from a start that was never sent for", { submittedAt: null }, STARTED + YEAR],
    [
      "to the end that a Capacity Block states",
      { request: asking({ endsAt: new Date(STARTED + 9 * DAY).toISOString() }) },
      STARTED + 9 * DAY,
    ],
    [
      "up to a later end that the line states",
      { request: asking({ customEndTimestamp: new Date(STARTED + 2 * YEAR).toISOString() }) },
      STARTED + 2 * YEAR,
    ],
    [
      "to its whole end where the line states an earlier one",
      { request: asking({ customEndTimestamp: new Date(STARTED + DAY).toISOString() }) },
      STARTED + YEAR,
    ],
    ["from the end of the hold", { request: asking({ holdMs: 9 * DAY }) }, SUBMITTED + 9 * DAY + YEAR],
    [
      "from the end of the hold where no start is known",
      { request: asking({ holdMs: 9 * DAY }), commitment: { ...COMMITMENT, startedAt: undefined } },
      UPDATED + 9 * DAY + YEAR,
    ],
    [
      "from a queued start",
      { request: asking({ holdMs: DAY }), commitment: { ...COMMITMENT, startedAt: UPDATED + DAY } },
      UPDATED + DAY + YEAR,
    ],
  ] as const)("counts a commitment's term %s", (_, overrides, ends) => {
    const line = bought(overrides as Partial<PurchaseLine>);
    expect(holdOf([executionOf({ lines: [line] })])).toEqual({
      reason: "term",
      executionId: "root",
      until: ends + KEEP,
    });
  });

  test.each([
    ["a line may have been bought", [failed(lineOf({ state: "in_doubt" }))], "in_doubt"],
    ["a write-ahead has no end", [failed(lineOf({ state: "submitting" }))], "in_doubt"],
    ["a label is missing", [executionOf({ lines: [bought({ needsLabel: true })] })], "unlabeled"],
    [
      "Azure renews the reservation",
      [executionOf({ lines: [bought({ request: asking({ renew: true }) })] })],
      "renews",
    ],
    [
      "Google renews the commitment",
      [executionOf({ lines: [bought({ request: asking({ autoRenew: true }) })] })],
      "renews",
    ],
  ] as const)("keeps a lineage for ever where %s", (_, executions, reason) => {
    expect(holdOf(executions)).toEqual({ reason, executionId: "root", until: null });
  });

  test.each([{ renew: false }, { autoRenew: false }, { renew: undefined }])(
    "takes %o as the end of the term",
    (renewal) => {
      expect(holdOf([executionOf({ lines: [bought({ request: asking(renewal) })] })]).reason).toBe("term");
    },
  );

  test("knows every field by which a request can renew itself", () => {
    const folder = new URL("../../src/domain/commitment-request/", import.meta.url);
    const fields = readdirSync(folder).flatMap((file) =>
      [...readFileSync(new URL(file, folder), "utf8").matchAll(/readonly (\w*renew\w*)\??:/gi)].map(([, name]) => name),
    );
    expect(new Set(fields)).toEqual(new Set(["renew", "autoRenew"]));
  });

  test("lets a withdrawn purchase go as one that was never made", () => {
    const withdrawn = bought({
      commitment: { ...COMMITMENT, withdrawn: { by: "ann" } },
      request: asking({ holdMs: DAY }),
    });
    expect(holdOf([executionOf({ lines: [withdrawn] })])).toMatchObject({ reason: "young", until: UPDATED + KEEP });
  });

  test.each([
    ["where the cloud holds something else under its name", rejected("COMMITMENT_CONFLICT")],
    ["where all its names are spent", rejected("NAME_SPENT")],
    ["of which a person said that it is not bought", rejected("RESOLVED_NOT_BOUGHT")],
    [
      "that a person said the cloud refused",
      lineOf({ state: "rejected", rejection: { code: "payment-failed", message: "no", resolvedBy: "ann" } }),
    ],
    ["that was withdrawn after a request had left", lineOf({ state: "skipped", withdrawn: { by: "ann" } })],
  ])("keeps a line for a term %s", (_, line) => {
    expect(holdOf([failed(line)])).toEqual({ reason: "term", executionId: "root", until: UPDATED + YEAR + KEEP });
  });

  test.each([
    ["withdrawn before anything was sent", lineOf({ state: "skipped", withdrawn: { by: "ann" }, submittedAt: null })],
    ["skipped because an earlier execution bought it", lineOf({ state: "skipped" })],
    ["refused by the cloud", rejected("payment-failed")],
  ])("keeps no line for a term that was %s", (_, line) => {
    expect(holdOf([failed(line)])).toMatchObject({ reason: "young", until: UPDATED + KEEP });
  });

  test("keeps a withdrawn purchase for the term of the second commitment that turned up for it", () => {
    const withdrawn = executionOf({ lines: [bought({ commitment: { ...COMMITMENT, withdrawn: { by: "ann" } } })] });
    const expected = { reason: "term", executionId: "root", until: UPDATED - 7 + YEAR + KEEP };
    expect(holdOf([withdrawn], [duplicateFound(UPDATED - 7)])).toEqual(expected);
    expect(holdOf([withdrawn], [duplicateFound(UPDATED - 7, "not a list")])).toEqual(expected);
    const others = [
      { ...duplicateFound(UPDATED - 7), executionId: "another" },
      { ...duplicateFound(UPDATED - 7), kind: "late_evidence" as const },
    ];
    expect(holdOf([withdrawn], others)).toMatchObject({ reason: "young" });
  });

  test("asks what is known of each commitment, and of no other line", () => {
    const asked: (readonly string[])[] = [];
    const answer = (state: KnownState) => (line: PurchaseLine) => {
      asked.push(line.commitment?.commitmentIds ?? []);
      return state;
    };
    const executions = [executionOf({ lines: [bought({ request: asking({ renew: true }) }), lineOf({ index: 1 })] })];
    const events = [duplicateFound(UPDATED)];
    expect(holdOf(executions, events, answer("live"))).toMatchObject({ reason: "live", until: null });
    expect(holdOf(executions, events, answer("ended"))).toMatchObject({ reason: "young", until: UPDATED + KEEP });
    expect(holdOf(executions, events, answer(undefined))).toMatchObject({ reason: "renews", until: null });
    expect(asked).toEqual([["c-1"], ["c-2"], ["c-1"], ["c-2"], ["c-1"], ["c-2"]]);
  });

  test("takes the longest hold of the whole lineage", () => {
    const root = executionOf({ status: "partially_completed", successorId: "retry", updatedAt: UPDATED });
    const retry = executionOf({ id: "retry", retryOf: "root", lines: [rejected("Denied")], updatedAt: UPDATED + YEAR });
    expect(holdOf([root, retry])).toEqual({ reason: "young", executionId: "retry", until: UPDATED + YEAR + KEEP });
    const early = { ...retry, updatedAt: UPDATED };
    expect(holdOf([root, early])).toEqual({ reason: "term", executionId: "root", until: STARTED + YEAR + KEEP });
  });
});
