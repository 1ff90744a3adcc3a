import type { AuditEventKind } from "../../src/domain/audit-event.js";
import type { Execution, LineProgress, PurchaseLine } from "../../src/domain/execution.js";
import { EXECUTION_STATUSES } from "../../src/domain/execution-status.js";
import { settle } from "../../src/state-machine/settle.js";
import type { ExecutionChange, ReapVerdict } from "../../src/store-port/execution-store.js";
import { newInput, sampleLine } from "../../src/testing/store-contract/samples.js";
import type { SeededRandom } from "../stores/support/seeded-random.js";
import type { StoreRequest } from "./history.js";

/** What a client knows when it chooses its next call. */
export interface Choice {
  readonly random: SeededRandom;
  /** The executions that it has heard of, as it last saw them. */
  readonly known: readonly Execution[];
  /** The execution whose change was just refused. */
  readonly refused?: string;
  readonly client: string;
  /** Becomes the actor of whatever the call writes. */
  readonly callId: string;
}

type Asked = (choice: Choice) => StoreRequest;
type Decided = Omit<ExecutionChange, "executionId" | "event"> & { readonly kind?: AuditEventKind };
type Decision = (execution: Execution, choice: Choice) => Decided;

/** Chooses what a client asks next: what an engine asks, in any order, of a few executions that all clients want. */
export function chooseRequest(choice: Choice): StoreRequest {
  const { random, known, refused } = choice;
  if (refused !== undefined && random.chance(0.6)) return { operation: "get", asked: [refused] };
  if (known.length === 0) return random.chance(0.5) ? list(choice) : create(choice);
  const own = known.find((one) => one.status === "running" && one.lease?.owner === choice.client);
  if (own !== undefined && random.chance(0.4)) return commit(own, session(own, choice), choice);
  let request = list(choice);
  for (let tries = 0; tries < 4; tries += 1) {
    request = (ASKED[random.below(ASKED.length)] ?? list)(choice);
    if (!isHopeless(request, known)) break;
  }
  return request;
}

/** Refused for sure, as far as the client knows: a few of those are enough. */
function isHopeless(request: StoreRequest, known: readonly Execution[]): boolean {
  if (request.operation !== "commit") return false;
  const { executionId, guard } = request.asked[0];
  const status = known.find(({ id }) => id === executionId)?.status;
  return status !== undefined && guard.status !== undefined && !guard.status.includes(status);
}

/** A few executions are wanted by all, so the first ones are chosen most. */
function anyOf({ known, random }: Choice): Execution {
  const hot = known[Math.floor(random.next() ** 3 * known.length)] ?? known[0];
  if (hot === undefined) throw new RangeError("no execution is known yet");
  return hot;
}

const commit = (
  execution: Execution,
  { kind = "transitioned", ...decided }: Decided,
  { callId }: Choice,
): StoreRequest => ({
  operation: "commit",
  asked: [{ ...decided, executionId: execution.id, event: { kind, actor: callId } }],
});

const decide =
  (decision: Decision): Asked =>
  (choice) => {
    const execution = anyOf(choice);
    return commit(execution, decision(execution, choice), choice);
  };

const approve: Decision = ({ updatedAt }, { callId, random }) => ({
  guard: { status: ["pending", "notified", "scheduled"], ...(random.chance(0.5) && { unexpired: true }) },
  status: "approved",
  approvedBy: callId,
  ...(random.chance(0.3) && { approvedFrom: updatedAt + random.below(100) }),
  kind: "approved",
  ...(random.chance(0.5) && { wakeAt: null }),
});
/** As whoever approves anew what was approved too long ago, or before it is too late. */
const approveAgain: Decision = ({ updatedAt, approvedAt }, { callId, random }) => ({
  guard: random.chance(0.5)
    ? { after: (approvedAt ?? updatedAt) + random.below(60) }
    : { before: updatedAt + random.below(60), after: updatedAt - random.below(5) },
  approvedBy: callId,
  kind: "approval_renewed",
  ...(random.chance(0.5) && { wakeAt: null }),
});
const notify: Decision = ({ version }) => ({ guard: { status: ["pending"], version }, status: "notified" });
const pause: Decision = () => ({ guard: { status: ["pending", "notified"] }, status: "paused", kind: "paused" });
const resume: Decision = () => ({ guard: { status: ["paused"] }, status: "pending", kind: "resumed" });
const schedule: Decision = (_, { random }) => ({
  guard: { status: ["pending", "notified"] },
  status: "scheduled",
  wakeAt: { inMs: random.below(40) },
});
const expire: Decision = () => ({ guard: { status: ["pending", "notified"] }, status: "expired", kind: "expired" });
const ENDED = EXECUTION_STATUSES.slice(EXECUTION_STATUSES.indexOf("completed"));
/** No engine does so; but a store knows no table of moves, and without it nothing would be left to race for. */
const reopen: Decision = (_, { random }) => ({
  guard: { status: ENDED },
  status: random.chance(0.5) ? "approved" : "pending",
  reason: random.chance(0.5) ? null : "once more",
});
const cancel: Decision = ({ version, lines }) => ({
  guard: { version, status: ["pending", "notified", "paused", "scheduled", "approved"], leaseFree: true },
  status: "canceled",
  wakeAt: null,
  kind: "canceled",
  lines: lines
    .filter(({ state }) => state === "planned")
    .map((line) => ({ index: line.index, progress: { ...progressOf(line), state: "skipped" } })),
});
const claim: Decision = (_, { client, random }) => ({
  guard: { status: ["approved", "running", "in_doubt"], leaseFree: true },
  status: "running",
  lease: { kind: "take", owner: client, durationMs: leaseMs(random) },
  wakeAt: null,
  kind: "claimed",
});

