import { setTimeout as sleep } from "node:timers/promises";
import type { CommitmentRequest } from "../../domain/commitment-request/commitment-request.js";
import type { Execution, PurchaseLine } from "../../domain/execution.js";
import { settleWaitMs } from "../../domain/idempotency-contract.js";
import { silentLogger } from "../../domain/logger.js";
import type { PurchaseEngineOptions } from "../../engine/engine-options.js";
import { createPurchaseEngine, type PurchaseEngine } from "../../engine/purchase-engine.js";
import { deriveIdempotencyToken } from "../../idempotency/derive-idempotency-token.js";
import type { CommitmentProvider, LabelContext } from "../../providers/commitment-provider.js";
import { isTerminal } from "../../state-machine/transitions.js";
import type { ExecutionStore } from "../../store-port/execution-store.js";
import { memoryStore } from "../../stores/memory/memory-store.js";
import { assert } from "../assert.js";
import type { CloudFault, ProviderFixture } from "./provider-fixture.js";
import { type ObservedSend, watchSends } from "./watch-sends.js";

/** A provider under the real engine, on the fixture's clock. */
export interface Subject {
  readonly fixture: ProviderFixture;
  /** The fixture's provider, or the one given instead, with its purchase calls watched. */
  readonly provider: CommitmentProvider;
  readonly sends: readonly ObservedSend[];
  /** The number of purchase calls that began. */
  sendsBegun(): number;
  readonly store: ExecutionStore;
  readonly engine: PurchaseEngine;
  /** Another engine over the same store, provider and clock. */
  worker(options?: Partial<PurchaseEngineOptions>): PurchaseEngine;
}

/** How a subject differs from the plain one. */
export interface SubjectOptions {
  readonly provider?: CommitmentProvider;
  /** Called as each purchase call begins, after the write-ahead. */
  readonly onPurchase?: () => void;
  readonly engine?: Partial<PurchaseEngineOptions>;
}

/** Puts an engine and an empty store around a fixture's provider. */
export function openSubject(fixture: ProviderFixture, options: SubjectOptions = {}): Subject {
  const { clock } = fixture;
  const store = memoryStore({ clock });
  const { provider, sends, begun } = watchSends(options.provider ?? fixture.provider, options.onPurchase);
  const worker = (more: Partial<PurchaseEngineOptions> = {}) =>
    createPurchaseEngine({
      overlapWindowMs: null,
      breaker: null,
      store,
      providers: [provider],
      clock,
      logger: silentLogger,
      ...options.engine,
      ...more,
    });
  return { fixture, provider, sends, sendsBegun: begun, store, engine: worker(), worker };
}

/** The request key under which the suite submits every line. */
export const REQUEST_KEY = "provider-contract";

/** Submits a line, by default the fixture's, and approves it; returns the execution's id. */
export async function approved(
  { engine, fixture }: Subject,
  request: CommitmentRequest = fixture.request,
): Promise<string> {
  const { id } = await engine.submit({ requestKey: REQUEST_KEY, createdBy: "contract", lines: [request] });
  await engine.approve(id, { approvedBy: "contract" });
  return id;
}

/** Submits and approves a line, by default the fixture's, sets the faults, and runs it once. */
export async function ranInto(
  fixture: ProviderFixture,
  faults: readonly CloudFault[],
  request: CommitmentRequest = fixture.request,
) {
  const subject = openSubject(fixture);
  const id = await approved(subject, request);
  for (const fault of faults) await fixture.cloud.fault(fault);
  await subject.engine.run(id);
  return { subject, id, execution: (await subject.store.get(id)) ?? assert.fail(`${id} is gone`) };
}

// Longer than a crashed worker's lease and the pause after an error. Short enough for a cloud to remember a token.
const FIRST_PAUSE_MS = 130_000;
// The longest pause that the engine makes between two looks.
const LONGEST_PAUSE_MS = 900_000;
const ROUNDS = 8;

const STEP_MS = 60_000;

/** Lets time pass in steps. At each step the cloud carries out what is due, so that a late request lands in time. */
export async function passed({ clock, cloud }: ProviderFixture, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= STEP_MS) {
    clock.advance(Math.min(left, STEP_MS));
    await cloud.purchases();
  }
}

async function tickedSoon({ fixture, engine, store }: Subject, executionId: string): Promise<Execution> {
  await passed(fixture, FIRST_PAUSE_MS);
  await engine.tick();
  return (await store.get(executionId)) ?? assert.fail(`${executionId} is gone`);
}

/** Ticks while time passes, for a few rounds, until the execution is ended and labeled, or in doubt for a person. */
export async function settled(subject: Subject, executionId: string, rounds = ROUNDS): Promise<Execution> {
  let execution = await tickedSoon(subject, executionId);
  for (let round = 1; round < rounds && !isAtRest(execution); round += 1) {
    await passed(subject.fixture, settleWaitMs(subject.provider.idempotency) + LONGEST_PAUSE_MS);
    execution = await tickedSoon(subject, executionId);
  }
  return execution;
}

function isAtRest(execution: Execution): boolean {
  const { needsLabel, doubt } = lineOf(execution);
  return (isTerminal(execution.status) && !needsLabel) || doubt?.needsPerson === true;
}

/** Buys the fixture's line without a fault, labels the commitment, and returns the stored execution. */
export async function bought(subject: Subject): Promise<Execution> {
  const id = await approved(subject);
  await subject.engine.run(id);
  const execution = await settled(subject, id);
  assert.equal(
    execution.status,
    "completed",
    `the execution is not completed although nothing went wrong: ${execution.reason}`,
  );
  return execution;
}

/** The only line of an execution of this suite. */
export const lineOf = ({ lines: [line] }: Pick<Execution, "lines">): PurchaseLine =>
  line ?? assert.fail("the execution has no line");

/** The token of the only line of an execution of this suite. */
export const tokenOf = ({ lineageKey }: Execution): string => deriveIdempotencyToken(lineageKey, 0);

/** What the engine hands to a call of the port about this line now. */
export function contextOf({ fixture }: Pick<Subject, "fixture">, line?: PurchaseLine): LabelContext {
  return {
    signal: new AbortController().signal,
    logger: silentLogger,
    now: fixture.clock.now(),
    lineageAttempt: 1,
    request: line?.request ?? fixture.request,
    ...(line?.prepared && { prepared: line.prepared }),
  };
}

/** A token of a line that does not exist. */
export const FOREIGN_TOKEN = deriveIdempotencyToken("provider-contract", 0);

/** Waits, in real time, until the cloud's books show a purchase. */
export async function landed({ cloud }: ProviderFixture): Promise<void> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    if ((await cloud.purchases()).length > 0) return;
    await sleep(5);
  }
  assert.fail("no purchase reached the cloud");
}

/** Waits, in real time, until the purchase calls that began have ended. The engine waits only for their signal. */
export async function sendsEnded({ sends, sendsBegun }: Subject): Promise<void> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    if (sends.length === sendsBegun()) return;
    await sleep(5);
  }
  assert.fail("a purchase call does not end although its signal has aborted");
}

/** The number of purchase requests that reached the cloud. */
export const requestsSent = async ({ cloud }: ProviderFixture): Promise<number> => (await cloud.requests()).length;

/** Asserts that no purchase request reached the cloud and nothing exists there. */
export async function assertNothingSent(fixture: ProviderFixture): Promise<void> {
  assert.equal(await requestsSent(fixture), 0, "a purchase request was sent");
  assert.deepEqual(await fixture.cloud.purchases(), [], "something was bought");
}
