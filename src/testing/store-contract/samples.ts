import { createHash, randomUUID } from "node:crypto";
import type { AuditEventKind, NewAuditEvent } from "../../domain/audit-event.js";
import type { CommitmentRequest } from "../../domain/commitment-request/commitment-request.js";
import type { Commitment } from "../../domain/evidence.js";
import { type LineProgress, PLANNED, type PurchaseLine } from "../../domain/execution.js";
import type { CreateExecution, NewExecution } from "../../store-port/execution-store.js";

/** A name that no other test uses. */
export const unique = (prefix: string): string => `${prefix}-${randomUUID()}`;

/** A request that no built-in service knows, so that no rule of a cloud gets in the way. */
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
  reason: null,
  wakeAt: null,
  expiresInMs: null,
  lines: [sampleLine()],
  ...overrides,
});

/** An event by "contract". */
export const sampleEvent = (kind: AuditEventKind = "transitioned"): NewAuditEvent => ({ kind, actor: "contract" });

/** What `create` takes for a new execution. */
export const newInput = (overrides: Partial<NewExecution> = {}): CreateExecution => ({
  execution: sampleExecution(overrides),
  event: sampleEvent("submitted"),
});

/** Progress of a line whose purchase is under way, in a lane if one is named. */
export const submitting = (lane?: string): LineProgress => ({
  ...PLANNED,
  state: "submitting",
  attempt: 1,
  prepared: { reference: "offering-1", ...(lane === undefined ? {} : { lane }) },
});

/** Progress of a line that was bought under these ids. */
export const committed = (...commitmentIds: readonly string[]): LineProgress => ({
  ...PLANNED,
  state: "committed",
  attempt: 1,
  commitment: { commitmentIds, adopted: false } satisfies Commitment,
});