/** Short enough to run out under its holder now and then. */
const leaseMs = (random: SeededRandom): number => 5 + random.below(120);

/** What a worker does that believes it holds the lease. */
function session(execution: Execution, choice: Choice): Decided {
  const { random } = choice;
  const { version, fence, lines } = execution;
  const renewed = { kind: "renew", durationMs: leaseMs(random) } as const;
  if (random.chance(0.1)) return { guard: { fence }, lease: renewed, kind: "lease_renewed" };
  const guard = { version, fence };
  const line = lines[random.below(lines.length)];
  const release = { lease: { kind: "release" }, wakeAt: { inMs: random.below(80) } } as const;
  if (random.chance(0.1)) return { guard, ...release, status: "approved", kind: "handed_back" };
  if (line === undefined || random.chance(0.1)) return { guard, ...release, status: settle(lines), kind: "settled" };
  const intime = { ...guard, before: (execution.approvedAt ?? execution.updatedAt) + 20 + random.below(400) };
  return {
    guard: random.chance(0.5) ? intime : guard,
    lease: renewed,
    kind: "write_ahead",
    lines: [{ index: line.index, ...nextOf(line, choice) }],
  };
}

const LANES = ["lane-1", "lane-2"] as const;
const COMMITMENTS = ["c-1", "c-2", "c-3", "c-4"] as const;

type NextProgress = Omit<NonNullable<ExecutionChange["lines"]>[number], "index">;

function nextOf(line: PurchaseLine, choice: Choice): NextProgress {
  const { random } = choice;
  const progress = progressOf(line);
  // Its label may be set again; a person's word may be corrected, or taken back because the cloud says whose it is.
  if (line.state === "committed")
    return {
      progress: random.pick<LineProgress>([
        { ...progress, needsLabel: !line.needsLabel },
        committed(line, choice),
        { ...progress, state: "in_doubt", commitment: null, doubt: { reason: "somebody else's" } },
      ]),
    };
  if (line.state !== "submitting" && line.state !== "in_doubt")
    return { ...submitted(line, random), stampSubmission: true };
  const settled = { ...progress, unprovedSince: null };
  return {
    progress: random.pick<LineProgress>([
      committed(line, choice),
      { ...settled, state: "planned", prepared: null },
      { ...settled, state: "rejected", rejection: { code: "Refused", message: "by the cloud" } },
      { ...progress, state: "in_doubt", doubt: { reason: "no reply" } },
    ]),
  };
}

function submitted(line: PurchaseLine, random: SeededRandom): NextProgress {
  const lane = random.chance(0.8) ? { lane: random.pick(LANES) } : {};
  const prepared = { reference: "offering", ...lane };
  const unprovedRequests = line.unprovedRequests + 1;
  return {
    progress: { ...progressOf(line), attempt: line.attempt + 1, prepared, unprovedRequests, state: "submitting" },
  };
}

const committed = (line: PurchaseLine, { random, callId }: Choice): LineProgress => ({
  ...progressOf(line),
  state: "committed",
  unprovedSince: null,
  unprovedRequests: 0,
  commitment: {
    commitmentIds: [random.chance(0.6) ? random.pick(COMMITMENTS) : callId],
    ...(random.chance(0.2) && { formerIds: [random.pick(COMMITMENTS)] }),
    ...(random.chance(0.3) && { resolvedBy: callId }),
    adopted: random.chance(0.5),
  },
});

function progressOf({ index: _, request: __, fingerprint: ___, ...progress }: PurchaseLine): LineProgress {
  return progress;
}

/** What a worker that was thought dead still brings: no fence, any status. */
function evidence({ version, lines }: Execution, choice: Choice): Decided {
  const line = lines[choice.random.below(lines.length)];
  const news = line && line.state !== "committed";
  return {
    guard: { version },
    kind: "late_evidence",
    ...(news && { lines: [{ index: line.index, progress: committed(line, choice) }] }),
  };
}

