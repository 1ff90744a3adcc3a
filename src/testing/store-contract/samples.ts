import { createHash, randomInt, randomUUID } from "node:crypto";
import type { AuditEventKind, NewAuditEvent } from "../../domain/audit-event.js";
import type { CommitmentRequest } from "../../domain/commitment-request/commitment-request.js";
import type { Commitment } from "../../domain/evidence.js";
import { type LineProgress, PLANNED, type PurchaseLine } from "../../domain/execution.js";
import type { CreateExecution, NewExecution } from "../../store-port/execution-store.js";

/** A name that no other test uses. */
export const unique = (prefix: string): string => `${prefix}-${randomUUID()}`;

/** Text of ideographs, which compression cannot shorten. In UTF-8 a common one has three bytes, a rare one four. */
export const ideographs = (count: number, kind: "common" | "rare"): string =>
  String.fromCodePoint(
    ...Array.from({ length: count }, () => (kind === "rare" ? 0x2_0000 : 0x4e00) + randomInt(0x5000)),
  );

/** A request of a custom service, so that no rule of a cloud applies. */
export const sampleRequest = (overrides: Partial<CommitmentRequest> = {}): CommitmentRequest =>
  ({
    service: "custom.contract",
    account: "account-1",
    region: "region-1",
    quantity: 2,
    term: "1yr",
    payment: "no_upfront",
    expectedPrice: { amount: "1234.50", currency: "USD" },
    offering: { size: "large", nodes: 3, burst: false },
    ...overrides,
  }) as CommitmentRequest;

/** A planned line. */
export const sampleLine = (index = 0, request: CommitmentRequest = sampleRequest()): PurchaseLine => ({
  ...PLANNED,
  index,
  request,
  fingerprint: createHash("sha256").update(JSON.stringify(request)).digest("hex"),
  need: null,
});

/** A new approved execution with one line. */
export const sampleExecution = (overrides: Partial<NewExecution> = {}): NewExecution => ({
  id: unique("exec"),
  requestKey: unique("key"),
  contentFingerprint: "f".repeat(64),
  lineageKey: unique("lin"),
  status: "approved",
  source: null,
  plan: null,
  createdBy: "alice",
  approvalsNeeded: 1,
  reason: null,
  wakeAt: null,
  expiresInMs: null,
  lines: [sampleLine()],
  ...overrides,
});

/** An event whose actor is "contract". */
export const sampleEvent = (kind: AuditEventKind = "transitioned"): NewAuditEvent => ({ kind, actor: "contract" });

/** What `create` takes for a new execution. */
export const newInput = (overrides: Partial<NewExecution> = {}): CreateExecution => ({
  execution: sampleExecution(overrides),
  event: sampleEvent("submitted"),
});

/** Progress of a line whose purchase is under way, in a lane if `lane` is given. */
export const submitting = (lane?: string): LineProgress => ({
  ...PLANNED,
  state: "submitting",
  attempt: 1,
  prepared: { reference: "offering-1", ...(lane === undefined ? {} : { lane }) },
});

/** Progress of a line with a value in every field. */
export const fullProgress = (): LineProgress => ({
  state: "in_doubt",
  attempt: 3,
  submittedAt: 1_790_000_000_001,
  unprovedSince: 1_789_000_000_002,
  unprovedRequests: 2,
  sentUnder: {
    kind: "native-token",
    windowMs: null,
    maxRequestLifetimeMs: 900_000,
    visibilityLagMs: 300_000.5,
    clockSkewMs: 0,
  },
  prepared: {
    reference: "offering-9",
    lane: unique("lane"),
    snapshot: ["ri-1", "ri-2"],
    price: { amount: "0.10", currency: "USD" },
    detail: { order: { id: 7, list: [1, null, "x"] } },
  },
  commitment: null,
  needsLabel: true,
  rejection: {
    code: "Odd",
    message: "text",
    details: { a: [1, 2] },
    persistent: true,
    hint: "Do it by hand.",
    resolvedBy: "carol",
  },
  doubt: { reason: "no answer", candidates: ["ri-3"], needsPerson: true, noResend: true },
  lastError: { code: "LOOKUP_FAILED", message: "timeout", since: 1_788_000_000_003 },
  withdrawn: { by: "bob", reason: "ordered by mistake" },
  saidAbsent: {
    by: "carol",
    prepared: { reference: "offering-8", lane: "an older lane", snapshot: ["ri-0"] },
    submittedAt: 1_780_000_000_004,
    dismissed: ["ri-4"],
  },
  priceDrift: { found: { amount: "99.5", currency: "USD" }, acceptedBy: ["dora"], isAccepted: false },
});

/** Progress of a line that was bought under these ids. */
export const committed = (...commitmentIds: readonly string[]): LineProgress => ({
  ...PLANNED,
  state: "committed",
  attempt: 1,
  commitment: { commitmentIds, adopted: false } satisfies Commitment,
});