const REQUEST_KEYS = 12;
const LINEAGES = ["lin-1", "lin-2", "lin-3", "lin-4"] as const;

const create: Asked = ({ random, callId }) => {
  const lines = Array.from({ length: 1 + random.below(3) }, (_, index) => sampleLine(index));
  const expiresInMs = random.chance(0.5) ? 10 + random.below(100) : null;
  const key = { requestKey: `key-${random.below(REQUEST_KEYS)}`, id: `exec-${callId}`, expiresInMs };
  const lineageKey = random.chance(0.5) ? random.pick(LINEAGES) : `lin-${callId}`;
  const input = newInput({ ...key, lineageKey, status: random.pick(["pending", "approved"]), lines });
  return { operation: "create", asked: [{ ...input, event: { kind: "submitted", actor: callId } }] };
};

const retry: Asked = (choice) => {
  const { random, callId } = choice;
  const { id, version, lineageKey, lines } = anyOf(choice);
  const requestKey = random.chance(0.5) ? `retry/${id}` : `retry/${callId}`;
  const fresh = lines.map(({ index }) => sampleLine(index));
  const input = newInput({ id: `exec-${callId}`, requestKey, lineageKey, status: "pending", lines: fresh });
  const predecessorEvent = { kind: "retried", actor: callId } as const;
  const retryOf = { executionId: id, version, predecessorEvent };
  return { operation: "create", asked: [{ ...input, event: { kind: "submitted", actor: callId }, retryOf }] };
};

const get: Asked = (choice) => ({ operation: "get", asked: [anyOf(choice).id] });
const events: Asked = (choice) => {
  const { id, version } = anyOf(choice);
  return { operation: "events", asked: [id, { afterVersion: Math.max(0, version - choice.random.below(4)) }] };
};
const list: Asked = () => ({ operation: "history", asked: [{ limit: 20 }] });
const claims: Asked = () => ({
  operation: "claims",
  asked: [{ cloud: "custom.contract", account: "account-1", commitmentIds: [...COMMITMENTS] }],
});
const laneHolder: Asked = ({ random }) => ({ operation: "laneHolder", asked: [random.pick(LANES)] });
const stuck: Asked = ({ random }) => ({ operation: "stuck", asked: [{ olderThanMs: 1 + random.below(60), limit: 5 }] });

const VERDICTS = (["approved", "running"] as const).flatMap((from): readonly ReapVerdict[] => [
  { from, proof: "none_committed", to: "failed", because: "nothing was bought." },
  { from, proof: "all_skipped", to: "canceled", because: "all was canceled." },
  { from, proof: "all_committed", to: "completed", because: "all was bought." },
  { from, proof: "some_committed", to: "partially_completed", because: "some was bought." },
  { from, proof: "unsettled", to: "in_doubt", because: "nobody knows." },
]);

const reap: Asked = ({ random, callId }) => ({
  operation: "reap",
  asked: [{ olderThanMs: 1 + random.below(60), limit: 1 + random.below(4), actor: callId, verdicts: VERDICTS }],
});
const moveDue: Asked = ({ random, callId }) => ({
  operation: "moveDue",
  asked: [
    {
      actor: callId,
      limit: 1 + random.below(4),
      moves: [
        { from: "pending", to: "expired", kind: "expired", reason: "Nobody approved in time." },
        { from: "scheduled", to: "approved", kind: "approved", reason: "Its time has come." },
      ],
    },
  ],
});
const claimDue: Asked = ({ random, client, callId, known }) => ({
  operation: "claimDue",
  asked: [
    {
      from: ["approved", "running", "in_doubt"],
      limit: 1 + random.below(3),
      freshFirst: random.chance(0.5),
      except: known.filter(() => random.chance(0.1)).map(({ id }) => id),
      owner: client,
      durationMs: leaseMs(random),
      event: { kind: "claimed", actor: callId },
    },
  ],
});

/** How often each call is made, in proportion. */
const MIX: readonly (readonly [number, Asked])[] = [
  [4, decide(approve)],
  [2, decide(approveAgain)],
  [1, decide(notify)],
  [2, decide(pause)],
  [2, decide(resume)],
  [2, decide(schedule)],
  [1, decide(expire)],
  [6, decide(reopen)],
  [3, decide(cancel)],
  [8, decide(claim)],
  [4, decide(session)],
  [6, decide(evidence)],
  [3, create],
  [2, retry],
  [8, get],
  [3, events],
  [2, list],
  [3, claims],
  [2, laneHolder],
  [1, stuck],
  [1, reap],
  [1, moveDue],
  [2, claimDue],
];

const ASKED = MIX.flatMap(([weight, ask]) => Array<Asked>(weight).fill(ask));
